"""Vehicles: number plates and vehicle identification numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.domain.reading import Span
from bot.reading.recognisers.base import announced, holds_digit, identifier

#: Seventeen characters without I, O and Q (ISO 3779).
_VIN = re.compile(r"\b[A-HJ-NPR-Z0-9]{3}(?<=[A-Z0-9][A-Z][A-Z0-9])[A-HJ-NPR-Z0-9]{8}\d{6}\b")
#: British plates since 2001: two letters, the half-year of issue, three letters (DVLA INF104).
_BRITISH = re.compile(r"\b[A-HJ-PR-Y]{2}(?:0[1-9]|[1-7]\d) ?[A-HJ-PR-Z]{3}\b")
_ANY_PLATE = re.compile(
    r"\b(?=[A-Z0-9 -]*\d)(?=[A-Z0-9 -]*[A-Z])[A-Z0-9]{1,4}[ -]?[A-Z0-9]{2,5}(?:[ -][A-Z0-9]{1,3})?\b"
)
_PLATE_WORD = re.compile(
    r"\b(?:(?:number|license|licence) ?plate|plates?|reg(?:istration)?|car reg|vrn|tags?)\b", re.IGNORECASE
)
_REACH = 18


class Vehicle:
    """Kind "vehicle"."""

    def find(self, text: str) -> Iterator[Span]:
        """Plates and chassis numbers."""
        if not holds_digit(text):
            return
        for pattern in (_VIN, _BRITISH):
            for found in pattern.finditer(text):
                yield identifier("vehicle", *found.span())
        if _PLATE_WORD.search(text):
            for found in _ANY_PLATE.finditer(text):
                if announced(text, found.start(), _PLATE_WORD, _REACH):
                    yield identifier("vehicle", *found.span())
