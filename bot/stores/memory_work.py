"""The reference store's inbox and decisions, in dictionaries."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.domain.case import BROUGHT_BACK, Case
from bot.domain.decision import ActionKind, Decision, Source
from bot.domain.message import Message, MessageRef, PlatformName, RoomRef
from bot.domain.outcome import ActionState, Outcome, PlannedAction
from bot.service.store import Kept, PolicyVersion, TrailEntry
from bot.stores.alike import planned_actions

#: States in which an action is still to be done.
_OPEN = (ActionState.PLANNED, ActionState.TRIED)


@dataclass(slots=True)
class Waiting:
    """A message in the inbox; None once it is finished."""

    message: Message | None
    put_at: datetime
    free_at: datetime


@dataclass(slots=True)
class Recorded:
    """A decision, its actions by key, and when it is free to take."""

    decision: Decision
    actions: dict[str, PlannedAction]
    free_at: datetime

    def to_do(self) -> list[PlannedAction]:
        """The actions that are still to be done."""
        return [planned for planned in self.actions.values() if planned.state in _OPEN]


@dataclass(slots=True)
class Tables:
    """Everything the store holds."""

    waiting: dict[str, Waiting] = field(default_factory=dict)
    recorded: dict[str, Recorded] = field(default_factory=dict)
    cases: dict[str, Case] = field(default_factory=dict)
    trail: list[TrailEntry] = field(default_factory=list)
    vault: dict[str, tuple[Kept, datetime]] = field(default_factory=dict)
    watermarks: dict[RoomRef, str] = field(default_factory=dict)
    posts: dict[tuple[RoomRef, str], tuple[str, str, datetime]] = field(default_factory=dict)
    policies: list[PolicyVersion] = field(default_factory=list)


class MemoryInbox:
    """Messages that wait, in a dictionary."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    async def put(self, message: Message, at: datetime) -> bool:
        """See the port."""
        if message.key in self._tables.waiting:
            return False
        self._tables.waiting[message.key] = Waiting(message, at, at)
        return True

    async def take(
        self, platforms: frozenset[PlatformName], limit: int, at: datetime, lease: timedelta
    ) -> Sequence[Message]:
        """See the port."""
        taken: list[Message] = []
        for waiting in sorted(self._tables.waiting.values(), key=lambda entry: entry.put_at):
            message = waiting.message
            if message is None or waiting.free_at > at or message.ref.room.platform not in platforms:
                continue
            if len(taken) == limit:
                break
            waiting.free_at = at + lease
            taken.append(message)
        return taken

    async def finish(self, key: str, at: datetime) -> None:
        """See the port."""
        self._tables.waiting[key] = Waiting(None, at, at)

    async def waiting(self) -> int:
        """See the port."""
        return sum(entry.message is not None for entry in self._tables.waiting.values())


class MemoryDecisions:
    """Decisions and their actions, in a dictionary."""

    def __init__(self, tables: Tables, inbox: MemoryInbox) -> None:
        self._tables = tables
        self._inbox = inbox

    async def record(self, decision: Decision, case: Case | None, kept: Kept, lease: timedelta) -> bool:
        """See the port."""
        if decision.source is Source.BOT:
            await self._inbox.finish(kept.message.key, decision.decided_at)
        if decision.id in self._tables.recorded:
            return False
        self.add(decision, decision.decided_at + lease)
        if case is not None and case.id not in self._tables.cases:
            self._tables.cases[case.id] = case
            self._tables.vault[case.id] = (kept, decision.decided_at)
        return True

    def add(self, decision: Decision, free_at: datetime) -> None:
        """Write a decision and its actions; only its lease decides who enforces it."""
        self._tables.recorded.setdefault(decision.id, Recorded(decision, planned_actions(decision), free_at))

    async def decision(self, decision: str) -> Decision | None:
        """See the port."""
        found = self._tables.recorded.get(decision)
        return found.decision if found else None

    async def of_message(self, message: MessageRef) -> Sequence[Decision]:
        """See the port."""
        return [decision for decision in self._oldest_first() if decision.message.key == message.key]

    async def recent(self, since: datetime) -> Sequence[Decision]:
        """See the port."""
        return [decision for decision in self._oldest_first() if decision.decided_at >= since]

    async def by_author(self, workspace: RoomRef, author: str, since: datetime) -> Sequence[Decision]:
        """See the port."""
        return [decision for decision in self._of_author(workspace, author) if decision.decided_at >= since]

    async def tally(self, since: datetime) -> Mapping[tuple[ActionKind, ActionState], int]:
        """See the port."""
        recent = [entry for entry in self._tables.recorded.values() if entry.decision.decided_at >= since]
        return Counter((one.action.kind, one.state) for entry in recent for one in entry.actions.values())

    async def due(
        self, platforms: frozenset[PlatformName], limit: int, at: datetime, lease: timedelta
    ) -> Sequence[Decision]:
        """See the port."""
        taken: list[Decision] = []
        for decision in self._oldest_first():
            entry = self._tables.recorded[decision.id]
            waits = any((planned.due_at or at) <= at for planned in entry.to_do())
            if waits and entry.free_at <= at and decision.message.room.platform in platforms and len(taken) < limit:
                entry.free_at = at + lease
                taken.append(decision)
        return taken

    async def tried(self, key: str, at: datetime) -> None:
        """See the port."""
        self._set(key, lambda now: replace(now, state=ActionState.TRIED, attempts=now.attempts + 1))

    async def done(self, key: str, outcome: Outcome, at: datetime) -> None:
        """See the port."""
        self._set(key, lambda now: replace(now, state=ActionState.DONE, outcome=outcome, problem=None), late=True)

    async def postpone(self, key: str, until: datetime, problem: str) -> None:
        """See the port."""
        self._set(key, lambda now: replace(now, due_at=until, problem=problem))

    async def failed(self, key: str, problem: str, at: datetime) -> None:
        """See the port."""
        self._set(key, lambda now: replace(now, state=ActionState.FAILED, problem=problem))

    async def release(self, decision: str) -> None:
        """See the port."""
        if decision in self._tables.recorded:
            entry = self._tables.recorded[decision]
            entry.free_at = entry.decision.decided_at

    async def actions(self, decision: str) -> Sequence[PlannedAction]:
        """See the port."""
        found = self._tables.recorded.get(decision)
        return list(found.actions.values()) if found else []

    async def strikes(self, workspace: RoomRef, author: str, at: datetime, half_life: timedelta) -> float:
        """See the port."""
        mine = [past for past in self._of_author(workspace, author) if not self._brought_back(past)]
        return sum(past.strike * math.pow(0.5, (at - past.decided_at) / half_life) for past in mine)

    def _of_author(self, workspace: RoomRef, author: str) -> list[Decision]:
        here = (author, workspace.platform, workspace.workspace)
        return [
            past
            for past in self._oldest_first()
            if (past.author, past.message.room.platform, past.message.room.workspace) == here
        ]

    def _brought_back(self, decision: Decision) -> bool:
        case = self._tables.cases.get(decision.case or "")
        return case is not None and case.state in BROUGHT_BACK

    def _oldest_first(self) -> list[Decision]:
        found = [entry.decision for entry in self._tables.recorded.values()]
        return sorted(found, key=lambda decision: decision.decided_at)

    def _set(self, key: str, change: Callable[[PlannedAction], PlannedAction], *, late: bool = False) -> None:
        entry = self._tables.recorded.get(key.split(":", maxsplit=1)[0])
        if entry is not None and key in entry.actions and (late or entry.actions[key].state in _OPEN):
            entry.actions[key] = change(entry.actions[key])
