"""Health plan numbers: member, policy, group and subscriber ids, and Medicare's (Presidio)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.domain.reading import Span
from bot.reading.presidio import recognizer
from bot.reading.recognisers.base import by_presidio, labelled, values

_MEDICARE = re.compile(r"\b\d[A-Z][A-Z0-9]\d-?[A-Z]", re.IGNORECASE)
_MEMBER = labelled(
    r"member(?:ship)?|plan|policy|subscriber|group|insurance|insurer|medicare|medicaid|beneficiary|certificate|scheme|health card|card"
    r"|blue ?cross|bcbs|blue ?shield|aetna|cigna|kaiser|humana|bupa|vhi|laya|uhc|tricare|axa",
    id_word=True,
)
_BARE = labelled(
    r"medicare|medicaid|health card|policy|member|blue ?cross|bcbs|aetna|cigna|kaiser|humana|bupa", id_word=False
)
#: Without "no." the number itself must be long.
_LONG = 6


class Plan:
    """Kind "plan"."""

    def __init__(self) -> None:
        self._medicare = recognizer("country_specific.us.us_mbi_recognizer", "UsMbiRecognizer")

    def find(self, text: str) -> Iterator[Span]:
        """Numbers under which a plan keeps a person."""
        yield from values(_MEMBER, text, "plan")
        yield from values(_BARE, text, "plan", least=_LONG)
        if _MEDICARE.search(text):
            yield from by_presidio(self._medicare, text, "plan")
