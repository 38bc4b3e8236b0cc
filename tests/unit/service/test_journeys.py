"""What members, staff and reviewers live through, with the whole service around a sandbox."""

from __future__ import annotations

import pytest

from bot.domain.case import CaseReason, CaseState
from bot.domain.decision import Urgency
from bot.domain.errors import IllegalTransitionError
from bot.service.review import NotYoursError
from tests.factories import MEMBER
from tests.unit.service.conftest import House


async def test_a_leak_is_hidden_and_its_author_told_in_private(house: House) -> None:
    message = await house.say("Joe has cancer [third_party_phi=.9]")

    assert house.world.visible(message.ref) is None
    assert house.told() == ["We have hidden your message in patients."]
    [case] = await house.review.queue()
    assert (case.reason, case.hidden) == (CaseReason.HIDDEN, True)
    assert house.team_reads() == [f"Case {case.id}: third party phi"]


async def test_ordinary_talk_is_left_alone(house: House) -> None:
    message = await house.say("good morning all")

    assert house.world.visible(message.ref) is not None
    assert house.world.notes == []
    assert await house.review.queue() == []


async def test_a_likely_leak_waits_for_a_human_and_stays(house: House) -> None:
    message = await house.say("Joe is back [third_party_phi=.4]")

    assert house.world.visible(message.ref) is not None
    [case] = await house.review.queue()
    assert case.reason is CaseReason.LIKELY
    await house.review.uphold(case.id, "rev")
    await house.worker.settle()
    assert house.world.visible(message.ref) is None


async def test_danger_is_never_hidden_first_and_pages_at_once(house: House) -> None:
    message = await house.say("Joe took the pills [third_party_phi=.95] [self_harm=.7]")

    assert house.world.visible(message.ref) is not None
    [case] = await house.review.queue()
    assert (case.reason, case.urgency) == (CaseReason.DANGER, Urgency.NOW)
    assert "danger" in house.team_reads()[0]
    assert house.told() == []


async def test_an_emergency_is_not_answered_with_an_appointment(house: House) -> None:
    await house.say("my chest, right now, do I need to be seen [emergency=.9] [medical_question=.9]")

    assert house.told() == []
    assert "Please call 911 now." in [post.text for post in house.world.posts.values()]


async def test_a_complaint_stays_and_staff_hear(house: House) -> None:
    message = await house.say("two hours in your waiting room [negative_feedback=.9]")

    assert house.world.visible(message.ref) is not None
    assert len(house.team_reads()) == 1


async def test_a_question_is_answered_with_a_door(house: House) -> None:
    await house.say("is this rash normal? [medical_question=.9]")

    assert house.told() == ["The team at the front desk can answer this.\n555-0100"]
    assert house.world.notes[0].words.links[0].url == "https://book.example/"


async def test_restoring_brings_the_words_back_and_tells_the_author(house: House) -> None:
    await house.say("Joe has cancer [third_party_phi=.9]")
    [case] = await house.review.queue()

    await house.review.restore(case.id, "rev")
    await house.worker.settle()

    assert "Joe has cancer [third_party_phi=.9]" in [
        post.text for post in house.world.posts.values() if not post.hidden
    ]
    assert house.told()[-1] == "Your message is back."
    assert (await house.store.cases.case(case.id)).state is CaseState.RESTORED


async def test_the_author_posts_the_redacted_version(house: House) -> None:
    await house.say("Joe has cancer [third_party_phi=.9]")
    [case] = await house.review.queue()

    with pytest.raises(NotYoursError):
        await house.review.repost(case.id, "somebody")
    await house.review.repost(case.id, "ana")
    await house.worker.settle()

    assert "[someone] has cancer [third_party_phi=.9]" in [post.text for post in house.world.posts.values()]


async def test_a_promotion_that_names_somebody_has_no_redacted_version(house: House) -> None:
    await house.say("juice cured Joe [third_party_phi=.9] [pseudoscience=.9]")
    [case] = await house.review.queue()

    assert not case.redactable
    assert [button.kind for button in house.world.notes[0].words.buttons] == ["appeal"]


async def test_an_appeal_is_heard_and_its_outcome_told(house: House) -> None:
    await house.say("Joe has cancer [third_party_phi=.9]")
    [case] = await house.review.queue()

    await house.review.appeal(case.id, "ana")
    await house.review.uphold(case.id, "rev")
    await house.worker.settle()

    assert house.told()[1:] == ["A person will look at it.", "The moderators kept it hidden."]


async def test_a_restored_case_can_not_be_handed_on(house: House) -> None:
    await house.say("Joe has cancer [third_party_phi=.9]")
    [case] = await house.review.queue()
    await house.review.restore(case.id, "rev")

    with pytest.raises(IllegalTransitionError, match="can't be handed on"):
        await house.review.hand_on(case.id, "rev", "boss")


async def test_every_opening_of_a_case_is_logged(house: House) -> None:
    await house.say("Joe has cancer [third_party_phi=.9]")
    [case] = await house.review.queue()

    _, kept = await house.review.open(case.id, "rev")

    assert kept.message.text.startswith("Joe has cancer")
    assert [(entry.verb, entry.by) for entry in await house.review.trail(case.id)] == [("open", "rev")]


async def test_what_cannot_be_read_becomes_a_case_and_spoils_nothing_else(house: House) -> None:
    bad = house.world.say(MEMBER, "community", "[boom]")
    await house.intake.accept(bad, "1")
    message = await house.say("Joe has cancer [third_party_phi=.9]")

    assert house.world.visible(bad.ref) is not None
    assert house.world.visible(message.ref) is None
    assert {case.reason for case in await house.review.queue()} == {CaseReason.UNREAD, CaseReason.HIDDEN}


async def test_the_same_delivery_twice_does_everything_once(house: House) -> None:
    message = await house.say("Joe has cancer [third_party_phi=.9]")
    await house.intake.accept(message, "1")
    await house.worker.settle()

    assert len(house.told()) == 1
    assert len(await house.review.queue()) == 1


async def test_an_edit_is_read_again(house: House) -> None:
    message = await house.say("good morning")
    edited = house.world.edit(message.ref, "Joe has cancer [third_party_phi=.9]")
    await house.intake.accept(edited, "1")
    await house.worker.settle()

    assert house.world.visible(message.ref) is None


async def test_a_message_deleted_by_its_author_closes_its_case(house: House) -> None:
    message = await house.say("Joe is back [third_party_phi=.4]")
    await house.intake.gone(message.ref)

    assert await house.review.queue() == []


async def test_after_downtime_what_was_missed_is_read(house: House) -> None:
    first = await house.say("hello")
    await house.intake.catch_up(house.platform)
    await house.store.memory.advance(first.ref.room, "00000001")
    missed = house.world.say(first.author, "community", "Joe has cancer [third_party_phi=.9]")

    assert await house.intake.catch_up(house.platform) == 1
    await house.worker.settle()
    assert house.world.visible(missed.ref) is None
