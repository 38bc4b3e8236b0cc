"""Decisions and their actions in the database."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, bindparam, exists, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.case import BROUGHT_BACK, Case
from bot.domain.decision import ActionKind, Decision, Source
from bot.domain.message import MessageRef, PlatformName, RoomRef
from bot.domain.outcome import ActionState, Outcome, PlannedAction
from bot.service.store import Kept
from bot.stores.alike import kind_of, planned_actions
from bot.stores.codec import from_json, to_json
from bot.stores.engine import Database
from bot.stores.inbox import SqlInbox
from bot.stores.lease import lease_of, lease_oldest
from bot.stores.schema import actions, cases, decisions, vault
from bot.stores.seals import Seals, case_row

#: States in which an action is still to be done.
OPEN = (ActionState.PLANNED.value, ActionState.TRIED.value)

# Made once: to make a statement costs more than to execute it.
_STRIKES = (
    select(decisions.c.strike, decisions.c.decided_at)
    .where(
        decisions.c.platform == bindparam("platform"),
        decisions.c.workspace == bindparam("workspace"),
        decisions.c.author == bindparam("author"),
        decisions.c.strike != 0,
        ~exists().where(cases.c.id == decisions.c.case_id, cases.c.state.in_(sorted(BROUGHT_BACK))),
    )
    .order_by(decisions.c.seq)
)
_DUE = lease_oldest(
    decisions,
    decisions.c.id.in_(
        select(actions.c.decision).where(actions.c.state.in_(OPEN), actions.c.due_at <= bindparam("now"))
    ),
    decisions.c.decided_at,
    decisions.c.body,
)


class SqlDecisions:
    """Decisions and their actions, in two tables."""

    def __init__(self, database: Database, seals: Seals, inbox: SqlInbox) -> None:
        self._database = database
        self._seals = seals
        self._inbox = inbox

    async def record(self, decision: Decision, case: Case | None, kept: Kept, lease: timedelta) -> bool:
        """See the port."""
        async with self._database.transaction() as connection:
            if decision.source is Source.BOT:
                await self._inbox.finish_on(connection, kept.message.key, decision.decided_at)
            new = await self.add_on(connection, decision, decision.decided_at + lease)
            if new and case is not None:
                await self._open_case(connection, case, kept, decision.decided_at)
            return new

    async def add_on(self, connection: AsyncConnection, decision: Decision, free_at: datetime) -> bool:
        """Write a decision and its actions as part of a larger transaction; False where it is recorded already."""
        room = decision.message.room
        row = {
            "id": decision.id,
            "message_key": decision.message.key,
            "platform": room.platform.value,
            "workspace": room.workspace,
            "author": decision.author,
            "decided_at": decision.decided_at,
            "free_at": free_at,
            "strike": decision.strike,
            "case_id": decision.case,
            "body": to_json(decision),
        }
        statement = self._database.insert(decisions).values(row).on_conflict_do_nothing(index_elements=["id"])
        if (await connection.execute(statement.returning(decisions.c.seq))).first() is None:
            return False
        planned = [
            {
                "key": key,
                "decision": decision.id,
                "state": action.state.value,
                "attempts": 0,
                "due_at": action.due_at,
                "outcome": to_json(action.outcome) if action.outcome else None,
            }
            for key, action in planned_actions(decision).items()
        ]
        if planned:
            await connection.execute(self._database.insert(actions), planned)
        return True

    async def _open_case(self, connection: AsyncConnection, case: Case, kept: Kept, at: datetime) -> None:
        statement = self._database.insert(cases).values({**case_row(case), "sealed_name": self._seals.name(case)})
        statement = statement.on_conflict_do_nothing(index_elements=["id"])
        if (await connection.execute(statement.returning(cases.c.id))).first() is None:
            return
        sealed = self._seals.kept(case.id, kept)
        await connection.execute(
            self._database.insert(vault).values({"case_id": case.id, "kept_at": at, "sealed": sealed})
        )

    async def decision(self, decision: str) -> Decision | None:
        """See the port."""
        found = await self._where(decisions.c.id == decision)
        return found[0] if found else None

    async def of_message(self, message: MessageRef) -> Sequence[Decision]:
        """See the port."""
        return await self._where(decisions.c.message_key == message.key)

    async def recent(self, since: datetime) -> Sequence[Decision]:
        """See the port."""
        return await self._where(decisions.c.decided_at >= since)

    async def by_author(self, workspace: RoomRef, author: str, since: datetime) -> Sequence[Decision]:
        """See the port."""
        return await self._where(
            and_(
                decisions.c.author == author,
                decisions.c.workspace == workspace.workspace,
                decisions.c.platform == workspace.platform.value,
                decisions.c.decided_at >= since,
            )
        )

    async def tally(self, since: datetime) -> Mapping[tuple[ActionKind, ActionState], int]:
        """See the port."""
        statement = select(actions.c.key, actions.c.state).join(decisions, decisions.c.id == actions.c.decision)
        async with self._database.reading() as connection:
            rows = (await connection.execute(statement.where(decisions.c.decided_at >= since))).all()
        return Counter((kind_of(row.key), ActionState(row.state)) for row in rows)

    async def _where(self, condition: ColumnElement[bool]) -> list[Decision]:
        statement = select(decisions.c.body).where(condition).order_by(decisions.c.decided_at, decisions.c.seq)
        async with self._database.reading() as connection:
            bodies = (await connection.execute(statement)).scalars().all()
        return [from_json(Decision, body) for body in bodies]

    async def due(
        self, platforms: frozenset[PlatformName], limit: int, at: datetime, lease: timedelta
    ) -> Sequence[Decision]:
        """See the port."""
        async with self._database.writing() as connection:
            rows = (await connection.execute(_DUE, lease_of(platforms, limit, at, lease))).all()
        return [from_json(Decision, row.body) for row in sorted(rows, key=lambda row: (row.decided_at, row.seq))]

    async def tried(self, key: str, at: datetime) -> None:
        """See the port."""
        await self._set(_open(key), {"state": ActionState.TRIED.value, "attempts": actions.c.attempts + 1})

    async def done(self, key: str, outcome: Outcome, at: datetime) -> None:
        """See the port."""
        values = {"state": ActionState.DONE.value, "outcome": to_json(outcome), "problem": None}
        await self._set(actions.c.key == key, values)

    async def postpone(self, key: str, until: datetime, problem: str) -> None:
        """See the port."""
        await self._set(_open(key), {"due_at": until, "problem": problem})

    async def failed(self, key: str, problem: str, at: datetime) -> None:
        """See the port."""
        await self._set(_open(key), {"state": ActionState.FAILED.value, "problem": problem})

    async def _set(self, which: ColumnElement[bool], values: Mapping[str, object]) -> None:
        async with self._database.writing() as connection:
            await connection.execute(update(actions).where(which).values(values))

    async def release(self, decision: str) -> None:
        """See the port."""
        statement = update(decisions).where(decisions.c.id == decision).values(free_at=decisions.c.decided_at)
        async with self._database.writing() as connection:
            await connection.execute(statement)

    async def actions(self, decision: str) -> Sequence[PlannedAction]:
        """See the port."""
        columns = [c for c in actions.c if c.name != "decision"]
        statement = select(decisions.c.body, *columns).join(actions).where(decisions.c.id == decision)
        async with self._database.reading() as connection:
            rows = (await connection.execute(statement)).all()
        if not rows:
            return []
        now = {row.key: row for row in rows}
        return [
            replace(
                planned,
                state=ActionState(now[key].state),
                attempts=now[key].attempts,
                due_at=now[key].due_at,
                outcome=from_json(Outcome, now[key].outcome) if now[key].outcome else None,
                problem=now[key].problem,
            )
            for key, planned in planned_actions(from_json(Decision, rows[0].body)).items()
        ]

    async def strikes(self, workspace: RoomRef, author: str, at: datetime, half_life: timedelta) -> float:
        """See the port."""
        async with self._database.reading() as connection:
            whose = {"platform": workspace.platform.value, "workspace": workspace.workspace, "author": author}
            past = (await connection.execute(_STRIKES, whose)).all()
        return float(sum(row.strike * math.pow(0.5, (at - row.decided_at) / half_life) for row in past))


def _open(key: str) -> ColumnElement[bool]:
    return and_(actions.c.key == key, actions.c.state.in_(OPEN))
