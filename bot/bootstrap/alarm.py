"""The moderators' rooms, as far as the policy concerns them: told when its file breaks or is mended, looked for when it names them."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Sequence

import structlog

from bot.domain.errors import PlatformError
from bot.domain.message import MessageRef, PlatformName, RoomRef
from bot.domain.words import Words
from bot.policy_file.team_room import Sight, Workspace
from bot.service.ports import Platform, Policies

_log = structlog.get_logger(__name__)

#: Seconds within which a platform says which rooms it has: a changed policy does not wait for a platform in trouble.
LOOK_WITHIN = 5.0


class PolicyAlarm:
    """Rings in the team room of every workspace; silent until it is connected."""

    def __init__(self) -> None:
        self._platforms: Sequence[Platform] = ()
        self._policies: Policies | None = None
        self._told: set[tuple[PlatformName, str]] = set()

    def connect(self, platforms: Sequence[Platform], policies: Policies) -> None:
        """From now on, ring on these platforms."""
        self._platforms, self._policies = platforms, policies

    async def tell(self, text: str, key: str) -> bool:
        """See the port. The text may quote the policy, never a message. False where a platform is not connected yet, or does not answer."""
        words = Words(key=f"policy:{hashlib.sha256(f'{key}|{text}'.encode()).hexdigest()[:16]}", text=text)
        return all([await self._tell_on(platform, words) for platform in self._platforms])

    async def look_for(self, rooms: Sequence[str]) -> Sight:
        """See the port."""
        found: dict[Workspace, frozenset[str]] = {}
        whole = True
        for platform in self._platforms:
            try:
                async with asyncio.timeout(LOOK_WITHIN):
                    seen = await _found_on(platform, rooms)
            except (PlatformError, TimeoutError) as error:
                _log.warning("the team room was not looked for", action="team_room", error=type(error).__name__)
                seen = {}
            found |= seen
            whole = whole and bool(seen)
        return Sight(found=found, whole=whole)

    async def _tell_on(self, platform: Platform, words: Words) -> bool:
        if self._policies is None or (platform.name, words.key) in self._told:
            return True
        try:
            workspaces = await _workspaces(platform)
        except PlatformError as error:
            _log.warning("the team room did not hear", action="alarm_failed", error=type(error).__name__)
            return False
        for first in workspaces:
            try:
                team_room = self._policies.policy_for(first).team_room
                await platform.post(team_room, MessageRef(room=first, message=""), words, again=True)
            except PlatformError as error:
                _log.warning("the team room did not hear", action="alarm_failed", error=type(error).__name__)
        if workspaces:
            self._told.add((platform.name, words.key))
        return bool(workspaces)


async def _workspaces(platform: Platform) -> Sequence[RoomRef]:
    """One room of each workspace; none while the platform is not connected yet."""
    return [*{room.ref.workspace: room.ref for room in await platform.rooms()}.values()]


async def _found_on(platform: Platform, rooms: Sequence[str]) -> dict[Workspace, frozenset[str]]:
    found: dict[Workspace, frozenset[str]] = {}
    for first in await _workspaces(platform):
        has = [room for room in rooms if await platform.has_room(room, first)]
        found[platform.name, first.workspace] = frozenset(has)
    return found
