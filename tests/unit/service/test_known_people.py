"""The reader hears who is who: those who wrote before, and those whom the directory names. Nobody else learns of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from bot.domain.care import Contact
from bot.domain.message import Author, Message, RoomRef
from bot.domain.reading import Reading, Utterance
from bot.service.known_people import KnownPeople
from tests.factories import ROOM, MarkReader, make_message, make_policy, make_ref
from tests.unit.service.conftest import House

DESK = Contact(id="desk", name="the front desk", providers=("Dr. Ada Okafor", "Nurse Bea Lind"))
POLICY = make_policy(contacts=(DESK,))
ANA = Author(id="1", name="Ana Prieto")
KIM = Author(id="2", name="kim_at_the_desk", platform_roles=frozenset({"staff"}))
MOD = Author(id="3", name="Joan", platform_roles=frozenset({"mods"}))
NOBODY: frozenset[str] = frozenset()


def said(text: str, author: Author = MOD, room: RoomRef = ROOM) -> Message:
    return make_message(text, author=author, ref=make_ref(room=room))


@pytest.fixture
def people() -> KnownPeople:
    met = KnownPeople()
    for author in (ANA, KIM, MOD):
        met.meet(said("hello", author), POLICY)
    return met


@pytest.mark.parametrize(
    ("text", "members", "staff"),
    [
        ("ANA had her infusion", {"Ana Prieto"}, set()),
        ("ask Kim, or @kim_at_the_desk", set(), {"kim_at_the_desk"}),
        ("Doctor Okafor and ana's sister", {"Ana Prieto"}, {"Dr. Ada Okafor"}),
        ("anagrams for a rainy day", set(), set()),
        ("Joan here, all well", set(), set()),
    ],
)
def test_a_text_names_who_is_known(people: KnownPeople, text: str, members: set[str], staff: set[str]) -> None:
    assert people.named_in(said(text), POLICY) == (frozenset(members), frozenset(staff))


def test_a_name_that_was_given_up_is_forgotten(people: KnownPeople) -> None:
    people.meet(said("hello", replace(ANA, name="Maite")), POLICY)

    assert people.named_in(said("Ana is well"), POLICY) == (NOBODY, NOBODY)
    assert people.named_in(said("Maite is well"), POLICY) == (frozenset({"Maite"}), NOBODY)


def test_another_community_knows_nobody(people: KnownPeople) -> None:
    elsewhere = replace(ROOM, workspace="another")

    assert people.named_in(said("Ana and Kim", room=elsewhere), make_policy()) == (NOBODY, NOBODY)


def test_who_wrote_longest_ago_is_forgotten_first() -> None:
    people = KnownPeople(most=2)
    for author in (ANA, KIM, ANA, replace(MOD, name="Zoe")):
        people.meet(said("hello", author), POLICY)

    assert people.named_in(said("Ana, Kim, Zoe", KIM), POLICY) == (frozenset({"Ana Prieto", "Zoe"}), NOBODY)


async def test_the_reader_is_told_of_those_whom_a_message_names(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Utterance] = []

    def remembering(_: MarkReader, utterances: Sequence[Utterance]) -> list[Reading]:
        asked.extend(utterances)
        return [Reading() for _ in utterances]

    monkeypatch.setattr(MarkReader, "read", remembering)
    for text, author in (("hello", ANA), ("hello", KIM), ("Kim was kind, and so was Ana", MOD)):
        await house.say(text, author=author)

    assert [(said.members, said.staff) for said in asked] == [
        (NOBODY, NOBODY),
        (NOBODY, NOBODY),
        ({"Ana Prieto"}, {"kim_at_the_desk"}),
    ]
