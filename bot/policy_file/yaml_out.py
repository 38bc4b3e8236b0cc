"""Writing YAML that ``tree.parse`` reads back to the same values."""

from __future__ import annotations

import re

import yaml

from bot.policy_file.tree import Plain

_PLAIN_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_ -]*[A-Za-z0-9_]|[A-Za-z_]")


class _Writer(yaml.SafeDumper):
    """Quotes every text that could be read as anything else, and indents lists."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        """List items further in than their key."""
        super().increase_indent(flow, False)

    def ignore_aliases(self, data: object) -> bool:
        """Write everything out: the loader takes no anchors."""
        return True


def _text(writer: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = None if _PLAIN_WORD.fullmatch(text) else '"'
    return writer.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Writer.add_representer(str, _text)


def to_yaml(value: Plain) -> str:
    """The value as YAML, keys in their order."""
    return yaml.dump(value, Dumper=_Writer, sort_keys=False, allow_unicode=True, width=120, default_flow_style=False)
