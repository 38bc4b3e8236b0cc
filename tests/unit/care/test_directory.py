"""Which desk answers, and when somebody is there."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.domain.care import Contact, FreeSlot, Opening, contact_for, next_open, open_until
from bot.domain.care_words import hours_sentence, slot_words
from bot.domain.policy import Policy
from bot.domain.requests import words_of
from bot.policy_file.load import load_policy
from bot.policy_file.resolve import SHIPPED
from tests.factories import make_policy

NEW_YORK = ZoneInfo("America/New_York")
DESK = Contact(id="desk", name="the front desk")
HEART = Contact(id="heart", name="the heart clinic", topics=("cardio*", "blood pressure", "chest"))
BILLS = Contact(id="bills", name="billing", topics=("billing", "insurance"))
WARD = Contact(id="ward", name="the ward", rooms=frozenset({"ward-*"}))
MADRID = Contact(id="es", name="la recepción", languages=frozenset({"es"}))
DIRECTORY = (HEART, BILLS, WARD, DESK, MADRID)
WEEK = tuple(Opening(weekday=day, opens=8 * 60, closes=17 * 60) for day in range(5))
CLINIC = Contact(
    id="clinic", name="the clinic", hours=WEEK, time_zone="America/New_York", holidays=frozenset({"12-25"})
)
ALWAYS_OPEN = Contact(
    id="line", name="the line", hours=tuple(Opening(weekday=day, opens=0, closes=1440) for day in range(7))
)


@pytest.fixture(scope="module")
def shipped() -> Policy:
    return load_policy(SHIPPED / "sandbox.yaml")


def local(text: str, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=NEW_YORK, fold=fold).astimezone(UTC)


@pytest.mark.parametrize(
    ("text", "room", "language", "desk"),
    [
        ("Is my blood-pressure OK?", "patients", "en", "heart"),
        ("my CARDIOLOGIST said", "patients", "en", "heart"),
        ("blood on the pressure cooker", "patients", "en", "desk"),
        ("does insurance cover cardiology billing", "patients", "en", "bills"),
        ("hello", "ward-7", "en", "ward"),
        ("chest", "ward-7", "en", "heart"),
        ("hello", "patients", "en", "desk"),
        ("hola", "patients", "es", "desk"),
    ],
)
def test_topics_come_first_then_the_room(text: str, room: str, language: str, desk: str) -> None:
    found = contact_for(DIRECTORY, words_of(text), lambda pattern: room.startswith(pattern.rstrip("*")), language)

    assert found is not None
    assert found.id == desk


def test_the_language_decides_between_equals() -> None:
    english = Contact(id="en", name="reception", languages=frozenset({"en"}))

    assert contact_for((english, MADRID), (), lambda _: False, "es") == MADRID
    assert contact_for((english, MADRID), (), lambda _: False, "fr") == english
    assert contact_for((), (), lambda _: False, "en") is None


@pytest.mark.parametrize(
    ("at", "there", "following"),
    [
        ("2026-01-05 07:59", False, "2026-01-05 08:00"),
        ("2026-01-05 08:00", True, "2026-01-06 08:00"),
        ("2026-01-05 17:00", False, "2026-01-06 08:00"),
        ("2026-01-09 18:00", False, "2026-01-12 08:00"),
        ("2026-03-07 12:00", False, "2026-03-09 08:00"),
        ("2026-12-25 09:00", False, "2026-12-28 08:00"),
    ],
)
def test_when_somebody_is_there(at: str, there: bool, following: str) -> None:
    assert (open_until(CLINIC, local(at)) is not None) is there
    assert next_open(CLINIC, local(at)) == local(following)


def test_a_night_desk_is_open_past_midnight_and_over_the_change_of_clocks() -> None:
    night = Contact(
        id="night",
        name="the night desk",
        hours=(Opening(weekday=5, opens=20 * 60, closes=30 * 60),),
        time_zone="America/New_York",
    )

    assert open_until(night, local("2026-03-08 05:59")) == local("2026-03-08 06:00")
    assert open_until(night, local("2026-11-01 01:30", fold=1)) == local("2026-11-01 06:00")
    assert open_until(night, local("2026-03-07 20:00")) == local("2026-03-07 20:00") + timedelta(hours=9)


def test_no_hours_are_no_promise() -> None:
    assert open_until(DESK, local("2026-01-05 12:00")) is None
    assert next_open(DESK, local("2026-01-05 12:00")) is None


def test_a_desk_that_is_always_on_holiday_is_never_open() -> None:
    days = frozenset(f"{month:02}-{day:02}" for month in range(1, 13) for day in range(1, 32))
    gone = Contact(id="gone", name="gone", hours=WEEK, holidays=days)

    assert next_open(gone, local("2026-01-05 12:00")) is None


@pytest.mark.parametrize(
    ("at", "said"),
    [
        ("2026-01-05 12:00", "Somebody is there now, until 5:00 pm (New York time)."),
        ("2026-01-05 06:00", "Somebody will be there today from 8:00 am (New York time)."),
        ("2026-01-05 20:00", "Somebody will be there tomorrow from 8:00 am (New York time)."),
        ("2026-01-09 20:00", "Somebody will be there on Monday 12 January from 8:00 am (New York time)."),
    ],
)
def test_the_sentence_says_when(at: str, said: str, shipped: Policy) -> None:
    assert hours_sentence(CLINIC, local(at), shipped, "en") == said


def test_the_sentence_speaks_the_authors_language(shipped: Policy) -> None:
    at = local("2026-01-09 20:00")

    assert hours_sentence(CLINIC, at, shipped, "es") == (
        "Habrá alguien el lunes 12 de enero desde las 8:00 (hora de New York)."
    )
    assert hours_sentence(ALWAYS_OPEN, at, shipped, "en") == "Somebody is there day and night."
    assert hours_sentence(DESK, at, shipped, "en") == ""


def test_a_slot_is_named_by_day_time_and_place(shipped: Policy) -> None:
    slot = FreeSlot(start=local("2026-03-10 15:05"), link="https://book.example", place="Pittsfield")

    assert slot_words(slot, CLINIC, shipped, "en") == "Tuesday 10 March, 3:05 pm · Pittsfield"
    assert slot_words(slot, CLINIC, make_policy(country="GB"), "en") == "2026-03-10, 15:05 · Pittsfield"
