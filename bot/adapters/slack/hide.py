"""Taking a message out of its channel, by the first way that Slack grants: an admin's token, then Enterprise Grid's tombstone."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot.adapters.slack.api import SlackApi
from bot.adapters.slack.errors import NOT_GRANTED, SlackRefusedError
from bot.adapters.slack.grid import Grid
from bot.domain.errors import ForbiddenError
from bot.domain.message import MessageRef, RoomRef
from bot.domain.outcome import How

_log = structlog.get_logger(__name__)

#: A way that is not granted is left alone for so long, then tried once more: somebody may have granted it.
REST = timedelta(minutes=10)
#: These refusals are the workspace's settings', not the message's (docs.slack.dev, chat.delete).
_SETTINGS = NOT_GRANTED | {"compliance_exports_prevent_deletion"}
#: This one may be either's; refused for so many messages in a row, it is the settings'.
_EITHER, _IN_A_ROW = "cant_delete_message", 3
#: What staff read of each refusal.
_MEANING = {
    "cant_delete_message": "the workspace's settings do not let this admin delete other people's messages",
    "compliance_exports_prevent_deletion": "compliance exports are on, so nothing can be deleted",
    "missing_scope": "the token lacks the scope chat:write",
    "channel_not_found": "the token's owner is not in this private channel",
}

#: What a room reads in place of a hidden message.
Notice = Callable[[RoomRef], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One way to hide a message."""

    name: str
    how: How
    do: Callable[[MessageRef], Awaitable[object]]


class Hiding:
    """Tries the ways that there are tokens for, in order. ``notice`` says what a room reads in a message's place."""

    def __init__(self, api: SlackApi, notice: Notice) -> None:
        self._api = api
        self._resting: dict[str, datetime] = {}
        self._refused: dict[str, set[str]] = {}
        self.ways = tuple(_ways(api, notice))

    async def hide(self, ref: MessageRef) -> How:
        """Hide the message. Raises ForbiddenError, saying why, where only its author can delete it."""
        problems: list[str] = []
        for way in self.ways:
            if self._resting.get(way.name, self._api.clock.now()) > self._api.clock.now():
                problems.append(f"{way.name}: refused a short while ago")
                continue
            try:
                await way.do(ref)
            except SlackRefusedError as refused:
                if refused.code == "message_not_found":
                    return How.ALREADY
                self._note(way, ref, refused)
                problems.append(f"{way.name}: {_MEANING.get(refused.code, refused.code)}")
            else:
                self._resting.pop(way.name, None)
                self._refused.pop(way.name, None)
                return way.how
        why = "; ".join(problems) or "there is neither an admin's token nor Enterprise Grid"
        raise ForbiddenError(f"On Slack only its author can delete this message ({why}).")

    def _note(self, way: Way, ref: MessageRef, refused: SlackRefusedError) -> None:
        _log.warning("hiding refused", action="hide_refused", way=way.name, code=refused.code)
        if refused.code == _EITHER:
            self._refused.setdefault(way.name, set()).add(ref.key)
        if refused.code in _SETTINGS or len(self._refused.get(way.name, ())) >= _IN_A_ROW:
            self._resting[way.name] = self._api.clock.now() + REST
            self._refused.pop(way.name, None)


def _ways(api: SlackApi, notice: Notice) -> list[Way]:
    ways: list[Way] = []
    admin, grid = api.admin, api.grid
    if admin is not None:
        delete = admin.chat_delete
        ways.append(
            Way(
                name="admin token",
                how=How.DELETED,
                do=lambda ref: api.call(delete, channel=ref.room.room, ts=ref.message),
            )
        )
    if grid is not None:
        tombstone = Grid(grid).tombstone
        ways.append(
            Way(
                name="Enterprise Grid",
                how=How.TOMBSTONED,
                do=lambda ref: api.call(tombstone, ref=ref, notice=notice(ref.room)),
            )
        )
    return ways
