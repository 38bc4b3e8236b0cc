"""The sandbox as a Platform."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import datetime

from bot.adapters.sandbox.world import ROOMS, World
from bot.domain.errors import ForbiddenError, GoneError, TemporaryPlatformError
from bot.domain.message import Author, Message, MessageRef, PlatformName, Room, RoomRef
from bot.domain.outcome import How, Outcome
from bot.domain.words import Words
from bot.service.ports import Check

BOT = Author(id="chaperone", name="Chaperone")


class SandboxPlatform:
    """Does what it is asked to in a World."""

    name = PlatformName.SANDBOX

    def __init__(self, world: World) -> None:
        self._world = world

    async def rooms(self) -> Sequence[Room]:
        """See the port."""
        return self._world.rooms()

    async def has_room(self, room: str, near: RoomRef) -> bool:
        """See the port."""
        return bool(_ids(room))

    async def missed(self, room: Room, after: str | None) -> AsyncIterator[Message]:
        """See the port. Edited messages come again, whatever their position."""
        for post in list(self._world.posts.values()):
            if post.message is None or post.hidden or post.ref.room != room.ref or after is None:
                continue
            if post.ref.message > after or post.message.edited_at is not None:
                yield post.message

    def position(self, message: Message) -> str:
        """See the port."""
        return message.ref.message

    def position_at(self, at: datetime) -> str:
        """See the port."""
        return max((number for number, post in self._world.posts.items() if post.at <= at), default="")

    async def hide(self, message: MessageRef, *, reason: str, again: bool) -> How:
        """See the port."""
        self._stumble()
        if not self._world.hiding_allowed:
            raise ForbiddenError("The bot may not hide messages here. Allow it to in the sandbox's world.")
        return How.DELETED if self._world.remove(message) else How.ALREADY

    async def restore(self, message: Message, text: str, words: Words, *, again: bool) -> Outcome:
        """See the port."""
        self._stumble()
        posted = (self._world.said(words.key) if again else None) or self._world.post_words(
            message.ref.room.room, message.author, words, text
        )
        return Outcome(how=How.RESTORED, posted=posted.ref)

    async def tell(self, author: str, room: RoomRef, words: Words, *, in_room: bool, again: bool) -> Outcome:
        """See the port."""
        self._stumble()
        in_room = in_room or not self._world.takes_dms(author)
        if not (again and any(note.words.key == words.key for note in self._world.notes)):
            self._world.tell(author, words, in_room=in_room)
        return Outcome(how=How.IN_ROOM if in_room else How.PRIVATE)

    async def answer(self, message: MessageRef, words: Words, *, again: bool) -> Outcome:
        """See the port."""
        return self._say(message.room.room, words, again=again)

    async def post(self, room: str, message: MessageRef, words: Words, *, again: bool) -> Outcome:
        """See the port."""
        ids = _ids(room)
        if not ids:
            raise GoneError(f"There is no room {room} in the sandbox.")
        return self._say(ids[0], words, again=again)

    async def slow_down(self, room: RoomRef, seconds: int) -> Outcome:
        """See the port."""
        raise ForbiddenError("The sandbox can't slow a room down.")

    async def time_out(self, author: str, room: RoomRef, seconds: int, *, reason: str) -> Outcome:
        """See the port."""
        raise ForbiddenError("The sandbox can't time anybody out.")

    async def check(self) -> Sequence[Check]:
        """See the port."""
        return [Check(subject="Sandbox", ok=True, finding="runs inside this process")]

    def _stumble(self) -> None:
        if self._world.failures:
            self._world.failures -= 1
            raise TemporaryPlatformError("The sandbox stumbles, as it was told to.")

    def _say(self, room: str, words: Words, *, again: bool) -> Outcome:
        posted = (self._world.said(words.key) if again else None) or self._world.post_words(
            room, BOT, words, words.text
        )
        return Outcome(how=How.POSTED, posted=posted.ref)


def _ids(room: str) -> list[str]:
    """The ids of the rooms with this id or name."""
    return [place for place, name in ROOMS.items() if room.lstrip("#") in (place, name)]
