"""The way out to Discord: errors become the port's, and a forbidden call is not made again and again."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

import discord

from bot.adapters.discord.errors import CALL_ERRORS, translated
from bot.adapters.discord.rights import Task, lacking, names
from bot.domain.errors import ForbiddenError, TemporaryPlatformError, UnreachableError
from bot.service.ports import Clock

#: So long a refusal is taken at its word. 10,000 bad answers in 10 minutes ban the address (documentation, "Invalid Request Limit").
REMEMBERED = timedelta(minutes=5)
_MOST_REMEMBERED = 5000


class Calls:
    """Guards every call. Forgets refusals after a while, and when anybody changes permissions."""

    def __init__(self, client: discord.Client, clock: Clock) -> None:
        self._client = client
        self._clock = clock
        self._refused: dict[tuple[int, Task], tuple[datetime, ForbiddenError | UnreachableError]] = {}

    @asynccontextmanager
    async def to(self, place: int, task: Task) -> AsyncIterator[None]:
        """Around calls for ``task`` in a channel (DIRECT: to a user). Raises the port's errors only."""
        self._may_go_out(place, task)
        try:
            yield
        except CALL_ERRORS as error:
            problem = translated(error, self.missing(place, task))
            if isinstance(problem, ForbiddenError | UnreachableError):
                self._remember((place, task), problem)
            raise problem from None

    def forget_refusals(self) -> None:
        """Permissions have changed: what was refused may be granted now."""
        self._refused.clear()

    def missing(self, place: int, task: Task) -> str:
        """Which permissions the bot lacks for ``task``; all that it takes where none seems to be missing."""
        if not task.value:
            return ""
        channel = self._client.get_channel(place)
        if isinstance(channel, discord.abc.GuildChannel | discord.Thread):
            return f"Missing: {names(lacking(granted(channel), task.value) or task.value)}."
        return f"It takes: {names(task.value)}."

    def _may_go_out(self, place: int, task: Task) -> None:
        if self._client.is_closed() or self._client.user is None:
            raise TemporaryPlatformError("Not connected to Discord.")
        until, problem = self._refused.get((place, task), (None, None))
        if until is None or problem is None:
            return
        if until > self._clock.now():
            raise type(problem)(str(problem))
        del self._refused[(place, task)]

    def _remember(self, what: tuple[int, Task], problem: ForbiddenError | UnreachableError) -> None:
        if len(self._refused) >= _MOST_REMEMBERED:
            self._refused.clear()
        self._refused[what] = (self._clock.now() + REMEMBERED, problem)


def granted(channel: discord.abc.GuildChannel | discord.Thread) -> discord.Permissions:
    """What the bot may do in a channel, as far as discord.py knows; in a thread whose parent it can't see: nothing."""
    if isinstance(channel, discord.Thread) and channel.parent is None:
        return discord.Permissions.none()
    return channel.permissions_for(channel.guild.me)
