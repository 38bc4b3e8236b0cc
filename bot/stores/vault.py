"""The vault in the database: the texts of cases, sealed."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from sqlalchemy import ColumnElement, and_, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.case import Verb
from bot.domain.errors import ErasedError, UnknownCaseError, VaultError
from bot.service.store import Kept
from bot.stores.engine import Database
from bot.stores.rewrite import NAMES, TEXTS, WAITING, rewrite
from bot.stores.schema import cases, trail, vault
from bot.stores.seals import Seals


async def erase_texts(connection: AsyncConnection, which: ColumnElement[bool], by: str, at: datetime) -> int:
    """Delete these rows of the vault and mark it in the trails of their cases; how many."""
    gone = (await connection.execute(delete(vault).where(which).returning(vault.c.case_id))).all()
    marks = [{"case_id": row.case_id, "verb": Verb.ERASE.value, "by": by, "at": at, "detail": ""} for row in gone]
    if marks:
        await connection.execute(insert(trail), marks)
    return len(marks)


class SqlVault:
    """The vault, in a table."""

    def __init__(self, database: Database, seals: Seals) -> None:
        self._database = database
        self._seals = seals

    async def kept(self, case: str) -> Kept:
        """See the port."""
        statement = select(cases.c.id, vault.c.sealed).join_from(cases, vault, isouter=True).where(cases.c.id == case)
        async with self._database.reading() as connection:
            row = (await connection.execute(statement)).first()
        if row is None:
            raise UnknownCaseError(f"There is no case {case}.")
        if row.sealed is None:
            raise ErasedError
        return self._seals.open_kept(case, row.sealed)

    async def erase(self, case: str, by: str, at: datetime) -> bool:
        """See the port."""
        return await self._erase(vault.c.case_id == case, by, at) > 0

    async def erase_older(self, than: datetime, by: str, at: datetime) -> int:
        """See the port."""
        closed = select(cases.c.id).where(cases.c.closed_at.is_not(None))
        return await self._erase(and_(vault.c.kept_at < than, vault.c.case_id.in_(closed)), by, at)

    async def _erase(self, which: ColumnElement[bool], by: str, at: datetime) -> int:
        async with self._database.transaction() as connection:
            erased = await erase_texts(connection, which, by, at)
        if erased:
            await self._database.scrub()
        return erased

    async def reseal(self) -> int:
        """See the port. Authors' names are sealed anew with the texts."""
        walks = {
            column: await rewrite(self._database, column, partial(self._seals.anew, column.kind))
            for column in (WAITING, TEXTS, NAMES)
        }
        await self._database.scrub()
        if shut := sum(unopened for _, unopened in walks.values()):
            raise VaultError(
                f"{shut} texts or names do not open with any key in CHAPERONE_KEYS and stay as they were; "
                "all others are encrypted with the first key now."
            )
        return walks[WAITING][0] + walks[TEXTS][0]
