"""Medical record numbers: MRN, hospital, patient, chart, clinic, specimen and case numbers."""

from __future__ import annotations

from collections.abc import Iterator

from bot.domain.reading import Span
from bot.reading.recognisers.base import labelled, values

_SURE = labelled(r"mrn|urn|chart|nhi|unos|accession|acc#", id_word=False)
_NUMBERED = labelled(
    r"medical record|med rec|record|hospital|hosp|patient|pt|clinic|case|file|report|specimen|sample|transplant|donor|dental|chi|h&c"
    r"|unit|study|referral|emergency|pathology|lab|genotype|radiology|scan|crn|mine",
    id_word=True,
)
_BARE = labelled(r"(?:medical )?record|hospital|hosp|patient|case|dossier|transplant|mine|wristband", id_word=False)
#: Without "no." the number itself must be long.
_LONG = 5


class Record:
    """Kind "record"."""

    def find(self, text: str) -> Iterator[Span]:
        """Numbers under which a practice keeps a person."""
        yield from values(_SURE, text, "record")
        yield from values(_NUMBERED, text, "record")
        yield from values(_BARE, text, "record", least=_LONG)
