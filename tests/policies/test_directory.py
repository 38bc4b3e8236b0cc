"""The directories that ship: which desk a message is sent to, and nothing in them that anybody could really call."""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path

import pytest

from bot.bootstrap.matching import shipped_matcher
from bot.domain.care import contact_for
from bot.domain.message import PlatformName, RoomRef
from bot.domain.policy import room_fits
from bot.domain.requests import Request, request_of, words_of
from bot.policy_file.load import load_policy
from bot.policy_file.resolve import SHIPPED

PRACTICE, SANDBOX = SHIPPED / "practice.yaml", SHIPPED / "sandbox.yaml"
#: Numbers that belong to nobody, and a domain that is kept for examples (RFC 2606).
INVENTED_PHONE, INVENTED_LINK = re.compile(r"\+1 555 010 01\d\d"), re.compile(r"https://example\.org/[a-z/]+")


def desk_for(path: Path, text: str, *, room: str = "patients", language: str = "en", question: bool = False) -> str:
    """The id of the desk that answers."""
    policy, words = load_policy(path), words_of(text)
    request = Request.QUESTION if question else request_of(words)
    ref = RoomRef(platform=PlatformName.SANDBOX, workspace="w", room="R1")
    asked = (*words, *(request.split("_") if request else ()))
    found = contact_for(policy.contacts, asked, partial(room_fits, ref=ref, name=room), language)
    return found.id if found else ""


@pytest.mark.parametrize(
    ("text", "desk"),
    [
        ("can I get a refill of my tablets?", "prescriptions"),
        ("I have a question about my bill", "billing"),
        ("are my blood results back?", "records"),
        ("who signs the form for school?", "records"),
        ("please cancel my appointment", "desk"),
        ("how do I book with the cardiologist?", "heart"),
        ("can I bring my baby on Monday?", "children"),
    ],
)
def test_a_request_goes_to_its_desk(text: str, desk: str) -> None:
    assert desk_for(PRACTICE, text) == desk


def test_what_is_asked_every_week_is_heard_as_it_is_written() -> None:
    said = "Do you take walk-ins on Friday, or do I have to book an appointment?"

    assert shipped_matcher().match(load_policy(PRACTICE), said).phrases == {"walk ins"}


@pytest.mark.parametrize(
    ("text", "room", "desk"),
    [
        ("a rash since Friday, should I stop the tablets?", "patients", "nurses"),
        ("palpitations since Friday, is that normal?", "patients", "heart"),
        ("is this normal?", "heart-rehab", "heart"),
        ("is this normal?", "parents", "children"),
        ("is this normal?", "patients", "desk"),
    ],
)
def test_a_question_goes_by_its_words_then_by_its_room(text: str, room: str, desk: str) -> None:
    assert desk_for(PRACTICE, text, room=room, question=True) == desk


def test_who_speaks_spanish_is_answered_by_somebody_who_does() -> None:
    assert desk_for(PRACTICE, "necesito una cita", language="es") == "recepcion"
    assert desk_for(PRACTICE, "necesito una receta", language="es") == "prescriptions"
    assert desk_for(PRACTICE, "I need an appointment", language="en") == "desk"


def test_in_the_sandbox_every_question_without_a_topic_goes_to_the_nurses() -> None:
    assert desk_for(SANDBOX, "is this normal?", question=True) == "nurses"
    assert desk_for(SANDBOX, "palpitations, is this normal?", question=True) == "heart"
    assert desk_for(SANDBOX, "what time do you open?") == "desk"


@pytest.mark.parametrize("path", sorted(SHIPPED.glob("*.yaml")), ids=lambda path: path.stem)
def test_nobody_real_is_called(path: Path) -> None:
    for desk in load_policy(path).contacts:
        assert INVENTED_PHONE.fullmatch(desk.phone), desk.id
        assert INVENTED_LINK.fullmatch(desk.link), desk.id
        assert not desk.slots, "a publisher that is not there would be asked with every question"


@pytest.mark.parametrize("path", [PRACTICE, SANDBOX], ids=lambda path: path.stem)
def test_every_desk_has_hours_and_the_chain_ends_with_the_whole_room(path: Path) -> None:
    policy = load_policy(path)

    assert all(desk.hours and desk.time_zone == "America/New_York" for desk in policy.contacts)
    assert policy.on_call[0].mention
    assert (policy.on_call[-1].mention, policy.on_call[-1].webhook) == ((), "")
