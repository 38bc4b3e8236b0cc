"""A policy written out: everything it extended in one text, as each version is kept."""

from __future__ import annotations

from bot.policy_file.load import Checked
from bot.policy_file.yaml_out import to_yaml


def resolved_text(checked: Checked) -> str:
    """The YAML of everything that counts, nothing extended any more. ``load_resolved`` reads it back to the same policy."""
    return to_yaml(checked.tree.plain()) if checked.tree is not None else ""
