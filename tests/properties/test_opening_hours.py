"""Hours against the plainest way to tell them: look at the desk's own clock, minute by minute."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.care import Contact, Opening, next_open, open_until

#: Clocks that change at two, at midnight, by half an hour, and not at all.
ZONES = ("America/New_York", "Europe/Berlin", "Africa/Cairo", "America/Santiago", "Australia/Lord_Howe", "Asia/Kolkata")
MINUTE = timedelta(minutes=1)
#: No clock changes between these hours, so that what it shows is never in doubt.
EARLIEST, LATEST = 4 * 60, 22 * 60
openings = st.builds(
    lambda weekday, opens, length: Opening(weekday=weekday, opens=opens, closes=min(opens + length, LATEST)),
    st.integers(0, 6),
    st.integers(EARLIEST, LATEST - 10),
    st.integers(10, 600),
)
desks = st.builds(
    lambda hours, zone, holidays: Contact(
        id="d", name="d", hours=tuple(hours), time_zone=zone, holidays=frozenset(holidays)
    ),
    st.lists(openings, min_size=1, max_size=4),
    st.sampled_from(ZONES),
    st.sets(st.sampled_from(["2026-03-29", "03-08", "11-01", "04-24", "2026-09-06"]), max_size=3),
)
START = datetime(2026, 1, 1, tzinfo=UTC)
#: Days of 2026, counted from its first, on which one of these clocks changes, and any other.
CHANGES = (66, 87, 93, 112, 246, 276, 301, 303)
moments = st.builds(
    lambda day, minutes: START + timedelta(days=day, minutes=minutes),
    st.one_of(st.sampled_from(CHANGES), st.integers(0, 700)),
    st.integers(0, 2 * 24 * 60),
)


def shown_open(desk: Contact, at: datetime) -> bool:
    clock = at.astimezone(ZoneInfo(desk.time_zone))
    day, minutes = clock.date().isoformat(), clock.hour * 60 + clock.minute
    if {day, day[5:]} & desk.holidays:
        return False
    return any(o.weekday == clock.weekday() and o.opens <= minutes < o.closes for o in desk.hours)


@settings(deadline=None)
@given(desks, moments)
def test_somebody_is_there_when_the_clock_on_the_wall_says(desk: Contact, at: datetime) -> None:
    assert (open_until(desk, at) is not None) == shown_open(desk, at)


@settings(deadline=None, max_examples=30)
@given(desks, moments)
def test_the_next_opening_is_the_first_that_anybody_would_find(desk: Contact, at: datetime) -> None:
    found = next_open(desk, at)

    assert found is not None
    assert found > at
    assert shown_open(desk, found)
    if not shown_open(desk, at):
        between = [at + minutes * MINUTE for minutes in range(0, int((found - at) / MINUTE), 10)]
        assert not any(shown_open(desk, moment) for moment in between)
        assert not shown_open(desk, found - MINUTE)


@settings(deadline=None, max_examples=60)
@given(desks, moments)
def test_who_is_there_stays_until_then(desk: Contact, at: datetime) -> None:
    until = open_until(desk, at)

    assert (until is not None) == shown_open(desk, at)
    if until is not None:
        assert not shown_open(desk, until)
        assert all(shown_open(desk, at + number * MINUTE) for number in range(int((until - at) / MINUTE)))
