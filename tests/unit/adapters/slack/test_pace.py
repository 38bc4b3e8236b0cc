"""One message a second to a channel, nobody held up for long, nothing lost."""

from __future__ import annotations

import asyncio
from datetime import datetime

import pytest

from bot.adapters.slack.pace import Pacer
from bot.domain.errors import TemporaryPlatformError
from tests.factories import NOON


class RecordingClock:
    """Stands still and notes who sleeps for how long."""

    def __init__(self) -> None:
        self.slept: list[float] = []

    def now(self) -> datetime:
        return NOON

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)


async def test_turns_are_a_second_apart_and_who_comes_late_is_given_a_time() -> None:
    clock = RecordingClock()
    pacer = Pacer(clock)
    results = await asyncio.gather(*(pacer.turn("C1") for _ in range(6)), return_exceptions=True)

    assert clock.slept == [1, 2]
    assert [r.retry_after for r in results if isinstance(r, TemporaryPlatformError)] == [4, 5, 6]


async def test_channels_do_not_wait_for_one_another_and_a_page_waits_for_nobody() -> None:
    clock = RecordingClock()
    pacer = Pacer(clock)
    for channel in ("C1", "C2"):
        await pacer.turn(channel)
    for _ in range(5):
        await pacer.turn("C1", urgent=True)

    assert clock.slept == []
    with pytest.raises(TemporaryPlatformError):
        await pacer.turn("C1")
