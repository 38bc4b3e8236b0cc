"""The durable store: SQLite or PostgreSQL by one code path.

An event goes through in five short transactions: put, take, record, tried, done. All but ``record`` are one statement, which commits by
itself. On SQLite writers of one process stand in line and those of others wait; on PostgreSQL takers skip what somebody else is taking.
"""

from __future__ import annotations

from datetime import datetime

from bot.domain.message import PlatformName
from bot.stores.cases import SqlCases
from bot.stores.decisions import SqlDecisions
from bot.stores.engine import Database, StoreError
from bot.stores.inbox import SqlInbox
from bot.stores.keyring import Keyring
from bot.stores.remembered import SqlMemory
from bot.stores.revision import is_newest
from bot.stores.seals import Seals
from bot.stores.upkeep import Upkeep
from bot.stores.vault import SqlVault


class SqlStore:
    """A Store in a database whose tables are there (``bot.stores.migrate.upgrade`` makes them)."""

    def __init__(self, database: Database, keyring: Keyring) -> None:
        seals = Seals(keyring)
        self._database = database
        self._upkeep = Upkeep(database, seals)
        self.inbox = SqlInbox(database, seals)
        self.decisions = SqlDecisions(database, seals, self.inbox)
        self.cases = SqlCases(database, seals, self.decisions)
        self.vault = SqlVault(database, seals)
        self.memory = SqlMemory(database)

    @classmethod
    def open(cls, url: str, keyring: Keyring) -> SqlStore:
        """The store at a DATABASE_URL. Connects when it is first used. Raises SettingsError where the address can't be understood."""
        return cls(Database(url), keyring)

    async def break_leases(self, platforms: frozenset[PlatformName]) -> None:
        """See the port."""
        await self._upkeep.break_leases(platforms)

    async def erase_person(self, platform: PlatformName, workspace: str, author: str, *, by: str, at: datetime) -> int:
        """See the port."""
        return await self._upkeep.erase_person(platform, workspace, author, by=by, at=at)

    async def prune(self, before: datetime, strikes_before: datetime) -> int:
        """See the port."""
        return await self._upkeep.prune(before, strikes_before)

    async def ready(self) -> bool:
        """See the port."""
        try:
            async with self._database.reading() as connection:
                return await connection.run_sync(is_newest)
        except StoreError:
            return False

    async def close(self) -> None:
        """See the port."""
        await self._database.close()
