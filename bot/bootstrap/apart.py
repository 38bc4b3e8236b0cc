"""The shipped reader in a process of its own. Nothing of what it needs is imported here, so that the bot's own process stays small."""

from __future__ import annotations

import sys
from pathlib import Path

from bot.reading.apart import ReaderApart

_PACKAGES = Path(__file__).parents[2]


def reader_apart(budget: float, *, log_level: str) -> ReaderApart:
    """The reader, not started yet. ``budget`` is in seconds a message, ``log_level`` the least that it logs."""
    # -P: it is this package that reads, whatever lies in the folder where the bot was started
    command = [sys.executable, "-P", "-m", "bot.bootstrap.reader_process", log_level]
    return ReaderApart(command, budget=budget, packages=_PACKAGES)
