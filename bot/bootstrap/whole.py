"""The two whole things that can be started: the bot, and the sandbox."""

from __future__ import annotations

import asyncio
from pathlib import Path

from fastapi import FastAPI

from bot.adapters.sandbox.platform import SandboxPlatform
from bot.adapters.sandbox.web import SandboxPage
from bot.adapters.sandbox.world import World
from bot.bootstrap.connecting import Share, adapters_for
from bot.bootstrap.house import House
from bot.bootstrap.opening import open_parts, open_sandbox, session_secret
from bot.bootstrap.serving import Part, serve, web_server
from bot.console.app import create_app
from bot.console.who import Door, parse_admins
from bot.settings import Settings

LOOPBACK = "127.0.0.1"


class SandboxAdapter:
    """The sandbox needs no connection: its page hands messages to the intake."""

    def __init__(self, world: World) -> None:
        self.platform = SandboxPlatform(world)

    async def run(self, stop: asyncio.Event) -> None:
        """Wait for the end."""
        await stop.wait()


async def run_bot(settings: Settings, share: Share) -> None:
    """Run the bot, or the share of it that a Procfile's process is for."""
    parts = await open_parts(settings)
    house = House(parts)
    adapters = adapters_for(settings, house, share)
    others: list[Part] = [parts.policies.watch]
    if share in (Share.ALL, Share.WEB):
        door = Door(parse_admins(tuple(entry.get_secret_value() for entry in settings.chaperone_admins)))
        app = _console(house, door, secure=True)
        others.append(web_server(app, settings.host, settings.port))
    await serve(house, adapters, others)


async def run_sandbox(port: int, policy: Path, folder: Path) -> None:
    """Run the sandbox on the loopback address."""
    parts = await open_sandbox(folder, policy)
    house = House(parts)
    world = World(now=parts.clock.now)
    app = _console(house, Door({}, resident="mo"), secure=False)
    page = SandboxPage(world=world, intake=house.intake, desk=house.desk, review=house.review, store=house.store)
    page.add_to(app)
    await serve(house, [SandboxAdapter(world)], [parts.policies.watch, web_server(app, LOOPBACK, port)])


def _console(house: House, door: Door, *, secure: bool) -> FastAPI:
    return create_app(
        store=house.store, review=house.review, door=door, secret=session_secret(house.parts), secure=secure
    )
