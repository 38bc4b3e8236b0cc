"""Telling one person alone: by direct message, or in the room so that only they see it."""

from __future__ import annotations

from collections import OrderedDict

from bot.adapters.slack.api import SlackApi
from bot.adapters.slack.errors import SlackRefusedError
from bot.adapters.slack.events import message_ref
from bot.adapters.slack.voice import Place, Voice, saying
from bot.domain.errors import UnreachableError
from bot.domain.message import RoomRef
from bot.domain.outcome import How, Outcome
from bot.domain.words import Words

_REMEMBERED = 5000


class Private:
    """Writes to people."""

    def __init__(self, api: SlackApi, voice: Voice) -> None:
        self._api = api
        self._voice = voice
        self._channels: OrderedDict[str, str] = OrderedDict()

    async def tell(self, author: str, room: RoomRef, words: Words, *, in_room: bool, again: bool) -> Outcome:
        """Say it by direct message, else in the room; the other way round where ``in_room``. UnreachableError where neither works."""
        codes: list[str] = []
        for here in (in_room, not in_room):
            try:
                if here:
                    await self._voice.whisper(room.room, author, words)
                    return Outcome(how=How.IN_ROOM)
                return await self._by_direct_message(author, words, again=again)
            except SlackRefusedError as refused:
                codes.append(refused.code)
        raise UnreachableError(
            f"Slack lets the bot write to this person neither in private nor in the room ({', '.join(codes)})."
        )

    async def _by_direct_message(self, author: str, words: Words, *, again: bool) -> Outcome:
        channel = await self._channel(author)
        ts = await self._voice.say_once(Place(channel=channel), saying(words), again=again)
        return Outcome(how=How.PRIVATE, posted=message_ref(await self._api.identity(), channel, ts))

    async def _channel(self, author: str) -> str:
        if author not in self._channels:
            answer = await self._api.call(self._api.bot.conversations_open, users=author)
            self._channels[author] = str(answer["channel"]["id"])
            if len(self._channels) > _REMEMBERED:
                self._channels.popitem(last=False)
        return self._channels[author]
