"""Users, members, roles, channels and guilds as Discord writes them, seen with the bot's eyes.

Source: the resource pages of the documentation; obfuscated channels: change log of 2026-08-12, in force for every bot
since 2026-11-16.
"""

from .clock import SimClock, iso
from .guild_defaults import GUILD_DEFAULTS
from .json_types import Json
from .model import Availability, Channel, ChannelType, Guild, Member, Role, ThreadState, User, Webhook
from .permissions import Permission, channel_permissions, guild_permissions

HIDDEN_NAME = "___hidden___"
CHANNEL_OBFUSCATED = 1 << 17


def user_json(user: User) -> Json:
    """The user object; `bot` is there only for bots."""
    data: Json = {
        "id": str(user.id),
        "username": user.username,
        "discriminator": user.discriminator,
        "global_name": user.global_name,
        "avatar": user.avatar,
        "avatar_decoration_data": None,
        "public_flags": 0,
    }
    if user.bot:
        data["bot"] = True
    return data


def own_user_json(user: User) -> Json:
    """The current user object of GET /users/@me and READY."""
    return user_json(user) | {
        "banner": None,
        "accent_color": None,
        "verified": True,
        "mfa_enabled": True,
        "email": None,
        "flags": 0,
    }


def member_json(member: Member, *, with_user: bool = True) -> Json:
    """The guild member object; message events leave the user out."""
    until = member.communication_disabled_until
    data: Json = {
        "nick": member.nick,
        "avatar": member.avatar,
        "banner": None,
        "roles": [str(role_id) for role_id in member.roles],
        "joined_at": iso(member.joined_at),
        "premium_since": None,
        "deaf": False,
        "mute": False,
        "flags": 0,
        "pending": member.pending,
        "communication_disabled_until": iso(until) if until else None,
    }
    if with_user:
        data["user"] = user_json(member.user)
    return data


def role_json(role: Role) -> Json:
    """The role object."""
    data: Json = {
        "id": str(role.id),
        "name": role.name,
        "color": role.color,
        "colors": {"primary_color": role.color, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "icon": None,
        "unicode_emoji": None,
        "position": role.position,
        "permissions": str(int(role.permissions)),
        "managed": role.managed_bot_id is not None,
        "mentionable": role.mentionable,
        "flags": 0,
    }
    if role.managed_bot_id is not None:
        data["tags"] = {"bot_id": str(role.managed_bot_id)}
    return data


def webhook_json(webhook: Webhook, *, with_user: bool = True) -> Json:
    """The webhook object; without the user when it was asked for by token."""
    data: Json = {
        "id": str(webhook.id),
        "type": 1,
        "guild_id": str(webhook.guild_id),
        "channel_id": str(webhook.channel_id),
        "name": webhook.name,
        "avatar": webhook.avatar,
        "token": webhook.token,
        "application_id": str(webhook.application_id) if webhook.application_id else None,
    }
    if with_user:
        data["user"] = user_json(webhook.user)
    return data


def thread_member_json(channel: Channel, user_id: int) -> Json:
    """The thread member object."""
    state = _thread(channel)
    return {"id": str(channel.id), "user_id": str(user_id), "join_timestamp": iso(state.created_at), "flags": 0}


class Payloads:
    """Builds what depends on who looks: the bot."""

    def __init__(self, clock: SimClock, bot: User) -> None:
        self._clock = clock
        self._bot = bot

    def bot_permissions(self, guild: Guild, channel: Channel | None = None) -> int:
        """The bot's permission bits in a channel or the whole guild; 0 when it is not a member."""
        member = guild.members.get(self._bot.id)
        if member is None:
            return 0
        if channel is None:
            return guild_permissions(guild, member, self._clock.now())
        return channel_permissions(guild, member, channel, self._clock.now())

    def bot_sees(self, guild: Guild, channel: Channel) -> bool:
        """Whether the bot may view the channel; private threads want membership or Manage Threads."""
        granted = self.bot_permissions(guild, channel)
        if not granted & Permission.VIEW_CHANNEL:
            return channel.kind is ChannelType.CATEGORY and self._sees_a_child(guild, channel)
        if channel.kind is not ChannelType.PRIVATE_THREAD or channel.thread is None:
            return True
        return self._bot.id in channel.thread.member_ids or bool(granted & Permission.MANAGE_THREADS)

    def _sees_a_child(self, guild: Guild, category: Channel) -> bool:
        children = [c for c in guild.channels.values() if c.parent_id == category.id and c.thread is None]
        return any(self.bot_permissions(guild, child) & Permission.VIEW_CHANNEL for child in children)

    def channel(self, channel: Channel, guild: Guild | None) -> Json:
        """Any channel object in full."""
        if guild is None:
            return self._dm(channel)
        if channel.thread is not None:
            return self.thread(channel, guild)
        return self._guild_channel(channel)

    def gateway_channel(self, channel: Channel, guild: Guild) -> Json:
        """A guild channel as the gateway shows it: obfuscated when the bot may not view it."""
        data = self._guild_channel(channel)
        if self.bot_sees(guild, channel):
            return data
        hidden = {"id": str(guild.id), "type": 0, "allow": "0", "deny": str(int(Permission.VIEW_CHANNEL))}
        return data | {
            "name": HIDDEN_NAME,
            "topic": None,
            "last_message_id": None,
            "permission_overwrites": [hidden],
            "flags": data["flags"] | CHANNEL_OBFUSCATED,
        }

    def _dm(self, channel: Channel) -> Json:
        return {
            "id": str(channel.id),
            "type": int(channel.kind),
            "last_message_id": _optional(channel.last_message_id),
            "flags": 0,
            "recipients": [user_json(channel.recipient)] if channel.recipient else [],
        }

    def _guild_channel(self, channel: Channel) -> Json:
        data: Json = {
            "id": str(channel.id),
            "type": int(channel.kind),
            "guild_id": str(channel.guild_id),
            "name": channel.name,
            "topic": channel.topic,
            "position": channel.position,
            "permission_overwrites": [
                {"id": str(o.id), "type": o.kind, "allow": str(o.allow), "deny": str(o.deny)}
                for o in channel.overwrites.values()
            ],
            "parent_id": _optional(channel.parent_id),
            "nsfw": channel.nsfw,
            "rate_limit_per_user": channel.rate_limit_per_user,
            "last_message_id": _optional(channel.last_message_id),
            "flags": 0,
        }
        if channel.kind is ChannelType.FORUM:
            data |= self._forum_fields(channel)
        return data

    def _forum_fields(self, channel: Channel) -> Json:
        tags = [
            {"id": str(tag.id), "name": tag.name, "moderated": tag.moderated, "emoji_id": None, "emoji_name": None}
            for tag in channel.tags
        ]
        return {
            "available_tags": tags,
            "default_reaction_emoji": None,
            "default_sort_order": None,
            "default_forum_layout": 0,
            "template": "",
        }

    def thread(self, channel: Channel, guild: Guild) -> Json:
        """A thread object, with the bot's own membership when it has one."""
        state = _thread(channel)
        metadata: Json = {
            "archived": state.archived,
            "auto_archive_duration": state.auto_archive_duration,
            "archive_timestamp": iso(state.archived_at),
            "locked": state.locked,
            "create_timestamp": iso(state.created_at),
        }
        if channel.kind is ChannelType.PRIVATE_THREAD:
            metadata["invitable"] = True
        data: Json = {
            "id": str(channel.id),
            "type": int(channel.kind),
            "guild_id": str(channel.guild_id),
            "parent_id": _optional(channel.parent_id),
            "owner_id": str(state.owner_id),
            "name": channel.name,
            "last_message_id": _optional(channel.last_message_id),
            "message_count": state.message_count,
            "member_count": min(len(state.member_ids), 50),
            "total_message_sent": state.total_message_sent,
            "rate_limit_per_user": channel.rate_limit_per_user,
            "flags": 0,
            "thread_metadata": metadata,
        }
        if channel.parent_id and guild.channels[channel.parent_id].kind is ChannelType.FORUM:
            data["applied_tags"] = [str(tag) for tag in state.applied_tags]
        if self._bot.id in state.member_ids:
            data["member"] = thread_member_json(channel, self._bot.id)
        return data

    def guild(self, guild: Guild) -> Json:
        """The guild object of GET /guilds/{id} and GUILD_UPDATE."""
        return GUILD_DEFAULTS | {
            "id": str(guild.id),
            "name": guild.name,
            "owner_id": str(guild.owner_id),
            "preferred_locale": guild.preferred_locale,
            "roles": [role_json(role) for role in guild.roles.values()],
        }

    def guild_create(self, guild: Guild, members: list[Member]) -> Json:
        """GUILD_CREATE: the guild with its channels, active threads and the members the intents allow."""
        seen = [c for c in guild.channels.values() if c.thread and not c.thread.archived and self.bot_sees(guild, c)]
        plain = [c for c in guild.channels.values() if c.thread is None]
        return self.guild(guild) | {
            "joined_at": iso(guild.members[self._bot.id].joined_at),
            "large": False,
            "unavailable": guild.availability is not Availability.AVAILABLE,
            "member_count": len(guild.members),
            "members": [member_json(member) for member in members],
            "channels": [_without_guild(self.gateway_channel(channel, guild)) for channel in plain],
            "threads": [self.thread(channel, guild) for channel in seen],
            "voice_states": [],
            "presences": [],
            "stage_instances": [],
            "guild_scheduled_events": [],
            "soundboard_sounds": [],
        }


def _thread(channel: Channel) -> ThreadState:
    if channel.thread is None:
        raise ValueError("not a thread")
    return channel.thread


def _optional(value: int | None) -> str | None:
    return None if value is None else str(value)


def _without_guild(data: Json) -> Json:
    return {key: value for key, value in data.items() if key != "guild_id"}
