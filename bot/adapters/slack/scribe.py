"""Writes down what was said: adds to Slack's payload who the people are and what the room is called."""

from __future__ import annotations

import asyncio

from bot.adapters.slack.api import Payload, SlackApi
from bot.adapters.slack.carried import FILE_STUB
from bot.adapters.slack.events import Spoken, Surroundings, message_from
from bot.adapters.slack.people import HURRY, People
from bot.adapters.slack.rooms import Rooms
from bot.domain.errors import PlatformError
from bot.domain.message import Message


class Scribe:
    """From Slack's message objects to Messages."""

    def __init__(self, api: SlackApi, people: People, rooms: Rooms) -> None:
        self._api = api
        self._people = people
        self._rooms = rooms

    async def message(self, spoken: Spoken, *, room_name: str | None = None, patient: bool = False) -> Message:
        """The message. Raises PlatformError where the room's name can't be had; people who can't are named by their ids.

        ``room_name`` is used where the payload came with one; ``patient`` is for history, which has time.
        """
        me = await self._api.identity()
        name = room_name if room_name is not None else await self._rooms.name(spoken.channel)
        ask = self._people.authors_patiently if patient else self._people.authors
        authors, payload = await asyncio.gather(ask(spoken.people), self._whole(spoken.payload))
        whole = Spoken(payload=payload, channel=spoken.channel, revision=spoken.revision)
        return message_from(whole, me, Surroundings(room_name=name, authors=authors))

    async def _whole(self, payload: Payload) -> Payload:
        files = payload.get("files") or []
        if not any(file.get("file_access") == FILE_STUB for file in files):
            return payload
        return {**payload, "files": await asyncio.gather(*map(self._file, files))}

    async def _file(self, file: Payload) -> Payload:
        if file.get("file_access") != FILE_STUB:
            return file
        try:
            async with asyncio.timeout(HURRY):
                answer = await self._api.call(self._api.bot.files_info, file=file["id"])
        except (PlatformError, TimeoutError):
            return file  # the message must not be lost for a file's name; that it is still a stub makes a case
        whole: Payload = answer["file"]
        return whole
