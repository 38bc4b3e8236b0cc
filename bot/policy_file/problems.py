"""What is wrong with a policy file, where, and what was expected: one Problem each, rendered for people."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """Whether a problem keeps a policy out of force, or is only worth knowing."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Place:
    """Where something stands: ``line`` and ``column`` count from 1."""

    file: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing that is wrong: the ``key`` (``rules.leaks.when``), ``what`` is the matter, and ``hint`` how to mend it."""

    place: Place
    key: str
    what: str
    hint: str = ""
    severity: Severity = Severity.ERROR

    def __str__(self) -> str:
        first = (
            f"{self.place}: {self.severity}: {self.key}: {self.what}"
            if self.key
            else (f"{self.place}: {self.severity}: {self.what}")
        )
        return f"{first}\n    {self.hint}" if self.hint else first


def render(problems: Iterable[Problem]) -> str:
    """All problems in the order of their places, errors before warnings on the same place, each once."""
    unique = sorted(set(problems), key=lambda p: (p.place, p.severity, p.key, p.what))
    return "\n".join(str(problem) for problem in unique)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """The known word that is nearest to a mistyped one, as a question; else all known words, if they are few."""
    words = sorted(known)
    near = difflib.get_close_matches(word, words, n=1, cutoff=0.6)
    if near:
        return f"Did you mean {near[0]}?"
    return f"Known: {', '.join(words)}." if 0 < len(words) <= 24 else ""
