"""What several policy commands need: a policy that checks, a text, a length of time."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from bot.domain.errors import ChaperoneError, PolicyError
from bot.policy_file.durations import parse_duration
from bot.policy_file.load import Checked, check_policy
from bot.policy_file.problems import render

SINCE = "30d"
Since = Annotated[str, typer.Option(help="How far to look back: 12h, 30d, 4w.")]


def duration(text: str) -> timedelta:
    """The length of time of a ``--since``. Raises BadParameter."""
    try:
        return parse_duration(text)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--since") from None


def usable(file: Path) -> Checked:
    """The policy in ``file``. Raises PolicyError with every error where it does not check."""
    checked = check_policy(file)
    if checked.errors:
        raise PolicyError(render(checked.errors))
    return checked


def text_of(file: Path) -> str:
    """What a text file says. Raises ChaperoneError where it can't be read."""
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise ChaperoneError(f"{file} can't be read as text.") from None


def write_text(file: Path, text: str) -> None:
    """Put ``text`` into a file. Raises ChaperoneError where that can't be done."""
    try:
        file.write_text(text, encoding="utf-8")
    except OSError:
        raise ChaperoneError(f"{file} can't be written.") from None
