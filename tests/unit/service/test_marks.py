"""How far a room was heard is written down in time, and never too far."""

from __future__ import annotations

import asyncio

import pytest

from bot.domain.errors import ChaperoneError
from bot.domain.message import PlatformName, RoomRef
from bot.service.marks import Marks
from bot.stores.memory import MemoryStore
from tests.factories import ROOM


async def test_the_furthest_position_is_written_and_only_once() -> None:
    memory = MemoryStore().memory
    marks = Marks(memory)
    for position in ("1", "3", "2"):
        marks.reached(ROOM, position)

    assert await memory.watermark(ROOM) is None
    await marks.write()

    assert await memory.watermark(ROOM) == "3"


async def test_what_was_reached_is_forgotten_where_something_was_lost() -> None:
    memory = MemoryStore().memory
    marks = Marks(memory)
    elsewhere = RoomRef(platform=PlatformName.DISCORD, workspace="w", room="r")
    marks.reached(ROOM, "1")
    marks.reached(elsewhere, "1")

    marks.forget(ROOM.platform)
    await marks.write()

    assert await memory.watermark(ROOM) is None
    assert await memory.watermark(elsewhere) == "1"


async def test_what_the_store_does_not_take_is_written_later(monkeypatch: pytest.MonkeyPatch) -> None:
    memory = MemoryStore().memory
    marks = Marks(memory)
    marks.reached(ROOM, "1")

    async def full(room: RoomRef, position: str) -> None:
        raise ChaperoneError("The disk is full.")

    with monkeypatch.context() as broken:
        broken.setattr(memory, "advance", full)
        await marks.write()
    await marks.write()

    assert await memory.watermark(ROOM) == "1"


async def test_the_last_position_is_written_at_the_end() -> None:
    memory = MemoryStore().memory
    marks, stop = Marks(memory), asyncio.Event()
    running = asyncio.create_task(marks.run(stop))
    marks.reached(ROOM, "1")

    stop.set()
    await running

    assert await memory.watermark(ROOM) == "1"
