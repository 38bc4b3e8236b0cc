"""Looking into a PostgreSQL database; how an SQLite file stays as it was, the tests of the checkup say."""

from __future__ import annotations

from collections.abc import AsyncIterator

import asyncpg
import pytest

from bot.bootstrap.looking import Seen, look
from bot.domain.case import CaseState
from bot.service.store import PolicyVersion
from bot.stores.engine import StoreError
from bot.stores.keyring import Keyring
from bot.stores.migrate import upgrade
from bot.stores.sql import SqlStore
from tests.contract.stores.postgres import Server
from tests.factories import NOON
from tests.unit.service.past import keep

pytestmark = pytest.mark.postgres
KEY, OTHER = (Keyring.from_texts([Keyring.new_key()]) for _ in range(2))


@pytest.fixture
async def url() -> AsyncIterator[str]:
    """A new database without tables."""
    server = Server()
    url = await server.database(empty=True)
    yield url
    await server.drop(url)
    server.stop()


async def tables(url: str) -> int:
    connection = await asyncpg.connect(url)
    try:
        return int(await connection.fetchval("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"))
    finally:
        await connection.close()


async def test_what_lies_in_a_database_is_seen_and_left(url: str) -> None:
    assert await look(url, KEY) == Seen(current=False)
    assert await tables(url) == 0

    await upgrade(url)
    assert await look(url, KEY) == Seen(current=True)

    version = PolicyVersion(hash="h1", source="name: Friends", since=NOON)
    store = SqlStore.open(url, KEY)
    await keep(store, 1, CaseState.OPEN)
    await store.memory.keep_policy(version)
    await store.close()
    assert await look(url, KEY) == Seen(current=True, policy=version, sealed=2)
    assert await look(url, OTHER) == Seen(current=True, policy=version, sealed=2, shut=2)
    assert await look(url, None) == Seen(current=True, policy=version)


async def test_a_server_that_is_away_is_an_error_of_the_store() -> None:
    with pytest.raises(StoreError):
        await look("postgresql://ana:ana@127.0.0.1:1/none", KEY)
