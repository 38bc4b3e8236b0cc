"""Discord's native AutoMod over REST alone: what a server has, and the few calls that change rules."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass

import discord

from bot.adapters.discord.errors import CALL_ERRORS, translated
from bot.adapters.discord.login import DiscordSettings, log_in, make_ready
from bot.adapters.discord.places import RoomChannel, room_of
from bot.adapters.discord.rights import Task, names
from bot.domain.message import Room

#: Why a rule was changed, for the server's audit log.
_REASON = "chaperone policy push discord"


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A Discord server that the bot is in."""

    id: str
    name: str


class AutoMod:
    """AutoMod rules of the servers that the bot is in. Everything raises the platform port's errors."""

    def __init__(self, client: discord.Client) -> None:
        self._client = client

    @property
    def bot(self) -> str:
        """The bot's user id, which Discord keeps as the creator of the rules it makes."""
        return "" if self._client.user is None else str(self._client.user.id)

    async def servers(self) -> Sequence[Server]:
        """The servers that the bot is in."""
        with _told():
            found = [guild async for guild in self._client.fetch_guilds(limit=None)]
        return [Server(id=str(guild.id), name=guild.name) for guild in found]

    async def rooms(self, server: Server) -> Sequence[Room]:
        """The server's channels in which people write."""
        with _told():
            guild = await self._client.fetch_guild(int(server.id))
            channels = await guild.fetch_channels()
        return [room_of(channel) for channel in channels if isinstance(channel, RoomChannel)]

    async def roles(self, server: Server) -> Mapping[str, str]:
        """The ids of the server's roles by their names."""
        with _told():
            guild = await self._client.fetch_guild(int(server.id))
        return {role.name: str(role.id) for role in guild.roles}

    async def rules(self, server: Server) -> Sequence[Mapping[str, object]]:
        """Every AutoMod rule of the server, as Discord gives it."""
        with _told():
            return [dict(rule) for rule in await self._client.http.get_auto_moderation_rules(int(server.id))]

    async def create(self, server: Server, rule: Mapping[str, object]) -> None:
        """Make a rule."""
        with _told():
            await self._client.http.create_auto_moderation_rule(int(server.id), reason=_REASON, **rule)

    async def replace(self, server: Server, id_: str, rule: Mapping[str, object]) -> None:
        """Make the rule ``id_`` say what ``rule`` says."""
        with _told():
            await self._client.http.edit_auto_moderation_rule(int(server.id), int(id_), reason=_REASON, **rule)

    async def delete(self, server: Server, id_: str) -> None:
        """Take a rule away."""
        with _told():
            await self._client.http.delete_auto_moderation_rule(int(server.id), int(id_), reason=_REASON)


@asynccontextmanager
async def automod(settings: DiscordSettings) -> AsyncIterator[AutoMod]:
    """AutoMod with the bot's token, without a gateway connection. Raises SettingsError, and what a log-in raises."""
    token = make_ready(settings)
    async with discord.Client(intents=discord.Intents.none()) as client:
        await log_in(client, token)
        yield AutoMod(client)


@contextmanager
def _told() -> Iterator[None]:
    """Errors of a call in the port's words."""
    try:
        yield
    except CALL_ERRORS as error:
        raise translated(error, f"It takes: {names(Task.SET_AUTOMOD.value)}.") from None
