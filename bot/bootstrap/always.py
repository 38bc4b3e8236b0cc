"""What runs in every house, whatever platforms it stands on: the worker, the pages, the forgetting, and the console."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from fastapi import FastAPI

from bot.bootstrap.house import House
from bot.bootstrap.opening import session_secret
from bot.bootstrap.serving import Part
from bot.console.app import create_app
from bot.console.who import Door
from bot.reading.apart import ReaderApart
from bot.service.ports import Platform
from bot.service.retention import Retention
from bot.service.track_record import Standings


def acting(house: House, platforms: Sequence[Platform], reader: ReaderApart) -> list[Part]:
    """The worker for these platforms, the pages and the forgetting; nothing where this process acts on no platform.

    The worker begins once the reader is loaded, so that no message spends its time on that.
    """
    if not platforms:
        return []
    worker = house.worker({platform.name: platform for platform in platforms})

    async def work(stop: asyncio.Event) -> None:
        await asyncio.to_thread(reader.wait_until_loaded)
        await worker.run(stop)

    retention = Retention(house.store, house.parts.clock, lambda: house.parts.policies.current)
    return [work, house.on_call().run, retention.run]


def console(house: House, door: Door, *, secure: bool) -> FastAPI:
    """The web console of a house."""
    parts = house.parts
    return create_app(
        store=house.store,
        review=house.review,
        standings=Standings(house.store, parts.policies, parts.clock),
        door=door,
        secret=session_secret(parts),
        secure=secure,
        now=parts.clock.now,
    )
