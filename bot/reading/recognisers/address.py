"""Street addresses and post codes: anything smaller than a state."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.domain.reading import Span
from bot.reading.recognisers.base import holds_digit, identifier, mentions

_NUMBER = (
    r"(?:\d{1,5}[A-Za-z]?|(?i:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen"
    r"|(?:twen|thir|for|fif|six|seven|eigh|nine)ty(?:-[a-z]{3,5})?))"
)
_STREET = (
    r"(?:Street|St|Avenue|Ave|Road|Rd|Lane|Ln|Drive|Dr|Court|Ct|Place|Pl|Boulevard|Blvd|Way|Terrace|Terr|Tce|Close|Crescent|Cres|Gardens"
    r"|Gdns|Grove|Square|Row|Mews|Hill|Park|Walk|Parade|Highway|Hwy|Circle|Cir|Trail|Parkway|Pkwy|Loop|Quay|View|Rise|Bank|Steps|Gate"
    r"|Green|Wharf|Vale|Villas|Mount|Heights|Buildings|House|Cottages?|Yard|Alley|Bend|Crossing|Ridge|Run|Wynd|Brae|Esplanade)"
)
_UNIT = r"(?i:(?:flat|apt\.?|apartment|unit|suite|ste\.?|\#)[ ]?\w{1,5})"
_POSTCODE = (
    r"(?:[A-Z]{1,2}\d[A-Z\d]?(?:[ ]?\d[A-Z]{2})?|[A-Z]{2},?[ ]\d{5}(?:-\d{4})?|\d{5}(?:-\d{4})?|[A-Z]\d\d[ ]?[A-Z\d]{4}"
    r"|[A-Z]\d[A-Z][ ]?\d[A-Z]\d)"
)
_NAME = r"[A-Z][\w'’.-]*"
_PLACE = r"[A-Z][\w'’-]*"
_TOWN = rf"(?:,?[ ]{_POSTCODE}\b|,[ ]{_PLACE}(?:[ ]{_PLACE}){{0,2}}(?:,?[ ]?{_POSTCODE}\b)?)"
#: A number and a capital: without that no street with capitals.
_MAYBE = re.compile(rf"(?<![\w.]){_NUMBER},?[ ][A-Z]")
#: A saint or a doctor after the number is no street ("2 from Dr Osei").
_CAPITALS = re.compile(
    rf"(?:\b{_UNIT},?[ ])?(?<![\w.]){_NUMBER}[ ](?:[NSEW]\.?[ ])?(?:(?!Dr\b|St\b|Mrs?\b){_NAME}[ ]){{1,4}}{_STREET}\b\.?"
    rf"(?!(?<=Dr)\.?[ ][A-Z]|(?<=St)\.?[ ][A-Z])(?:,?[ ]{_UNIT})?{_TOWN}{{0,2}}"
)
_UNITS = re.compile(rf"\b{_UNIT},?[ ]{_NAME}(?:[ ]{_NAME}){{0,3}}{_TOWN}")
_HOUSES = re.compile(
    rf"\b(?:The[ ])?{_NAME}(?:[ ]{_NAME})?[ ](?:Cottage|House|Lodge|Farm|Barn|Hall),[ ]"
    rf"(?:\d{{1,4}}[ ])?(?:{_NAME}[ ]){{1,3}}{_STREET}\b{_TOWN}?"
)
#: Small letters: only the words that are streets and nothing else, and no measure of time or way before them.
_SMALL = re.compile(
    r"(?<![\w.])\d{1,5}[a-z]?(?: "
    r"(?!(?:min|hour|hr|sec|mile|day|week|block|of|on|in|to|at|more|long|am|pm|x)\w{0,3}\b)[a-z][\w'’-]+){1,3} "
    r"(?:street|avenue|ave|road|rd|lane|ln|boulevard|blvd|terrace|crescent|drive|court|close|gardens|grove)\b",
    re.IGNORECASE,
)
_STREETS = (
    "street",
    "ave",
    "road",
    " rd",
    "lane",
    " ln",
    "boulevard",
    "blvd",
    "terrace",
    "crescent",
    "drive",
    "court",
    "close",
    "garden",
    "grove",
)
_LIVES = re.compile(
    r"\b(?:liv(?:e|es|ing)|stay(?:s|ing)?|address|home|house|round|deliver\w*|post|send|collect|drop) ?"
    r"(?:(?:it|them|is|at|to|from|off|in) |: ?){1,3}"
    r"(?P<value>\d{1,5}[a-z]? [a-z][\w'’-]+(?: [a-z][\w'’-]+){0,2} "
    r"(?:way|walk|place|park|hill|row|view|rise|square|mews|st|dr|ct|pl|quay))\b",
    re.IGNORECASE,
)
_ABROAD = r"[A-ZÀ-Ý][\wà-ÿ'’-]+"
_FOREIGN = re.compile(
    r"\b[A-ZÄÖÜ][\wäöüß-]*(?:straße|strasse|str\.|weg|platz|gasse|allee|laan|straat)[ ]\d{1,4}[a-z]?\b"
    r"|\b\d{1,4}(?:[ ](?:bis|ter))?,?[ ](?:rue|avenue|boulevard|chemin|allée|impasse|quai)[ ](?:d[eu]s?[ ]|de[ ]la[ ]|d['’]|l['’])?"
    rf"{_ABROAD}(?:[ -]{_ABROAD})*"
    rf"|\b(?:[Cc]alle|[Aa]venida|[Aa]vda\.?|[Pp]laza|[Vv]iale?|[Pp]iazza|[Rr]ua|[Uu]l\.)[ ]"
    rf"(?:d[aeio]l?[ ])?{_ABROAD}(?:[ ]{_ABROAD})*,?[ ]\d{{1,4}}\b"
)
_PO_BOX = re.compile(r"\bp\.?o\.? ?box \d+\b", re.IGNORECASE)
_CODES = re.compile(
    r"\b(?:[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}|[A-Z]{2} \d{5}(?:-\d{4})?|[A-CEGHJ-NPR-TVXY]\d[A-CEGHJ-NPR-TV-Z] \d[A-Z]\d"
    r"|[AC-FHKNPRTV-Y]\d[\dW] [\dAC-FHKNPRTV-Y]{4})\b|(?<![\w-])\d{5}-\d{4}(?![\w-])"
)
_ZIP = re.compile(
    r"\b(?:zip|post ?code|postal code)(?: code)?(?: is|:)? ?(?P<value>[A-Za-z]{0,2}\d[\w]{1,4}(?: \d[A-Za-z]{2})?)\b",
    re.IGNORECASE,
)
_ABROAD_HINTS = (
    *(
        "straße",
        "strasse",
        "str.",
        "weg",
        "platz",
        "gasse",
        "allee",
        "laan",
        "straat",
        "rue ",
        "avenue ",
        "boulevard ",
        "chemin",
        "allée",
    ),
    *("impasse", "quai", "calle", "avenida", "avda", "plaza", "via", "piazza", "rua", "ul."),
)
_BY_HINTS = ((_SMALL, _STREETS), (_FOREIGN, _ABROAD_HINTS), (_PO_BOX, ("box",)), (_ZIP, ("zip", "post")))
_NUMBER_ENDS = (
    "one ",
    "two ",
    "three ",
    "four ",
    "five ",
    "six ",
    "seven ",
    "eight ",
    "nine ",
    "ten ",
    "eleven ",
    "twelve ",
    "teen ",
    "ty ",
)


class Address:
    """Kind "address"."""

    def find(self, text: str) -> Iterator[Span]:
        """Where somebody lives or can be found."""
        for pattern in _worth_trying(text):
            for found in pattern.finditer(text):
                yield identifier("address", *found.span("value" if "value" in pattern.groupindex else 0))


def _worth_trying(text: str) -> Iterator[re.Pattern[str]]:
    """The patterns for which something in the text speaks."""
    lowered = text.lower()
    if (holds_digit(text) or mentions(lowered, _NUMBER_ENDS)) and _MAYBE.search(text):
        yield _CAPITALS
    if mentions(lowered, ("flat ", "apt", "apartment ", "unit ", "suite ", "ste ", "#")):
        yield _UNITS
    if mentions(lowered, ("cottage,", "house,", "lodge,", "farm,", "barn,", "hall,")):
        yield _HOUSES
    if holds_digit(text):
        yield from (_CODES, _LIVES)
        yield from (pattern for pattern, words in _BY_HINTS if mentions(lowered, words))
