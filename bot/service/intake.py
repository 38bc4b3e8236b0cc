"""The front door: what comes in is kept first, worked on later."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta

import structlog

from bot.domain.case import Case, CaseReason, CaseState, Verb
from bot.domain.decision import ActionKind
from bot.domain.errors import TemporaryPlatformError
from bot.domain.message import Message, MessageRef, PlatformName, Role, RoomRef
from bot.domain.outcome import ActionState, How, PlannedAction
from bot.service.marks import Marks
from bot.service.ports import Clock, Platform, Policies
from bot.service.recent import RecentTalk
from bot.service.store import Store, TrailEntry

_log = structlog.get_logger(__name__)
_NOT_OURS = frozenset({ActionState.PLANNED, ActionState.FAILED})
#: The bot left the message where it was; it is the author who deletes it.
_LEFT_STANDING = frozenset({How.ASKED_AUTHOR, How.WITHHELD})
#: So many open cases are looked through for those of a room or thread that was deleted, the most urgent first.
_MOST_OPEN = 10_000
#: The platform's clock may be this much behind the machine's.
SKEW = timedelta(minutes=1)


class Intake:
    """Takes messages and deletions from the adapters. ``policies`` say who is staff; ``wake`` is set whenever there is work.

    ``marks`` must run beside it, or no watermark moves but in a catch-up.
    """

    def __init__(self, store: Store, clock: Clock, wake: asyncio.Event, policies: Policies) -> None:
        self._store = store
        self._clock = clock
        self._wake = wake
        self._policies = policies
        self._recent = RecentTalk()
        self._caught_up: set[RoomRef] = set()
        self._listening: set[PlatformName] = set()
        self._losses = 0
        self.marks = Marks(store.memory)

    async def accept(self, message: Message, position: str) -> None:
        """Keep a message that the platform sent just now. It is safe to acknowledge once this returns.

        Where it can't be kept, watermarks stand still until the next catch-up, so that it is read then at the latest.
        """
        room = message.ref.room
        try:
            await self.keep(message)
        except BaseException:
            self.lost_touch(room.platform)
            raise
        if room.platform in self._listening:  # also a room that the bot came to since the last catch-up
            self._caught_up.add(room)
        if room in self._caught_up:
            self.marks.reached(room, position)

    async def keep(self, message: Message) -> bool:
        """Keep a message for the worker; False where this revision is known."""
        people = self._policies.policy_for(message.ref.room).people
        in_context = self._recent.in_context(message, lambda author: people.role(author) is Role.STAFF)
        new = await self._store.inbox.put(in_context, self._clock.now())
        if new:
            self._wake.set()
        return new

    async def gone(self, message: MessageRef) -> None:
        """A message was deleted. Where its author did it, its open case is closed; where the bot did, it stays as it is."""
        self._recent.forget(message)
        case = await self._store.cases.of_message(message)
        while case is not None and await self._is_over(case):
            at = self._clock.now()
            after = case.after(Verb.EXPIRE, by="author", at=at)
            detail = "The message was deleted on the platform."
            entry = TrailEntry(case=case.id, verb=Verb.EXPIRE, by="author", at=at, detail=detail)
            if await self._store.cases.change(case, after, entry):
                _log.info("case closed, message deleted", action="case_expired", case=case.id)
                return
            case = await self._store.cases.of_message(message)

    async def thread_gone(self, room: RoomRef, thread: str) -> None:
        """A thread was deleted with everything in it; no platform tells of its messages one by one then."""
        await self._gone_with(lambda message: (message.room, message.thread) == (room, thread))

    async def room_gone(self, room: RoomRef) -> None:
        """The same for a room, with all its threads."""
        await self._gone_with(lambda message: message.room == room)

    async def _gone_with(self, lost: Callable[[MessageRef], bool]) -> None:
        for case in await self._store.cases.listed(frozenset({CaseState.OPEN}), _MOST_OPEN):
            if lost(case.message):
                await self.gone(case.message)

    async def catch_up(self, platform: Platform) -> int:
        """Read what every room said while nobody listened; how many messages were new."""
        found, losses = 0, self._losses
        for room in await platform.rooms():
            began, mark = self._clock.now(), await self._store.memory.watermark(room.ref)
            async for message in platform.missed(room, mark):
                found += await self.keep(message)
                await self._store.memory.advance(room.ref, platform.position(message))
            if mark is None:  # so that the first words in a quiet room are missed by nobody
                await self._store.memory.advance(room.ref, platform.position_at(began - SKEW))
            if losses != self._losses:
                raise TemporaryPlatformError("What came in meanwhile could not be kept, so everything is read again.")
            self._caught_up.add(room.ref)
        self._listening.add(platform.name)
        _log.info("caught up", action="caught_up", platform=platform.name, new=found)
        return found

    def lost_touch(self, platform: PlatformName) -> None:
        """The connection broke: watermarks stand still until the next catch-up, or what was missed would be forgotten."""
        self._caught_up = {room for room in self._caught_up if room.platform is not platform}
        self._listening.discard(platform)
        self.marks.forget(platform)
        self._losses += 1

    async def _is_over(self, case: Case) -> bool:
        """Whether the case is over once its message is gone. Who takes back a call for help is still in danger."""
        waits = case.state is CaseState.OPEN and not case.hidden and case.reason is not CaseReason.DANGER
        return waits and not await self._hidden_by_us(case.message)

    async def _hidden_by_us(self, message: MessageRef) -> bool:
        for decision in await self._store.decisions.of_message(message):
            for planned in await self._store.decisions.actions(decision.id):
                if planned.action.kind is ActionKind.HIDE and _took_away(planned):
                    return True
        return False


def _took_away(planned: PlannedAction) -> bool:
    left_standing = planned.outcome is not None and planned.outcome.how in _LEFT_STANDING
    return planned.state not in _NOT_OURS and not left_standing
