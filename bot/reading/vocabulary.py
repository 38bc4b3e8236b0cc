"""Common words, to tell a disguised word from a code."""

from __future__ import annotations

from functools import cache
from pathlib import Path

_WORDS = Path(__file__).parent / "words.txt"


@cache
def common_words() -> frozenset[str]:
    """Lower-case words of two letters and more; read once."""
    lines = _WORDS.read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())
