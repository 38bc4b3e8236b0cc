"""Numbers spelled out in words: "five five five, oh one four two"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.domain.reading import Span
from bot.reading.recognisers.base import announced, identifier

_DIGIT = r"(?:zero|nought|oh|o|one|two|three|four|five|six|seven|eight|nine|\d{1,4})"
_MORE = r"(?:(?:double|triple|treble|then|hundred|thousand)[ -])"
_RUN = re.compile(rf"\b{_MORE}?{_DIGIT}\b(?:[ \t]{{0,3}}[,.–-]?[ \t]{{0,3}}{_MORE}?{_DIGIT}\b){{4,}}", re.IGNORECASE)
_WORDS = ("zero", "nought", "oh", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
#: Fewer words than this, and the number is written in digits.
_LEAST_WORDS = 3
_LEAST_DIGITS = 6
_WORD = re.compile(
    r"\b(?:zero|nought|oh|one|two|three|four|five|six|seven|eight|nine|double|triple|treble)\b", re.IGNORECASE
)
_BORN = re.compile(r"\b(?:dob|d\.o\.b|born|birth\w*)\b", re.IGNORECASE)
_NUMBER = (
    r"(?:zero|oh|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen"
    r"|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|and|the|of)"
)
_BIRTH = re.compile(
    rf"\b(?:dob|d\.o\.b\.?|born|date of birth)\b[ :,]*(?:is |on )?(?P<value>{_NUMBER}\b(?:[ ,-]{{1,3}}{_NUMBER}\b){{2,}})",
    re.IGNORECASE,
)
_SSN = re.compile(r"\b(?:ssn|social)\b", re.IGNORECASE)
#: So many digits make a phone number (seven locally, ten and eleven abroad); others are some other number.
_PHONE_LENGTHS = frozenset({7, 10, 11})


class NumberWords:
    """Kinds "phone", "ssn", "birth_date" and "number"."""

    def find(self, text: str) -> Iterator[Span]:
        """Runs of six digits and more of which several are words, and birth dates said in words."""
        lowered = text.lower()
        if sum(lowered.count(word) for word in _WORDS) < _LEAST_WORDS:
            return
        for found in _RUN.finditer(text):
            words = _WORD.findall(found[0])
            digits = len(words) + sum(c.isdigit() for c in found[0])
            if len(words) >= _LEAST_WORDS and digits >= _LEAST_DIGITS:
                yield identifier(_kind(text, found.start(), digits), *found.span())
        for found in _BIRTH.finditer(text):
            yield identifier("birth_date", *found.span("value"))


def _kind(text: str, start: int, digits: int) -> str:
    if announced(text, start, _SSN):
        return "ssn"
    if announced(text, start, _BORN):
        return "birth_date"
    return "phone" if digits in _PHONE_LENGTHS else "number"
