"""The reference page of the settings, made from their own model: ``python -m bot.cli.settings_page`` prints it."""

from __future__ import annotations

from pydantic.fields import FieldInfo

from bot.settings import HOW, Settings

_HEAD = """# Settings

This page is made from the program's own settings by `python -m bot.cli.settings_page`. Do not edit it by hand.

Every setting is an environment variable. An empty one counts as not set. A wrong one ends the start with one line that names it.

| setting | what it is | where to get it, what it looks like | without it |
|---|---|---|---|
"""


def settings_page() -> str:
    """Every setting with its meaning, how to get it and its default, as Markdown."""
    return _HEAD + "".join(_row(name, field) for name, field in Settings.model_fields.items())


def _row(name: str, field: FieldInfo) -> str:
    cells = (f"`{name.upper()}`", field.description or "", HOW.get(name, ""), _default(field))
    return f"| {' | '.join(cells)} |\n"


def _default(field: FieldInfo) -> str:
    nothing = field.default in (None, (), "")
    return "not set" if nothing else f"`{field.default}`"


if __name__ == "__main__":
    print(settings_page(), end="")
