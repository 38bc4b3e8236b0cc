"""Permission bits and the documented way to compute what a member may do in a channel.

Source: Discord documentation, "Permissions" (bitwise flags, overwrites, implicit permissions, timed-out members,
threads).
"""

from datetime import datetime
from enum import IntFlag

from .model import Channel, Guild, Member, Overwrite


class Permission(IntFlag):
    """The permission bits a chat bot can meet."""

    NONE = 0
    CREATE_INSTANT_INVITE = 1 << 0
    KICK_MEMBERS = 1 << 1
    BAN_MEMBERS = 1 << 2
    ADMINISTRATOR = 1 << 3
    MANAGE_CHANNELS = 1 << 4
    MANAGE_GUILD = 1 << 5
    ADD_REACTIONS = 1 << 6
    VIEW_AUDIT_LOG = 1 << 7
    VIEW_CHANNEL = 1 << 10
    SEND_MESSAGES = 1 << 11
    SEND_TTS_MESSAGES = 1 << 12
    MANAGE_MESSAGES = 1 << 13
    EMBED_LINKS = 1 << 14
    ATTACH_FILES = 1 << 15
    READ_MESSAGE_HISTORY = 1 << 16
    MENTION_EVERYONE = 1 << 17
    USE_EXTERNAL_EMOJIS = 1 << 18
    CHANGE_NICKNAME = 1 << 26
    MANAGE_NICKNAMES = 1 << 27
    MANAGE_ROLES = 1 << 28
    MANAGE_WEBHOOKS = 1 << 29
    USE_APPLICATION_COMMANDS = 1 << 31
    MANAGE_THREADS = 1 << 34
    CREATE_PUBLIC_THREADS = 1 << 35
    CREATE_PRIVATE_THREADS = 1 << 36
    USE_EXTERNAL_STICKERS = 1 << 37
    SEND_MESSAGES_IN_THREADS = 1 << 38
    MODERATE_MEMBERS = 1 << 40
    SEND_VOICE_MESSAGES = 1 << 46
    SEND_POLLS = 1 << 49
    PIN_MESSAGES = 1 << 51


ALL = (1 << 53) - 1
"""Every bit up to BYPASS_SLOWMODE (1 << 52)."""

EVERYONE_DEFAULT = (
    Permission.VIEW_CHANNEL
    | Permission.SEND_MESSAGES
    | Permission.SEND_MESSAGES_IN_THREADS
    | Permission.READ_MESSAGE_HISTORY
    | Permission.EMBED_LINKS
    | Permission.ATTACH_FILES
    | Permission.ADD_REACTIONS
    | Permission.CREATE_PUBLIC_THREADS
    | Permission.CREATE_PRIVATE_THREADS
    | Permission.USE_APPLICATION_COMMANDS
    | Permission.SEND_VOICE_MESSAGES
    | Permission.SEND_POLLS
    | Permission.CHANGE_NICKNAME
    | Permission.USE_EXTERNAL_STICKERS
)
"""What a fresh guild gives everyone, as far as text goes."""

MODERATION_BOT = (
    Permission.MANAGE_MESSAGES
    | Permission.MANAGE_WEBHOOKS
    | Permission.MANAGE_THREADS
    | Permission.MODERATE_MEMBERS
    | Permission.MANAGE_GUILD
    | Permission.VIEW_AUDIT_LOG
)
"""What a moderation bot asks for on top of everyone's permissions."""

_WHEN_TIMED_OUT = Permission.VIEW_CHANNEL | Permission.READ_MESSAGE_HISTORY
_NEEDS_SENDING = (
    Permission.MENTION_EVERYONE | Permission.SEND_TTS_MESSAGES | Permission.ATTACH_FILES | Permission.EMBED_LINKS
)


def is_timed_out(member: Member, now: datetime) -> bool:
    """Whether the member's time-out is still running."""
    until = member.communication_disabled_until
    return until is not None and until > now


def guild_permissions(guild: Guild, member: Member, now: datetime) -> int:
    """What the member may do in the guild, before any channel's overwrites."""
    if guild.owner_id == member.user.id:
        return ALL
    granted = int(guild.roles[guild.id].permissions)
    for role_id in member.roles:
        granted |= int(guild.roles[role_id].permissions)
    if granted & Permission.ADMINISTRATOR:
        return ALL
    return granted & int(_WHEN_TIMED_OUT) if is_timed_out(member, now) else granted


def channel_permissions(guild: Guild, member: Member, channel: Channel, now: datetime) -> int:
    """What the member may do in a channel or thread of the guild, with implicit denials applied."""
    granted = guild_permissions(guild, member, now)
    if granted == ALL:
        return ALL
    holder = guild.channels[channel.parent_id] if channel.thread and channel.parent_id else channel
    granted = _with_overwrites(granted, guild, member, holder.overwrites)
    if is_timed_out(member, now):
        granted &= int(_WHEN_TIMED_OUT)
    return _implicit(granted, channel)


def top_position(guild: Guild, member: Member) -> int:
    """The position of the member's highest role; everyone's role counts 0."""
    return max((guild.roles[role_id].position for role_id in member.roles), default=0)


def _with_overwrites(granted: int, guild: Guild, member: Member, overwrites: dict[int, Overwrite]) -> int:
    everyone = overwrites.get(guild.id)
    if everyone is not None:
        granted = granted & ~everyone.deny | everyone.allow
    allow = deny = 0
    for role_id in member.roles:
        if role_id in overwrites:
            allow |= overwrites[role_id].allow
            deny |= overwrites[role_id].deny
    granted = granted & ~deny | allow
    own = overwrites.get(member.user.id)
    return granted if own is None else granted & ~own.deny | own.allow


def _implicit(granted: int, channel: Channel) -> int:
    if not granted & Permission.VIEW_CHANNEL:
        return 0
    sending = Permission.SEND_MESSAGES_IN_THREADS if channel.thread else Permission.SEND_MESSAGES
    return granted if granted & sending else granted & ~int(_NEEDS_SENDING)
