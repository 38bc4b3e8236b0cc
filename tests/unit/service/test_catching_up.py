"""What is read after a downtime, in rooms that nobody has spoken in before too."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

from bot.service.intake import Intake
from tests.factories import MEMBER, ROOM, make_message, make_ref
from tests.unit.service.conftest import House

LEAK = "Joe has cancer [third_party_phi=.9]"


async def restarted(house: House) -> Intake:
    """A later process with the same store."""
    house.clock.move(timedelta(hours=1))
    return Intake(house.store, house.clock, asyncio.Event(), house.policies)


async def test_the_first_words_of_a_quiet_room_are_read_after_a_downtime(house: House) -> None:
    await house.intake.catch_up(house.platform)
    later = await restarted(house)
    message = house.world.say(MEMBER, "community", LEAK)

    assert await later.catch_up(house.platform) == 1
    await house.worker.settle()
    assert house.world.visible(message.ref) is None


async def test_a_room_that_came_after_the_catch_up_is_read_on_from_its_last_message(house: House) -> None:
    await house.intake.catch_up(house.platform)
    elsewhere = replace(ROOM, room="brand-new")
    first = make_message(ref=make_ref("7", room=elsewhere))

    await house.intake.accept(first, "7")
    await house.intake.marks.write()

    assert await house.store.memory.watermark(elsewhere) == "7"


async def test_until_the_catch_up_is_done_no_message_moves_the_watermark(house: House) -> None:
    await house.intake.catch_up(house.platform)
    before = await house.store.memory.watermark(house.world.rooms()[0].ref)
    house.intake.lost_touch(house.platform.name)
    house.clock.move(timedelta(hours=1))
    message = house.world.say(MEMBER, "community", "hello")

    await house.intake.accept(message, house.platform.position(message))
    await house.intake.marks.write()

    assert await house.store.memory.watermark(message.ref.room) == before
