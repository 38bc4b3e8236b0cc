"""What a recogniser is, and the small parts that several of them share."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Protocol

from bot.domain.reading import Span, SpanRole
from bot.reading.presidio import Recognizer

#: How far before an identifier the word that tells its kind may stand, in characters.
REACH = 40

#: Words between a label and its number: "no. is:", "# =", "card number –".
_LINK = r"(?:[ \t]*(?:\b(?:is|it'?s|mine'?s|reads?|was|on|it)\b|[:=#.,(–-]))"
_ID_WORD = r"(?:[ \t]*(?:\b(?:no|nr|nos|num|numbers?|id|ids|code|ref|reference)\b\.?|\#))"
#: Letters, digits and the marks that part them; four digits at least (checked by ``has_digits``).
VALUE = (
    r"\(?(?P<value>(?:[A-Za-z]{1,5}(?:[ ·./-](?=[\dA-Z])|(?=\d)))?(?:[A-Z]·)*\d[\dA-Za-z]*"
    r"(?:(?-i:[·/-]\d?[A-Z]{1,4}(?![a-z])|[ ·./-]?(?=[\dA-Z]*\d)[\dA-Z]{1,8}(?![a-z])))*)(?![\w@])"
)


class Recogniser(Protocol):
    """Finds one kind of identifier."""

    def find(self, text: str) -> Iterable[Span]:
        """Each range of ``text`` that is such an identifier."""
        ...


def identifier(kind: str, start: int, end: int) -> Span:
    """A span of an identifier."""
    return Span(role=SpanRole.IDENTIFIER, start=start, end=end, kind=kind)


def labelled(labels: str, *, id_word: bool) -> re.Pattern[str]:
    """A pattern for a number after one of ``labels``; with ``id_word`` only where "no.", "id" or the like follows."""
    words = rf"{_LINK}{{0,2}}{_ID_WORD}+" if id_word else f"(?:{_LINK}|{_ID_WORD}){{0,3}}"
    return re.compile(rf"\b(?:{labels})'?s?(?![A-Za-z]){words}{_LINK}{{0,3}}[ \t]*{VALUE}", re.IGNORECASE)


def has_digits(value: str, least: int = 4) -> bool:
    """Whether there are at least ``least`` digits in it."""
    return sum(c.isdigit() for c in value) >= least


def values(pattern: re.Pattern[str], text: str, kind: str, least: int = 4) -> Iterator[Span]:
    """The values of a ``labelled`` pattern with enough digits."""
    for found in pattern.finditer(text):
        if has_digits(found["value"], least):
            yield identifier(kind, *found.span("value"))


def mentions(lowered: str, words: Iterable[str]) -> bool:
    """Whether any of ``words`` stands anywhere in the lower-cased text; the cheapest question there is."""
    return any(word in lowered for word in words)


def holds_digit(text: str) -> bool:
    """Whether there is any of the ten digits in it."""
    return any(map(text.__contains__, "0123456789"))


def announced(text: str, start: int, words: re.Pattern[str], reach: int = REACH) -> bool:
    """Whether one of ``words`` stands within ``reach`` characters before ``start``."""
    return words.search(text, max(0, start - reach), start) is not None


def by_presidio(recognizer: Recognizer, text: str, kind: str, least: float = 0.4) -> Iterator[Span]:
    """What ``recognizer`` finds with a score of at least ``least``; below it Presidio itself asks for more evidence."""
    for result in recognizer.analyze(text, []):
        if result.score >= least:
            yield identifier(kind, result.start, result.end)
