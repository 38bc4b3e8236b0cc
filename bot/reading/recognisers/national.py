"""Numbers that a state gives a person: US social security, UK national insurance, NHS number."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.domain.reading import Span
from bot.reading.presidio import recognizer
from bot.reading.recognisers.base import announced, by_presidio, identifier, labelled, values

_NINE = re.compile(r"\d{3}[- .]?\d{2}[- .]?\d{4}|\d{5}-\d{4}")
_TEN = re.compile(r"\d{3}[- ]?\d{3}[- ]?\d{4}")
_SSN = re.compile(r"\b(?:ssn|ss|social|soc(?:ial)? sec\w*)\b", re.IGNORECASE)
_SOCIAL = labelled(
    r"ssn|ss|social(?: security)?|last (?:four|4) of (?:my|her|his) (?:ssn|social)|ppsn?|insee|steuer-?id|bsn|curp",
    id_word=False,
)
_NHS = re.compile(r"\b(?:nhs|h ?& ?c|health (?:and|&) care|chi)\b", re.IGNORECASE)
_NHS_NUMBER = re.compile(r"(?<![\w-])\d{3}[ -]?\d{3}[ -]?\d{4}(?![\w-])")
#: Two letters, six digits, a last letter A to D (HMRC, NIM39110); QQ is the prefix of examples.
_NATIONAL_INSURANCE = re.compile(r"\b[A-CEGHJ-PQR-TW-Z][A-CEGHJ-NPQR-TW-Z] ?\d\d ?\d\d ?\d\d ?[A-D]\b", re.IGNORECASE)
_CALL = re.compile(r"\b(?:phone|tel|mob\w*|cell|call|text|ring|number|fax)\b", re.IGNORECASE)
#: Presidio scores a bare run of nine digits .05; a word before it makes it good.
_ANY_SCORE = 0.01


class National:
    """Kinds "ssn", "national_insurance" and "nhs_number"."""

    def __init__(self) -> None:
        self._ssn = recognizer("country_specific.us.us_ssn_recognizer", "UsSsnRecognizer")
        self._nhs = recognizer("country_specific.uk.uk_nhs_recognizer", "NhsRecognizer")

    def find(self, text: str) -> Iterator[Span]:
        """The person's numbers."""
        if _NINE.search(text):
            sure = {(span.start, span.end) for span in by_presidio(self._ssn, text, "ssn")}
            for span in by_presidio(self._ssn, text, "ssn", _ANY_SCORE):
                if (span.start, span.end) in sure or announced(text, span.start, _SSN):
                    yield span
        yield from values(_SOCIAL, text, "ssn")
        for found in _NATIONAL_INSURANCE.finditer(text):
            yield identifier("national_insurance", *found.span())
        if _TEN.search(text):
            yield from self._health_numbers(text)

    def _health_numbers(self, text: str) -> Iterator[Span]:
        for found in _NHS_NUMBER.finditer(text):
            if announced(text, found.start(), _NHS):
                yield identifier("nhs_number", *found.span())
        for span in by_presidio(self._nhs, text, "nhs_number"):
            # One phone number in eleven passes the check digit too.
            is_phone = "-" in text[span.start : span.end] or announced(text, span.start, _CALL)
            if not is_phone and text[span.start - 1 : span.start] not in {"+", "("} and text[span.start] != "0":
                yield span
