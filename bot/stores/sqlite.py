"""SQLite's driver with one trip to its thread for each statement.

aiosqlite makes four: for the cursor, to execute, to fetch, to close. Each wakes a thread and then the event loop, which costs more than
the small statements that a message needs.
"""

from __future__ import annotations

import asyncio
import sqlite3
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial

import aiosqlite

#: Each connection begins with these. What is erased is overwritten.
_PRAGMAS = ("PRAGMA synchronous = NORMAL", "PRAGMA foreign_keys = ON", "PRAGMA secure_delete = ON")
#: Seconds between two tries of what SQLite itself does not wait for.
_AGAIN_AFTER = 0.01

#: What SQLite stores and gives back.
Value = str | int | float | bytes | None


@dataclass(frozen=True, slots=True)
class _Answer:
    """All that a statement came to."""

    rows: Sequence[tuple[Value, ...]] = ()
    description: tuple[tuple[str, None, None, None, None, None, None], ...] | None = None
    rowcount: int = -1
    lastrowid: int | None = None


class Connection(aiosqlite.Connection):
    """A connection whose cursors fetch all rows at once, as SQLAlchemy does in any case."""

    def __init__(self, path: str, *, timeout: float) -> None:
        """``timeout`` is how many seconds to wait for another writer. No transaction begins but by a BEGIN."""
        self._open = partial(sqlite3.connect, path, timeout=timeout, isolation_level=None, check_same_thread=False)
        self._opened: sqlite3.Connection | None = None
        self._timeout = timeout
        super().__init__(self._opening, 64)
        self._thread.daemon = True

    @property
    def thread(self) -> threading.Thread:
        """The thread in which all statements run; it ends when the connection is closed or stopped."""
        return self._thread

    def cursor(self) -> Cursor:  # type: ignore[override]  # not a coroutine: nothing happens in the thread yet
        """A cursor that asks the thread for nothing until it executes."""
        return Cursor(self)

    async def answer(self, statement: Callable[[sqlite3.Connection], _Answer]) -> _Answer:
        """Do ``statement`` in the thread."""
        answer: _Answer = await self._execute(statement, self._conn)  # type: ignore[no-untyped-call]
        return answer

    def stop(self) -> asyncio.Future[None] | None:
        """End the thread once it has done what waits, and close what it opened, though whoever asked may have gone before it came."""
        self._tx.put_nowait((None, self._closing))
        return super().stop()

    def _opening(self) -> sqlite3.Connection:
        self._opened = self._open()
        _write_ahead(self._opened, time.monotonic() + self._timeout)
        for pragma in _PRAGMAS:
            self._opened.execute(pragma).close()
        return self._opened

    def _closing(self) -> None:
        if self._opened is not None:
            self._opened.close()


class Cursor:
    """What SQLAlchemy asks of an asynchronous cursor."""

    arraysize = 1

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._answer = _Answer()

    async def __aenter__(self) -> Cursor:
        return self

    async def execute(self, sql: str, parameters: Sequence[Value] = ()) -> Cursor:
        """Execute; the rows wait for fetchall."""
        self._answer = await self._connection.answer(partial(_answer, sql, parameters))
        return self

    async def executemany(self, sql: str, parameters: Iterable[Sequence[Value]]) -> Cursor:
        """Execute for each of the parameters."""
        self._answer = await self._connection.answer(partial(_repeat, sql, parameters))
        return self

    async def fetchall(self) -> Sequence[tuple[Value, ...]]:
        """All rows."""
        return self._answer.rows

    async def close(self) -> None:
        """Nothing is left to close."""

    @property
    def description(self) -> tuple[tuple[str, None, None, None, None, None, None], ...] | None:
        """The columns; None where the statement gives no rows."""
        return self._answer.description

    @property
    def rowcount(self) -> int:
        """How many rows were changed; -1 where that has no meaning."""
        return self._answer.rowcount

    @property
    def lastrowid(self) -> int | None:
        """The row inserted last."""
        return self._answer.lastrowid


def _write_ahead(connection: sqlite3.Connection, until: float) -> None:
    """Turn a new file to a write-ahead log; ``until`` is in seconds of the monotonic clock.

    For this one step SQLite does not wait for others who open the file at the same moment: it says at once that it is busy.
    """
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL").close()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(_AGAIN_AFTER)
        else:
            return


def _answer(sql: str, parameters: Sequence[Value], connection: sqlite3.Connection) -> _Answer:
    cursor = connection.execute(sql, parameters)
    rows = cursor.fetchall() if cursor.description else ()
    answer = _Answer(rows, cursor.description, cursor.rowcount, cursor.lastrowid)
    cursor.close()
    return answer


def _repeat(sql: str, parameters: Iterable[Sequence[Value]], connection: sqlite3.Connection) -> _Answer:
    cursor = connection.executemany(sql, parameters)
    answer = _Answer(rowcount=cursor.rowcount, lastrowid=cursor.lastrowid)
    cursor.close()
    return answer
