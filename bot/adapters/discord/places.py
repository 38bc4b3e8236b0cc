"""Where messages stand: channel, thread or forum post; and what has to be remembered of that for a while."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

import discord

from bot.domain.message import Message, MessageRef, PlatformName, Room, RoomRef

#: Channels in which people write or open posts.
RoomChannel = discord.TextChannel | discord.VoiceChannel | discord.StageChannel | discord.ForumChannel
_MOST_REMEMBERED = 5000


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A room and, where the messages stand in one, the thread with its title and its owner's id."""

    room: Room
    thread: str | None = None
    title: str | None = None
    owner: int | None = None


def room_of(channel: RoomChannel) -> Room:
    """A channel as a Room; its category is the parent."""
    ref = RoomRef(platform=PlatformName.DISCORD, workspace=str(channel.guild.id), room=str(channel.id))
    return Room(ref=ref, name=channel.name, parent=channel.category.name if channel.category else None)


def place_of(channel: object) -> Place | None:
    """The place of a channel or thread; None where it is none that the bot watches, such as a direct message."""
    if isinstance(channel, RoomChannel):
        return Place(room=room_of(channel))
    if not isinstance(channel, discord.Thread):
        return None
    ref = RoomRef(platform=PlatformName.DISCORD, workspace=str(channel.guild.id), room=str(channel.parent_id))
    room = room_of(channel.parent) if isinstance(channel.parent, RoomChannel) else Room(ref=ref, name="")
    return Place(room=room, thread=str(channel.id), title=channel.name, owner=channel.owner_id)


def channel_id(message: MessageRef) -> int:
    """The id of the channel that Discord means: the thread where the message stands in one."""
    return int(message.thread or message.room.room)


def is_forum_starter(message: MessageRef) -> bool:
    """Whether the message opens a forum post: those two share their id."""
    return message.thread == message.message


def position(snowflake: int) -> str:
    """A message's id as a text that sorts as ids do."""
    return f"{snowflake:020}"


class Places:
    """Remembers in which thread of a room somebody wrote last, and which new threads' titles nobody has read yet."""

    def __init__(self) -> None:
        self._threads: OrderedDict[tuple[str, str], str] = OrderedDict()
        self._unread_titles: OrderedDict[int, None] = OrderedDict()

    def saw(self, message: Message) -> None:
        """Remember where the author wrote."""
        key = (message.ref.room.room, message.author.id)
        self._threads.pop(key, None)
        if message.ref.thread is not None:
            self._threads[key] = message.ref.thread
            _shorten(self._threads)

    def thread_of(self, room: RoomRef, author: str) -> int | None:
        """The thread in which the author wrote last; None where it was in the room itself or is not known."""
        thread = self._threads.get((room.room, author))
        return None if thread is None else int(thread)

    def opened(self, thread: discord.Thread) -> None:
        """A thread was opened: its title is read with its owner's first message."""
        self._unread_titles[thread.id] = None
        _shorten(self._unread_titles)

    def takes_title(self, place: Place, author: int) -> bool:
        """Whether a message by ``author`` is the first of the owner in a new thread; true once."""
        if place.thread is None or place.owner != author or int(place.thread) not in self._unread_titles:
            return False
        del self._unread_titles[int(place.thread)]
        return True


def _shorten(remembered: OrderedDict[tuple[str, str], str] | OrderedDict[int, None]) -> None:
    if len(remembered) > _MOST_REMEMBERED:
        remembered.popitem(last=False)
