"""The database behind the store: its connections, and its errors in words that name no content."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager, nullcontext

import asyncpg
from sqlalchemy import URL, Table, event, text
from sqlalchemy import Connection as SyncConnection
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot.domain.errors import ChaperoneError
from bot.stores.address import async_url, libpq_url
from bot.stores.kept import KeptConnections
from bot.stores.sqlite import Connection

#: Connections kept open, and so many more for a moment; a small PostgreSQL plan allows some twenty for all processes together.
POOL, POOL_OVERFLOW = 5, 5
#: Seconds that SQLite's writers wait for another process.
BUSY = 10
#: Seconds that closing waits for the threads of SQLite's connections; one that was broken off in the middle still finishes its statement.
LAST_STATEMENT_WITHIN = 5.0
#: Seconds to connect to PostgreSQL, and to wait for one answer.
CONNECT_WITHIN, ANSWER_WITHIN = 10.0, 30.0

#: Where to look when the database is in trouble.
_LOOK_AT_FILE = (
    "Look at DATABASE_URL: its folder must be there, the bot must be allowed to write, and the disk have room."
)
_LOOK_AT_SERVER = "Look at DATABASE_URL: its server must run, and know the name and the password."


class StoreError(ChaperoneError):
    """The database can't be used just now."""


class Database:
    """Connections to SQLite or PostgreSQL. What goes wrong in its contexts comes out as StoreError, without content."""

    _alone: Callable[[], AbstractAsyncContextManager[AsyncConnection]]
    _together: Callable[[], AbstractAsyncContextManager[AsyncConnection]]
    _closing: Sequence[Callable[[], Awaitable[None]]]

    def __init__(self, url: str) -> None:
        address = async_url(url)
        self.on_sqlite = address.get_backend_name() == "sqlite"
        self._threads: set[threading.Thread] = set()
        if self.on_sqlite:
            writers = _sqlite_engine(address, self._threads)
            event.listen(writers.sync_engine, "begin", _begin)
            alone = KeptConnections(_sqlite_engine(address, self._threads, skip_autocommit_rollback=True), POOL)
            together = KeptConnections(writers, POOL)
            self._alone, self._together = alone.one, together.one
            self._closing = (alone.close, together.close)
        else:
            engine = _postgresql_engine(address)
            self._alone = engine.execution_options(isolation_level="AUTOCOMMIT").connect
            self._together = engine.connect
            self._closing = (engine.dispose,)
        self._turn = asyncio.Lock()

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """A connection for one statement that changes nothing."""
        with self._without_content():
            async with self._alone() as connection:
                yield connection

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncConnection]:
        """A connection for one statement that changes something; what it does is done for good when it ends."""
        with self._without_content():
            async with self._in_turn(), self._alone() as connection:
                yield connection

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncConnection]:
        """A connection on which everything is done, or nothing. On SQLite it is the only writer from its first moment on."""
        with self._without_content():
            async with self._in_turn(), self._together() as connection, connection.begin():
                yield connection

    def insert(self, table: Table) -> postgresql.Insert | sqlite.Insert:
        """An insert into ``table`` that can say what happens where the row exists."""
        return sqlite.insert(table) if self.on_sqlite else postgresql.insert(table)

    async def scrub(self) -> None:
        """Take what was erased out of SQLite's log too, unless somebody is reading there. PostgreSQL does so when it vacuums."""
        if self.on_sqlite:
            async with self.writing() as connection:
                await connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))

    async def close(self) -> None:
        """Give back every connection, and see each one's thread out: it may not speak to an event loop that has ended."""
        for close in self._closing:
            await close()
        for thread in [thread for thread in self._threads if thread.is_alive()]:
            await asyncio.to_thread(thread.join, LAST_STATEMENT_WITHIN)

    @contextmanager
    def _without_content(self) -> Iterator[None]:
        """Turn the drivers' errors, which quote parameters and addresses, into one that names only its kind."""
        look = _LOOK_AT_FILE if self.on_sqlite else _LOOK_AT_SERVER
        try:
            yield
        except DBAPIError as error:
            raise StoreError(f"The database can't be used just now ({type(error).__name__}). {look}") from None
        except (SQLAlchemyError, asyncpg.PostgresError, asyncpg.InterfaceError, OSError) as error:
            raise StoreError(f"The database can't be reached ({type(error).__name__}). {look}") from None

    def _in_turn(self) -> AbstractAsyncContextManager[None]:
        """SQLite's writers of this process stand in line here: to wait in the database is to sleep and try again, slow and unfair."""
        return self._turn if self.on_sqlite else nullcontext()


def _sqlite_engine(
    address: URL, threads: set[threading.Thread], *, skip_autocommit_rollback: bool = False
) -> AsyncEngine:
    """An engine that puts the thread of each connection into ``threads``."""

    def connect(path: str, **_: object) -> Connection:
        connection = Connection(path, timeout=BUSY)
        threads.difference_update([other for other in threads if not other.is_alive()])
        threads.add(connection.thread)
        return connection

    # The driver must not begin transactions by itself: it would begin them as readers, and two readers who both want to write lock one
    # another out at once. With isolation_level None each statement is its own transaction, and ours begin as writers.
    return create_async_engine(
        address,
        hide_parameters=True,
        pool_size=POOL,
        max_overflow=POOL_OVERFLOW,
        skip_autocommit_rollback=skip_autocommit_rollback,
        connect_args={"async_creator_fn": connect},
    )


def _begin(connection: SyncConnection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _postgresql_engine(address: URL) -> AsyncEngine:
    url = libpq_url(address)

    async def connect() -> asyncpg.Connection:
        return await asyncpg.connect(url, timeout=CONNECT_WITHIN, command_timeout=ANSWER_WITHIN)

    # Pinging costs one round trip and saves a message that would otherwise be lost to a connection that died in the pool.
    return create_async_engine(
        "postgresql+asyncpg://",
        async_creator=connect,
        hide_parameters=True,
        pool_pre_ping=True,
        pool_size=POOL,
        max_overflow=POOL_OVERFLOW,
    )
