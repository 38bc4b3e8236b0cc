"""Which events a gateway session gets: intents, shards, and what the bot may see.

Source: Gateway documentation, "List of Intents", "Sharding"; Gateway Events, per-event notes.
"""

from enum import IntFlag

from .clock import TIMESTAMP_SHIFT
from .model import Channel, Guild
from .payloads import Payloads
from .permissions import Permission
from .world import Event


class Intent(IntFlag):
    """Gateway intents."""

    GUILDS = 1 << 0
    GUILD_MEMBERS = 1 << 1
    GUILD_MODERATION = 1 << 2
    GUILD_EXPRESSIONS = 1 << 3
    GUILD_INTEGRATIONS = 1 << 4
    GUILD_WEBHOOKS = 1 << 5
    GUILD_INVITES = 1 << 6
    GUILD_VOICE_STATES = 1 << 7
    GUILD_PRESENCES = 1 << 8
    GUILD_MESSAGES = 1 << 9
    GUILD_MESSAGE_REACTIONS = 1 << 10
    GUILD_MESSAGE_TYPING = 1 << 11
    DIRECT_MESSAGES = 1 << 12
    DIRECT_MESSAGE_REACTIONS = 1 << 13
    DIRECT_MESSAGE_TYPING = 1 << 14
    MESSAGE_CONTENT = 1 << 15
    GUILD_SCHEDULED_EVENTS = 1 << 16
    AUTO_MODERATION_CONFIGURATION = 1 << 20
    AUTO_MODERATION_EXECUTION = 1 << 21
    GUILD_MESSAGE_POLLS = 1 << 24
    DIRECT_MESSAGE_POLLS = 1 << 25


ALL_INTENTS = sum(Intent)
PRIVILEGED = Intent.GUILD_MEMBERS | Intent.GUILD_PRESENCES | Intent.MESSAGE_CONTENT

_BY_PREFIX: tuple[tuple[str, int, int], ...] = (
    ("MESSAGE_REACTION_", Intent.GUILD_MESSAGE_REACTIONS, Intent.DIRECT_MESSAGE_REACTIONS),
    ("MESSAGE_", Intent.GUILD_MESSAGES, Intent.DIRECT_MESSAGES),
    ("TYPING_", Intent.GUILD_MESSAGE_TYPING, Intent.DIRECT_MESSAGE_TYPING),
    ("GUILD_MEMBER_", Intent.GUILD_MEMBERS, 0),
    ("GUILD_BAN_", Intent.GUILD_MODERATION, 0),
    ("GUILD_AUDIT_LOG_", Intent.GUILD_MODERATION, 0),
    ("WEBHOOKS_", Intent.GUILD_WEBHOOKS, 0),
    ("AUTO_MODERATION_RULE_", Intent.AUTO_MODERATION_CONFIGURATION, 0),
    ("AUTO_MODERATION_ACTION_", Intent.AUTO_MODERATION_EXECUTION, 0),
    ("GUILD_", Intent.GUILDS, 0),
    ("CHANNEL_", Intent.GUILDS, 0),
    ("THREAD_", Intent.GUILDS, 0),
)
"""First match wins: event prefix, the guild intent, the direct-message intent."""

_GUILD_WIDE_NEEDS = (
    ("AUTO_MODERATION_", Permission.MANAGE_GUILD),
    ("GUILD_AUDIT_LOG_", Permission.VIEW_AUDIT_LOG),
)


class Audience:
    """Decides for one bot."""

    def __init__(self, payloads: Payloads, bot_id: int) -> None:
        self._payloads = payloads
        self._bot_id = bot_id

    def gets(self, event: Event, intents: int, shard: tuple[int, int]) -> bool:
        """Whether a session with these intents and shard receives the event."""
        if not self._on_shard(event.guild, shard):
            return False
        if not self._intended(event, intents):
            return False
        return event.guild is None or self._permitted(event, event.guild, event.channel)

    @staticmethod
    def _on_shard(guild: Guild | None, shard: tuple[int, int]) -> bool:
        number, count = shard
        return number == (0 if guild is None else (guild.id >> TIMESTAMP_SHIFT) % count)

    def _intended(self, event: Event, intents: int) -> bool:
        if event.name in {"GUILD_MEMBER_UPDATE", "THREAD_MEMBERS_UPDATE"} and event.about == self._bot_id:
            return True
        if event.name == "THREAD_MEMBERS_UPDATE":
            return bool(intents & Intent.GUILD_MEMBERS)
        for prefix, guild_intent, direct_intent in _BY_PREFIX:
            if event.name.startswith(prefix):
                return bool(intents & (guild_intent if event.guild else direct_intent))
        return True

    def _permitted(self, event: Event, guild: Guild, channel: Channel | None) -> bool:
        if event.name in {"GUILD_CREATE", "GUILD_DELETE"}:
            return True
        if self._bot_id not in guild.members:
            return False
        for prefix, needed in _GUILD_WIDE_NEEDS:
            if event.name.startswith(prefix):
                return bool(self._payloads.bot_permissions(guild) & needed)
        return channel is None or event.name == "INTERACTION_CREATE" or self._payloads.bot_sees(guild, channel)
