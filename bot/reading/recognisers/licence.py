"""Licences and papers: DEA and driving licence numbers (Presidio), passports, professional registers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.domain.reading import Span
from bot.reading.presidio import recognizer
from bot.reading.recognisers.base import by_presidio, labelled, values

_DEA = re.compile(r"\b[A-Za-z][A-Za-z9]\d{7}\b")
_DRIVER = re.compile(r"\b[A-Z9]{5}\d{6}")
_PAPER = labelled(
    r"(?:driv(?:ing|er'?s?) |medical |nursing )?licen[cs]e|dl|passport|gmc|nmc|npi|dea|hcpc|visa|green card|residence permit|blue badge",
    id_word=False,
)


class Licence:
    """Kind "licence"."""

    def __init__(self) -> None:
        self._dea = recognizer("country_specific.us.medical_license_recognizer", "MedicalLicenseRecognizer")
        self._driver = recognizer("country_specific.uk.uk_driving_licence_recognizer", "UkDrivingLicenceRecognizer")

    def find(self, text: str) -> Iterator[Span]:
        """Numbers on papers that name their holder."""
        yield from values(_PAPER, text, "licence", least=5)
        for maybe, presidio in ((_DEA, self._dea), (_DRIVER, self._driver)):
            if maybe.search(text):
                yield from by_presidio(presidio, text, "licence")
