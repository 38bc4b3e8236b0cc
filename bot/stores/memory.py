"""The reference store: everything in dictionaries. What the contract suite says of stores, it says of this one first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.domain.case import Case, CaseState
from bot.domain.decision import Decision
from bot.domain.errors import ErasedError, UnknownCaseError
from bot.domain.message import MessageRef, PlatformName, RoomRef
from bot.service.store import Kept, PolicyVersion, TrailEntry
from bot.stores.memory_upkeep import erase_person, erase_text, prune
from bot.stores.memory_work import MemoryDecisions, MemoryInbox, Tables


class MemoryCases:
    """The queue, in a dictionary."""

    def __init__(self, tables: Tables, decisions: MemoryDecisions) -> None:
        self._tables = tables
        self._decisions = decisions

    async def case(self, case: str) -> Case:
        """See the port."""
        if case not in self._tables.cases:
            raise UnknownCaseError(f"There is no case {case}.")
        return self._tables.cases[case]

    async def of_message(self, message: MessageRef) -> Case | None:
        """See the port."""
        about = [case for case in self._tables.cases.values() if case.message.key == message.key]
        return max(about, key=lambda case: (case.opened_at, case.id), default=None)

    async def listed(self, states: frozenset[CaseState], limit: int) -> Sequence[Case]:
        """See the port."""
        found = [case for case in self._tables.cases.values() if case.state in states]
        found.sort(key=lambda case: (-case.urgency, case.appealed_at is None, case.opened_at, case.id))
        return found[:limit]

    async def opened_since(self, since: datetime) -> Sequence[Case]:
        """See the port."""
        found = [case for case in self._tables.cases.values() if case.opened_at >= since]
        return sorted(found, key=lambda case: (case.opened_at, case.id))

    async def change(
        self, before: Case, after: Case, entry: TrailEntry | None, decision: Decision | None = None
    ) -> bool:
        """See the port."""
        if self._tables.cases.get(before.id) != before:
            return False
        self._tables.cases[after.id] = after
        if entry is not None:
            self._tables.trail.append(entry)
        if decision is not None:
            self._decisions.add(decision, decision.decided_at)
        return True

    async def trail(self, case: str) -> Sequence[TrailEntry]:
        """See the port."""
        return sorted((entry for entry in self._tables.trail if entry.case == case), key=lambda entry: entry.at)


class MemoryVault:
    """The vault, in a dictionary: nothing is written anywhere, so nothing is encrypted."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    async def kept(self, case: str) -> Kept:
        """See the port."""
        if case not in self._tables.cases:
            raise UnknownCaseError(f"There is no case {case}.")
        if case not in self._tables.vault:
            raise ErasedError
        return self._tables.vault[case][0]

    async def erase(self, case: str, by: str, at: datetime) -> bool:
        """See the port."""
        return erase_text(self._tables, case, by, at)

    async def erase_older(self, than: datetime, by: str, at: datetime) -> int:
        """See the port."""
        closed = {case.id for case in self._tables.cases.values() if case.closed_at is not None}
        old = [case for case, (_, at) in self._tables.vault.items() if at < than and case in closed]
        return sum(erase_text(self._tables, case, by, at) for case in old)

    async def reseal(self) -> int:
        """See the port."""
        return len(self._tables.vault) + sum(entry.message is not None for entry in self._tables.waiting.values())


class MemoryMemory:
    """Small things, in dictionaries."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    async def watermark(self, room: RoomRef) -> str | None:
        """See the port."""
        return self._tables.watermarks.get(room)

    async def advance(self, room: RoomRef, position: str) -> None:
        """See the port."""
        self._tables.watermarks[room] = max(position, self._tables.watermarks.get(room, ""))

    async def remember_post(self, room: RoomRef, author: str, message: str, digest: str, at: datetime) -> None:
        """See the port."""
        self._tables.posts[(room, message)] = (author, digest, at)

    async def posts(
        self, room: RoomRef, author: str, digest: str | None, since: datetime, but: str
    ) -> Sequence[datetime]:
        """See the port."""
        return sorted(
            at
            for (where, message), (who, words, at) in self._tables.posts.items()
            if (where.platform, where.workspace) == (room.platform, room.workspace)
            and who == author
            and digest in (None, words)
            and at >= since
            and message != but
        )

    async def keep_policy(self, version: PolicyVersion) -> None:
        """See the port."""
        self._tables.policies = [kept for kept in self._tables.policies if kept.hash != version.hash]
        self._tables.policies.insert(0, version)

    async def policies(self) -> Sequence[PolicyVersion]:
        """See the port."""
        return list(self._tables.policies)

    async def newest_policy(self) -> PolicyVersion | None:
        """See the port."""
        return next(iter(self._tables.policies), None)


class MemoryStore:
    """A Store that forgets everything with the process."""

    def __init__(self) -> None:
        self._tables = tables = Tables()
        self.inbox = MemoryInbox(tables)
        self.decisions = MemoryDecisions(tables, self.inbox)
        self.cases = MemoryCases(tables, self.decisions)
        self.vault = MemoryVault(tables)
        self.memory = MemoryMemory(tables)

    async def break_leases(self, platforms: frozenset[PlatformName]) -> None:
        """See the port."""
        for waiting in self._tables.waiting.values():
            if waiting.message is not None and waiting.message.ref.room.platform in platforms:
                waiting.free_at = waiting.put_at
        for entry in self._tables.recorded.values():
            if entry.decision.message.room.platform in platforms:
                entry.free_at = entry.decision.decided_at

    async def erase_person(self, platform: PlatformName, workspace: str, author: str, *, by: str, at: datetime) -> int:
        """See the port."""
        return erase_person(self._tables, (platform, workspace), author, by, at)

    async def prune(self, before: datetime, strikes_before: datetime) -> int:
        """See the port."""
        return prune(self._tables, before, strikes_before)

    async def ready(self) -> bool:
        """See the port."""
        return True

    async def close(self) -> None:
        """See the port."""
