"""Small things in the database: watermarks, who posted when, policy versions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, func, select

from bot.domain.message import RoomRef
from bot.service.store import PolicyVersion
from bot.stores.engine import Database
from bot.stores.schema import policies, posts, watermarks

_ROOM = ("platform", "workspace", "room")
_NEWEST_FIRST = select(policies.c.hash, policies.c.source, policies.c.since, policies.c.instead_of).order_by(
    policies.c.place.desc()
)


def _room(room: RoomRef) -> dict[str, str]:
    return {"platform": room.platform.value, "workspace": room.workspace, "room": room.room}


class SqlMemory:
    """Small things, in tables."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def watermark(self, room: RoomRef) -> str | None:
        """See the port."""
        statement = select(watermarks.c.position).filter_by(**_room(room))
        async with self._database.reading() as connection:
            return (await connection.execute(statement)).scalar()

    async def advance(self, room: RoomRef, position: str) -> None:
        """See the port."""
        statement = self._database.insert(watermarks).values(**_room(room), position=position)
        further = statement.on_conflict_do_update(
            index_elements=_ROOM, set_={"position": position}, where=watermarks.c.position < position
        )
        async with self._database.writing() as connection:
            await connection.execute(further)

    async def remember_post(self, room: RoomRef, author: str, message: str, digest: str, at: datetime) -> None:
        """See the port."""
        said = {"author": author, "digest": digest, "at": at}
        statement = self._database.insert(posts).values(**_room(room), message=message, **said)
        async with self._database.writing() as connection:
            await connection.execute(statement.on_conflict_do_update(index_elements=(*_ROOM, "message"), set_=said))

    async def posts(
        self, room: RoomRef, author: str, digest: str | None, since: datetime, but: str
    ) -> Sequence[datetime]:
        """See the port."""
        statement = (
            select(posts.c.at)
            .where(
                posts.c.platform == room.platform.value,
                posts.c.workspace == room.workspace,
                posts.c.author == author,
                posts.c.at >= since,
                posts.c.message != but,
            )
            .order_by(posts.c.at)
        )
        if digest is not None:
            statement = statement.where(posts.c.digest == digest)
        async with self._database.reading() as connection:
            return (await connection.execute(statement)).scalars().all()

    async def keep_policy(self, version: PolicyVersion) -> None:
        """See the port."""
        place = select(func.coalesce(func.max(policies.c.place), 0) + 1).scalar_subquery()
        values = {"source": version.source, "since": version.since, "place": place, "instead_of": version.instead_of}
        statement = self._database.insert(policies).values(hash=version.hash, **values)
        async with self._database.writing() as connection:
            await connection.execute(statement.on_conflict_do_update(index_elements=["hash"], set_=values))

    async def policies(self) -> Sequence[PolicyVersion]:
        """See the port."""
        return await self._policies(_NEWEST_FIRST)

    async def newest_policy(self) -> PolicyVersion | None:
        """See the port."""
        return next(iter(await self._policies(_NEWEST_FIRST.limit(1))), None)

    async def _policies(self, statement: Select[str, str, datetime, str | None]) -> list[PolicyVersion]:
        async with self._database.reading() as connection:
            rows = (await connection.execute(statement)).all()
        return [PolicyVersion(hash=r.hash, source=r.source, since=r.since, instead_of=r.instead_of) for r in rows]
