"""What a channel said while the bot was not listening (conversations.history, conversations.replies)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import structlog

from bot.adapters.slack.api import Identity, Method, Payload, SlackApi
from bot.adapters.slack.errors import SlackRefusedError
from bot.adapters.slack.events import sift_kept
from bot.adapters.slack.rooms import can_not_be_read, next_cursor
from bot.adapters.slack.scribe import Scribe
from bot.domain.message import Message, Room

_log = structlog.get_logger(__name__)

#: Messages on a page (Slack advises at most 200), and pages at most of one channel or thread.
_PAGE, _PAGES = 200, 500
#: So many messages before the watermark are looked through for edits and for new replies in their threads.
LOOK_BACK = _PAGE
#: So long before the watermark replies are looked through for edits; a thread that was silent for longer is not asked for.
REPLIES_BACK = timedelta(hours=1)
#: So long ago at most the bot came to a channel whose past it reads though it has not listened there before.
FIRST_LOOK = timedelta(days=1)
_COMINGS = frozenset({"channel_join", "group_join"})


class History:
    """Reads channels' pasts."""

    def __init__(self, api: SlackApi, scribe: Scribe) -> None:
        self._api = api
        self._scribe = scribe

    async def missed(self, room: Room, after: str | None) -> AsyncIterator[Message]:
        """Messages, edits and replies later than ``after``, oldest first; in a new room, later than the bot's own coming.

        Raises TemporaryPlatformError. A channel whose history can't be read is left out and logged; ``doctor`` names it.
        """
        try:
            start = after or await self._coming(room.ref.room)
            payloads = await self._since(room.ref.room, start) if start else []
        except SlackRefusedError as refused:
            _log.warning(can_not_be_read(refused), action="history_refused", room=room.ref.room, code=refused.code)
            return
        me = await self._api.identity()
        for payload in payloads:
            message = await self._written(payload, room, me)
            if message is not None:
                yield message

    async def _written(self, payload: Payload, room: Room, me: Identity) -> Message | None:
        """The message; one in a shape that nobody knows is logged and must not keep the rest of the channel unread."""
        try:
            spoken = sift_kept(payload, room.ref.room, me)
            if spoken is not None:
                return await self._scribe.message(spoken, room_name=room.name, patient=True)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            kind = type(error).__name__
            _log.error("message not understood", action="message_skipped", ts=payload.get("ts"), error=kind)
        return None

    async def _coming(self, channel: str) -> str | None:
        """Where the bot was brought into the channel, if that was lately; what was said before was not said to it."""
        me, lately = await self._api.identity(), self._api.clock.now() - FIRST_LOOK
        oldest = f"{lately.timestamp():.6f}"
        lately_said = await self._pages(self._api.bot.conversations_history, channel=channel, oldest=oldest)
        return max((str(m["ts"]) for m in lately_said if _is_coming_of(m, me)), default=None)

    async def _since(self, channel: str, after: str) -> list[Payload]:
        newer = await self._pages(self._api.bot.conversations_history, channel=channel, oldest=after)
        before = await self._api.call(
            self._api.bot.conversations_history,
            patient=True,
            channel=channel,
            latest=after,
            inclusive=True,
            limit=LOOK_BACK,
        )
        older: list[Payload] = before["messages"]
        second = after.partition(".")[0]  # Slack tells the time of an edit in whole seconds
        said = [*newer, *older]
        since = f"{max(0.0, float(after) - REPLIES_BACK.total_seconds()):.6f}"
        for parent in [parent for parent in said if str(parent.get("latest_reply") or "") > since]:
            said += await self._pages(
                self._api.bot.conversations_replies, channel=channel, ts=str(parent["ts"]), oldest=since
            )
        found = {str(m["ts"]): m for m in said if str(m["ts"]) > after or _edited(m) >= second}
        return [found[ts] for ts in sorted(found)]

    async def _pages(self, method: Method, **asked: object) -> list[Payload]:
        found: list[Payload] = []
        cursor: Payload = {}
        for _ in range(_PAGES):
            answer = await self._api.call(method, patient=True, limit=_PAGE, **asked, **cursor)
            found += answer["messages"]
            cursor = {"cursor": next_cursor(answer)}
            if not cursor["cursor"]:
                break
        return found


def _is_coming_of(payload: Payload, me: Identity) -> bool:
    return payload.get("subtype") in _COMINGS and payload.get("user") == me.user


def _edited(payload: Payload) -> str:
    edited = payload.get("edited")
    return str(edited["ts"]) if isinstance(edited, dict) else ""
