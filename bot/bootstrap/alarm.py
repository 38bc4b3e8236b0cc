"""Tells the moderators' rooms when a policy file does not check."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import structlog

from bot.domain.errors import PlatformError
from bot.domain.message import MessageRef
from bot.domain.words import Words
from bot.service.ports import Platform, Policies

_log = structlog.get_logger(__name__)

#: So much of a long list of errors is posted; the whole list is what ``chaperone policy check`` prints.
MOST = 1500


class PolicyAlarm:
    """Rings in the team room of every workspace; silent until it is connected."""

    def __init__(self) -> None:
        self._platforms: Sequence[Platform] = ()
        self._policies: Policies | None = None

    def connect(self, platforms: Sequence[Platform], policies: Policies) -> None:
        """From now on, ring on these platforms."""
        self._platforms, self._policies = platforms, policies

    async def ring(self, errors: str) -> None:
        """Post the rendered errors. They quote the policy, never a message."""
        text = f"The policy file has a mistake, so the last good version stays in force.\n```\n{errors[:MOST]}\n```"
        words = Words(key=f"policy:{hashlib.sha256(errors.encode()).hexdigest()[:16]}", text=text)
        for platform in self._platforms:
            await self._ring_on(platform, words)

    async def _ring_on(self, platform: Platform, words: Words) -> None:
        if self._policies is None:
            return
        rooms = await platform.rooms()
        for first in {room.ref.workspace: room.ref for room in rooms}.values():
            try:
                team_room = self._policies.policy_for(first).team_room
                await platform.post(team_room, MessageRef(room=first, message=""), words, again=True)
            except PlatformError as error:
                _log.warning("the team room did not hear", action="alarm_failed", error=type(error).__name__)
