"""What happens with a server only: connections die, databases are missing."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import make_url

from bot.stores.engine import StoreError
from tests.contract.stores.backing import Backing
from tests.contract.stores.postgres import Server
from tests.factories import NOON, make_message

pytestmark = pytest.mark.postgres

_CUT_OFF = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"


@pytest.fixture
async def backing(server: Server) -> AsyncIterator[Backing]:
    backing = Backing(await server.database())
    yield backing
    await backing.close()
    await server.drop(backing.url)


async def test_a_message_is_kept_although_the_server_cut_the_connections(backing: Backing) -> None:
    store = backing.open()
    assert await store.ready()

    await backing.execute(_CUT_OFF)

    assert await store.inbox.put(make_message(), NOON)


async def test_a_database_that_is_missing_is_an_error_of_the_store(backing: Backing) -> None:
    url = make_url(backing.url).set(database="missing").render_as_string(hide_password=False)
    store = Backing(url).open()

    assert not await store.ready()
    with pytest.raises(StoreError):
        await store.inbox.put(make_message(), NOON)
    await store.close()
