"""Words spelled letter by letter or torn into pieces: "d m  m e", "c h 3 m 0", "c.h.e.m.o", "ox.ygen"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from bot.reading.disguise.leet import READ_AS
from bot.reading.edits import Edit
from bot.reading.vocabulary import common_words

_GAP = r"[ \t\u00a0]"
_SPACED = re.compile(rf"(?<![^\s(\"'*_~])(?<!\w['’])[^\W_](?:{_GAP}{{1,4}}[^\W_])+(?![^\s.,;:!?)\"'*_~…])")
_DOTTED = re.compile(r"(?<![^\W_])[^\W\d_]([.·•\-_*~|])[^\W\d_](?:\1[^\W\d_]){2,}(?![^\W_])")
_TORN = re.compile(r"(?<![^\W_])(?<![.@/-])[^\W\d_]{1,12}(?:([.·-])[^\W\d_]{1,12}(?:\1[^\W\d_]{1,12})*)(?![^\W_]|[/@])")
_DIGITS = re.compile(r"(?<!\w)\d(?: {1,2}(?:[-.] ?)?\d){8,}(?!\w)")
_GAPS = re.compile(rf"{_GAP}+")
#: Letters that stand for whole words in chat: "u r a star", "y r u so mean".
_CHAT_WORDS = frozenset("aiurynkbcowxm")
_VITAMINS = frozenset("abcdek")
#: From so many letters on a run is a word; shorter ones must be small letters that mean nothing alone.
_SURE = 5
_LEAST = 3
#: A word torn into so many pieces is torn on purpose, known or not.
_MANY_PIECES = 5
#: Pieces of a word torn at hyphens are shorter than this, those of "kid-in-the-candy-store" are not.
_SYLLABLE = 3
_SHORTEST_PART = 4


def find(text: str) -> list[Edit]:
    """Edits that close the gaps inside words and numbers spelled piece by piece."""
    edits: list[Edit] = []
    for found in _SPACED.finditer(text):
        edits += _spelled(found)
    for found in _DOTTED.finditer(text):
        if _is_word(found[0][::2]):
            edits += [(at, at + 1, "") for at in range(found.start() + 1, found.end(), 2)]
    for found in _DIGITS.finditer(text):
        if not _is_list(re.sub(r"\D", "", found[0])):
            edits += [(found.start() + m.start(), found.start() + m.end(), "") for m in re.finditer(" +", found[0])]
    return sorted({start: (start, end, words) for start, end, words in [*_mended(text), *edits]}.values())


def _spelled(found: re.Match[str]) -> Iterator[Edit]:
    """Narrow gaps go where they part a word; wider ones part words."""
    gaps = [(m.start(), m.end()) for m in _GAPS.finditer(found[0])]
    narrow = min(end - start for start, end in gaps)
    letters = _GAPS.sub("", found[0])
    if not _is_word(letters):
        return
    parts = _parts(letters, [end - start > narrow for start, end in gaps])
    for index, (start, end) in enumerate(gaps):
        words = " " if index + 1 in parts else ""
        if words != found[0][start:end]:
            yield found.start() + start, found.start() + end, words
    yield from _disguised_digits(found)


def _parts(letters: str, wide: list[bool]) -> set[int]:
    """Places in ``letters`` where a new word begins."""
    places = [0, *(index + 1 for index, is_wide in enumerate(wide) if is_wide), len(letters)]
    starts = set(places[1:-1])
    for first, last in pairwise(places):
        starts |= {first + place for place in _word_breaks(letters[first:last].lower())}
    return starts


def _word_breaks(spelled: str) -> set[int]:
    """Where one run holds two known words, or a word beside an article ("c h e m o i think")."""
    words = common_words()
    if spelled in words or len(spelled) < _SURE:
        return set()
    if spelled[0] in "aiu" and spelled[1:] in words:
        return {1}
    if spelled[-1] in "aiu0123456789" and spelled[:-1] in words:
        return {len(spelled) - 1}
    middle = range(_SHORTEST_PART, len(spelled) - _SHORTEST_PART + 1)
    return next(({at} for at in middle if spelled[:at] in words and spelled[at:] in words), set())


def _disguised_digits(found: re.Match[str]) -> Iterator[Edit]:
    """Digits between spelled letters are letters: "d 3 n n 1 s"."""
    places = [at for at, c in enumerate(found[0]) if not c.isspace()]
    for before, at, after in zip(places, places[1:], places[2:], strict=False):
        digit = found[0][at]
        if digit.isdigit() and digit in READ_AS and found[0][before].isalpha() and found[0][after].isalpha():
            letter = READ_AS[digit][0]
            yield found.start() + at, found.start() + at + 1, letter.upper() if found[0][after].isupper() else letter


def _is_word(letters: str) -> bool:
    count = sum(c.isalpha() for c in letters)
    if count < _LEAST or count * 2 < len(letters) or _is_list(letters.lower()):
        return False
    if count >= _SURE:
        return True
    if count == _LEAST and not letters.islower():
        return False
    return not set(letters.lower()) <= _CHAT_WORDS


def _is_list(letters: str) -> bool:
    """Letters and digits that are meant as such: "a b c d", "A D E K", "x o x o", "1 2 3 4"."""
    steps = [ord(after) - ord(before) for before, after in pairwise(letters)]
    counted = all(step == 1 for step in steps) or (min(steps) > 0 and set(letters) <= _VITAMINS)
    return counted or len(set(letters)) == 1 or set(letters) <= {"x", "o"}


def _mended(text: str) -> Iterator[Edit]:
    for found in _TORN.finditer(text):
        pieces = found[0].lower().split(found[1])
        if _is_torn(pieces, found[1]):
            for m in re.finditer(re.escape(found[1]), found[0]):
                yield found.start() + m.start(), found.start() + m.end(), ""


def _is_torn(pieces: list[str], mark: str) -> bool:
    """Whether the pieces make one word, and are no words by themselves."""
    words, joined = common_words(), "".join(pieces)
    if all(piece in words for piece in pieces) or len(joined) < _SURE or not joined.isascii():
        return False
    if len(pieces) >= _MANY_PIECES and (mark != "-" or len(joined) < _SYLLABLE * len(pieces)):
        return True
    return mark != "-" and joined in words
