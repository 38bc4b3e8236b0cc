"""Characters that nobody sees: zero-width, soft hyphens, marks of direction, letters struck through, reversed runs."""

from __future__ import annotations

import re

from bot.reading.alphabets import DIRECTION, INVISIBLE, JOINERS, OVERLAYS
from bot.reading.edits import Edit

_UNSEEN = re.compile(
    f"\u202e(?P<reversed>[\x20-\x7e]+)\u202c?|[{INVISIBLE}{DIRECTION}{JOINERS}{OVERLAYS}\U000e0000-\U000e007f]+"
    # More than three marks on one letter are no language's spelling.
    "|(?<=[\u0300-\u036f]{3})[\u0300-\u036f]+"
)
_KEYCAP = "\u20e3"
#: Below this point letters never need joiners or marks of direction: Latin, Greek, Cyrillic, Armenian.
_WESTERN = 0x0590
_SELECTORS = frozenset(map(chr, range(0xFE00, 0xFE10)))
_WAVED_FLAG = "\U0001f3f4"


def find(text: str) -> list[Edit]:
    """Edits that take out what is not seen, except where a script, a flag or an emoji needs it."""
    return [
        (found.start(), found.end(), (found["reversed"] or "")[::-1])
        for found in _UNSEEN.finditer(text)
        if found["reversed"] or _is_idle(text, found.start(), found.end())
    ]


def _is_idle(text: str, start: int, end: int) -> bool:
    """Whether the run at ``start`` has no work to do."""
    before, after = text[start - 1 : start], text[end : end + 1]
    if before == _WAVED_FLAG or after == _KEYCAP or (text[start] in _SELECTORS and not before.isalnum()):
        return False
    return _is_western(before) and _is_western(after)


def _is_western(neighbour: str) -> bool:
    return not neighbour or ord(neighbour) < _WESTERN or 0x1E00 <= ord(neighbour) < 0x2100
