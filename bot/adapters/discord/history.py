"""What was said while nobody listened, read from the channels' history: new messages, and edits among the last ones."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

import discord
import structlog
from discord.utils import snowflake_time, time_snowflake

from bot.adapters.discord.calls import Calls, granted
from bot.adapters.discord.events import has_own_title, message_of, opened_at, title_of
from bot.adapters.discord.members import Members
from bot.adapters.discord.places import Place, Places, RoomChannel, place_of
from bot.adapters.discord.private import PrivateNotes
from bot.adapters.discord.rights import MANAGE_THREADS, Task, lacking
from bot.domain.errors import ForbiddenError, GoneError
from bot.domain.message import Message, Room
from bot.service.ports import Clock

_log = structlog.get_logger(__name__)

#: Edits are looked for among so many of the last messages of a channel or thread: one page of its history.
LATEST = 100
#: So many of a room's open threads are looked at, those with the newest messages first.
MOST_THREADS = 50
#: A room in which the bot has seen nothing yet is read back to when the bot came, but no further than this.
FIRST_LOOK = timedelta(days=1)

Talk = discord.TextChannel | discord.VoiceChannel | discord.StageChannel | discord.Thread


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """A message of the history, or a thread that was opened with its title; where that was, and when, as an id."""

    source: discord.Message | discord.Thread
    place: Place
    at: int


class History:
    """Reads channels backwards in time, yields forwards."""

    def __init__(self, client: discord.Client, calls: Calls, places: Places, notes: PrivateNotes, clock: Clock) -> None:
        self._client = client
        self._calls = calls
        self._places = places
        self._notes = notes
        self._clock = clock
        self._members = Members(calls, clock)

    async def missed(self, room: Room, after: str | None) -> AsyncIterator[Message]:
        """See the port: across the room and its threads in the order of their ids."""
        channel = self._client.get_channel(int(room.ref.room))
        if not isinstance(channel, RoomChannel):
            return
        start = int(after) if after else self._beginning(channel)
        talks: list[Talk] = [] if isinstance(channel, discord.ForumChannel) else [channel]
        talks += await self._threads(channel, start)
        async for said in _merged([self._talk(talk, start) for talk in talks]):
            message = await self._read(said)
            if message is not None:
                yield message

    def _beginning(self, channel: RoomChannel) -> int:
        here_since = channel.guild.me.joined_at or self._clock.now()
        return time_snowflake(max(here_since, self._clock.now() - FIRST_LOOK))

    async def _threads(self, channel: RoomChannel, start: int) -> list[discord.Thread]:
        """Open threads, and archived ones in which something may have been said since ``start``."""
        if isinstance(channel, discord.VoiceChannel | discord.StageChannel):
            return []
        newest_first = sorted(channel.threads, key=lambda thread: thread.last_message_id or thread.id, reverse=True)
        fresh = [thread for thread in newest_first if (thread.last_message_id or thread.id) > start]
        found = {thread.id: thread for thread in [*fresh, *newest_first[:MOST_THREADS]]}
        try:
            async with self._calls.to(channel.id, Task.READ):
                for archive in _archives(channel):
                    async for thread in archive:
                        if thread.archive_timestamp < snowflake_time(start):
                            break
                        found.setdefault(thread.id, thread)
        except (ForbiddenError, GoneError) as error:
            _log.warning("archived threads unread", action="unread", room=str(channel.id), error=type(error).__name__)
        return list(found.values())

    async def _talk(self, talk: Talk, start: int) -> AsyncIterator[_Said]:
        """One channel's or thread's messages to read again or for the first time, oldest first."""
        place = place_of(talk)
        if place is None:
            return
        if isinstance(talk, discord.Thread) and has_own_title(talk) and opened_at(talk) > snowflake_time(start):
            yield _Said(source=talk, place=place, at=time_snowflake(opened_at(talk)))
        try:
            async with self._calls.to(talk.id, Task.READ):
                async for source in self._sources(talk, start):
                    yield _Said(source=source, place=place, at=source.id)
        except (ForbiddenError, GoneError) as error:
            _log.warning("history unread", action="unread", room=str(talk.id), error=type(error).__name__)

    async def _sources(self, talk: Talk, start: int) -> AsyncIterator[discord.Message]:
        latest = [message async for message in talk.history(limit=LATEST)][::-1]
        await self._notes.sweep(latest)
        if len(latest) == LATEST and latest[0].id > start:
            after = discord.Object(start)
            async for message in talk.history(limit=None, after=after, before=latest[0], oldest_first=True):
                yield message
        for message in latest:
            if message.id > start or message.edited_at is not None:
                yield message

    async def _read(self, said: _Said) -> Message | None:
        message = await self.title(said.source, said.place) if isinstance(said.source, discord.Thread) else None
        if isinstance(said.source, discord.Message) and message_of(said.source, said.place) is not None:
            author = await self._member_of(said.source)
            message = message_of(said.source, said.place, author=author)
        if message is not None:
            self._places.saw(message)
        return message

    async def title(self, thread: discord.Thread, place: Place) -> Message | None:
        """The title of a new thread as its owner's message; None where a bot opened it."""
        return title_of(thread, place, await self._members.member(thread.guild, thread.owner_id))

    async def _member_of(self, source: discord.Message) -> discord.Member | None:
        if isinstance(source.author, discord.Member) or source.guild is None:
            return source.author if isinstance(source.author, discord.Member) else None
        return await self._members.member(source.guild, source.author.id)


def _archives(channel: discord.TextChannel | discord.ForumChannel) -> list[AsyncIterator[discord.Thread]]:
    """A channel's archives, each newest first; the private one where the bot may see it."""
    archives = [channel.archived_threads(limit=None)]
    if isinstance(channel, discord.ForumChannel) or channel.is_news() or lacking(granted(channel), (MANAGE_THREADS,)):
        return archives
    return [*archives, channel.archived_threads(private=True, limit=None)]


async def _merged(talks: Sequence[AsyncIterator[_Said]]) -> AsyncIterator[_Said]:
    """Several orderly talks as one: a watermark must never pass what has not been read."""
    heads = [(head, talk) for talk in talks if (head := await anext(talk, None)) is not None]
    while heads:
        first = min(heads, key=lambda entry: entry[0].at)
        yield first[0]
        heads.remove(first)
        following = await anext(first[1], None)
        if following is not None:
            heads.append((following, first[1]))
