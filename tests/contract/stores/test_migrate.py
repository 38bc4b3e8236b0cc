"""The tables: made by numbered steps that end where schema.py says, by one process at a time."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine

from bot.stores.address import async_url
from bot.stores.engine import StoreError
from bot.stores.migrate import upgrade
from bot.stores.revision import is_current
from bot.stores.schema import metadata
from tests.contract.stores.backing import Backing
from tests.contract.stores.conftest import POSTGRES, SQLITE
from tests.contract.stores.postgres import Server

_UPGRADE = "import asyncio, sys; from bot.stores.migrate import upgrade; asyncio.run(upgrade(sys.argv[1]))"

#: Everything that the database itself knows of our tables.
_CATALOGUE = {
    SQLITE: ["SELECT name, sql FROM sqlite_master WHERE name NOT LIKE '%alembic%' ORDER BY name"],
    "postgres": [
        (
            "SELECT table_name, column_name, data_type, is_nullable, collation_name, is_identity FROM information_schema.columns "
            "WHERE table_schema = 'public' AND table_name <> 'alembic_version' ORDER BY 1, 2"
        ),
        "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename <> 'alembic_version' ORDER BY 1",
        (
            "SELECT conrelid::regclass::text, pg_get_constraintdef(oid) FROM pg_constraint "
            "WHERE connamespace = 'public'::regnamespace AND conrelid::regclass::text <> 'alembic_version' ORDER BY 1, 2"
        ),
    ],
}


@pytest.fixture(params=[SQLITE, POSTGRES])
async def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
async def bare(kind: str, server: Server, tmp_path: Path) -> AsyncIterator[Backing]:
    """A database with nothing in it."""
    url = f"sqlite:///{tmp_path / 'bare.db'}" if kind == SQLITE else await server.database(empty=True)
    yield Backing(url)
    if kind != SQLITE:
        await server.drop(url)


async def _catalogue(backing: Backing, kind: str) -> list[str]:
    return [" ".join(str(row).split()) for query in _CATALOGUE[kind] for row in await backing.rows(query)]


async def test_the_steps_end_where_the_schema_is(bare: Backing, kind: str) -> None:
    engine = create_async_engine(async_url(bare.url))
    async with engine.begin() as connection:
        await connection.run_sync(metadata.create_all)
    wanted = await _catalogue(bare, kind)
    async with engine.begin() as connection:
        await connection.run_sync(metadata.drop_all)
    await engine.dispose()

    await upgrade(bare.url)

    assert len(wanted) > 20
    assert await _catalogue(bare, kind) == wanted


async def test_alembic_finds_nothing_to_add(backing: Backing) -> None:
    def differences(connection: Connection) -> list[object]:
        return list(compare_metadata(MigrationContext.configure(connection), metadata))

    engine = create_async_engine(async_url(backing.url))
    async with engine.connect() as connection:
        found = await connection.run_sync(differences)
    await engine.dispose()

    assert found == []


async def test_upgrading_again_is_harmless(bare: Backing, kind: str) -> None:
    assert not await is_current(bare.url)
    await upgrade(bare.url)
    tables = await _catalogue(bare, kind)

    await upgrade(bare.url)

    assert await is_current(bare.url)
    assert await _catalogue(bare, kind) == tables


async def test_many_may_upgrade_at_once(bare: Backing) -> None:
    await asyncio.gather(*(upgrade(bare.url) for _ in range(4)))

    assert await is_current(bare.url)


async def test_two_processes_may_upgrade_at_once(bare: Backing) -> None:
    processes = [
        await asyncio.create_subprocess_exec(sys.executable, "-c", _UPGRADE, bare.url, stderr=asyncio.subprocess.PIPE)
        for _ in range(2)
    ]
    complaints = await asyncio.gather(*(process.communicate() for process in processes))

    assert [process.returncode for process in processes] == [0, 0], complaints
    assert await is_current(bare.url)


async def test_upgrading_is_all_or_nothing(bare: Backing, kind: str) -> None:
    await bare.execute("CREATE TABLE policies (hash TEXT)")

    with pytest.raises(StoreError):
        await upgrade(bare.url)

    await bare.execute("DROP TABLE policies")
    assert await _catalogue(bare, kind) == []
    await upgrade(bare.url)
    assert await is_current(bare.url)


async def test_a_database_of_a_later_version_is_left_alone(backing: Backing) -> None:
    await backing.execute("UPDATE alembic_version SET version_num = '9999'")

    assert not await is_current(backing.url)
    assert not await backing.open().ready()
    with pytest.raises(StoreError, match="later version"):
        await upgrade(backing.url)


@pytest.mark.parametrize("url", ["sqlite:////nowhere/at/all.db", "postgresql://user:s3cret@127.0.0.1:1/name"])
async def test_a_database_that_can_not_be_reached_is_an_error_without_its_address(url: str) -> None:
    with pytest.raises(StoreError) as caught:
        await upgrade(url)
    assert "s3cret" not in str(caught.value)
    assert "Look at DATABASE_URL: its " in str(caught.value)
    assert not await Backing(url).open().ready()
