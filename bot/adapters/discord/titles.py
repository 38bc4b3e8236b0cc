"""Titles of threads and forum posts: covered when hidden, given back when restored."""

from __future__ import annotations

import discord

from bot.adapters.discord.calls import Calls
from bot.adapters.discord.errors import SYSTEM_MESSAGE, THREAD_ARCHIVED
from bot.adapters.discord.places import channel_id, snowflake
from bot.adapters.discord.rights import Task
from bot.adapters.discord.speak import LOOKED_BACK
from bot.domain.errors import ForbiddenError, GoneError
from bot.domain.message import MessageRef
from bot.domain.outcome import How

#: What stands for a hidden title.
COVERED = "[…]"
#: Characters. Source: Channel resource, ``name``.
_LONGEST = 100


class Titles:
    """Changes names, and takes away what Discord itself wrote about them."""

    def __init__(self, client: discord.Client, calls: Calls) -> None:
        self._client = client
        self._calls = calls

    async def give(self, message: MessageRef, title: str, *, reason: str | None = None) -> None:
        """Give the thread or forum post in which the message stands another title."""
        place, name = channel_id(message), title[:_LONGEST]
        async with self._calls.to(place, Task.COVER_TITLE):
            try:
                await self._client.http.edit_channel(place, name=name, reason=reason)
            except discord.HTTPException as error:
                if error.code != THREAD_ARCHIVED:
                    raise
                await self._client.http.edit_channel(place, archived=False, reason=reason)
                await self._client.http.edit_channel(place, name=name, reason=reason)

    async def hide(self, message: MessageRef, *, reason: str) -> How:
        """Cover a title that is a message of its own, and delete Discord's notice of it where Discord lets anybody do that.

        Raises ForbiddenError where the notice still stands. Source: reference, "Message Types", column "Deletable".
        """
        try:
            await self.give(message, COVERED, reason=reason)
        except GoneError:
            return How.ALREADY
        opened = snowflake(message) == channel_id(message)
        place = int(message.room.room) if opened else channel_id(message)
        async with self._calls.to(place, Task.HIDE):
            notice = await self._notice_of_opening(message) if opened else snowflake(message)
            try:
                if notice is not None:
                    await self._client.http.delete_message(place, notice, reason=reason)
            except discord.NotFound:
                pass
            except discord.HTTPException as error:
                if error.code == SYSTEM_MESSAGE:
                    raise _notice_stands() from None
                raise
        return How.DELETED

    async def _notice_of_opening(self, message: MessageRef) -> int | None:
        """What Discord wrote in the room about the new thread, if anything; it quotes the title. Source: "Threads", message types."""
        room = self._client.get_partial_messageable(int(message.room.room), guild_id=int(message.room.workspace))
        async for said in room.history(limit=LOOKED_BACK):
            about = said.reference.channel_id if said.reference is not None else None
            if said.type is discord.MessageType.thread_created and about == channel_id(message):
                return said.id
        return None


def _notice_stands() -> ForbiddenError:
    return ForbiddenError(
        "The title is covered, but Discord's own notice of it still stands in the thread. "
        "Discord lets nobody delete such a notice; only deleting the whole thread takes it away."
    )
