"""What runs in every house, whatever platforms it stands on: the worker, the pages, the forgetting, and the console."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import FastAPI

from bot.bootstrap.house import House
from bot.bootstrap.opening import session_secret
from bot.bootstrap.serving import Part
from bot.console.app import create_app
from bot.console.who import Door
from bot.service.ports import Platform
from bot.service.retention import Retention
from bot.service.track_record import Standings


def acting(house: House, platforms: Sequence[Platform]) -> list[Part]:
    """The worker for these platforms, the pages and the forgetting; nothing where this process acts on no platform."""
    if not platforms:
        return []
    worker = house.worker({platform.name: platform for platform in platforms})
    retention = Retention(house.store, house.parts.clock, lambda: house.parts.policies.current)
    return [worker.run, house.on_call().run, retention.run]


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
