"""Undo disguise before anything reads: what nobody sees, look-alike letters, codes, marks and digits inside words."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from bot.domain.text import MappedText
from bot.reading.alphabets import (
    DIRECTION,
    FOREIGN,
    GREEK,
    GREEK_INSIDE,
    INVISIBLE,
    JOINERS,
    OVERLAYS,
    RAISED,
    STYLED,
    members,
)
from bot.reading.disguise import encoded, invisible, leet, lookalikes, markup, spaced
from bot.reading.edits import Edit, edited, outside

#: One disguise may hide another; a text that needs more rounds than this keeps what is left of it.
_ROUNDS = 8

#: Addresses, mentions, emoji names and code mean what they say.
_PROTECTED = re.compile(
    r"""(?:https?|ftp)://[^\s<>|]+ | \bwww\.[^\s<>|]+ | [\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+ | <[@#:!][^\s<>]{1,80}> | (?<![\w@])@\w+
    | (?<!\w):[a-z0-9_+-]{2,40}:(?!\w) | ```[^`]*[{}();=<>$/\\][^`]*``` | `[^`\n]*[{}();=<>$/\\][^`\n]*`""",
    re.VERBOSE,
)
_SUSPECT = re.compile(
    r"""&[\#a-zA-Z] | %[0-9a-fA-F]{2} | \|\| | [^\W_][*_~`|<][*_~`|/a-z]*[^\W_]
    | (?<![^\W_])[^\W_][ \t\u00a0]{1,4}[^\W_][ \t\u00a0]{1,4}[^\W_](?![^\W_]) | (?<!\w)[a-zA-Z]([.·•-])[a-zA-Z]\1[a-zA-Z]\1[a-zA-Z](?!\w)
    | [a-zA-Z][.·][a-zA-Z] | [a-zA-Z][0134570@$!€|]+[a-zA-Z] | (?<![\w.])[0134570$€@][a-zA-Z]{2} | [a-zA-Z]{2}[0134570@$€](?!\w)""",
    re.VERBOSE,
)
_MARKS = f"{INVISIBLE}{DIRECTION}{OVERLAYS}\U0001f1e6-\U0001f1ff\U000e0000-\U000e007f\u20e3"
_LOOKALIKES = "".join((*STYLED, *RAISED, *FOREIGN, *GREEK, *GREEK_INSIDE))
_STRANGE_ALONE = f"{_MARKS}{_LOOKALIKES}"
_STRANGE = re.compile(f"[{_STRANGE_ALONE}]|(?<=[0-9A-Za-z\xc0-\u058f])[{JOINERS}]|[\u0300-\u036f]{{4}}")
#: No text without any of these is strange; most have none, and to ask a set is fastest.
_HINTS = frozenset((*members(f"{_MARKS}{JOINERS}\u0300-\u036f"), *_LOOKALIKES))

_Finder = Callable[[str], list[Edit]]
#: Those that apply everywhere, addresses and code included.
_EVERYWHERE: Sequence[_Finder] = (invisible.find, lookalikes.find_styled)
_IN_PROSE: Sequence[_Finder] = (encoded.find, lookalikes.find_foreign, markup.find, spaced.find, leet.find)


def normalise(text: str) -> MappedText:
    """The text with disguise undone, and where each character came from; the same text where there was none."""
    known = MappedText.same(text)
    for _ in range(_ROUNDS):
        if not _is_suspect(known.plain):
            break
        before = known
        for find in _EVERYWHERE:
            known = known.then(edited(known.plain, find(known.plain)))
        for find in _IN_PROSE:
            edits = find(known.plain)
            if edits:
                known = known.then(edited(known.plain, outside(edits, _protected(known.plain))))
        if known.plain == before.plain:
            break
    return known


def _is_suspect(text: str) -> bool:
    strange = not text.isascii() and not _HINTS.isdisjoint(text) and _STRANGE.search(text)
    return bool(strange or _SUSPECT.search(text))


def _protected(text: str) -> list[tuple[int, int]]:
    return [found.span() for found in _PROTECTED.finditer(text)]
