"""How far each room was heard, written down every moment and not for every message."""

from __future__ import annotations

import asyncio

import structlog

from bot.domain.errors import ChaperoneError
from bot.domain.message import PlatformName, RoomRef
from bot.service.store import Memory

_log = structlog.get_logger(__name__)

#: Seconds between writes. What a crash leaves out is read once more at the start, and known by its key.
EVERY = 1.0


class Marks:
    """Watermarks on their way to the store."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self._reached: dict[RoomRef, str] = {}

    def reached(self, room: RoomRef, position: str) -> None:
        """Everything in the room up to ``position`` is kept."""
        self._reached[room] = max(position, self._reached.get(room, position))

    def forget(self, platform: PlatformName) -> None:
        """What was reached on this platform is not certain."""
        self._reached = {room: at for room, at in self._reached.items() if room.platform is not platform}

    async def write(self) -> None:
        """Write down what was reached. What the store does not take is tried again."""
        reached, self._reached = self._reached, {}
        for room, position in reached.items():
            try:
                await self._memory.advance(room, position)
            except ChaperoneError as error:
                self.reached(room, position)
                _log.warning("can't write how far a room was heard", action="mark_failed", error=type(error).__name__)

    async def run(self, stop: asyncio.Event) -> None:
        """Write again and again until ``stop`` is set, and once more then."""
        while not stop.is_set():
            try:
                await asyncio.wait_for(stop.wait(), EVERY)
            except TimeoutError:
                await self.write()
        await self.write()
