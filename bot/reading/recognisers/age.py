"""Ages over 89, which HIPAA counts among the identifiers (45 CFR 164.514(b)(2)(C))."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.domain.reading import Span
from bot.reading.recognisers.base import identifier, mentions

_HINTS = ("9", "10", "11", "ninety", "hundred")
_OLD = r"(?:9\d|1[01]\d)"
_OLD_WORDS = r"(?:ninety(?:[ -](?:one|two|three|four|five|six|seven|eight|nine))?|(?:a|one) hundred(?:(?: and)? \w+)?)"
_AGE = re.compile(
    rf"""\b(?:{_OLD}|{_OLD_WORDS})(?:[ -]?(?:years?|yrs?)[ -]?(?:old|of[ ]age|young)\b|[ -]?(?:y/?o|yr[ -]?old)\b)
    | \b(?:aged?|turn(?:s|ed|ing)|nearly|almost)[ ](?P<said>{_OLD}|{_OLD_WORDS})\b(?![ ]?(?:%|/|\.\d|[a-z]*(?:mg|kg|lbs?|bpm|units?|days?
      |weeks?|months?|hours?|mins?|minutes?|percent|people|times|degrees|miles)\b))
    | \b(?:{_OLD}|hundred)(?:st|nd|rd|th)[ ](?:birthday|bday)\b
    | \b(?:she|he)(?:'|’)?s[ ](?P<is>{_OLD})(?=[ ]?(?:[,.!?;)]|$|and\b|now\b|but\b|w(?:ith)?\b))(?!\.\d)""",
    re.IGNORECASE | re.VERBOSE,
)


class Age:
    """Kind "age"."""

    def find(self, text: str) -> Iterator[Span]:
        """Ages of 90 years and more."""
        if not mentions(text.lower(), _HINTS):
            return
        for found in _AGE.finditer(text):
            group = "said" if found["said"] else "is" if found["is"] else 0
            yield identifier("age", *found.span(group))
