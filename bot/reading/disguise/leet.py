"""Digits and signs that stand for letters: "p4th3tic", "m0dafinil", "$cam"; not "B12", "HbA1c", "covid19", "3am"."""

from __future__ import annotations

import re
from itertools import product

from bot.reading.edits import Edit
from bot.reading.vocabulary import common_words

#: What each sign can stand for, likeliest first.
READ_AS = dict(zip("013457@$!€|¢", ("o", "il", "e", "a", "s", "t", "a", "s", "il", "e", "li", "c"), strict=True))
_WORD = re.compile(r"(?<![\w@/.:+=#$-])[$@€¢]?[a-zA-Z0-9](?:[a-zA-Z0-9@$!€|¢]*[a-zA-Z0-9@$€¢])?(?![\w@/=])")
_SIGN = re.compile(r"[0-9@$!€|¢]")
_BETWEEN = re.compile(r"(?<=[a-z])(?:[013457@]|33|00|11)(?=[a-z])")
#: Words with a number that are longer than a code and ordinary all the same.
_ORDINARY = re.compile(r"h\dn\d\w*|(?:type|stage|grade|phase|mody|dm)\d\w*|t\dd\w*|\w*a1c\w*")
_CONSONANTS = re.compile(r"[bcdfghjklmnpqrstvwxz]{5}")
#: Two-letter words that leet writers write; others are codes.
_TINY = frozenset("no do so to go of on or my us is it in if at me be".split())
_SHORT = 4
#: A word that no list knows must be so long, by how many signs it hides, to be a word and not a code.
_UNKNOWN_LENGTH = {1: 7, 2: 5}
#: So many disguised words in one message show how its author writes; then codes are read as words too.
_A_HABIT = 2
#: Signs in one word of which every reading is tried.
_TRIED = 4


def find(text: str) -> list[Edit]:
    """Edits for disguised words. What may be a code counts only beside others that leave no doubt."""
    words = [found for found in _WORD.finditer(text) if _SIGN.search(found[0]) and not found[0].isdigit()]
    read = [(found, _sure(found[0])) for found in words]
    hints = sum(plain is not None or _is_hint(found[0]) for found, plain in read)
    if hints >= _A_HABIT:
        read = [(found, plain or _doubtful(found[0])) for found, plain in read]
    return [(found.start(), found.end(), plain) for found, plain in read if plain is not None]


def _sure(word: str) -> str | None:
    low = word.lower()
    letters = sum(c.isalpha() for c in low)
    if len(low) < _SHORT or letters < 2 or _is_code(low):
        return None
    plain = _known(low) if letters * 2 >= len(low) else None
    return _cased(word, plain or (_unknown(low, _UNKNOWN_LENGTH) if word[1:].islower() else None))


def _is_code(low: str) -> bool:
    return (
        bool(_ORDINARY.fullmatch(low))
        or any(c.isdigit() and c not in READ_AS for c in low)
        or _is_word_with_number(low)
    )


def _known(low: str) -> str | None:
    """The common word that ``low`` can be read as."""
    words = common_words()
    return next((reading for reading in _readings(low) if reading in words), None)


def _readings(low: str) -> list[str]:
    choices = [READ_AS.get(c, c) for c in low]
    if sum(len(choice) > 1 for choice in choices) > _TRIED:
        choices = [choice[0] for choice in choices]
    return ["".join(letters) for letters in product(*choices)]


def _is_word_with_number(low: str) -> bool:
    """Words beside a number: "day0", "omega3", "4all", "stage4lung"."""
    stems = [stem for stem in _SIGN.split(low) if stem]
    return all(stem in common_words() for stem in stems) and (len(stems) == 1 or min(map(len, stems)) > 2)


def _unknown(low: str, least: dict[int, int]) -> str | None:
    """A word that no list knows ("m0dafinil"): its signs stand between letters, and it can be spoken."""
    plain, signs = _BETWEEN.subn(
        lambda found: "ll" if found[0] == "11" else "".join(READ_AS[c][0] for c in found[0]), low
    )
    spoken = plain.isalpha() and not _CONSONANTS.search(plain)
    ends = low[-2:].isalpha() or signs > 1
    return plain if signs and spoken and ends and len(plain) >= least[min(signs, 2)] else None


def _is_hint(word: str) -> bool:
    """A small word that alone could be a code: "f4t", "n0w"."""
    return len(word) == _SHORT - 1 and word[::2].islower() and word.isalnum() and _doubtful(word) is not None


def _doubtful(word: str) -> str | None:
    low = word.lower()
    if (
        low[0] in "157"
        or _ORDINARY.fullmatch(low)
        or any(c in "2689" for c in low)
        or not any(c.isalpha() for c in low)
    ):
        return None
    if len(low) > _SHORT:
        return _cased(word, _unknown(low, {1: _SHORT, 2: _SHORT}))
    plain = _known(low)
    if plain is None or _is_word_with_number(low):
        return None
    return _cased(word, plain) if len(plain) > 2 or plain in _TINY else None


def _cased(word: str, plain: str | None) -> str | None:
    if plain is None:
        return None
    letters = [c for c in word if c.isalpha()]
    if all(c.isupper() for c in letters) and len(letters) > 1:
        return plain.upper()
    return "".join(p.upper() if c.isupper() else p for c, p in zip(word, plain, strict=True))
