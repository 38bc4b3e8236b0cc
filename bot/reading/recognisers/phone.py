"""Phone and fax numbers: Presidio's recogniser (libphonenumber), and the shapes that it holds invalid or too short."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.domain.reading import Span
from bot.reading.presidio import recognizer
from bot.reading.recognisers.base import announced, identifier

#: Nothing shorter can be a number: seven digits with few marks between.
_ENOUGH = re.compile(r"\d(?:[ ().+–-]{0,3}\d){6}")
_SHAPES = re.compile(
    r"""(?<![\w.+-])(?:
      (?:\+|00)\d{1,3}(?:[ .()-]{0,2}\d){7,12}              # international
      | (?:1[ .-]?)?(?:\(\d{3}\)[ ]?|\d{3}[ .-])\d{3}[ .-]\d{4}(?:[ ]?(?:x|ext\.?)[ ]?\d{1,5})?  # North America
      | 0\d{2,4}[ -]?\d{3,4}[ -]?\d{3,4}                     # Britain, Ireland, Germany and others
      | 0\d(?:[ .]\d\d){4}                                   # France and Belgium
      | 555-\d{4}
    )(?![\w-]|\.\d)""",
    re.VERBOSE,
)
#: Numbers that need a word before them: seven digits could be a range of doses, ten could be a record.
_SHORT = re.compile(r"(?<![\w.+-])(?:\d{3}[ .-]\d{4}|\d{9,11}|x\d{3,5})(?![\w-]|\.\d)")
_CALL = re.compile(
    r"\b(?:phone|tele?(?:phone)?|mob(?:ile)?|cell|call(?:ing)?|text|sms|ring|whats?app|number|line|landline|switchboard|reach|ext)\b|☎|📞|📱",
    re.IGNORECASE,
)
_FAX = re.compile(r"\bfax\b", re.IGNORECASE)
_RECORD = re.compile(r"\b(?:nhs|mrn|chi|ssn|social|record|account|acct|policy|member|id|hosp\w*)\b", re.IGNORECASE)
_RECORD_REACH = 22


class Phone:
    """Kinds "phone" and "fax"."""

    def __init__(self) -> None:
        # Each region costs a pass over the text; other countries' numbers come with a + or in the shapes above.
        self._presidio = recognizer("generic.phone_recognizer", "PhoneRecognizer", supported_regions=("US",))

    def find(self, text: str) -> Iterator[Span]:
        """Numbers that somebody can ring."""
        if not _ENOUGH.search(text) and not _SHORT.search(text):
            return
        ranges = [found.span() for found in _SHAPES.finditer(text)]
        ranges += [found.span() for found in _SHORT.finditer(text) if announced(text, found.start(), _CALL)]
        if _ENOUGH.search(text):
            ranges += [(result.start, result.end) for result in self._presidio.analyze(text, [])]
        for start, end in ranges:
            if announced(text, start, _FAX):
                yield identifier("fax", start, end)
            elif not announced(text, start, _RECORD, _RECORD_REACH):
                yield identifier("phone", start, end)
