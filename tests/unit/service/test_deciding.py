"""One message that breaks something spoils no other, and does not pass unseen; danger is heard again when it comes again."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.case import Case, CaseReason
from bot.domain.decision import Decision
from bot.domain.errors import ChaperoneError
from bot.domain.message import Attachment, Author, RoomRef
from bot.domain.policy import Policy
from bot.service.ports import WordMatches
from bot.service.store import Kept
from tests.factories import MEMBER, NoMatcher
from tests.unit.service.conftest import House

LEAK = "Joe has cancer [third_party_phi=.9]"


class Jammed:
    """A matcher that breaks on one word."""

    def match(self, policy: Policy, text: str) -> WordMatches:
        if "jam" in text:
            raise ValueError(text)
        return NoMatcher().match(policy, text)


async def _arrive(house: House, *texts: str) -> None:
    for text in texts:
        message = house.world.say(MEMBER, "community", text)
        await house.intake.accept(message, house.platform.position(message))


async def test_matcher_that_breaks_makes_a_case_and_the_labels_still_count(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(house.worker._moderator, "_matcher", Jammed())

    await _arrive(house, "jam", "jam, goodbye all [self_harm=.9]", LEAK)
    async with asyncio.timeout(5):
        await house.worker.settle()

    cases = await house.review.queue()
    assert sorted(case.reason for case in cases) == [CaseReason.DANGER, CaseReason.HIDDEN, CaseReason.UNREAD]
    assert any("danger" in text for text in house.team_reads())


async def test_a_file_whose_words_could_not_be_had_makes_a_case(house: House) -> None:
    message = replace(
        house.world.say(MEMBER, "community", "look"), attachments=(Attachment(id="F1", words="", unread=True),)
    )
    await house.intake.accept(message, house.platform.position(message))
    async with asyncio.timeout(5):
        await house.worker.settle()

    assert [case.reason for case in await house.review.queue()] == [CaseReason.UNREAD]


async def test_whatever_else_breaks_on_a_message_makes_a_case(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(room: RoomRef, author: str, *rest: object) -> None:
        if author == "ben":
            raise ZeroDivisionError

    monkeypatch.setattr(house.store.memory, "remember_post", broken)
    strange = house.world.say(Author(id="ben", name="Ben"), "community", "hello")
    await house.intake.accept(strange, house.platform.position(strange))
    await _arrive(house, LEAK)
    async with asyncio.timeout(5):
        await house.worker.settle()

    assert {case.author: case.reason for case in await house.review.queue()} == {
        "ben": CaseReason.UNREAD,
        "ana": CaseReason.HIDDEN,
    }


async def test_what_was_decided_before_the_store_failed_is_done_and_the_rest_is_not_lost(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = house.store.decisions.record
    recorded = 0

    async def failing(decision: Decision, case: Case | None, kept: Kept, lease: timedelta) -> bool:
        nonlocal recorded
        recorded += 1
        if recorded == 2:
            raise ChaperoneError("The database can't be used just now.")
        return await record(decision, case, kept, lease)

    monkeypatch.setattr(house.store.decisions, "record", failing)
    await _arrive(house, LEAK, LEAK)
    await house.worker.settle()
    assert len(await house.review.queue()) == 1
    assert len(house.told()) == 1

    house.clock.move(timedelta(minutes=3))
    await house.worker.settle()
    assert len(house.told()) == 2


async def test_call_for_help_is_paged_again_where_the_first_one_was_answered(house: House) -> None:
    message = await house.say("goodbye all [self_harm=.9]")
    [case] = await house.review.queue()
    typo = house.world.edit(message.ref, "goodbye everybody [self_harm=.9]")
    await house.intake.accept(typo, house.platform.position(typo))
    await house.worker.settle()
    assert len(house.team_reads()) == 1  # the first page stands

    for open_case in await house.review.queue():
        await house.review.restore(open_case.id, "rev")
    again = house.world.edit(message.ref, "this time for good [self_harm=.9]")
    await house.intake.accept(again, house.platform.position(again))
    await house.worker.settle()

    assert case.id not in [open_case.id for open_case in await house.review.queue()]
    assert len(house.team_reads()) == 2


async def test_call_for_help_that_is_taken_back_stays_in_the_queue_though_its_reading_was_not_whole(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(house.worker._moderator, "_matcher", Jammed())
    await _arrive(house, "jam [self_harm=.9]")
    await house.worker.settle()
    [case] = await house.review.queue()

    await house.intake.gone(case.message)

    assert [found.id for found in await house.review.queue()] == [case.id]
