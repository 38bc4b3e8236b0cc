"""Hours as moderators write them: days, and times from one to another."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.domain.care import Opening

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
EXPECTED = "Write days and times, such as monday-friday: 8:00-12:00, 13:00-17:00."
EXPECTED_DAY = 'Write a day as 2026-12-25, or as "12-25" for every year.'
_DAY = 24 * 60
_WEEK = 7 * _DAY
_SPAN = re.compile(r"(\d{1,2})[:.](\d{2})\s*[-–]\s*(\d{1,2})[:.](\d{2})")
_DATE = re.compile(r"(?:(\d{4})-)?(\d{2})-(\d{2})")
#: A year with a 29 February, for days of every year.
_LEAP_YEAR = 2000
#: From one minute of a day to another, which may lie in the next; None where it says closed.
Span = tuple[int, int] | None
#: Days as they are written, and their spans.
Week = Mapping[str, Sequence[Span]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stretch:
    """A span on one of the days that ``days`` names, in minutes from the beginning of the week."""

    days: str
    span: tuple[int, int]
    opens: int
    closes: int

    def __str__(self) -> str:
        opens, closes = self.span
        return f"{_clock(opens)}-{_clock(closes if closes <= _DAY else closes - _DAY)}"

    @property
    def day(self) -> str:
        """The day on which it begins."""
        return DAYS[self.opens // _DAY % 7]


def openings(week: Week) -> tuple[Opening, ...]:
    """The openings of a week, from Monday on."""
    return tuple(Opening(weekday=one.opens // _DAY, opens=one.span[0], closes=one.span[1]) for one in _stretches(week))


def overlaps(week: Week) -> Iterator[tuple[str, str]]:
    """What overlaps, each pair once: the days as the later one writes them, and words for the writer."""
    stretches = _stretches(week)
    told: set[tuple[str, tuple[int, int], str, tuple[int, int]]] = set()
    longest = _Stretch(days="", span=(0, 0), opens=0, closes=0)
    for one in (*stretches, *(_a_week_on(one) for one in stretches if one.opens < _DAY)):
        pair = (longest.days, longest.span, one.days, one.span)
        if one.opens < longest.closes and longest.opens < _WEEK and pair not in told:
            told.add(pair)
            where = f"overlap on {one.day}" if one.day == longest.day else f"on {one.day} overlap"
            first = f"{longest}" if one.day == longest.day else f"{longest} on {longest.day}"
            yield one.days, f"{first} and {one} {where}"
        longest = max(longest, one, key=lambda stretch: stretch.closes)


def parse_entry(days: str, times: object) -> tuple[Span, ...]:
    """The spans of one entry, written as a list or with commas between them. Raises ValueError that says all that is wrong."""
    parts = times if isinstance(times, list) else ("" if times is None else str(times)).split(",")
    spans: list[Span] = []
    wrong = []
    try:
        _days(days)
    except ValueError as error:
        wrong.append(str(error))
    for part in parts:
        try:
            spans.append(_span(str(part).strip()))
        except ValueError as error:
            wrong.append(str(error))
    if wrong:
        raise ValueError(f"{'; '.join(wrong)}. {EXPECTED}")
    return tuple(spans)


def parse_holiday(value: object) -> str:
    """A day as 2026-12-25, or 12-25 for every year. Raises ValueError with words for the writer."""
    found = _DATE.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is None:
        raise ValueError(EXPECTED_DAY)
    try:
        date(int(found[1] or _LEAP_YEAR), int(found[2]), int(found[3]))
    except ValueError:
        raise ValueError(f"There is no such day. {EXPECTED_DAY}") from None
    return found[0]


def _span(text: str) -> Span:
    if text.lower() == "closed":
        return None
    found = _SPAN.fullmatch(text)
    if found is None:
        raise ValueError(f"{text[:20]!r} is no time span" if text else "a time is missing")
    opens, closes = _minutes(found[1], found[2]), _minutes(found[3], found[4])
    if opens == _DAY:
        raise ValueError(f"{text[:20]!r} opens at 24:00")
    return opens, closes if closes > opens else closes + _DAY


def _days(text: str) -> range | tuple[int, ...]:
    if text.strip().lower() in ("daily", "every day"):
        return range(7)
    first, _, last = (part.strip() for part in text.lower().partition("-"))
    start, end = _day(first), _day(last or first)
    return tuple((start + number) % 7 for number in range((end - start) % 7 + 1))


def _day(name: str) -> int:
    found = [number for number, day in enumerate(DAYS) if len(name) >= 3 and day.startswith(name)]
    if len(found) != 1:
        raise ValueError(f"{name[:20]!r} is no day")
    return found[0]


def _stretches(week: Week) -> list[_Stretch]:
    stretches = [
        _Stretch(days=days, span=span, opens=day * _DAY + span[0], closes=day * _DAY + span[1])
        for days, spans in week.items()
        for day in _days(days)
        for span in spans
        if span is not None
    ]
    return sorted(stretches, key=lambda one: (one.opens, one.closes))


def _a_week_on(one: _Stretch) -> _Stretch:
    """So that Sunday night meets Monday morning."""
    return replace(one, opens=one.opens + _WEEK, closes=one.closes + _WEEK)


def _clock(minutes: int) -> str:
    return f"{minutes // 60}:{minutes % 60:02}"


def _minutes(hour: str, minute: str) -> int:
    minutes = int(hour) * 60 + int(minute)
    if int(minute) > 59 or minutes > _DAY:
        raise ValueError(f"{hour}:{minute} is no time of day")
    return minutes
