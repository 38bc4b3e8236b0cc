"""Discord as a Platform."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from urllib.parse import quote

import discord

from bot.adapters.discord.calls import Calls, granted
from bot.adapters.discord.doctor import Doctor
from bot.adapters.discord.errors import THREAD_ARCHIVED
from bot.adapters.discord.history import History
from bot.adapters.discord.places import (
    Place,
    Places,
    RoomChannel,
    channel_id,
    is_forum_starter,
    is_title,
    position,
    room_of,
    snowflake,
)
from bot.adapters.discord.private import PrivateNotes
from bot.adapters.discord.restore import Restorer
from bot.adapters.discord.rights import VIEW, Task, lacking
from bot.adapters.discord.speak import Speaker
from bot.adapters.discord.team import called, find_room
from bot.adapters.discord.titles import COVERED, Titles
from bot.adapters.discord.view import CONTENT, contents, parts, view_of
from bot.adapters.discord.webhooks import Webhooks
from bot.domain.errors import ForbiddenError, GoneError
from bot.domain.message import Message, MessageRef, PlatformName, Room, RoomRef
from bot.domain.outcome import How, Outcome
from bot.domain.words import Words
from bot.service.ports import Check, Clock

#: Characters of an audit log reason as it stands in the header, URL-encoded. Source: reference, "Audit Log Entries".
LONGEST_REASON = 512
#: Seconds; source: Channel resource, ``rate_limit_per_user``.
LONGEST_SLOWMODE = 21_600
#: Source: Guild resource, ``communication_disabled_until``.
LONGEST_TIME_OUT = timedelta(days=28)
_ANSWERED_ONLY = discord.AllowedMentions(everyone=False, roles=False, users=False, replied_user=True)


class DiscordPlatform:
    """Does what it is asked to on Discord."""

    name = PlatformName.DISCORD

    def __init__(self, client: discord.Client, clock: Clock, log_in: Callable[[], Awaitable[None]]) -> None:
        self._client = client
        self._clock = clock
        self._log_in = log_in
        self.places = Places()
        self.calls = Calls(client, clock)
        self._speaker = Speaker(client, self.calls)
        self.notes = PrivateNotes(client, self.calls, self._speaker, self.places, clock)
        self._titles = Titles(client, self.calls)
        self._restorer = Restorer(self.calls, self._speaker, Webhooks(client, self.calls), self._titles)
        self._history = History(client, self.calls, self.places, self.notes, clock)

    async def rooms(self) -> Sequence[Room]:
        """See the port."""
        return [
            room_of(channel)
            for guild in self._client.guilds
            if not guild.unavailable
            for channel in guild.channels
            if isinstance(channel, RoomChannel) and not lacking(granted(channel), (VIEW,))
        ]

    async def has_room(self, room: str, near: RoomRef) -> bool:
        """See the port."""
        try:
            find_room(self._client, near.workspace, room)
        except GoneError:
            return False
        return True

    def missed(self, room: Room, after: str | None) -> AsyncIterator[Message]:
        """See the port."""
        return self._history.missed(room, after)

    def position(self, message: Message) -> str:
        """See the port. A title stands where its thread was opened, which may be under a much older message."""
        opened = is_title(message.ref) and message.ref.thread == str(snowflake(message.ref))
        return self.position_at(message.sent_at) if opened else position(snowflake(message.ref))

    async def title(self, thread: discord.Thread, place: Place) -> Message | None:
        """The title of a new thread as its owner's message; None where a bot opened it."""
        return await self._history.title(thread, place)

    def position_at(self, at: datetime) -> str:
        """See the port. Discord's ids hold the time at which they were made."""
        return position(discord.utils.time_snowflake(at))

    async def hide(self, message: MessageRef, *, reason: str, again: bool) -> How:
        """See the port. Of a forum post the title is covered too."""
        if is_title(message):
            return await self._titles.hide(message, reason=fitting(reason))
        how = How.DELETED
        try:
            async with self.calls.to(channel_id(message), Task.HIDE):
                await self._delete(message, fitting(reason))
        except GoneError:
            how = How.ALREADY
        if is_forum_starter(message):
            await self._cover_title(message)
        return how

    async def restore(self, message: Message, text: str, words: Words, *, again: bool) -> Outcome:
        """See the port."""
        return await self._restorer.restore(message, text, words, again=again)

    async def tell(self, author: str, room: RoomRef, words: Words, *, in_room: bool, again: bool) -> Outcome:
        """See the port."""
        return await self.notes.tell(author, room, words, in_room=in_room, again=again)

    async def answer(self, message: MessageRef, words: Words, *, again: bool) -> Outcome:
        """See the port. A second try knows the first answer by what it answers. To a title nobody can reply: it is answered beneath."""
        place, wanted = channel_id(message), snowflake(message)
        task = Task.SAY_IN_THREAD if message.thread else Task.SAY
        channel = self._speaker.channel(place, message.room.workspace)
        pieces = parts(words.text)

        answering = None if is_title(message) else discord.MessageReference(message_id=wanted, channel_id=place)

        def is_it(posted: discord.Message) -> bool:
            answered = posted.reference and posted.reference.message_id
            return answered == (answering and answering.message_id) and posted.content == pieces[-1]

        posted = None
        if again:
            posted = await self._speaker.said(channel, place, words.key, task=task, also=is_it, after=wanted)
        if posted is None:
            posted = await self._speaker.say(
                channel,
                place,
                pieces,
                words.key,
                task=task,
                view=view_of(words.buttons, words.links, key=words.key),
                mentions=_ANSWERED_ONLY,
                answering=answering,
            )
        return Outcome(
            how=How.POSTED, posted=MessageRef(room=message.room, message=str(posted.id), thread=message.thread)
        )

    async def post(self, room: str, message: MessageRef, words: Words, *, again: bool) -> Outcome:
        """See the port."""
        found = find_room(self._client, message.room.workspace, room)
        task = Task.SAY_IN_THREAD if isinstance(found, discord.Thread) else Task.SAY
        posted = await self._speaker.said(found, found.id, words.key, task=task) if again else None
        if posted is None:
            call, mentions = await called(found.guild, words)
            pieces = contents(words)
            pieces[0] = f"{call} {pieces[0]}"[:CONTENT] if call else pieces[0]
            view = view_of(words.buttons, words.links, key=words.key)
            posted = await self._speaker.say(
                found, found.id, pieces, words.key, task=task, view=view, mentions=mentions
            )
        ref = RoomRef(platform=self.name, workspace=message.room.workspace, room=str(found.id))
        return Outcome(how=How.POSTED, posted=MessageRef(room=ref, message=str(posted.id)))

    async def slow_down(self, room: RoomRef, seconds: int) -> Outcome:
        """See the port."""
        channel, wait = int(room.room), min(seconds, LONGEST_SLOWMODE)
        async with self.calls.to(channel, Task.SLOW_DOWN):
            await self._client.http.edit_channel(channel, rate_limit_per_user=wait, reason="Slowed down by the policy")
        return Outcome(how=How.LIMITED)

    async def time_out(self, author: str, room: RoomRef, seconds: int, *, reason: str) -> Outcome:
        """See the port. Discord refuses it for the owner, administrators and whoever stands above the bot's own role."""
        until = self._clock.now() + min(timedelta(seconds=seconds), LONGEST_TIME_OUT)
        async with self.calls.to(int(author), Task.TIME_OUT):
            await self._client.http.edit_member(
                int(room.workspace),
                int(author),
                communication_disabled_until=until.isoformat(),
                reason=fitting(reason),
            )
        return Outcome(how=How.LIMITED)

    async def check(self) -> Sequence[Check]:
        """See the port. Needs no gateway: logs in where nobody has yet."""
        return await Doctor(self._client, self._clock, self._log_in).check()

    async def _delete(self, message: MessageRef, reason: str) -> None:
        place, wanted = channel_id(message), snowflake(message)
        try:
            await self._client.http.delete_message(place, wanted, reason=reason)
        except discord.HTTPException as error:
            if error.code != THREAD_ARCHIVED:
                raise
            await self._client.http.edit_channel(place, archived=False, reason=reason)
            await self._client.http.delete_message(place, wanted, reason=reason)

    async def _cover_title(self, message: MessageRef) -> None:
        try:
            await self._titles.give(message, COVERED)
        except GoneError:
            return
        except ForbiddenError as error:
            raise ForbiddenError(f"The message is deleted, but the title of its post still stands. {error}") from None


def fitting(reason: str) -> str:
    """The reason cut so that it fits its header."""
    while len(quote(reason, safe="/ ")) > LONGEST_REASON:
        reason = reason[: len(reason) * 9 // 10]
    return reason
