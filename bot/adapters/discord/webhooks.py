"""The webhook through which the bot restores messages in a channel: found or made once."""

from __future__ import annotations

import re

import discord

from bot.adapters.discord.calls import Calls
from bot.adapters.discord.errors import TOO_MANY_WEBHOOKS
from bot.adapters.discord.places import RoomChannel
from bot.adapters.discord.rights import Task
from bot.domain.errors import ForbiddenError, GoneError

NAME = "Chaperone"
#: Characters of a webhook's name. Source: Webhook resource, "Create Webhook".
LONGEST_NAME = 80
#: A webhook's name may not contain these, in any case; a dot in the middle keeps the name readable. Source: the same.
_FORBIDDEN = re.compile(r"(?i)(dis)(cord)|(cly)(de)")
#: Nor may it be one of these. Source: User resource, "Usernames and Nicknames".
_RESERVED = frozenset({"everyone", "here"})
_STAND_IN = "Member"


class Webhooks:
    """The bot's webhooks by channel."""

    def __init__(self, client: discord.Client, calls: Calls) -> None:
        self._client = client
        self._calls = calls
        self._known: dict[int, discord.Webhook] = {}

    async def of(self, channel: int) -> discord.Webhook:
        """The webhook of a channel. Raises ForbiddenError where the bot may have none, GoneError where the channel is gone."""
        if channel not in self._known:
            async with self._calls.to(channel, Task.RESTORE):
                self._known[channel] = await self._found_or_made(await self._room(channel))
        return self._known[channel]

    def forget(self, channel: int) -> None:
        """The webhook was deleted; look again next time."""
        self._known.pop(channel, None)

    async def _room(self, channel: int) -> RoomChannel:
        found = self._client.get_channel(channel) or await self._client.fetch_channel(channel)
        if not isinstance(found, RoomChannel):
            raise GoneError("There is no such channel.")
        return found

    async def _found_or_made(self, room: RoomChannel) -> discord.Webhook:
        own = [hook for hook in await room.webhooks() if self._is_own(hook)]
        named = [hook for hook in own if hook.name == NAME]
        if named:
            return named[0]
        try:
            return await room.create_webhook(name=NAME, reason="To restore messages")
        except discord.HTTPException as error:
            if error.code not in TOO_MANY_WEBHOOKS:
                raise
        if not own:
            raise ForbiddenError("The channel or server has as many webhooks as Discord allows; delete one.")
        return own[0]

    def _is_own(self, hook: discord.Webhook) -> bool:
        return (
            hook.token is not None
            and hook.user is not None
            and self._client.user is not None
            and hook.user.id == self._client.user.id
        )


def masked(name: str) -> str:
    """A display name as a webhook may wear it."""
    plain = _FORBIDDEN.sub(lambda found: "·".join(part for part in found.groups() if part), name).strip()
    allowed = plain[:LONGEST_NAME].strip()
    return allowed if allowed and allowed.casefold() not in _RESERVED else _STAND_IN
