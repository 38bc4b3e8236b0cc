"""What comes in: events in the order in which Discord sent them, and the catch-up after a gap."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterable
from typing import Protocol

import discord
import structlog

from bot.adapters.discord.events import has_own_title, message_of
from bot.adapters.discord.places import Place, place_of
from bot.adapters.discord.platform import DiscordPlatform
from bot.adapters.discord.rights import Task
from bot.domain.errors import PlatformError
from bot.domain.message import Message, MessageRef, PlatformName, RoomRef
from bot.service.ports import Clock, Platform

_log = structlog.get_logger(__name__)

FIRST_WAIT = 1.0
LONGEST_WAIT = 60.0


class Inbound(Protocol):
    """What takes messages and deletions: the service's Intake."""

    async def accept(self, message: Message, position: str) -> None:
        """See the intake."""
        ...

    async def gone(self, message: MessageRef) -> None:
        """See the intake."""
        ...

    async def thread_gone(self, room: RoomRef, thread: str) -> None:
        """See the intake."""
        ...

    async def room_gone(self, room: RoomRef) -> None:
        """See the intake."""
        ...

    async def catch_up(self, platform: Platform) -> int:
        """See the intake."""
        ...

    def lost_touch(self, platform: PlatformName) -> None:
        """See the intake."""
        ...


class Ears:
    """Hands events on, one after the other: a watermark must never pass a message that is not kept yet."""

    def __init__(self, client: discord.Client, platform: DiscordPlatform, inbound: Inbound, clock: Clock) -> None:
        self._client = client
        self._platform = platform
        self._inbound = inbound
        self._clock = clock
        self._order = asyncio.Lock()
        self._wanted = asyncio.Event()
        self._reading: asyncio.Task[int] | None = None
        self._closed = False

    async def heard(self, source: discord.Message) -> None:
        """A message was posted or edited."""
        if source.guild is not None:
            await self._in_order(self._hear(source))

    async def edited(self, event: discord.RawMessageUpdateEvent) -> None:
        """A message changed. Without an edit time only its previews or pins did: that is nothing new."""
        if event.message.edited_at is not None:
            await self.heard(event.message)

    async def opened(self, thread: discord.Thread) -> None:
        """A thread was opened: its title may be all that its owner ever writes in it."""
        place = place_of(thread)  # now: discord.py will give this object another title when the thread gets one
        if place is not None and has_own_title(thread):
            await self._in_order(self._read_title(thread, place))

    async def deleted(self, channel: int, messages: Iterable[int]) -> None:
        """Messages are gone."""
        await self._in_order(self._miss(channel, messages))

    async def closed(self, event: discord.RawThreadDeleteEvent) -> None:
        """A thread or forum post is gone with all that was in it."""
        room = RoomRef(platform=PlatformName.DISCORD, workspace=str(event.guild_id), room=str(event.parent_id))
        await self._in_order(self._inbound.thread_gone(room, str(event.thread_id)))

    async def removed(self, channel: discord.abc.GuildChannel) -> None:
        """A channel is gone, with all its threads."""
        room = RoomRef(platform=PlatformName.DISCORD, workspace=str(channel.guild.id), room=str(channel.id))
        await self._in_order(self._inbound.room_gone(room))

    def connected_anew(self) -> None:
        """A new session began: what was said since the last one is not replayed. Until the catch-up no watermark may move."""
        self._inbound.lost_touch(PlatformName.DISCORD)
        if self._reading is not None:
            self._reading.cancel()

    def catch_up_soon(self) -> None:
        """The rooms are known (again): read what was missed."""
        self._wanted.set()

    async def keep_up(self) -> None:
        """Catch up whenever it is wanted, until cancelled; what fails is tried again, with growing waits."""
        wait = FIRST_WAIT
        while not self._closed:
            await self._wanted.wait()
            self._wanted.clear()
            if await self._catch_up():
                wait = FIRST_WAIT
                continue
            await self._clock.sleep(wait)
            wait = min(wait * 2, LONGEST_WAIT)

    async def close(self) -> None:
        """Finish what is being handed on; take nothing more."""
        async with self._order:
            self._closed = True

    async def _catch_up(self) -> bool:
        self._reading = asyncio.create_task(self._inbound.catch_up(self._platform))
        try:
            await asyncio.wait({self._reading})
        finally:
            self._reading.cancel()
        if self._reading.cancelled() or (error := self._reading.exception()) is None:
            return True
        _log.warning("catch-up failed", action="catch_up_failed", error=type(error).__name__)
        self._wanted.set()
        return False

    async def _in_order(self, work: Coroutine[None, None, None]) -> None:
        """One event at a time. One that can't be kept stops the watermarks and is read again by a catch-up."""
        async with self._order:
            if self._closed:
                work.close()
                return
            try:
                await work
            except Exception as error:
                _log.warning("event not kept", action="event_failed", error=type(error).__name__)
                self.connected_anew()
                self.catch_up_soon()

    async def _hear(self, source: discord.Message) -> None:
        place = await self._place(source.channel, source.channel.id)
        if place is None:
            return
        await self._hand_on(message_of(source, place))

    async def _read_title(self, thread: discord.Thread, place: Place) -> None:
        await self._hand_on(await self._platform.title(thread, place))

    async def _hand_on(self, message: Message | None) -> None:
        if message is not None:
            self._platform.places.saw(message)
            await self._inbound.accept(message, self._platform.position(message))

    async def _miss(self, channel: int, messages: Iterable[int]) -> None:
        place = await self._place(self._client.get_channel(channel), channel)
        if place is None:
            return
        for message in messages:
            await self._inbound.gone(MessageRef(room=place.room.ref, message=str(message), thread=place.thread))

    async def _place(self, channel: object, snowflake: int) -> Place | None:
        """Where it happened; asked of Discord for a thread that discord.py does not know. None where the bot can't see it any more."""
        place = place_of(channel)
        if place is not None or isinstance(channel, discord.DMChannel | discord.GroupChannel):
            return place
        try:
            async with self._platform.calls.to(snowflake, Task.READ):
                return place_of(await self._client.fetch_channel(snowflake))
        except PlatformError as error:
            _log.warning("channel unknown", action="channel_unknown", room=str(snowflake), error=type(error).__name__)
            return None
