"""Other tools' view of a text: does it hold anything personal? For comparison only; installed with the ``bench`` group."""

from __future__ import annotations

from collections.abc import Callable

import scrubadub
from presidio_analyzer.predefined_recognizers import (
    CreditCardRecognizer,
    DateRecognizer,
    EmailRecognizer,
    IbanRecognizer,
    IpRecognizer,
    MedicalLicenseRecognizer,
    PhoneRecognizer,
    UrlRecognizer,
    UsSsnRecognizer,
)

_PRESIDIO = [
    kind()
    for kind in (
        CreditCardRecognizer,
        DateRecognizer,
        EmailRecognizer,
        IbanRecognizer,
        IpRecognizer,
        MedicalLicenseRecognizer,
        PhoneRecognizer,
        UrlRecognizer,
        UsSsnRecognizer,
    )
]
_SCRUBBER = scrubadub.Scrubber()


def presidio_patterns(text: str) -> bool:
    """Whether one of Presidio's pattern recognisers finds something."""
    return any(r.analyze(text, r.supported_entities, None) for r in _PRESIDIO)


def scrubadub_filth(text: str) -> bool:
    """Whether scrubadub finds something with its default detectors."""
    return any(True for _ in _SCRUBBER.iter_filth(text))


BASELINES: dict[str, Callable[[str], bool]] = {"Presidio (patterns)": presidio_patterns, "scrubadub": scrubadub_filth}
