"""SQLite's connections: what was broken off in the middle is seen to its end before the store counts as closed."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.stores.engine import Database

#: A statement that takes its time: some hundred milliseconds of counting.
SLOW = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000000) SELECT max(i) FROM n"


async def _read(database: Database) -> None:
    async with database.reading() as connection:
        await connection.execute(text(SLOW))


@pytest.mark.parametrize("after", [0.0, 0.001, 0.01, 0.1])
async def test_no_thread_outlives_a_closed_database_even_when_its_statement_was_broken_off(
    tmp_path: Path, after: float
) -> None:
    before = set(threading.enumerate())
    database = Database(f"sqlite:///{tmp_path / 'some.db'}")
    readers = [asyncio.create_task(_read(database)) for _ in range(3)]
    await asyncio.sleep(after)
    for reader in readers:
        reader.cancel()
    await asyncio.gather(*readers, return_exceptions=True)

    await database.close()

    left = [thread for thread in set(threading.enumerate()) - before if "connection" in thread.name]
    assert not left


async def _touch(url: str) -> None:
    database = Database(url)
    try:
        async with database.transaction() as connection:
            await connection.execute(text("SELECT 1"))
    finally:
        await database.close()


async def test_new_file_may_be_opened_by_many_at_the_same_moment(tmp_path: Path) -> None:
    for number in range(60):  # it was one file in twelve that turned somebody away
        url = f"sqlite:///{tmp_path / str(number)}.db"
        await asyncio.gather(*(_touch(url) for _ in range(6)))
