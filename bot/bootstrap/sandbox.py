"""The sandbox: a house with a platform of its own, a database and a key in one folder, and no network."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from bot.adapters.sandbox.platform import SandboxPlatform
from bot.adapters.sandbox.web import SandboxPage
from bot.adapters.sandbox.world import World
from bot.bootstrap.always import acting, console
from bot.bootstrap.apart import reader_apart
from bot.bootstrap.house import READ_BUDGET, House, Parts
from bot.bootstrap.opening import parts_around
from bot.bootstrap.serving import serve, until_stopped, web_server
from bot.care_sources.web import Web
from bot.console.who import Door
from bot.domain.errors import SettingsError
from bot.reading.apart import ReaderApart
from bot.service.ports import Reader
from bot.stores.keyring import Keyring
from bot.stores.migrate import upgrade
from bot.stores.sql import SqlStore

LOOPBACK = "127.0.0.1"
SANDBOX_POLICY = Path(__file__).parents[2] / "policies" / "sandbox.yaml"
#: Where the sandbox keeps its database and its key.
SANDBOX_FOLDER = Path(".chaperone")


async def run_sandbox(port: int, policy: Path, folder: Path, ready: Callable[[], None]) -> None:
    """Run the sandbox on the loopback address; ``ready`` is called when it can be opened. Raises PolicyError and SettingsError."""
    with closing(reader_apart(READ_BUDGET, log_level="WARNING")) as reader:
        reader.start()
        parts = await _open(folder, policy, reader)
        await asyncio.to_thread(reader.wait_until_loaded)
        ready()
        await _run(port, parts, reader)


async def _run(port: int, parts: Parts, reader: ReaderApart) -> None:
    house = House(parts)
    world = World(now=parts.clock.now)
    platform = SandboxPlatform(world)
    parts.alarm.connect([platform], parts.policies)
    app = console(house, Door({}, resident="mo"), secure=False)
    page = SandboxPage(world=world, intake=house.intake, desk=house.desk, review=house.review, store=house.store)
    page.add_to(app)
    web = web_server(app, LOOPBACK, port)
    await serve(
        house,
        [house.intake.marks.run, *acting(house, [platform], reader), until_stopped(parts.policies.watch), web],
    )


async def _open(folder: Path, policy: Path, reader: Reader) -> Parts:
    key = _own_key(folder)
    try:
        keyring = Keyring.from_texts([key])
    except SettingsError:
        raise SettingsError(
            f"{folder / 'key'} is damaged: it holds no key. Put it back from a backup, or, to begin anew, move {folder} out of the way: "
            "without its key nobody can read what the sandbox kept."
        ) from None
    url = _database_in(folder)
    await upgrade(url)
    return await parts_around(SqlStore.open(url, keyring), keyring, policy, Web(), reader)


def _own_key(folder: Path) -> str:
    """The sandbox's own key, made on its first start; only its owner can read the file. Raises SettingsError."""
    path = folder / "key"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not path.exists():
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w", encoding="ascii") as file:
                file.write(Keyring.new_key())
        return path.read_text(encoding="ascii", errors="replace").strip()
    except OSError as error:
        raise SettingsError(f"{path} can't be used: {error.strerror}. Choose another folder with --folder.") from None


def _database_in(folder: Path) -> str:
    return f"sqlite:///{folder.absolute()}/sandbox.db"
