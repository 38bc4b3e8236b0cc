"""What comes in is never lost: not to a failing store, not to a report, not to a deletion that crosses something else."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.domain.case import CaseState
from bot.domain.errors import ChaperoneError
from bot.domain.message import Message
from bot.service.report import Reports
from tests.factories import MEMBER
from tests.unit.service.conftest import House

LEAK = "Joe has cancer [third_party_phi=.9]"
_MINUTE = timedelta(minutes=1)


async def _full_disk(message: Message, at: datetime) -> bool:
    raise ChaperoneError("The database can't be used just now.")


async def test_watermark_does_not_pass_a_message_that_could_not_be_kept(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    await house.intake.catch_up(house.platform)
    await house.say("hello")
    lost = house.world.say(MEMBER, "community", LEAK)
    with monkeypatch.context() as broken:
        broken.setattr(house.store.inbox, "put", _full_disk)
        with pytest.raises(ChaperoneError):
            await house.intake.accept(lost, house.platform.position(lost))
    await house.say("good morning")
    await house.intake.marks.write()

    assert await house.intake.catch_up(house.platform) == 1
    await house.worker.settle()
    assert house.world.visible(lost.ref) is None


async def test_author_who_deletes_as_they_were_asked_closes_the_case(house: House) -> None:
    house.world.hiding_allowed = False
    message = await house.say(LEAK)

    house.world.remove(message.ref)
    await house.intake.gone(message.ref)

    assert await house.review.queue() == []


async def test_what_is_said_after_a_hidden_leak_is_read_without_it(house: House) -> None:
    message = await house.say(LEAK)
    assert house.world.visible(message.ref) is None
    await house.intake.gone(message.ref)

    later = house.world.say(MEMBER, "community", "Thank you all")
    await house.intake.keep(later)

    [entry] = await house.store.inbox.take(frozenset({house.platform.name}), 9, house.clock.now(), _MINUTE)
    assert entry.context == ()


async def test_deletion_that_crosses_another_change_still_closes_the_case(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = await house.say("Joe is back [third_party_phi=.4]")
    [case] = await house.review.queue()
    trail = house.store.decisions.of_message

    async def meanwhile(ref: object) -> object:
        monkeypatch.undo()
        await house.review.hand_on(case.id, "rev", "boss")
        return await trail(message.ref)

    monkeypatch.setattr(house.store.decisions, "of_message", meanwhile)
    await house.intake.gone(message.ref)

    assert (await house.review.case(case.id)).state is CaseState.EXPIRED


async def test_what_is_delivered_twice_is_context_once(house: House) -> None:
    first = house.world.say(MEMBER, "community", "anyone heard from Anna?")
    for _ in range(3):
        await house.intake.keep(first)
    edited = replace(first, revision="zz", typed=replace(first.typed, source="Anna K?", plain="Anna K?"))
    await house.intake.keep(edited)
    answer = house.world.say(replace(MEMBER, id="ben"), "community", "back in rehab since Monday")
    await house.intake.keep(answer)

    [*_, kept] = await house.store.inbox.take(frozenset({answer.ref.room.platform}), 9, house.clock.now(), _MINUTE)
    assert [earlier.text for earlier in kept.context] == ["Anna K?"]


async def test_message_that_is_reported_before_it_was_read_is_read_all_the_same(house: House) -> None:
    reports = Reports(house.store, house.policies, house.clock, asyncio.Event())
    waiting = house.world.say(MEMBER, "community", "goodbye all [self_harm=.9]")
    missed = house.world.say(MEMBER, "community", LEAK)
    await house.intake.keep(waiting)
    await reports.report(waiting, replace(MEMBER, id="ben"))
    await reports.report(missed, replace(MEMBER, id="ben"))
    await house.intake.keep(missed)
    await house.worker.settle()

    assert any("danger" in text for text in house.team_reads())
    assert house.world.visible(missed.ref) is None
