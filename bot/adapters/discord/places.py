"""Where messages stand: channel, thread or forum post; and in which thread of a room somebody wrote last."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

import discord

from bot.domain.message import Message, MessageRef, PlatformName, Room, RoomRef

#: Channels in which people write or open posts.
RoomChannel = discord.TextChannel | discord.VoiceChannel | discord.StageChannel | discord.ForumChannel
_MOST_REMEMBERED = 5000
_TITLE = "title-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A room and, where the messages stand in one, the thread with its title."""

    room: Room
    thread: str | None = None
    title: str | None = None


def room_of(channel: RoomChannel) -> Room:
    """A channel as a Room."""
    ref = RoomRef(platform=PlatformName.DISCORD, workspace=str(channel.guild.id), room=str(channel.id))
    return Room(ref=ref, name=channel.name)


def place_of(channel: object) -> Place | None:
    """The place of a channel or thread; None where it is none that the bot watches, such as a direct message."""
    if isinstance(channel, RoomChannel):
        return Place(room=room_of(channel))
    if not isinstance(channel, discord.Thread):
        return None
    ref = RoomRef(platform=PlatformName.DISCORD, workspace=str(channel.guild.id), room=str(channel.parent_id))
    room = room_of(channel.parent) if isinstance(channel.parent, RoomChannel) else Room(ref=ref, name="")
    return Place(room=room, thread=str(channel.id), title=channel.name)


def channel_id(message: MessageRef) -> int:
    """The id of the channel that Discord means: the thread where the message stands in one."""
    return int(message.thread or message.room.room)


def is_forum_starter(message: MessageRef) -> bool:
    """Whether the message opens a forum post: those two share their id."""
    return message.thread == message.message


def title_ref(room: RoomRef, thread: int, named_by: int) -> MessageRef:
    """A title as a message of its own, by the id of what gave it: the new thread, or Discord's notice of another title."""
    return MessageRef(room=room, message=f"{_TITLE}{named_by}", thread=str(thread))


def is_title(message: MessageRef) -> bool:
    """Whether it is a title of its own, and no message that stands somewhere."""
    return message.message.startswith(_TITLE)


def snowflake(message: MessageRef) -> int:
    """The id that Discord knows the message by; of a title, what gave it."""
    return int(message.message.removeprefix(_TITLE))


def position(number: int) -> str:
    """A message's id as a text that sorts as ids do."""
    return f"{number:020}"


class Places:
    """Remembers in which thread of a room somebody wrote last."""

    def __init__(self) -> None:
        self._threads: OrderedDict[tuple[str, str], str] = OrderedDict()

    def saw(self, message: Message) -> None:
        """Remember where the author wrote."""
        key = (message.ref.room.room, message.author.id)
        self._threads.pop(key, None)
        if message.ref.thread is None:
            return
        self._threads[key] = message.ref.thread
        if len(self._threads) > _MOST_REMEMBERED:
            self._threads.popitem(last=False)

    def thread_of(self, room: RoomRef, author: str) -> int | None:
        """The thread in which the author wrote last; None where it was in the room itself or is not known."""
        thread = self._threads.get((room.room, author))
        return None if thread is None else int(thread)
