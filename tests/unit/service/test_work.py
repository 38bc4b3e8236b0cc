"""A worker that outlives what fails around it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.domain.message import Message, PlatformName
from bot.stores.memory_work import MemoryInbox
from tests.factories import MEMBER
from tests.unit.service.conftest import House


class ShakyInbox(MemoryInbox):
    """Fails a few times before it works."""

    failures = 3

    async def take(
        self, platforms: frozenset[PlatformName], limit: int, at: datetime, lease: timedelta
    ) -> Sequence[Message]:
        if self.failures:
            self.failures -= 1
            raise OSError("the disk is away")
        return await super().take(platforms, limit, at, lease)


async def test_a_failing_store_only_delays_the_work(house: House) -> None:
    inbox = house.store.inbox
    inbox.__class__ = ShakyInbox
    message = house.world.say(MEMBER, "community", "Joe has cancer [third_party_phi=.9]")
    await house.intake.accept(message, message.ref.message)
    stop = asyncio.Event()
    worker = asyncio.create_task(house.worker.run(stop))

    with house.world.listening() as changed:
        async with asyncio.timeout(10):
            while house.world.visible(message.ref) is not None:
                await changed.wait()
                changed.clear()
    stop.set()
    await worker

    assert house.world.visible(message.ref) is None
