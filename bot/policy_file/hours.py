"""Hours as moderators write them: days, and times from one to another."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from bot.domain.care import Opening

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
EXPECTED = "Write days and times, such as monday-friday: 8:00-12:00, 13:00-17:00."
_DAY = 24 * 60
_SPAN = re.compile(r"(\d{1,2})[:.](\d{2})\s*[-–]\s*(\d{1,2})[:.](\d{2})")
_DATE = re.compile(r"(\d{4}-)?(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")


def parse_hours(value: object) -> tuple[Opening, ...]:
    """The openings of a week. Raises ValueError or TypeError with words for the writer."""
    if not isinstance(value, Mapping):
        raise TypeError(EXPECTED)
    openings = [
        Opening(weekday=day, opens=opens, closes=closes)
        for days, times in value.items()
        for day in _days(str(days))
        for opens, closes in _spans(times)
    ]
    return tuple(sorted(openings, key=lambda opening: (opening.weekday, opening.opens, opening.closes)))


def parse_holiday(value: object) -> str:
    """A day as 2026-12-25, or 12-25 for every year. Raises ValueError with words for the writer."""
    if isinstance(value, str) and _DATE.fullmatch(value.strip()):
        return value.strip()
    raise ValueError('Write a day as 2026-12-25, or as "12-25" for every year.')


def _days(text: str) -> range | tuple[int, ...]:
    if text.strip().lower() in ("daily", "every day"):
        return range(7)
    first, _, last = (part.strip() for part in text.lower().partition("-"))
    start, end = _day(first), _day(last or first)
    return tuple((start + number) % 7 for number in range((end - start) % 7 + 1))


def _day(name: str) -> int:
    found = [number for number, day in enumerate(DAYS) if len(name) >= 3 and day.startswith(name)]
    if len(found) != 1:
        raise ValueError(f"{name[:20]!r} is no day. {EXPECTED}")
    return found[0]


def _spans(times: object) -> Iterator[tuple[int, int]]:
    parts = times if isinstance(times, list) else str(times).split(",")
    for part in (str(part).strip() for part in parts):
        if part.lower() == "closed":
            continue
        found = _SPAN.fullmatch(part)
        if found is None:
            raise ValueError(f"{part[:20]!r} is no time span. {EXPECTED}")
        opens, closes = _minutes(found[1], found[2]), _minutes(found[3], found[4])
        if opens == _DAY:
            raise ValueError(f"{part[:20]!r} opens at 24:00. {EXPECTED}")
        yield opens, closes if closes > opens else closes + _DAY


def _minutes(hour: str, minute: str) -> int:
    minutes = int(hour) * 60 + int(minute)
    if int(minute) > 59 or minutes > _DAY:
        raise ValueError(f"{hour}:{minute} is no time of day. {EXPECTED}")
    return minutes
