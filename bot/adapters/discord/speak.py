"""Saying something in a channel once: sent with a nonce, found again by its mark."""

from __future__ import annotations

from collections.abc import Callable

import discord

from bot.adapters.discord.calls import Calls
from bot.adapters.discord.marks import carries, nonce
from bot.adapters.discord.rights import Task

#: So many of a channel's last messages are looked through for something that was said before.
LOOKED_BACK = 100
NOBODY = discord.AllowedMentions.none()


class Speaker:
    """Posts as the bot."""

    def __init__(self, client: discord.Client, calls: Calls) -> None:
        self._client = client
        self._calls = calls

    async def say(
        self,
        channel: discord.abc.Messageable,
        place: int,
        pieces: list[str],
        key: str,
        *,
        task: Task = Task.SAY,
        view: discord.ui.View | None = None,
        mentions: discord.AllowedMentions = NOBODY,
        answering: discord.MessageReference | None = None,
    ) -> discord.Message:
        """Post the pieces in a row, the buttons under the last; that last message."""
        async with self._calls.to(place, task):
            for number, piece in enumerate(pieces[:-1]):
                await channel.send(piece, nonce=nonce(f"{key}#{number}"), allowed_mentions=mentions)
            last, under = pieces[-1], view or discord.ui.View(timeout=None)
            if answering is None:
                return await channel.send(last, nonce=nonce(key), allowed_mentions=mentions, view=under)
            return await channel.send(
                last, nonce=nonce(key), allowed_mentions=mentions, view=under, reference=answering
            )

    async def said(
        self,
        channel: discord.abc.Messageable,
        place: int,
        key: str,
        *,
        task: Task = Task.SAY,
        also: Callable[[discord.Message], bool] | None = None,
        after: int | None = None,
    ) -> discord.Message | None:
        """What the bot posted with this key, or what ``also`` recognises, among the latest messages (or the first after an id)."""
        start = None if after is None else discord.Object(after)
        async with self._calls.to(place, task):
            async for message in channel.history(limit=LOOKED_BACK, after=start):
                if self._is_own(message) and (carries(message, key) or (also is not None and also(message))):
                    return message
        return None

    def channel(self, place: int, workspace: str) -> discord.PartialMessageable:
        """A channel to post in, known to discord.py or not."""
        return self._client.get_partial_messageable(place, guild_id=int(workspace))

    def _is_own(self, message: discord.Message) -> bool:
        return self._client.user is not None and message.author.id == self._client.user.id
