"""The connection: discord.py's client with the events that the bot listens to."""

from __future__ import annotations

import sys

import discord
import structlog
from discord import app_commands

from bot.adapters.discord.calls import Calls
from bot.adapters.discord.counter import Counter
from bot.adapters.discord.ears import Ears
from bot.adapters.discord.errors import CALL_ERRORS
from bot.adapters.discord.menu import REPORT, MenuTranslator
from bot.adapters.discord.rights import intents
from bot.adapters.discord.view import CaseButton, ShowButton

_log = structlog.get_logger(__name__)

#: Seconds of rate limit that a call waits out by itself; longer ones are given back to the service's own waiting (30 is the least).
_LONGEST_RATE_LIMIT = 30.0


class ChaperoneClient(discord.AutoShardedClient):
    """Passes events on. Keeps no messages and no members in memory; roles come with each message."""

    ears: Ears
    counter: Counter
    calls: Calls

    def __init__(self, settle: float) -> None:
        super().__init__(
            intents=intents(),
            max_messages=None,
            chunk_guilds_at_startup=False,
            member_cache_flags=discord.MemberCacheFlags.none(),
            allowed_mentions=discord.AllowedMentions.none(),
            guild_ready_timeout=settle,
            max_ratelimit_timeout=_LONGEST_RATE_LIMIT,
        )
        self.tree = app_commands.CommandTree(self)
        self.add_dynamic_items(CaseButton, ShowButton)

    def take_reports(self) -> None:
        """Offer "Report to moderators" in the menu of every message."""
        menu = app_commands.ContextMenu(name=app_commands.locale_str(REPORT), callback=_report)
        menu.guild_only = True
        self.tree.add_command(menu)

    async def setup_hook(self) -> None:
        """Before the first connection: discord.py asks for it."""
        await self.tree.set_translator(MenuTranslator())

    async def on_message(self, message: discord.Message) -> None:
        """Posted."""
        await self.ears.heard(message)

    async def on_raw_message_edit(self, event: discord.RawMessageUpdateEvent) -> None:
        """Edited, cached or not: the event carries the whole message."""
        await self.ears.edited(event)

    async def on_raw_message_delete(self, event: discord.RawMessageDeleteEvent) -> None:
        """Deleted."""
        if event.guild_id is not None:
            await self.ears.deleted(event.channel_id, [event.message_id])

    async def on_raw_bulk_message_delete(self, event: discord.RawBulkMessageDeleteEvent) -> None:
        """Many deleted at once."""
        if event.guild_id is not None:
            await self.ears.deleted(event.channel_id, sorted(event.message_ids))

    async def on_thread_create(self, thread: discord.Thread) -> None:
        """A thread was opened."""
        await self.ears.opened(thread)

    async def on_raw_thread_delete(self, event: discord.RawThreadDeleteEvent) -> None:
        """A thread or forum post was deleted: Discord does not tell of its messages then."""
        await self.ears.closed(event)

    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        """A channel was deleted: Discord tells neither of its threads nor of their messages then."""
        await self.ears.removed(channel)

    async def on_shard_connect(self, shard: int) -> None:
        """A new session, not a resumed one. This runs before any event of the session is handed on."""
        self.ears.connected_anew()
        _log.info("connected", action="connected", shard=shard)

    async def on_shard_ready(self, shard: int) -> None:
        """The shard's servers are known."""
        self.ears.catch_up_soon()
        _log.info("ready", action="ready", shard=shard, servers=len(self.guilds))

    async def on_shard_resumed(self, shard: int) -> None:
        """Discord has replayed what was missed."""
        _log.info("resumed", action="resumed", shard=shard)

    async def on_shard_disconnect(self, shard: int) -> None:
        """discord.py reconnects by itself."""
        _log.info("disconnected", action="disconnected", shard=shard)

    async def on_ready(self) -> None:
        """All servers are known: put the commands right where they differ."""
        await self._sync_commands()

    async def on_guild_available(self, guild: discord.Guild) -> None:
        """A server came late or is back from an outage."""
        if self.is_ready():
            self.ears.catch_up_soon()

    async def on_guild_join(self, guild: discord.Guild) -> None:
        """The bot was invited."""
        self.ears.catch_up_soon()

    async def on_guild_role_update(self, before: discord.Role, after: discord.Role) -> None:
        """Permissions may have changed."""
        self.calls.forget_refusals()

    async def on_guild_channel_update(self, before: discord.abc.GuildChannel, after: discord.abc.GuildChannel) -> None:
        """Permissions may have changed."""
        self.calls.forget_refusals()

    async def on_member_update(self, before: discord.Member, after: discord.Member) -> None:
        """Only the bot's own membership is sent without the members intent: its roles may have changed."""
        self.calls.forget_refusals()

    async def on_error(self, event_method: str, /, *args: object, **kwargs: object) -> None:
        """Log what went wrong in a handler by name only: the event's arguments hold messages."""
        _log.error(
            "event handler failed", action="handler_failed", handler=event_method, error=type(sys.exception()).__name__
        )

    async def _sync_commands(self) -> None:
        """Register the commands only where they changed: Discord allows 200 registrations a day and server."""
        try:
            known = {(command.name, command.type) for command in await self.tree.fetch_commands()}
            menus = self.tree.get_commands(type=discord.AppCommandType.message)
            if known != {(menu.name, discord.AppCommandType.message) for menu in menus}:
                await self.tree.sync()
        except CALL_ERRORS as error:
            _log.warning("commands not registered", action="commands_failed", error=type(error).__name__)


async def _report(interaction: discord.Interaction[ChaperoneClient], message: discord.Message) -> None:
    await interaction.client.counter.reported(interaction, message)
