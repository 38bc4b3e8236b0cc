"""The front door: what comes in is kept first, worked on later."""

from __future__ import annotations

import asyncio

import structlog

from bot.domain.case import CaseState, Verb
from bot.domain.decision import ActionKind
from bot.domain.message import Message, MessageRef, PlatformName, RoomRef
from bot.domain.outcome import ActionState
from bot.service.ports import Clock, Platform
from bot.service.recent import RecentTalk
from bot.service.store import Store, TrailEntry

_log = structlog.get_logger(__name__)
_NOT_OURS = frozenset({ActionState.PLANNED, ActionState.FAILED})


class Intake:
    """Takes messages and deletions from the adapters. ``wake`` is set whenever there is work."""

    def __init__(self, store: Store, clock: Clock, wake: asyncio.Event) -> None:
        self._store = store
        self._clock = clock
        self._wake = wake
        self._recent = RecentTalk()
        self._caught_up: set[RoomRef] = set()

    async def accept(self, message: Message, position: str) -> None:
        """Keep a message that the platform sent just now. It is safe to acknowledge once this returns."""
        await self.keep(message)
        if message.ref.room in self._caught_up:
            await self._store.memory.advance(message.ref.room, position)

    async def keep(self, message: Message) -> bool:
        """Keep a message for the worker; False where this revision is known."""
        new = await self._store.inbox.put(self._recent.in_context(message), self._clock.now())
        if new:
            self._wake.set()
        return new

    async def gone(self, message: MessageRef) -> None:
        """A message was deleted. Where its author did it, its open case is closed; where the bot did, nothing changes."""
        case = await self._store.cases.of_message(message)
        if case is None or case.state is not CaseState.OPEN or case.hidden or await self._hidden_by_us(message):
            return
        at = self._clock.now()
        after = case.after(Verb.EXPIRE, by="author", at=at)
        entry = TrailEntry(
            case=case.id, verb=Verb.EXPIRE, by="author", at=at, detail="The message was deleted on the platform."
        )
        await self._store.cases.change(case, after, entry)
        _log.info("case closed, message deleted", action="case_expired", case=case.id)

    async def catch_up(self, platform: Platform) -> int:
        """Read what every room said while nobody listened; how many messages were new."""
        found = 0
        for room in await platform.rooms():
            async for message in platform.missed(room, await self._store.memory.watermark(room.ref)):
                found += await self.keep(message)
                await self._store.memory.advance(room.ref, platform.position(message))
            self._caught_up.add(room.ref)
        _log.info("caught up", action="caught_up", platform=platform.name, new=found)
        return found

    def lost_touch(self, platform: PlatformName) -> None:
        """The connection broke: watermarks stand still until the next catch-up, or what was missed would be forgotten."""
        self._caught_up = {room for room in self._caught_up if room.platform is not platform}

    async def _hidden_by_us(self, message: MessageRef) -> bool:
        for decision in await self._store.decisions.of_message(message):
            for planned in await self._store.decisions.actions(decision.id):
                if planned.action.kind is ActionKind.HIDE and planned.state not in _NOT_OURS:
                    return True
        return False
