"""The channels that the bot is in, by id and by name (users.conversations, conversations.info)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.adapters.slack.api import Payload, SlackApi
from bot.adapters.slack.errors import SlackRefusedError
from bot.domain.errors import GoneError
from bot.domain.message import PlatformName, Room, RoomRef

#: A name that is not found makes the bot look again, but not more often than this.
LOOK_AGAIN = timedelta(seconds=30)
#: Channels on one page, and pages at most.
_PAGE, _PAGES = 200, 100


class Rooms:
    """Channels and their names. Renamings come as events; a list, taken at every catch-up, mends what was missed."""

    def __init__(self, api: SlackApi) -> None:
        self._api = api
        self._names: dict[str, str] = {}
        self._listed_at: datetime | None = None

    async def all(self, *, patient: bool = False) -> Sequence[Room]:
        """Every public and private channel that the bot is a member of; archived ones are left out."""
        me = await self._api.identity()
        channels = await self._joined(patient=patient)
        self._listed_at = self._api.clock.now()
        for channel in channels:
            self.remember(channel)
        return [
            Room(
                ref=RoomRef(platform=PlatformName.SLACK, workspace=me.workspace, room=str(c["id"])), name=str(c["name"])
            )
            for c in channels
        ]

    async def name(self, channel: str) -> str:
        """The channel's name, asked once. Raises PlatformError: no message is kept without it, for policies tell rooms by name."""
        if channel not in self._names:
            answer = await self._api.call(self._api.bot.conversations_info, channel=channel)
            self.remember(answer["channel"])
        return self._names[channel]

    def remember(self, channel: Payload) -> None:
        """Take over a channel's name from Slack's channel object: from a list, or from the event that it was renamed."""
        self._names[str(channel["id"])] = str(channel.get("name") or "")

    async def find(self, room: str) -> str:
        """The id of the channel with this id or name. Raises GoneError where the bot is in no such channel."""
        wanted = room.removeprefix("#")
        found = self._known(wanted)
        now = self._api.clock.now()
        if found is None and (self._listed_at is None or self._listed_at + LOOK_AGAIN <= now):
            await self.all()
            found = self._known(wanted)
        if found is None:
            raise GoneError(f"The bot is in no Slack channel called {room}. Invite it: /invite @Chaperone.")
        return found

    def _known(self, wanted: str) -> str | None:
        return next((key for key, name in self._names.items() if wanted in (key, name)), None)

    async def _joined(self, *, patient: bool) -> list[Payload]:
        found: list[Payload] = []
        cursor = ""
        for _ in range(_PAGES):
            answer = await self._api.call(
                self._api.bot.users_conversations,
                patient=patient,
                types="public_channel,private_channel",
                exclude_archived=True,
                limit=_PAGE,
                cursor=cursor,
            )
            found += answer["channels"]
            cursor = next_cursor(answer)
            if not cursor:
                break
        return found


def next_cursor(answer: Payload) -> str:
    """Where the next page begins; empty after the last one (docs.slack.dev, "Pagination")."""
    return str((answer.get("response_metadata") or {}).get("next_cursor") or "")


def can_not_be_read(refused: SlackRefusedError) -> str:
    """Why a channel's history can't be read, for the operator."""
    return f"its history can't be read: {refused.code}" + (f", needs {refused.needed}" if refused.needed else "")
