"""Other tools' view of a text: does it hold anything personal? For comparison only; installed with the ``bench`` group."""

from __future__ import annotations

from collections.abc import Callable

import scrubadub
import tldextract
from presidio_analyzer import PatternRecognizer
from presidio_analyzer.predefined_recognizers import (
    CreditCardRecognizer,
    DateRecognizer,
    EmailRecognizer,
    IpRecognizer,
    MedicalLicenseRecognizer,
    UrlRecognizer,
    UsSsnRecognizer,
)

# The e-mail recogniser would fetch a suffix list at its first use; the bundled one does.
tldextract.tldextract.TLD_EXTRACTOR = tldextract.TLDExtract(suffix_list_urls=())

_PATTERNS = (
    CreditCardRecognizer,
    DateRecognizer,
    EmailRecognizer,
    IpRecognizer,
    MedicalLicenseRecognizer,
    UrlRecognizer,
    UsSsnRecognizer,
)
_PRESIDIO: list[PatternRecognizer] = [kind() for kind in _PATTERNS]
_SCRUBBER = scrubadub.Scrubber()


def presidio_patterns(text: str) -> bool:
    """Whether one of Presidio's pattern recognisers finds something."""
    return any(r.analyze(text, r.supported_entities) for r in _PRESIDIO)


def scrubadub_filth(text: str) -> bool:
    """Whether scrubadub finds something with its default detectors."""
    return any(True for _ in _SCRUBBER.iter_filth(text))


BASELINES: dict[str, Callable[[str], bool]] = {"Presidio (patterns)": presidio_patterns, "scrubadub": scrubadub_filth}
