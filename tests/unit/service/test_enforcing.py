"""Each action once, whatever breaks on the way; and never against what a person has decided meanwhile."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.domain.case import Case, CaseReason, CaseState
from bot.domain.decision import Urgency
from bot.domain.errors import ErasedError, ForbiddenError, GoneError, TemporaryPlatformError
from bot.domain.message import Message, MessageRef, RoomRef
from bot.domain.outcome import ActionState, How, Outcome
from bot.domain.words import Words
from bot.service.enforce import MOST_TRIES
from tests.factories import MEMBER, NOON
from tests.unit.service.conftest import House

LEAK = "Joe has cancer [third_party_phi=.9]"
CALL_FOR_HELP = "goodbye all [self_harm=.9]"


async def _wait_out(house: House) -> None:
    """Let every retry that there can be happen."""
    for _ in range(MOST_TRIES + 1):
        house.clock.move(timedelta(minutes=6))
        await house.worker.settle()


async def _leak(house: House) -> Case:
    """A leak is written; its case."""
    await house.say(LEAK)
    [case] = await house.review.queue()
    return case


async def _leak_that_stands(house: House, monkeypatch: pytest.MonkeyPatch) -> tuple[Message, Case]:
    """A leak whose hiding failed the first time and is still to be tried again; with its case."""
    with monkeypatch.context() as broken:
        broken.setattr(house.platform, "hide", _stumbling)
        message = await house.say(LEAK)
    [case] = await house.review.queue()
    return message, case


async def _edit(house: House, message: Message, text: str) -> None:
    edited = house.world.edit(message.ref, text)
    await house.intake.accept(edited, house.platform.position(edited))
    await house.worker.settle()


async def _stumbling(message: MessageRef, *, reason: str, again: bool) -> How:
    raise TemporaryPlatformError("not now")


async def _broken(message: MessageRef, *, reason: str, again: bool) -> How:
    raise KeyError("Joe has cancer")


async def test_what_breaks_unexpectedly_is_tried_a_few_times_and_then_left_to_a_person(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(house.platform, "hide", _broken)

    async with asyncio.timeout(10):
        await house.say(LEAK)
        await _wait_out(house)

    [case] = await house.review.queue()
    assert case.problem == "hide: Something unexpected went wrong (KeyError)."
    [hide, *_] = await house.store.decisions.actions(case.decision)
    assert (hide.state, hide.attempts) == (ActionState.FAILED, MOST_TRIES)
    assert house.told() == []


async def test_platform_that_never_answers_holds_nothing_up(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    async def hang(message: MessageRef, *, reason: str, again: bool) -> How:
        await asyncio.Event().wait()
        return How.DELETED

    monkeypatch.setattr("bot.service.enforce.ACTION_WITHIN", 0.01)
    with monkeypatch.context() as broken:
        broken.setattr(house.platform, "hide", hang)
        async with asyncio.timeout(5):
            message = await house.say(LEAK)
    house.clock.move(timedelta(minutes=6))
    await house.worker.settle()

    assert house.world.visible(message.ref) is None


async def test_decision_that_is_taken_twice_is_enforced_once(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """As happens where it waits for its turn until its lease is over."""
    hidings = 0

    async def slow(message: MessageRef, *, reason: str, again: bool) -> How:
        nonlocal hidings
        hidings += 1
        await asyncio.sleep(0.02)
        return How.DELETED

    monkeypatch.setattr(house.platform, "hide", slow)
    message = house.world.say(MEMBER, "community", LEAK)
    [decision] = await house.worker._moderator.decide(await house.worker._moderator.read([message]))
    await asyncio.gather(*(house.worker._enforcer.enforce(decision) for _ in range(3)))

    assert hidings == 1
    assert len(house.told()) == 1


async def test_restoring_that_fails_comes_back_to_the_queue(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    async def refuse(message: Message, text: str, words: Words, *, again: bool) -> Outcome:
        raise ForbiddenError("The bot may not post here.")

    case = await _leak(house)
    monkeypatch.setattr(house.platform, "restore", refuse)
    await house.review.restore(case.id, "rev")
    await house.worker.settle()

    [back] = await house.review.queue()
    assert (back.state, back.reason, back.hidden) == (CaseState.OPEN, CaseReason.FAILED, True)
    assert back.problem == "restore: The bot may not post here."
    assert house.told()[1:] == []


async def test_text_erased_between_click_and_restoring_is_not_asked_for_for_ever(house: House) -> None:
    case = await _leak(house)
    await house.review.restore(case.id, "rev")
    await house.store.vault.erase(case.id, "rita", NOON)

    async with asyncio.timeout(10):
        await house.worker.settle()

    [back] = await house.review.queue()
    assert back.problem == "restore: The text of this case has been erased."


async def test_what_can_not_be_brought_back_is_refused_at_once(house: House) -> None:
    case = await _leak(house)
    await house.store.vault.erase(case.id, "rita", NOON)

    with pytest.raises(ErasedError):
        await house.review.restore(case.id, "rev")
    with pytest.raises(ErasedError):
        await house.review.repost(case.id, "ana")
    assert (await house.review.case(case.id)).state is CaseState.OPEN


async def test_message_that_a_person_found_fine_is_not_hidden_by_a_late_try(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    message, case = await _leak_that_stands(house, monkeypatch)

    await house.review.restore(case.id, "rev")
    await _wait_out(house)

    assert house.world.visible(message.ref) is not None
    assert house.told() == []


async def test_message_hidden_while_a_person_found_it_fine_comes_back_to_the_queue(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    hide = house.platform.hide

    async def meanwhile(message: MessageRef, *, reason: str, again: bool) -> How:
        [case] = await house.review.queue()
        await house.review.restore(case.id, "rev")
        return await hide(message, reason=reason, again=again)

    monkeypatch.setattr(house.platform, "hide", meanwhile)
    case = await _leak(house)

    assert (case.hidden, case.reason) == (True, CaseReason.FAILED)


async def test_upholding_while_hiding_is_under_way_hides_and_tells_once(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    message, case = await _leak_that_stands(house, monkeypatch)

    await house.review.uphold(case.id, "rev")
    await _wait_out(house)

    assert house.world.visible(message.ref) is None
    assert house.told() == ["We have hidden your message in patients."]


async def test_upholding_where_the_bot_may_not_hide_comes_back_to_the_queue(house: House) -> None:
    house.world.hiding_allowed = False
    await house.say("Joe is back [third_party_phi=.4]")
    [case] = await house.review.queue()

    await house.review.uphold(case.id, "rev")
    await house.worker.settle()

    [back] = await house.review.queue()
    assert (back.reason, back.urgency) == (CaseReason.ASSISTED, Urgency.NOW)


async def test_leak_edited_into_a_call_for_help_is_not_hidden_by_a_late_try(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    message, _ = await _leak_that_stands(house, monkeypatch)

    await _edit(house, message, CALL_FOR_HELP)
    await _wait_out(house)

    assert house.world.visible(message.ref) is not None
    assert house.told() == []


async def test_call_for_help_edited_into_a_leak_is_not_hidden_before_a_person_saw_it(house: House) -> None:
    message = await house.say(CALL_FOR_HELP)
    await _edit(house, message, LEAK)

    assert house.world.visible(message.ref) is not None
    assert house.told() == []
    assert {case.urgency for case in await house.review.queue()} == {Urgency.NOW}


async def test_team_room_that_is_gone_is_told_of_in_the_case(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    async def gone(room: str, message: MessageRef, words: Words, *, again: bool) -> Outcome:
        raise GoneError("There is no room moderators.")

    monkeypatch.setattr(house.platform, "post", gone)
    await house.say(CALL_FOR_HELP)

    [case] = await house.review.queue()
    assert case.problem == "page: There is no room moderators."


async def test_author_who_can_not_be_reached_is_no_matter_for_the_queue(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def gone(author: str, room: RoomRef, words: Words, *, in_room: bool, again: bool) -> Outcome:
        raise GoneError("They have left.")

    monkeypatch.setattr(house.platform, "tell", gone)
    case = await _leak(house)

    assert case.problem is None
