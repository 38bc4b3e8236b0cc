"""Lengths of time as people write them: ``30s``, ``10m``, ``2h``, ``7d``, ``4w``, or joined: ``1d12h``."""

from __future__ import annotations

import re
from datetime import timedelta

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_PART = re.compile(r"(\d{1,5})\s*([smhdw])")
#: Longer ones are slips of the finger, and lead out of the calendar.
LONGEST = timedelta(weeks=520)
#: What a duration looks like; for the JSON Schema.
PATTERN = r"^\s*(\d{1,5}\s*[smhdw]\s*){1,5}$"
EXPECTED = "Write a number and a unit: 30s, 10m, 2h, 7d or 4w."


def parse_duration(text: object) -> timedelta:
    """The length of time. Raises ValueError with what was expected."""
    if not isinstance(text, str) or not re.match(PATTERN, text):
        raise ValueError(EXPECTED)
    parts = _PART.findall(text)
    length = sum((timedelta(**{_UNITS[unit]: int(number)}) for number, unit in parts), timedelta())
    if not length:
        raise ValueError("A duration must be longer than nothing.")
    if length > LONGEST:
        raise ValueError("A duration must be at most 520w, which is ten years.")
    return length
