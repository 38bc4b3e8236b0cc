"""The store port: the inbox, decisions and their actions, cases and their trail, the vault, the watermarks.

Whatever holds message text goes in and out encrypted; no other column, and no exception, carries any. Every method is one transaction.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from bot.domain.case import Case, CaseState, Verb
from bot.domain.decision import ActionKind, Decision
from bot.domain.message import Message, MessageRef, PlatformName, RoomRef
from bot.domain.outcome import ActionState, Outcome, PlannedAction
from bot.domain.reading import Redaction


@dataclass(frozen=True, slots=True, kw_only=True)
class TrailEntry:
    """Who did what to a case, and when: the log that a privacy officer asks for. ``detail`` holds no message text."""

    case: str
    verb: Verb
    by: str
    at: datetime
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyVersion:
    """A policy as it once was in force: its content hash, its YAML and since when.

    ``instead_of`` is set where people put it in force by hand: the hash of what the policy file said then. It stays in force while the
    file says that.
    """

    hash: str
    source: str
    since: datetime
    instead_of: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What the vault holds of a case: the message, and what to take out of it so that it leaks no more."""

    message: Message
    redactions: tuple[Redaction, ...] = ()


class Inbox(Protocol):
    """Messages that came in and wait to be decided on."""

    async def put(self, message: Message, at: datetime) -> bool:
        """Keep the message; False where this revision was kept before, finished or not."""
        ...

    async def take(
        self, platforms: frozenset[PlatformName], limit: int, at: datetime, lease: timedelta
    ) -> Sequence[Message]:
        """Waiting messages of these platforms, oldest first. Nobody else gets them until ``lease`` is over; then they wait again.

        A message that no key opens stays waiting and is left out: the log names it, and the key can be put back.
        """
        ...

    async def finish(self, key: str, at: datetime) -> None:
        """Forget the message's text, remember that this revision is done."""
        ...

    async def waiting(self) -> int:
        """How many messages are not finished."""
        ...


class Decisions(Protocol):
    """What was decided and what came of it.

    A settled action stays settled, whoever comes late with ``tried``, ``postpone`` or ``failed``; ``done`` is always believed. To set an
    action or give back a decision that is not there (any more) changes nothing.
    """

    async def record(self, decision: Decision, case: Case | None, kept: Kept, lease: timedelta) -> bool:
        """Write the decision with its actions as planned and finish the message in the inbox; a person's decision leaves that alone.

        With a case, write that too, and ``kept`` into the vault; a case that exists is left as it is. All or nothing. The caller alone
        enforces the decision until ``lease`` is over. False, and nothing is written but the inbox entry finished, where a decision with
        this id is recorded already. The time is ``decided_at``.
        """
        ...

    async def decision(self, decision: str) -> Decision | None:
        """The decision with this id."""
        ...

    async def of_message(self, message: MessageRef) -> Sequence[Decision]:
        """Every decision about any revision of the message, oldest first."""
        ...

    async def recent(self, since: datetime) -> Sequence[Decision]:
        """Every decision since then, oldest first."""
        ...

    async def by_author(self, workspace: RoomRef, author: str, since: datetime) -> Sequence[Decision]:
        """The decisions about what the author said anywhere in the workspace since then, oldest first."""
        ...

    async def tally(self, since: datetime) -> Mapping[tuple[ActionKind, ActionState], int]:
        """How many actions the decisions since then planned, by kind and by how far they are."""
        ...

    async def due(
        self, platforms: frozenset[PlatformName], limit: int, at: datetime, lease: timedelta
    ) -> Sequence[Decision]:
        """Decisions on these platforms with an action whose time has come, oldest first. Nobody else gets them until ``lease`` is over."""
        ...

    async def tried(self, key: str, at: datetime) -> None:
        """The action is being tried now; counts the attempt."""
        ...

    async def done(self, key: str, outcome: Outcome, at: datetime) -> None:
        """The action was done."""
        ...

    async def postpone(self, key: str, until: datetime, problem: str) -> None:
        """The action can't be done now and is tried again then."""
        ...

    async def failed(self, key: str, problem: str, at: datetime) -> None:
        """The action failed for good."""
        ...

    async def release(self, decision: str) -> None:
        """Give the decision back: what is left of it is due for anybody when its time comes."""
        ...

    async def actions(self, decision: str) -> Sequence[PlannedAction]:
        """All actions of a decision, in the order of doing; none where there is no such decision."""
        ...

    async def strikes(self, workspace: RoomRef, author: str, at: datetime, half_life: timedelta) -> float:
        """What live decisions count against the author in the workspace, each halved with every ``half_life`` gone by.

        Where a person brought the message back, the decision counts no more.
        """
        ...


class Cases(Protocol):
    """The queue."""

    async def case(self, case: str) -> Case:
        """The case. Raises UnknownCaseError."""
        ...

    async def of_message(self, message: MessageRef) -> Case | None:
        """The newest case about the message."""
        ...

    async def listed(self, states: frozenset[CaseState], limit: int) -> Sequence[Case]:
        """Cases in these states, most urgent first, then appealed ones, then oldest first."""
        ...

    async def opened_since(self, since: datetime) -> Sequence[Case]:
        """Every case opened since then, whatever its state, oldest first."""
        ...

    async def change(
        self, before: Case, after: Case, entry: TrailEntry | None, decision: Decision | None = None
    ) -> bool:
        """Replace the case, add to its trail, and record the human's decision with its actions, due at once; all or nothing.

        False, and nothing is written, where the case is no longer as ``before`` says: somebody else was first.
        """
        ...

    async def trail(self, case: str) -> Sequence[TrailEntry]:
        """Everything that was done to the case, oldest first."""
        ...


class Vault(Protocol):
    """The one place that keeps text, encrypted, under the id of its case."""

    async def kept(self, case: str) -> Kept:
        """The text of the case. Raises ErasedError, UnknownCaseError or VaultError."""
        ...

    async def erase(self, case: str, by: str, at: datetime) -> bool:
        """Forget the text for good, and mark that in the trail; False where there was none. The case stays."""
        ...

    async def erase_older(self, than: datetime, by: str, at: datetime) -> int:
        """Forget every text kept before then whose case is closed, and mark that in the trails; how many."""
        ...

    async def reseal(self) -> int:
        """Encrypt everything anew with the first key, step by step while others work; how many texts, waiting ones too.

        Raises VaultError once all others are done where some do not open with any key; those stay as they are.
        """
        ...


class Memory(Protocol):
    """Small things to remember: how far each room was read, who said what again, which policies were in force."""

    async def watermark(self, room: RoomRef) -> str | None:
        """The position up to which the room was read."""
        ...

    async def advance(self, room: RoomRef, position: str) -> None:
        """Move the watermark forward; never back."""
        ...

    async def remember_post(self, room: RoomRef, author: str, message: str, digest: str, at: datetime) -> None:
        """Remember that the author posted words with this keyed digest. What is said again of one message counts instead."""
        ...

    async def posts(
        self, room: RoomRef, author: str, digest: str | None, since: datetime, but: str
    ) -> Sequence[datetime]:
        """When the author posted in the workspace, oldest first (the same words, where a digest is given), message ``but`` left out."""
        ...

    async def keep_policy(self, version: PolicyVersion) -> None:
        """Keep a policy version; keeping it again makes it the newest, in force since the later time, and no second one."""
        ...

    async def policies(self) -> Sequence[PolicyVersion]:
        """The versions kept, newest first."""
        ...

    async def newest_policy(self) -> PolicyVersion | None:
        """The version kept last: the one in force."""
        ...


class Store(Protocol):
    """Everything together."""

    @property
    def inbox(self) -> Inbox:
        """Messages that wait."""
        ...

    @property
    def decisions(self) -> Decisions:
        """What was decided."""
        ...

    @property
    def cases(self) -> Cases:
        """The queue."""
        ...

    @property
    def vault(self) -> Vault:
        """The texts."""
        ...

    @property
    def memory(self) -> Memory:
        """Small things."""
        ...

    async def break_leases(self, platforms: frozenset[PlatformName]) -> None:
        """Make everything on these platforms due that a worker took and did not finish. Called at start: a platform has one worker."""
        ...

    async def erase_person(self, platform: PlatformName, workspace: str, author: str, *, by: str, at: datetime) -> int:
        """Forget what a person wrote, in waiting messages and in the vault, their name in cases, and when they posted; how many texts.

        The trails of their cases say when and by whom.
        Whatever others said before a message is forgotten in the whole workspace, since nobody knows any more who of them it was. Ids,
        decisions and trails stay. A message being moderated at this moment may still be kept; erasing again finds it. Raises
        VaultError once the rest is done where texts of others do not open with any key.
        """
        ...

    async def prune(self, before: datetime, strikes_before: datetime) -> int:
        """Forget finished messages' keys, posts, and decisions without a case that have nothing left to do, all from before then; how many.

        Decisions that count a strike stay until they are from before ``strikes_before``, which is no later. What comes in again from
        before then counts as new.
        """
        ...

    async def ready(self) -> bool:
        """Whether the database answers and its schema is this version's."""
        ...

    async def close(self) -> None:
        """Give back every connection."""
        ...
