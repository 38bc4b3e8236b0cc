"""The two whole things that can be started: the bot, and the sandbox."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from fastapi import FastAPI

from bot.adapters.sandbox.platform import SandboxPlatform
from bot.adapters.sandbox.web import SandboxPage
from bot.adapters.sandbox.world import World
from bot.bootstrap.connecting import Share, connections, must_hear
from bot.bootstrap.house import House
from bot.bootstrap.opening import open_parts, open_sandbox, session_secret
from bot.bootstrap.serving import Part, listening, serve, until_stopped, web_server
from bot.console.app import create_app
from bot.console.who import Door, parse_admins
from bot.service.ports import Platform
from bot.service.retention import Retention
from bot.service.track_record import Standings
from bot.settings import Settings

LOOPBACK = "127.0.0.1"


def must_be_free(host: str, port: int, how: str) -> None:
    """Raise SettingsError where nobody can listen on this port; ``how`` names what chooses another.

    Asked before anything else is opened: a second bot beside a running one must not take up its work first.
    """
    listening(host, port, how).close()


async def run_bot(settings: Settings, share: Share) -> None:
    """Run the bot, or the share of it that a Procfile's process is for."""
    must_hear(settings, share)
    parts = await open_parts(settings)
    house = House(parts)
    connected = connections(settings, house, share)
    parts.alarm.connect(connected.acting, parts.policies)
    running = [
        *(adapter.run for adapter in connected.listening),
        *_acting(house, connected.acting),
        until_stopped(parts.policies.watch),
    ]
    if share in (Share.ALL, Share.WEB):
        door = Door(parse_admins(tuple(entry.get_secret_value() for entry in settings.chaperone_admins)))
        app = _console(house, door, secure=settings.chaperone_url.lower().startswith("https://"))
        for path, mounted in connected.mounted.items():
            app.mount(path, mounted)
        running.append(web_server(app, settings.host, settings.port))
    await serve(house, running)


async def run_sandbox(port: int, policy: Path, folder: Path) -> None:
    """Run the sandbox on the loopback address."""
    parts = await open_sandbox(folder, policy)
    house = House(parts)
    world = World(now=parts.clock.now)
    platform = SandboxPlatform(world)
    parts.alarm.connect([platform], parts.policies)
    app = _console(house, Door({}, resident="mo"), secure=False)
    page = SandboxPage(world=world, intake=house.intake, desk=house.desk, review=house.review, store=house.store)
    page.add_to(app)
    await serve(
        house, [*_acting(house, [platform]), until_stopped(parts.policies.watch), web_server(app, LOOPBACK, port)]
    )


def _acting(house: House, platforms: Sequence[Platform]) -> list[Part]:
    """The worker for these platforms, the pages and the forgetting; nothing where this process acts on no platform."""
    if not platforms:
        return []
    worker = house.worker({platform.name: platform for platform in platforms})
    retention = Retention(house.store, house.parts.clock, lambda: house.parts.policies.current)
    return [worker.run, house.on_call().run, retention.run]


def _console(house: House, door: Door, *, secure: bool) -> FastAPI:
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
