"""Saying things in channels, each once: what was posted carries the action's key, so that a second try finds the first."""

from __future__ import annotations

from dataclasses import dataclass, field

import structlog

from bot.adapters.slack.api import Payload, SlackApi
from bot.adapters.slack.errors import SlackRefusedError
from bot.adapters.slack.pace import Pacer
from bot.adapters.slack.rooms import next_cursor
from bot.adapters.slack.view import words_blocks, words_text
from bot.domain.words import Words

_log = structlog.get_logger(__name__)

#: The metadata's name (docs.slack.dev, "Message metadata"); its payload holds the key and the part's number.
EVENT_TYPE = "chaperone"
#: How far back a second try looks for what the first one posted: messages on a page, pages.
_PAGE, _PAGES = 100, 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where something is said; ``thread`` is the timestamp of the message that began the thread."""

    channel: str
    thread: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Saying:
    """What is said. ``extras`` are further arguments of chat.postMessage; ``part`` counts from 0."""

    key: str
    text: str
    part: int = 0
    urgent: bool = False
    extras: Payload = field(default_factory=dict)


def saying(words: Words, call: str = "") -> Saying:
    """The words, with a mention of the people to be called."""
    blocks = words_blocks(words, call)
    extras = {"blocks": blocks} if blocks else {}
    return Saying(key=words.key, text=words_text(words, call), urgent=words.urgent, extras=extras)


class Voice:
    """Posts as the bot."""

    def __init__(self, api: SlackApi, pacer: Pacer) -> None:
        self._api = api
        self._pacer = pacer

    async def say(self, place: Place, what: Saying) -> str:
        """Post, and give the timestamp. Raises TemporaryPlatformError or SlackRefusedError."""
        await self._pacer.turn(place.channel, urgent=what.urgent)
        answer = await self._api.call(
            self._api.bot.chat_postMessage,
            channel=place.channel,
            thread_ts=place.thread,
            text=what.text,
            unfurl_links=False,
            unfurl_media=False,
            metadata={"event_type": EVENT_TYPE, "event_payload": {"key": what.key, "part": what.part}},
            **what.extras,
        )
        return str(answer["ts"])

    async def say_once(self, place: Place, what: Saying, *, again: bool) -> str:
        """As ``say``; where it is a second try, what the first one posted counts."""
        before = (await self.said(place, what.key)).get(what.part) if again else None
        return before or await self.say(place, what)

    async def whisper(self, channel: str, user: str, words: Words) -> None:
        """Say something in a channel that only ``user`` sees. Slack keeps no record of it, so a second try says it again."""
        await self._pacer.turn(channel, urgent=True)
        what = saying(words)
        await self._api.call(
            self._api.bot.chat_postEphemeral, channel=channel, user=user, text=what.text, **what.extras
        )

    async def said(self, place: Place, key: str) -> dict[int, str]:
        """The parts that were posted with this key: their timestamps by number."""
        found: dict[int, str] = {}
        cursor = ""
        for _ in range(_PAGES):
            try:
                answer = await self._page(place, cursor)
            except SlackRefusedError as refused:  # better said twice than not at all
                _log.warning("can't look for what was said", action="look_refused", code=refused.code)
                break
            for message in answer["messages"]:
                metadata = message.get("metadata") or {}
                payload = metadata.get("event_payload") or {}
                if metadata.get("event_type") == EVENT_TYPE and payload.get("key") == key:
                    found[int(payload.get("part", 0))] = str(message["ts"])
            cursor = next_cursor(answer)
            if not cursor:
                break
        return found

    async def _page(self, place: Place, cursor: str) -> Payload:
        asked: Payload = {
            "channel": place.channel,
            "limit": _PAGE,
            "include_all_metadata": True,
            **({"cursor": cursor} if cursor else {}),
        }
        if place.thread is not None:
            return await self._api.call(self._api.bot.conversations_replies, ts=place.thread, **asked)
        return await self._api.call(self._api.bot.conversations_history, **asked)
