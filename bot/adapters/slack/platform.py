"""Slack as a Platform."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Sequence
from datetime import datetime

from bot.adapters.slack.api import SlackApi
from bot.adapters.slack.doctor import Doctor
from bot.adapters.slack.errors import port_errors
from bot.adapters.slack.events import message_ref
from bot.adapters.slack.groups import Groups
from bot.adapters.slack.hide import Hiding, Notice
from bot.adapters.slack.history import History
from bot.adapters.slack.pace import Pacer
from bot.adapters.slack.people import People
from bot.adapters.slack.private import Private
from bot.adapters.slack.restore import Restoring
from bot.adapters.slack.rooms import Rooms
from bot.adapters.slack.scribe import Scribe
from bot.adapters.slack.voice import Place, Voice, saying
from bot.domain.errors import ForbiddenError, GoneError, PlatformError
from bot.domain.message import Message, MessageRef, PlatformName, Room, RoomRef
from bot.domain.outcome import How, Outcome
from bot.domain.words import Words
from bot.service.ports import Check

#: Calls every member of a channel, present or not (docs.slack.dev, "Formatting message text").
EVERYBODY = "<!channel>"
#: A person's id.
PERSON = re.compile(r"[UW][A-Z0-9]{8,}")


class SlackPlatform:
    """Does what the service asks for on Slack."""

    name = PlatformName.SLACK

    def __init__(self, api: SlackApi, doctor: Doctor, notice: Notice) -> None:
        self._api = api
        self._doctor = doctor
        self._groups = Groups(api)
        self.people = People(api, self._groups)
        self.known_rooms = Rooms(api)
        self.scribe = Scribe(api, self.people, self.known_rooms)
        self._voice = Voice(api, Pacer(api.clock))
        self._private = Private(api, self._voice)
        self._hiding = Hiding(api, notice)
        self._restoring = Restoring(api, self._voice, self.people)
        self._history = History(api, self.scribe)

    async def rooms(self) -> Sequence[Room]:
        """See the port."""
        with port_errors():
            return await self.known_rooms.all(patient=True)

    async def has_room(self, room: str, near: RoomRef) -> bool:
        """See the port."""
        with port_errors():
            try:
                await self.known_rooms.find(room)
            except GoneError:
                return False
        return True

    async def missed(self, room: Room, after: str | None) -> AsyncIterator[Message]:
        """See the port. Of edits and threads, those near the position are looked at."""
        with port_errors():
            async for message in self._history.missed(room, after):
                yield message

    def position(self, message: Message) -> str:
        """See the port."""
        return message.ref.message

    def position_at(self, at: datetime) -> str:
        """See the port. Slack's timestamps are seconds since 1970 with six decimals."""
        return f"{at.timestamp():.6f}"

    async def hide(self, message: MessageRef, *, reason: str, again: bool) -> How:
        """See the port."""
        with port_errors():
            return await self._hiding.hide(message)

    async def restore(self, message: Message, text: str, words: Words, *, again: bool) -> Outcome:
        """See the port."""
        with port_errors():
            return await self._restoring.restore(message, text, words, again=again)

    async def tell(self, author: str, room: RoomRef, words: Words, *, in_room: bool, again: bool) -> Outcome:
        """See the port."""
        with port_errors():
            return await self._private.tell(author, room, words, in_room=in_room, again=again)

    async def answer(self, message: MessageRef, words: Words, *, again: bool) -> Outcome:
        """See the port."""
        place = Place(channel=message.room.room, thread=message.thread or message.message)
        return await self._say(place, words, again=again)

    async def post(self, room: str, message: MessageRef, words: Words, *, again: bool) -> Outcome:
        """See the port."""
        with port_errors():
            channel = await self.known_rooms.find(room)
        call = await self._call(words) if words.urgent else ""
        return await self._say(Place(channel=channel), words, call, again=again)

    async def slow_down(self, room: RoomRef, seconds: int) -> Outcome:
        """See the port."""
        raise ForbiddenError("Slack has no slow mode.")

    async def time_out(self, author: str, room: RoomRef, seconds: int, *, reason: str) -> Outcome:
        """See the port."""
        raise ForbiddenError("Slack can't keep one person from writing for a while.")

    async def check(self) -> Sequence[Check]:
        """See the port."""
        return await self._doctor.check()

    async def _say(self, place: Place, words: Words, call: str = "", *, again: bool) -> Outcome:
        with port_errors():
            ts = await self._voice.say_once(place, saying(words, call), again=again)
            me = await self._api.identity()
        return Outcome(how=How.POSTED, posted=message_ref(me, place.channel, ts, place.thread))

    async def _call(self, words: Words) -> str:
        """Mentions of the on-call groups or people; the whole channel where none is named or can be looked up."""
        calls: list[str] = []
        for name in words.call:
            try:
                group = await self._groups.find(name)
            except PlatformError:
                return EVERYBODY  # somebody may be in danger: the page must not wait for a group's id
            if group is not None:
                calls.append(f"<!subteam^{group}>")
            elif PERSON.fullmatch(name):
                calls.append(f"<@{name}>")
        return " ".join(calls) or EVERYBODY
