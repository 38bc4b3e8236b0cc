"""What differs between two policies, key by key."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.policy_file.load import Checked
from bot.policy_file.tree import Plain


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One key that differs: its values before and after, as YAML would show them; empty where the key is not there."""

    key: str
    before: str
    after: str

    def __str__(self) -> str:
        if not self.before:
            return f"+ {self.key}: {self.after}"
        return f"~ {self.key}: {self.before} -> {self.after}" if self.after else f"- {self.key}: {self.before}"


def diff(before: Checked, after: Checked) -> tuple[Change, ...]:
    """What differs between two policies with all that they extend; examples left out. Sorted by key."""
    old, new = dict(_leaves("", _plain(before))), dict(_leaves("", _plain(after)))
    keys = sorted(key for key in old.keys() | new.keys() if old.get(key) != new.get(key))
    return tuple(Change(key=key, before=old.get(key, ""), after=new.get(key, "")) for key in keys)


def _plain(checked: Checked) -> Plain:
    return checked.tree.plain() if checked.tree is not None else {}


def _leaves(key: str, value: Plain) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping) and value:
        for name, entry in value.items():
            if not (key.startswith("rules.") and name == "examples"):
                yield from _leaves(f"{key}.{name}".removeprefix("."), entry)
    else:
        yield key, value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
