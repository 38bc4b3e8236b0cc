"""What a store under test stands on."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from io import BytesIO
from pathlib import Path

import asyncpg

from bot.stores.keyring import Keyring
from bot.stores.sql import SqlStore

KEY = Keyring.new_key()


class Backing:
    """A database with the tables in it. ``open`` gives any number of stores on it, as several processes would have."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.path = Path(url.removeprefix("sqlite:///")) if url.startswith("sqlite") else None
        self._opened: list[SqlStore] = []

    def open(self, *keys: str) -> SqlStore:
        store = SqlStore.open(self.url, Keyring.from_texts(keys or (KEY,)))
        self._opened.append(store)
        return store

    async def close(self) -> None:
        for store in self._opened:
            await store.close()

    async def execute(self, statement: str) -> None:
        """Do something to the database behind the store's back."""
        if self.path is not None:
            with closing(sqlite3.connect(self.path)) as connection, connection:
                connection.execute(statement)
            return
        connection = await asyncpg.connect(self.url)
        try:
            await connection.execute(statement)
        finally:
            await connection.close()

    async def raw(self) -> bytes:
        """Every byte that is stored: SQLite's files with its log, or all rows of PostgreSQL as they lie there."""
        if self.path is not None:
            return b"\n".join(file.read_bytes() for file in self.path.parent.glob(f"{self.path.name}*"))
        content = BytesIO()
        for (table,) in await self.rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"):
            connection = await asyncpg.connect(self.url)
            try:
                await connection.copy_from_table(table, output=content, format="binary")
            finally:
                await connection.close()
        return content.getvalue()

    async def rows(self, query: str) -> list[tuple[object, ...]]:
        """What a query finds, read behind the store's back."""
        if self.path is not None:
            with closing(sqlite3.connect(self.path)) as connection:
                return connection.execute(query).fetchall()
        connection = await asyncpg.connect(self.url)
        try:
            return [tuple(row.values()) for row in await connection.fetch(query)]
        finally:
            await connection.close()
