"""Small things in the database: watermarks, who posted when, policy versions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Row, Select, bindparam, func, select

from bot.domain.message import RoomRef
from bot.service.store import PolicyVersion
from bot.stores.engine import Database
from bot.stores.schema import policies, posts, watermarks

_ROOM = ("platform", "workspace", "room")
#: The policy versions that are kept, the newest first; ``version_of`` reads its rows.
NEWEST_FIRST = select(policies.c.hash, policies.c.source, policies.c.since, policies.c.instead_of).order_by(
    policies.c.place.desc()
)
_POSTS = (
    select(posts.c.at)
    .where(
        posts.c.platform == bindparam("platform"),
        posts.c.workspace == bindparam("workspace"),
        posts.c.author == bindparam("author"),
        posts.c.at >= bindparam("since"),
        posts.c.message != bindparam("but"),
    )
    .order_by(posts.c.at)
)
_SAME_POSTS = _POSTS.where(posts.c.digest == bindparam("digest"))


def version_of(row: Row[str, str, datetime, str | None]) -> PolicyVersion:
    """The policy version that a row of ``NEWEST_FIRST`` holds."""
    return PolicyVersion(hash=row.hash, source=row.source, since=row.since, instead_of=row.instead_of)


def _room(room: RoomRef) -> dict[str, str]:
    return {"platform": room.platform.value, "workspace": room.workspace, "room": room.room}


class SqlMemory:
    """Small things, in tables."""

    def __init__(self, database: Database) -> None:
        self._database = database
        # Made once: these run for every message, and to make a statement costs more than to execute it.
        mark, post = database.insert(watermarks), database.insert(posts)
        further = mark.excluded.position
        self._advance = mark.on_conflict_do_update(
            index_elements=_ROOM, set_={"position": further}, where=watermarks.c.position < further
        )
        self._remember_post = post.on_conflict_do_update(
            index_elements=(*_ROOM, "message"), set_={name: post.excluded[name] for name in ("author", "digest", "at")}
        )

    async def watermark(self, room: RoomRef) -> str | None:
        """See the port."""
        statement = select(watermarks.c.position).filter_by(**_room(room))
        async with self._database.reading() as connection:
            return (await connection.execute(statement)).scalar()

    async def advance(self, room: RoomRef, position: str) -> None:
        """See the port."""
        async with self._database.writing() as connection:
            await connection.execute(self._advance, {**_room(room), "position": position})

    async def remember_post(self, room: RoomRef, author: str, message: str, digest: str, at: datetime) -> None:
        """See the port."""
        said = {"message": message, "author": author, "digest": digest, "at": at}
        async with self._database.writing() as connection:
            await connection.execute(self._remember_post, {**_room(room), **said})

    async def posts(
        self, room: RoomRef, author: str, digest: str | None, since: datetime, but: str
    ) -> Sequence[datetime]:
        """See the port."""
        whose = {"platform": room.platform.value, "workspace": room.workspace, "author": author}
        asked = {**whose, "since": since, "but": but, "digest": digest}
        async with self._database.reading() as connection:
            said = await connection.execute(_POSTS if digest is None else _SAME_POSTS, asked)
        return said.scalars().all()

    async def keep_policy(self, version: PolicyVersion) -> None:
        """See the port."""
        place = select(func.coalesce(func.max(policies.c.place), 0) + 1).scalar_subquery()
        values = {"source": version.source, "since": version.since, "place": place, "instead_of": version.instead_of}
        statement = self._database.insert(policies).values(hash=version.hash, **values)
        async with self._database.writing() as connection:
            await connection.execute(statement.on_conflict_do_update(index_elements=["hash"], set_=values))

    async def policies(self) -> Sequence[PolicyVersion]:
        """See the port."""
        return await self._policies(NEWEST_FIRST)

    async def newest_policy(self) -> PolicyVersion | None:
        """See the port."""
        return next(iter(await self._policies(NEWEST_FIRST.limit(1))), None)

    async def _policies(self, statement: Select[str, str, datetime, str | None]) -> list[PolicyVersion]:
        async with self._database.reading() as connection:
            rows = (await connection.execute(statement)).all()
        return [version_of(row) for row in rows]
