"""The inbox in the database: sealed messages that wait, and the keys of those that are done."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog
from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.errors import VaultError
from bot.domain.message import Message, PlatformName
from bot.stores.engine import Database
from bot.stores.lease import lease_of, lease_oldest
from bot.stores.schema import inbox
from bot.stores.seals import Seals

_log = structlog.get_logger(__name__)

#: What a finished message loses or has set anew; its key stays.
_LEFT_BARE = ("workspace", "author", "put_at", "free_at", "sealed")

#: What opens with no key is tried again after this time: a key may have been put back. A restart tries it at once.
SET_ASIDE = timedelta(hours=1)

_TAKE = lease_oldest(inbox, inbox.c.sealed.is_not(None), inbox.c.put_at, inbox.c.key, inbox.c.sealed)


class SqlInbox:
    """Messages that wait, in a table."""

    def __init__(self, database: Database, seals: Seals) -> None:
        self._database = database
        self._seals = seals
        # Made once: these run for every message, and to make a statement costs more than to execute it.
        new = database.insert(inbox)
        self._put = new.on_conflict_do_nothing(index_elements=["key"]).returning(inbox.c.seq)
        self._finish = new.on_conflict_do_update(
            index_elements=["key"], set_={name: new.excluded[name] for name in _LEFT_BARE}
        )

    async def put(self, message: Message, at: datetime) -> bool:
        """See the port."""
        room = message.ref.room
        row = {
            "key": message.key,
            "platform": room.platform.value,
            "workspace": room.workspace,
            "author": message.author.id,
            "put_at": at,
            "free_at": at,
            "sealed": self._seals.message(message),
        }
        async with self._database.writing() as connection:
            return (await connection.execute(self._put, row)).first() is not None

    async def take(
        self, platforms: frozenset[PlatformName], limit: int, at: datetime, lease: timedelta
    ) -> Sequence[Message]:
        """See the port."""
        taken: list[Message] = []
        while len(taken) < limit:
            leased = lease_of(platforms, limit - len(taken), at, lease)
            async with self._database.writing() as connection:
                rows = (await connection.execute(_TAKE, leased)).all()
            opened = {row.key: self._open(row.key, row.sealed) for row in sorted(rows, key=lambda r: (r.put_at, r.seq))}
            taken += [message for message in opened.values() if message is not None]
            shut = [key for key, message in opened.items() if message is None]
            if not shut:
                break
            await self._set_aside(shut, at + SET_ASIDE)
        return taken

    async def _set_aside(self, keys: Sequence[str], until: datetime) -> None:
        """Let others be served before these: they are the oldest, and would be taken again and again."""
        async with self._database.writing() as connection:
            await connection.execute(update(inbox).where(inbox.c.key.in_(keys)).values(free_at=until))

    async def finish(self, key: str, at: datetime) -> None:
        """See the port."""
        async with self._database.writing() as connection:
            await self.finish_on(connection, key, at)

    async def finish_on(self, connection: AsyncConnection, key: str, at: datetime) -> None:
        """Finish the message as part of a larger transaction. Nothing but the key stays."""
        bare = {"workspace": None, "author": None, "put_at": at, "free_at": at, "sealed": None}
        await connection.execute(self._finish, {"key": key, **bare})

    async def waiting(self) -> int:
        """See the port."""
        statement = select(func.count()).select_from(inbox).where(inbox.c.sealed.is_not(None))
        async with self._database.reading() as connection:
            return int((await connection.execute(statement)).scalar_one())

    def _open(self, key: str, sealed: bytes) -> Message | None:
        """The message; None where no key opens it. It stays waiting then, so that others are served and the key can be put back."""
        try:
            return self._seals.open_message(key, sealed)
        except VaultError:
            _log.error("a waiting message does not open, check CHAPERONE_KEYS", action="inbox_sealed", message_key=key)
            return None
