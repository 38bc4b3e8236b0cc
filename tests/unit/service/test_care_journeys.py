"""What members live through on the way to care, with the whole service around a sandbox."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.care import Answers, Contact, FreeSlot, HelpLines, Opening
from bot.domain.case import CaseState
from bot.domain.decision import Action, ActionKind, Decision
from bot.domain.message import Author
from bot.domain.policy import Policy
from bot.domain.reading import Label
from bot.policy_file.load import load_policy
from bot.policy_file.resolve import SHIPPED
from tests.factories import MEMBER, NOON, make_policy, make_rule
from tests.unit.service.conftest import House

KIM = Author(id="kim", name="Kim", platform_roles=frozenset({"staff"}))
BEN = Author(id="ben", name="Ben", locale="es-MX")
WEEK = tuple(Opening(weekday=day, opens=8 * 60, closes=17 * 60) for day in range(5))
DESK = Contact(id="desk", name="the front desk", phone="555-0100", link="https://book.example/")
HEART = Contact(
    id="heart",
    name="the heart clinic",
    phone="555-0200",
    topics=("cardio*", "palpitations"),
    providers=("Dr. Patel",),
    hours=WEEK,
    time_zone="America/New_York",
)
PHARMACY = Contact(id="pharmacy", name="the prescriptions desk", phone="555-0300", topics=("refill",))
DIRECTORY = (DESK, HEART, PHARMACY)
ASKS, WANTS = "[medical_question=.9]", "[scheduling_request=.9]"


class TwoSlots:
    """Knows two free slots of a desk, one without a link."""

    async def free(self, contact: Contact, limit: int) -> Sequence[FreeSlot]:
        first = FreeSlot(start=NOON + timedelta(days=1), link="https://book.example/1", place="Pittsfield")
        return (first, FreeSlot(start=NOON + timedelta(days=2), phone="555-0400"))[:limit]


@pytest.fixture
def shipped() -> Policy:
    """The sandbox's policy with a directory of three desks and the sandbox's own rooms."""
    return replace(load_policy(SHIPPED / "sandbox.yaml"), contacts=DIRECTORY)


@pytest.fixture
def care(house: House, shipped: Policy) -> House:
    house.policies.policy = shipped
    return house


async def test_a_question_finds_the_desk_for_its_topic(care: House) -> None:
    await care.say(f"are palpitations normal on this? {ASKS}")

    [answer] = care.told()
    assert answer.splitlines() == [
        "Thank you for asking. Somebody who knows can answer you best, and the heart clinic will gladly find you a time.",
        "With: Dr. Patel",
        "Somebody will be there today from 8:00 am (New York time).",
        "Phone: 555-0200",
    ]


async def test_each_request_has_an_answer_of_its_own(care: House) -> None:
    for text in (
        "can I get a refill?",
        "please cancel my appointment",
        "are you open on Saturday?",
        "who signs forms?",
    ):
        await care.say(f"{text} {WANTS}")

    refill, cancel, hours, form = care.told()
    assert "prescription" in refill
    assert "the prescriptions desk" in refill
    assert "A message in this room does not cancel it" in cancel
    assert "how to reach the front desk" in hours
    assert "forms, notes and letters" in form


async def test_the_answer_speaks_the_authors_language(care: House) -> None:
    await care.say(f"se me acabó la receta {WANTS}", author=BEN)

    assert care.told("ben")[0].startswith("Gracias por escribir. Para todo lo de recetas")


async def test_a_request_that_is_not_understood_still_gets_the_desk(care: House) -> None:
    await care.say(f"what's the number? {WANTS}")

    assert "the front desk" in care.told()[0]
    assert care.world.notes[0].words.links[0].url == "https://book.example/"


async def test_the_same_person_hears_the_same_once_in_a_while(care: House) -> None:
    await care.say(f"is this normal? {ASKS}")
    await care.say(f"anybody? is it normal? {ASKS}")
    await care.say(f"is this normal? {ASKS}", author=BEN)
    await care.say(f"and palpitations? {ASKS}")
    assert (len(care.told()), len(care.told("ben"))) == (2, 1)

    care.clock.move(timedelta(hours=13))
    await care.say(f"is this normal? {ASKS}")
    assert len(care.told()) == 3


async def test_the_policy_says_how_long_a_while_is(care: House) -> None:
    care.policies.policy = replace(care.policies.policy, answers=Answers(again_after=timedelta(0)))
    await care.say(f"is this normal? {ASKS}")
    care.clock.move(timedelta(seconds=1))
    await care.say(f"is this normal? {ASKS}")

    assert len(care.told()) == 2


async def test_answers_go_into_the_room_where_the_policy_says_so(care: House) -> None:
    care.policies.policy = replace(care.policies.policy, answers=Answers(in_room=True))
    await care.say(f"is this normal? {ASKS}")

    assert care.told() == []
    assert any("the front desk" in post.text for post in care.world.posts.values() if post.words is not None)


async def test_what_staff_has_answered_is_left_alone(care: House) -> None:
    question = await care.say("hello", author=BEN)
    answer = care.world.say(KIM, "community", "please call us", reply_to=question.ref)
    await care.intake.accept(answer, "2")
    again = care.world.say(MEMBER, "community", f"but is it normal? {ASKS}", reply_to=answer.ref)
    await care.intake.accept(again, "3")
    await care.worker.settle()
    assert care.told() == []

    other = care.world.say(MEMBER, "community", f"but is it normal? {ASKS}", reply_to=question.ref)
    await care.intake.accept(other, "4")
    await care.worker.settle()
    assert len(care.told()) == 1


async def test_in_a_thread_one_word_of_staff_is_enough(care: House) -> None:
    async def say(author: Author, text: str, thread: str) -> None:
        said = care.world.say(author, "community", text)
        await care.intake.accept(replace(said, ref=replace(said.ref, thread=thread)), "1")
        await care.worker.settle()

    await say(KIM, "we will call you", "t1")
    await say(MEMBER, f"is it normal? {ASKS}", "t1")
    assert care.told() == []
    await say(MEMBER, f"is it normal? {ASKS}", "t2")
    assert len(care.told()) == 1


async def test_free_slots_are_offered_before_the_plain_link(care: House) -> None:
    care.outside.slots = TwoSlots()
    desk = replace(DESK, slots="https://publisher.example/$bulk-publish", time_zone="America/New_York")
    care.policies.policy = replace(care.policies.policy, contacts=(desk,))
    await care.say(f"is this normal? {ASKS}")

    [note] = care.world.notes
    assert [(link.label, link.url) for link in note.words.links] == [
        ("Friday 2 January, 7:00 am · Pittsfield", "https://book.example/1"),
        ("Find a time", "https://book.example/"),
    ]
    assert "Free times by phone: Saturday 3 January, 7:00 am: 555-0400" in note.words.text


async def test_danger_is_answered_with_the_countrys_numbers_and_nothing_beside(care: House) -> None:
    await care.say(f"I took the pills, is that bad? [self_harm=.9] {ASKS}")

    assert care.told() == []
    [reply] = [post.text for post in care.world.posts.values() if post.words and post.ref.room.room == "community"]
    assert "988 (988 Suicide & Crisis Lifeline, call or text)" in reply
    assert "please call 911" in reply


async def test_without_numbers_the_line_is_left_out_and_the_kindness_stays(care: House) -> None:
    care.policies.policy = replace(care.policies.policy, help_lines=HelpLines())
    await care.say("goodbye everybody [self_harm=.9]")

    [reply] = [post.text for post in care.world.posts.values() if post.words and post.ref.room.room == "community"]
    assert "You matter to us" in reply
    assert "call ." not in reply


async def test_a_call_for_help_that_is_deleted_is_still_looked_after(house: House) -> None:
    message = await house.say("goodbye everybody [self_harm=.9]")
    await house.intake.gone(message.ref)

    [case] = await house.review.queue()
    assert case.state is CaseState.OPEN


async def test_a_complaint_brings_the_team_a_reply_that_confirms_nothing(care: House) -> None:
    message = await care.say("two hours in that waiting room [negative_feedback=.9]")

    assert care.world.visible(message.ref) is not None
    [told] = care.team_reads()
    assert "A reply you could use" in told
    assert "must not show whether the person is a patient" in told
    assert "two hours" not in told


@pytest.mark.parametrize(
    ("label", "visible", "says"),
    [("staff_advice", True, "personal medical advice"), ("staff_confirms_patient", False, "patient of ours")],
)
async def test_staff_are_warned_in_private(care: House, label: str, visible: bool, says: str) -> None:
    message = await care.say(f"double it tonight [{label}=.9]", author=KIM, room="practice")

    assert (care.world.visible(message.ref) is not None) is visible
    assert any(says in told for told in care.told("kim"))


async def test_a_rule_keeps_its_own_words_and_desk(house: House) -> None:
    own = Action(kind=ActionKind.SCHEDULE, destination="heart", wording="reply")
    rules = (
        make_rule("own", labels=(Label.SCHEDULING_REQUEST,), do=(own,)),
        make_rule("other", labels=(Label.SCHEDULING_REQUEST,), do=(Action(kind=ActionKind.SCHEDULE),), priority=9),
    )
    house.policies.policy = make_policy(rules, contacts=DIRECTORY)
    message = await house.say(f"can I get a refill? {WANTS}")

    [decision] = await house.store.decisions.of_message(message.ref)
    assert answers(decision) == [("heart", "reply")]
    assert house.told() == ["Please call 911 now."]


def answers(decision: Decision) -> list[tuple[str, str]]:
    return [(a.destination, a.wording) for a in decision.actions if a.kind is ActionKind.SCHEDULE]
