"""What works on Discord and what is missing, asked over REST: also before the gateway is connected."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import timedelta
from email.utils import parsedate_to_datetime

import aiohttp
import discord
from discord.http import Route

from bot.adapters.discord.errors import CALL_ERRORS, ConnectionRefusedByDiscordError, translated
from bot.adapters.discord.events import is_blank
from bot.adapters.discord.places import RoomChannel
from bot.adapters.discord.policy_rooms import in_no_server, team_room
from bot.adapters.discord.rights import HISTORY, RIGHTS, VIEW, Right, invite_link, lacking, names
from bot.domain.errors import TemporaryPlatformError
from bot.domain.policy import Policy
from bot.service.ports import Check, Clock

#: A clock that is further off than this makes times of joining, waiting and expiry wrong. Our choice; ``Date`` counts whole seconds.
TOLERATED_SKEW = timedelta(seconds=5)
#: So many channels, and messages in each, are looked at for content that is withheld.
_CHANNELS_READ = 5
_MESSAGES_READ = 20
_PORTAL = "Switch on Message Content Intent in the developer portal: your application, Bot, Privileged Gateway Intents."
_WRITTEN = frozenset({discord.MessageType.default, discord.MessageType.reply})
_LATER = "Try again later."


class Doctor:
    """Looks, changes nothing. ``log_in`` sees to it that the client is logged in."""

    def __init__(self, client: discord.Client, clock: Clock, log_in: Callable[[], Awaitable[None]]) -> None:
        self._client = client
        self._clock = clock
        self._log_in = log_in

    async def check(self, policy: Policy | None = None) -> Sequence[Check]:
        """Every finding, up to where Discord can't be asked any more. ``policy``: the rooms that it names are looked at too."""
        return [found async for found in self._until_refused(policy)]

    async def _until_refused(self, policy: Policy | None) -> AsyncIterator[Check]:
        try:
            await self._log_in()
            async for found in self._findings(policy):
                yield found
        except ConnectionRefusedByDiscordError as error:
            yield Check(subject="Discord", ok=False, finding="can't connect", remedy=str(error))
        except TemporaryPlatformError as error:
            yield Check(subject="Discord", ok=False, finding=str(error), remedy=_LATER)
        except CALL_ERRORS as error:
            yield Check(subject="Discord", ok=False, finding=str(translated(error, "")), remedy=_LATER)

    async def _findings(self, policy: Policy | None) -> AsyncIterator[Check]:
        application = await self._client.application_info()
        yield Check(subject="Discord", ok=True, finding=f"the token belongs to {application.name}")
        yield _intent(application.flags)
        yield await self._skew()
        guilds = [guild async for guild in self._client.fetch_guilds(limit=None)]
        if not guilds:
            link = invite_link(application.id)
            yield Check(subject="Servers", ok=False, finding="the bot is in none", remedy=f"Invite it: {link}")
        seen: set[str] = set()
        for guild in guilds:
            async for found in self._server(await self._client.fetch_guild(guild.id), policy, seen):
                yield found
        for found in in_no_server(policy, seen) if policy is not None and guilds else ():
            yield found

    async def _server(self, guild: discord.Guild, policy: Policy | None, seen: set[str]) -> AsyncIterator[Check]:
        """What is found in one server. The ids of the rooms that the bot sees there go into ``seen``."""
        if self._client.user is None:
            return
        me = await guild.fetch_member(self._client.user.id)
        rooms = [channel for channel in await guild.fetch_channels() if isinstance(channel, RoomChannel)]
        visible = [room for room in rooms if not lacking(room.permissions_for(me), (VIEW,))]
        seen |= {str(room.id) for room in visible}
        if policy is not None:
            yield await team_room(guild, visible, me, policy)
        for room in rooms:
            yield _room(guild, room, room.permissions_for(me))
        yield await self._content(guild, [room for room in rooms if _readable(room, me)])

    async def _content(self, guild: discord.Guild, rooms: Sequence[RoomChannel]) -> Check:
        """Whether the messages of members arrive with their content, by looking at some."""
        subject = f"{guild.name}: what messages say"
        blank = full = 0
        for room in rooms[:_CHANNELS_READ]:
            if isinstance(room, discord.ForumChannel):
                continue
            async for message in room.history(limit=_MESSAGES_READ):
                if self._tells(message):
                    blank, full = blank + is_blank(message), full + (not is_blank(message))
        if full:
            return Check(subject=subject, ok=True, finding="arrives")
        if blank:
            return Check(subject=subject, ok=False, finding="is withheld: messages arrive empty", remedy=_PORTAL)
        return Check(subject=subject, ok=True, finding="no message to look at yet")

    def _tells(self, message: discord.Message) -> bool:
        """Whether the message would be empty without the intent: the bot's own and those that mention it never are."""
        me = self._client.user
        if me is None or message.author.bot or message.webhook_id is not None or message.type not in _WRITTEN:
            return False
        return all(mentioned.id != me.id for mentioned in message.mentions)

    async def _skew(self) -> Check:
        timeout = aiohttp.ClientTimeout(total=10)
        async with aiohttp.ClientSession(timeout=timeout) as session, session.get(f"{Route.BASE}/gateway") as answer:
            theirs = parsedate_to_datetime(answer.headers["Date"])
        off = abs(self._clock.now() - theirs)
        if off <= TOLERATED_SKEW:
            return Check(subject="Clock", ok=True, finding="agrees with Discord's")
        finding = f"is {off.total_seconds():.0f} seconds off Discord's"
        return Check(subject="Clock", ok=False, finding=finding, remedy="Let the machine set its clock by NTP.")


def _intent(flags: discord.ApplicationFlags) -> Check:
    if flags.gateway_message_content or flags.gateway_message_content_limited:
        return Check(subject="Message Content intent", ok=True, finding="switched on")
    return Check(subject="Message Content intent", ok=False, finding="switched off", remedy=_PORTAL)


def _readable(room: RoomChannel, me: discord.Member) -> bool:
    return not lacking(room.permissions_for(me), (VIEW, HISTORY))


def _room(guild: discord.Guild, room: RoomChannel, granted: discord.Permissions) -> Check:
    subject = f"{guild.name}: #{room.name}"
    missing = lacking(granted, RIGHTS)
    needed = tuple(right for right in missing if not right.optional)
    if needed:
        return Check(subject=subject, ok=False, finding=f"missing: {_purposes(needed)}", remedy=_remedy(needed))
    if missing:
        return Check(subject=subject, ok=True, finding=f"works; not granted: {_purposes(missing)}")
    return Check(subject=subject, ok=True, finding="works")


def _purposes(rights: tuple[Right, ...]) -> str:
    return "; ".join(f"{right.name} ({right.purpose})" for right in rights)


def _remedy(rights: tuple[Right, ...]) -> str:
    return f"Grant the bot's role {names(rights)}: channel settings, Permissions; or server settings, Roles."
