"""Connections that are kept ready between statements."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine


class KeptConnections:
    """At most ``size`` connections of an engine, opened when they are needed and kept.

    To take a connection out of SQLAlchemy's pool and to put it back takes as long as a small statement: half of all the event loop's
    time for the store. Only for a database that never hangs up by itself, as SQLite: nobody looks whether a kept connection is alive.
    """

    def __init__(self, engine: AsyncEngine, size: int) -> None:
        self._engine = engine
        self._idle: list[AsyncConnection] = []
        self._places = asyncio.Semaphore(size)

    @asynccontextmanager
    async def one(self) -> AsyncIterator[AsyncConnection]:
        """A connection for the time of this context. One on which something went wrong is not used again."""
        async with self._places:
            connection = self._idle.pop() if self._idle else await self._engine.connect()
            try:
                yield connection
            except BaseException:
                await asyncio.shield(connection.close())
                raise
            self._idle.append(connection)

    async def close(self) -> None:
        """Close what is kept, and the engine."""
        while self._idle:
            await self._idle.pop().close()
        await self._engine.dispose()
