"""Catching up whenever events may have been missed: at the start, after every new connection, when Slack held events back."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections.abc import Iterator

import structlog

from bot.service.intake import Intake
from bot.service.ports import Clock, Platform

_log = structlog.get_logger(__name__)

#: Seconds until the first and between the later tries, with jitter.
FIRST_WAIT, LONGEST_WAIT = 1.0, 60.0


class CatchUp:
    """One catch-up at a time, tried until it is done."""

    def __init__(self, intake: Intake, platform: Platform, clock: Clock) -> None:
        self._intake = intake
        self._platform = platform
        self._clock = clock
        self._task: asyncio.Task[None] | None = None

    async def start_over(self) -> None:
        """Events may have been missed up to now. A catch-up under way is given up: it would believe that it saw them all."""
        await self.stop()
        self._intake.lost_touch(self._platform.name)
        self.start()

    def start(self) -> None:
        """An event could not be kept: read it from the history. A catch-up under way will find out by itself and read again."""
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._until_done(), name="catch up with slack")

    async def stop(self) -> None:
        """End the catch-up that is under way, if there is one."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def _until_done(self) -> None:
        for wait in ever_longer():
            try:
                await self._intake.catch_up(self._platform)
            except Exception as error:  # whatever it is, giving up would leave messages unread until the next break
                _log.warning("catching up failed, trying again", action="catch_up_failed", error=type(error).__name__)
            else:
                return
            await self._clock.sleep(wait)


def ever_longer() -> Iterator[float]:
    """Seconds to wait between tries, without end."""
    wait = FIRST_WAIT
    while True:
        yield wait * (0.5 + secrets.randbelow(1000) / 2000)
        wait = min(wait * 2, LONGEST_WAIT)
