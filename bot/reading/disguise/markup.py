"""Markup that parts a word ("*Fran*_cesca_", "can**cer**") and spoilers."""

from __future__ import annotations

import re

from bot.reading.edits import Edit
from bot.reading.vocabulary import common_words

_SPOILER = re.compile(r"\|\|(?=\S)([^|\n]+?)\|\|")
_TOKEN = re.compile(r"\S+")
_MARKS = re.compile(r"[*_~`|]+")
_LETTERS = re.compile(r"[^\W_]+")
#: Marks that part a word: doubled, or of two kinds, between two letters.
_PARTED = re.compile(
    r"(?<=[^\W\d_])(?:\*\*+|__+|~~+|`+|\|\|+|[*_~`|]*(?:\*_|_\*|\*~|~\*|~_|_~|`\*|\*`|_`|`_)[*_~`|]*)(?=[^\W\d_])"
)
#: A stressed part that touches the rest of its word.
_STRESSED = re.compile(r"([*~`])([^\W\d_]+)\1(?=[^\W\d_])|(?<=[^\W\d_])([*~`])([^\W\d_]+)\3(?!\w)")
_EMPTY = re.compile(r"(?<=[^\W\d_])<(?:/?(?:b|i|u|s|em|strong|span|wbr)\s?/?>)+(?=[^\W\d_])")


def find(text: str) -> list[Edit]:
    """Edits that take out spoiler bars, and every mark of a word that marks part."""
    edits: list[Edit] = []
    for found in _SPOILER.finditer(text):
        edits += [(found.start(), found.start() + 2, ""), (found.end() - 2, found.end(), "")]
    for token in _TOKEN.finditer(text):
        if (_PARTED.search(token[0]) or _STRESSED.search(token[0])) and _is_disguise(token[0]):
            edits += [(token.start() + m.start(), token.start() + m.end(), "") for m in _MARKS.finditer(token[0])]
    edits += [(m.start(), m.end(), "") for m in _EMPTY.finditer(text)]
    return _apart(edits)


def _is_disguise(token: str) -> bool:
    """Not where each part is a word of its own ("~~me~~us"), nor where stars stand for letters ("f**ked")."""
    words = common_words()
    parts = _LETTERS.findall(token.lower())
    stars_for_letters = set("".join(_MARKS.findall(token))) == {"*"} and len(_MARKS.findall(token)) == 1
    known = "".join(parts) in words
    return not all(part in words for part in parts) and (known or not stars_for_letters)


def _apart(edits: list[Edit]) -> list[Edit]:
    """Sorted; of edits that overlap only what the earlier ones left."""
    kept: list[Edit] = []
    at = 0
    for start, end, words in sorted(edits):
        if end > at:
            kept.append((max(start, at), end, words))
            at = end
    return kept
