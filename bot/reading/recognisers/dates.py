"""Dates to the day, in numbers and in words, and dates of birth. A year or a month alone is no identifier (45 CFR 164.514(b)(2)(C))."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.domain.reading import Span
from bot.reading.recognisers.base import REACH, announced, holds_digit, identifier, mentions

_MONTHS = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?"
    r"|dec(?:ember)?|janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre|januar|februar|märz|juni|juli"
    r"|oktober|dezember|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre)"
)
_YEAR = r"(?:(?:19|20)\d\d|['’]\d\d)"
_ORDINALS = (
    r"(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|thirteenth|fourteenth|fifteenth|sixteenth"
    r"|seventeenth|eighteenth|nineteenth|twentieth|twenty[ -]\w+th|twenty[ -](?:first|second|third)|thirtieth|thirty[ -]first)"
)
_ORDINAL_HINTS = (
    "first",
    "second",
    "third",
    "fifth",
    "ourth",
    "ixth",
    "venth",
    "ighth",
    "inth",
    "tenth",
    "lfth",
    "eenth",
    "tieth",
)
_YEAR_WORDS = (
    r"(?:(?:nineteen|twenty|two thousand)(?:[ -](?:and|oh|hundred|\w+teen|\w+ty|ten|eleven|twelve|one|two|three|four|five|six|seven|eight"
    r"|nine)){1,3})"
)
#: Every month's name holds one of these; a text without any names no month.
_HINTS = (
    *(
        "jan",
        "feb",
        "fév",
        "mar",
        "mär",
        "apr",
        "abr",
        "avr",
        "may",
        "mai",
        "jun",
        "jui",
        "jul",
        "aug",
        "aoû",
        "ago",
        "sep",
        "oct",
        "okt",
    ),
    *("nov", "dec", "dez", "déc", "dic", "ener"),
)
_ISO = re.compile(r"(?<![\w-])((?:19|20)\d\d)[-/.](0?[1-9]|1[0-2])[-/.](0?[1-9]|[12]\d|3[01])(?![\d-])")
_NUMERIC = re.compile(r"(?<![\w/.-])(\d{1,2})([/.-])(\d{1,2})\2((?:19|20)\d\d|\d\d)(?![\w/-]|\.\d)")
_DAY_FIRST = re.compile(
    rf"(?<![\w.:/-])(\d{{1,2}})(?:st|nd|rd|th|\.)?(?:[ ]of)?[ -]?{_MONTHS}\b\.?(?:,?[ -]{_YEAR}\b)?", re.IGNORECASE
)
_MONTH_FIRST = re.compile(
    rf"\b{_MONTHS}\b\.?[ -](?:the )?(\d{{1,2}})(?:st|nd|rd|th)?(?![\w%:]|[./-]\d)(?:,?[ ]{_YEAR}\b)?", re.IGNORECASE
)
_SPELLED = re.compile(
    rf"\b(?:{_ORDINALS} (?:of )?{_MONTHS}|{_MONTHS} (?:the )?{_ORDINALS})\b(?:,? (?:{_YEAR}|{_YEAR_WORDS}))?",
    re.IGNORECASE,
)
#: Without a year a fraction looks the same; a word of care or time before it makes it a day.
_SHORT = re.compile(
    r"\b(?:on|since|by|dated?|until|from|discharged|admitted|died|seen|born|surgery|appt|appointment|visit|dob|due|d/c|adm)[ :]{1,2}"
    r"(?P<value>(?!24/7)(?:0?[1-9]|[12]\d|3[01])/(?:0?[1-9]|[12]\d|3[01]))"
    r"(?![\w/.-]|[ ](?:of|a|pills?|tabs?|tablets?|cups?|days?|doses?)\b)",
    re.IGNORECASE,
)
_COMPACT = re.compile(r"(?<![\w-])(?:\d{6}|\d{8})(?![\w-])")
_BORN = re.compile(
    r"\b(?:d\.?o\.?b|dates? of birth|birth ?(?:date|day)s?(?:'s|’s)?|born|bday|née?|geb(?:oren)?|nacid[oa])\b|\bb\.",
    re.IGNORECASE,
)
_BIRTH_REACH = 16
#: "may 5" and "march 3" are dates only where something says so: a capital, an ending, a year, or a word before.
_WORD_MONTH = re.compile(r"(?:may|march|mar)\b", re.IGNORECASE)
_ON = re.compile(r"\b(?:on|by|since|from|until|till|dob|born|of|for|to|dated?|next|last)\s*$", re.IGNORECASE)
_MOST_DAYS = 31
_MOST_MONTHS = 12


class Dates:
    """Kinds "date" and "birth_date"."""

    def find(self, text: str) -> Iterator[Span]:
        """Dates that name a day."""
        for start, end in self._ranges(text):
            kind = "birth_date" if announced(text, start, _BORN, _BIRTH_REACH) else "date"
            yield identifier(kind, start, end)
        for found in _COMPACT.finditer(text):
            if announced(text, found.start(), _BORN, _BIRTH_REACH):
                yield identifier("birth_date", *found.span())

    @staticmethod
    def _ranges(text: str) -> Iterator[tuple[int, int]]:
        if holds_digit(text):
            for found in _ISO.finditer(text):
                yield found.span()
            for found in _NUMERIC.finditer(text):
                if _is_date(found):
                    yield found.span()
            yield from (found.span("value") for found in _SHORT.finditer(text))
        lowered = text.lower()
        if mentions(lowered, _HINTS):
            yield from _with_month_names(text, spelled=mentions(lowered, _ORDINAL_HINTS))


def _with_month_names(text: str, *, spelled: bool) -> Iterator[tuple[int, int]]:
    if holds_digit(text):
        for found in _DAY_FIRST.finditer(text):
            if 1 <= int(found[1]) <= _MOST_DAYS:
                yield found.span()
        for found in _MONTH_FIRST.finditer(text):
            if 1 <= int(found[1]) <= _MOST_DAYS and _is_month(text, found):
                yield found.span()
    if spelled:
        for found in _SPELLED.finditer(text):
            yield found.span()


def _is_date(found: re.Match[str]) -> bool:
    first, second = sorted((int(found[1]), int(found[3])))
    # "1.2.24" is a version or a score as often as a day.
    written_out = found[2] != "." or len(found[4]) == len("2000") or len(found[1]) == len(found[3]) == len("01")
    return 1 <= first <= _MOST_MONTHS and 1 <= second <= _MOST_DAYS and written_out


def _is_month(text: str, found: re.Match[str]) -> bool:
    if not _WORD_MONTH.match(found[0]) or found[0][0].isupper():
        return True
    return (
        found[0][-1].isalpha()
        or re.search(rf"{_YEAR}$", found[0]) is not None
        or _ON.search(text, max(0, found.start() - REACH), found.start()) is not None
    )
