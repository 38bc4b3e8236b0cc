"""Where somebody lies: room, bed, bay and ward numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.domain.reading import Span
from bot.reading.recognisers.base import identifier

_NUMBER = r"(?:\d{1,4}[a-z]?|[a-z]\d{1,3}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
_PLACE = re.compile(
    rf"\b(?:room|rm|bed|bay|cubicle|cot|chair|pod|ward|side room)[ ]?(?:no\.?|number|\#)?[ ]?{_NUMBER}\b"
    rf"(?:,?[ ](?:room|rm|bed|bay|cubicle|pod|ward)[ ]?\#?{_NUMBER}\b)*"
    # "bed 10 hours", "room 9am", "ward 3 times" tell a time or a number.
    r"(?![ ]?(?:am|pm|hours?|hrs?|min\w*|sec\w*|days?|weeks?|wks?|months?|years?|yrs?|times|o'?clock|nights?|people|of|stars?)\b|:\d|\.\d)",
    re.IGNORECASE,
)


class Room:
    """Kind "room"."""

    def find(self, text: str) -> Iterator[Span]:
        """Places that hold one patient, or a few."""
        for found in _PLACE.finditer(text):
            yield identifier("room", *found.span())
