from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from bot.service.store import Store
from bot.stores.memory import MemoryStore
from bot.stores.migrate import upgrade
from tests.contract.stores.backing import Backing
from tests.contract.stores.postgres import Server

SQLITE, POSTGRES = "sqlite", pytest.param("postgres", marks=pytest.mark.postgres)


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    server = Server()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def empty_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with the tables, for all tests to copy."""
    path = tmp_path_factory.mktemp("sqlite") / "empty.db"
    asyncio.run(upgrade(f"sqlite:///{path}"))
    return path


async def _backing(kind: str, server: Server, empty_file: Path, tmp_path: Path) -> Backing:
    if kind == "postgres":
        return Backing(await server.database())
    return Backing(f"sqlite:///{shutil.copy(empty_file, tmp_path / 'store.db')}")


async def _end(backing: Backing, server: Server) -> None:
    await backing.close()
    if backing.path is None:
        await server.drop(backing.url)


@pytest.fixture(params=[SQLITE, POSTGRES])
async def backing(
    request: pytest.FixtureRequest, server: Server, empty_file: Path, tmp_path: Path
) -> AsyncIterator[Backing]:
    """A database: for what only a durable store has to keep to."""
    backing = await _backing(request.param, server, empty_file, tmp_path)
    yield backing
    await _end(backing, server)


@pytest.fixture(params=["memory", SQLITE, POSTGRES])
async def store(
    request: pytest.FixtureRequest, server: Server, empty_file: Path, tmp_path: Path
) -> AsyncIterator[Store]:
    """Every store there is: for what all have to keep to."""
    if request.param == "memory":
        yield MemoryStore()
        return
    backing = await _backing(request.param, server, empty_file, tmp_path)
    yield backing.open()
    await _end(backing, server)
