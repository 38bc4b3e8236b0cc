"""The queue and its trail in the database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Row, Select, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.case import Case, CaseState, Verb
from bot.domain.decision import Decision
from bot.domain.errors import UnknownCaseError
from bot.domain.message import MessageRef
from bot.service.store import TrailEntry
from bot.stores.decisions import SqlDecisions
from bot.stores.engine import Database
from bot.stores.schema import cases, trail
from bot.stores.seals import Seals, case_row

_CASES = select(cases.c.body, cases.c.sealed_name)


class SqlCases:
    """The queue, in a table."""

    def __init__(self, database: Database, seals: Seals, decisions: SqlDecisions) -> None:
        self._database = database
        self._seals = seals
        self._decisions = decisions

    async def case(self, case: str) -> Case:
        """See the port."""
        found = await self._found(_CASES.where(cases.c.id == case))
        if not found:
            raise UnknownCaseError(f"There is no case {case}.")
        return found[0]

    async def of_message(self, message: MessageRef) -> Case | None:
        """See the port."""
        newest = _CASES.where(cases.c.message_key == message.key).order_by(cases.c.opened_at.desc(), cases.c.id.desc())
        found = await self._found(newest.limit(1))
        return found[0] if found else None

    async def listed(self, states: frozenset[CaseState], limit: int) -> Sequence[Case]:
        """See the port."""
        order = (cases.c.urgency.desc(), cases.c.appealed_at.is_(None), cases.c.opened_at, cases.c.id)
        return await self._found(_CASES.where(cases.c.state.in_(sorted(states))).order_by(*order).limit(limit))

    async def opened_since(self, since: datetime) -> Sequence[Case]:
        """See the port."""
        return await self._found(_CASES.where(cases.c.opened_at >= since).order_by(cases.c.opened_at, cases.c.id))

    async def change(
        self, before: Case, after: Case, entry: TrailEntry | None, decision: Decision | None = None
    ) -> bool:
        """See the port."""
        async with self._database.transaction() as connection:
            # Compared as a value, not as stored bytes: a case written by an older version lacks the fields that were added since.
            row = (await connection.execute(_CASES.where(cases.c.id == before.id).with_for_update())).first()
            if row is None or self._case(row) != before:
                return False
            await self._replace(connection, before, after)
            if entry is not None:
                values = {"case_id": entry.case, "verb": entry.verb.value, "by": entry.by, "at": entry.at}
                await connection.execute(self._database.insert(trail).values({**values, "detail": entry.detail}))
            if decision is not None:
                await self._decisions.add_on(connection, decision, decision.decided_at)
            return True

    async def trail(self, case: str) -> Sequence[TrailEntry]:
        """See the port."""
        statement = select(trail).where(trail.c.case_id == case).order_by(trail.c.at, trail.c.seq)
        async with self._database.reading() as connection:
            rows = (await connection.execute(statement)).all()
        return [
            TrailEntry(case=row.case_id, verb=Verb(row.verb), by=row.by, at=row.at, detail=row.detail) for row in rows
        ]

    async def _found(self, statement: Select[bytes, bytes]) -> list[Case]:
        async with self._database.reading() as connection:
            rows = (await connection.execute(statement)).all()
        return [self._case(row) for row in rows]

    async def _replace(self, connection: AsyncConnection, before: Case, after: Case) -> None:
        values = case_row(after)
        if after.author_name != before.author_name:  # else it stays sealed as it is, even where no key opens it
            values["sealed_name"] = self._seals.name(after)
        await connection.execute(update(cases).where(cases.c.id == before.id).values(values))

    def _case(self, row: Row[bytes, bytes]) -> Case:
        return self._seals.case(row.body, row.sealed_name)
