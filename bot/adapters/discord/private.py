"""Telling one person something: by direct message or, where that fails, by a short note in the room that leads to it."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from datetime import timedelta

import discord
import structlog

from bot.adapters.discord.calls import Calls
from bot.adapters.discord.marks import buttons, nonce
from bot.adapters.discord.places import Places, place_of
from bot.adapters.discord.rights import Task
from bot.adapters.discord.speak import Speaker
from bot.adapters.discord.view import ShowButton, contents, view_of
from bot.domain.errors import ForbiddenError, GoneError, PlatformError, UnreachableError
from bot.domain.message import RoomRef
from bot.domain.outcome import How, Outcome
from bot.domain.words import Words
from bot.service.ports import Clock

_log = structlog.get_logger(__name__)

#: So long the note stands in the room.
STANDS = timedelta(minutes=1)
_MOST_KEPT = 1000
_CLOSED = (ForbiddenError, GoneError, UnreachableError)


class PrivateNotes:
    """Direct messages and the notes that stand in for them. Words behind a note are kept in this process only."""

    def __init__(self, client: discord.Client, calls: Calls, speaker: Speaker, places: Places, clock: Clock) -> None:
        self._client = client
        self._calls = calls
        self._speaker = speaker
        self._places = places
        self._clock = clock
        self._kept: OrderedDict[str, Words] = OrderedDict()
        self._fading: set[asyncio.Task[None]] = set()

    async def tell(self, author: str, room: RoomRef, words: Words, *, in_room: bool, again: bool) -> Outcome:
        """See the port."""
        if not in_room:
            try:
                return await self._direct(author, words, again=again)
            except UnreachableError:
                _log.info("direct messages closed", action="dm_closed", member=author)
        return await self._in_room(author, room, words, again=again)

    def behind(self, mark: str) -> Words | None:
        """What the note with this mark leads to; None where this process did not write it."""
        return self._kept.get(mark)

    async def sweep(self, messages: list[discord.Message]) -> None:
        """Remove notes that have stood too long, as after a restart."""
        for message in messages:
            if self._clock.now() - message.created_at >= STANDS and self.is_note(message):
                await self._remove(message)

    def is_note(self, message: discord.Message) -> bool:
        """Whether the message is one of the bot's notes in a room."""
        own = self._client.user is not None and message.author.id == self._client.user.id
        return own and any((button.custom_id or "").startswith("chaperone:show:") for button in buttons(message))

    async def close(self) -> None:
        """Stop waiting for notes to go; the next start removes them."""
        for task in self._fading:
            task.cancel()
        await asyncio.gather(*self._fading, return_exceptions=True)

    async def _direct(self, author: str, words: Words, *, again: bool) -> Outcome:
        member = int(author)
        async with self._calls.to(member, Task.DIRECT):
            channel = await self._client.create_dm(discord.Object(member))
        if not (again and await self._speaker.said(channel, member, words.key, task=Task.DIRECT)):
            under = view_of(words.buttons, words.links, key=words.key)
            await self._speaker.say(channel, member, contents(words), words.key, task=Task.DIRECT, view=under)
        return Outcome(how=How.PRIVATE)

    async def _in_room(self, author: str, room: RoomRef, words: Words, *, again: bool) -> Outcome:
        place, task = self._spot(room, author)
        channel = self._speaker.channel(place, room.workspace)
        mark = nonce(words.key)
        self._keep(mark, words)
        try:
            standing = await self._standing(channel, place, words.key, task) if again else None
            if standing is None:
                view = discord.ui.View(timeout=None).add_item(ShowButton(mark, author, words.show))
                named = discord.AllowedMentions(everyone=False, roles=False, users=[discord.Object(int(author))])
                text = f"<@{author}> {words.knock}"
                standing = await self._speaker.say(
                    channel, place, [text], words.key, task=task, view=view, mentions=named
                )
        except _CLOSED as error:
            raise UnreachableError(f"The member can't be written to, in private or in the room. {error}") from None
        self._fade(standing)
        return Outcome(how=How.IN_ROOM)

    async def _standing(
        self, channel: discord.abc.Messageable, place: int, key: str, task: Task
    ) -> discord.Message | None:
        start = f"chaperone:show:{nonce(key)}:"
        return await self._speaker.said(
            channel,
            place,
            key,
            task=task,
            also=lambda message: any((button.custom_id or "").startswith(start) for button in buttons(message)),
        )

    def _spot(self, room: RoomRef, author: str) -> tuple[int, Task]:
        """Where the author will see it: their thread, else the room. Raises UnreachableError for a forum without a post of theirs."""
        thread = self._places.thread_of(room, author)
        channel = self._client.get_channel(int(room.room))
        if thread is None and isinstance(channel, discord.ForumChannel):
            own = [post.id for post in channel.threads if str(post.owner_id) == author]
            if not own:
                raise UnreachableError("The member takes no direct messages, and has no open post in this forum.")
            thread = max(own)
        if thread is not None:
            return thread, Task.SAY_IN_THREAD
        return int(room.room), Task.SAY

    def _keep(self, mark: str, words: Words) -> None:
        self._kept[mark] = words
        if len(self._kept) > _MOST_KEPT:
            self._kept.popitem(last=False)

    def _fade(self, message: discord.Message) -> None:
        task = asyncio.create_task(self._remove_later(message))
        self._fading.add(task)
        task.add_done_callback(self._fading.discard)

    async def _remove_later(self, message: discord.Message) -> None:
        await self._clock.sleep(STANDS.total_seconds())
        await self._remove(message)

    async def _remove(self, message: discord.Message) -> None:
        task = Task.SAY_IN_THREAD if (place := place_of(message.channel)) and place.thread else Task.SAY
        try:
            async with self._calls.to(message.channel.id, task):
                await message.delete()
        except PlatformError as error:
            _log.info("note not removed", action="note_left", message=str(message.id), error=type(error).__name__)
