"""What is done to all tables at once: giving back what a dead worker took, erasing a person, forgetting what is old."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy import ColumnElement, Table, and_, delete, or_, select, update

from bot.domain.errors import VaultError
from bot.domain.message import PlatformName
from bot.stores.alike import without_others
from bot.stores.decisions import OPEN
from bot.stores.engine import Database
from bot.stores.rewrite import TEXTS, WAITING, rewrite
from bot.stores.schema import actions, cases, decisions, inbox, posts, vault
from bot.stores.seals import Seals
from bot.stores.vault import erase_texts

_TO_DO = select(actions.c.decision).where(actions.c.state.in_(OPEN))


class Upkeep:
    """Work on all tables at once."""

    def __init__(self, database: Database, seals: Seals) -> None:
        self._database = database
        self._seals = seals

    async def break_leases(self, platforms: frozenset[PlatformName]) -> None:
        """See the port."""
        names = sorted(platforms)
        waiting = update(inbox).where(inbox.c.sealed.is_not(None), inbox.c.platform.in_(names))
        unfinished = update(decisions).where(decisions.c.platform.in_(names), decisions.c.id.in_(_TO_DO))
        async with self._database.transaction() as connection:
            await connection.execute(waiting.values(free_at=inbox.c.put_at))
            await connection.execute(unfinished.values(free_at=decisions.c.decided_at))

    async def erase_person(self, platform: PlatformName, workspace: str, author: str, *, by: str, at: datetime) -> int:
        """See the port."""

        def in_workspace(table: Table) -> ColumnElement[bool]:
            return and_(table.c.platform == platform.value, table.c.workspace == workspace)

        def theirs(table: Table) -> ColumnElement[bool]:
            return and_(in_workspace(table), table.c.author == author)

        their_cases = select(cases.c.id).where(theirs(cases))
        waiting = update(inbox).where(inbox.c.sealed.is_not(None), theirs(inbox))
        async with self._database.transaction() as connection:
            texts = await erase_texts(connection, vault.c.case_id.in_(their_cases), by, at)
            texts += (await connection.execute(waiting.values(workspace=None, author=None, sealed=None))).rowcount
            await connection.execute(update(cases).where(theirs(cases)).values(sealed_name=None))
            await connection.execute(delete(posts).where(theirs(posts)))
        in_cases = vault.c.case_id.in_(select(cases.c.id).where(in_workspace(cases)))
        _, texts_shut = await rewrite(self._database, TEXTS, self._kept_without_others, in_cases)
        _, waiting_shut = await rewrite(self._database, WAITING, self._waiting_without_others, in_workspace(inbox))
        await self._database.scrub()
        if shut := texts_shut + waiting_shut:
            raise VaultError(
                f"The person's own texts are erased, but {shut} texts of others, which may quote them, do not open with any key "
                "in CHAPERONE_KEYS. Put the missing key back and erase again, or erase those cases."
            )
        return texts

    async def prune(self, before: datetime, strikes_before: datetime) -> int:
        """See the port."""
        of_cases = select(cases.c.decision)
        old = and_(
            decisions.c.decided_at < before,
            or_(decisions.c.strike == 0, decisions.c.decided_at < strikes_before),
            decisions.c.case_id.is_(None),
            decisions.c.id.not_in(of_cases),
            decisions.c.id.not_in(_TO_DO),
        )
        async with self._database.transaction() as connection:
            done = delete(inbox).where(inbox.c.sealed.is_(None), inbox.c.put_at < before)
            gone = [
                await connection.execute(statement)
                for statement in (done, delete(posts).where(posts.c.at < before), delete(decisions).where(old))
            ]
        return sum(result.rowcount for result in gone)

    def _kept_without_others(self, case: str, sealed: bytes) -> bytes:
        kept = self._seals.open_kept(case, sealed)
        return self._seals.kept(case, replace(kept, message=without_others(kept.message)))

    def _waiting_without_others(self, key: str, sealed: bytes) -> bytes:
        return self._seals.message(without_others(self._seals.open_message(key, sealed)))
