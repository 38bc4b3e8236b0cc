"""People as members of a server, with the roles that threads and the history do not tell."""

from __future__ import annotations

from datetime import timedelta

import discord

from bot.adapters.discord.calls import Calls
from bot.adapters.discord.rights import Task
from bot.domain.errors import ForbiddenError, GoneError
from bot.service.ports import Clock

#: So long the roles of the people met are taken as known.
_KNOWN_FOR = timedelta(minutes=5)


class Members:
    """Asks Discord for members and remembers them for a while."""

    def __init__(self, calls: Calls, clock: Clock) -> None:
        self._calls = calls
        self._clock = clock
        self._known: dict[tuple[int, int], discord.Member | None] = {}
        self._known_at = clock.now()

    async def member(self, guild: discord.Guild, user: int) -> discord.Member | None:
        """Somebody with roles; None where they have left."""
        if self._clock.now() - self._known_at > _KNOWN_FOR:
            self._known, self._known_at = {}, self._clock.now()
        key = (guild.id, user)
        if key not in self._known:
            try:
                async with self._calls.to(guild.id, Task.READ):
                    self._known[key] = await guild.fetch_member(user)
            except (ForbiddenError, GoneError):
                self._known[key] = None
        return self._known[key]
