"""The simulated world as plain Python objects; tests read them directly."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum

from .json_types import Json


class ChannelType(IntEnum):
    """Channel types. Source: Channel resource."""

    TEXT = 0
    DM = 1
    VOICE = 2
    CATEGORY = 4
    ANNOUNCEMENT = 5
    ANNOUNCEMENT_THREAD = 10
    PUBLIC_THREAD = 11
    PRIVATE_THREAD = 12
    FORUM = 15


class MessageType(IntEnum):
    """Message types that can appear here. Source: Message resource."""

    DEFAULT = 0
    RECIPIENT_ADD = 1
    CHANNEL_NAME_CHANGE = 4
    CHANNEL_PINNED_MESSAGE = 6
    USER_JOIN = 7
    GUILD_BOOST = 8
    THREAD_CREATED = 18
    REPLY = 19
    CHAT_INPUT_COMMAND = 20
    THREAD_STARTER_MESSAGE = 21
    CONTEXT_MENU_COMMAND = 23
    AUTO_MODERATION_ACTION = 24
    POLL_RESULT = 46


UNDELETABLE = frozenset({1, 2, 3, 4, 5, 14, 15, 16, 17, 21})
"""System messages nobody can delete. Source: Message resource, column "Deletable"."""


class MessageFlag(IntEnum):
    """Message flag bits. Source: Message resource."""

    SUPPRESS_EMBEDS = 1 << 2
    HAS_THREAD = 1 << 5
    EPHEMERAL = 1 << 6
    LOADING = 1 << 7
    SUPPRESS_NOTIFICATIONS = 1 << 12
    VOICE_MESSAGE = 1 << 13
    HAS_SNAPSHOT = 1 << 14
    COMPONENTS_V2 = 1 << 15


@dataclass(slots=True, kw_only=True, eq=False)
class User:
    """An account, a bot's account, or the mask a webhook message wears."""

    id: int
    username: str
    global_name: str | None = None
    avatar: str | None = None
    bot: bool = False
    discriminator: str = "0"
    dms_open: bool = True
    nitro: bool = False
    locale: str = "en-US"


@dataclass(slots=True, kw_only=True, eq=False)
class Role:
    """A role; the one whose id equals the guild's is everyone's."""

    id: int
    guild_id: int
    name: str
    permissions: int
    position: int
    managed_bot_id: int | None = None
    mentionable: bool = False
    color: int = 0


@dataclass(slots=True, kw_only=True, eq=False)
class Member:
    """A user in a guild."""

    user: User
    guild_id: int
    joined_at: datetime
    nick: str | None = None
    roles: list[int] = field(default_factory=list)
    avatar: str | None = None
    communication_disabled_until: datetime | None = None
    pending: bool = False


@dataclass(slots=True, kw_only=True)
class Overwrite:
    """Allowed and denied bits of one role (kind 0) or member (kind 1) in one channel."""

    id: int
    kind: int
    allow: int = 0
    deny: int = 0


@dataclass(slots=True, kw_only=True)
class ForumTag:
    """A tag posts in a forum may carry."""

    id: int
    name: str
    moderated: bool = False


@dataclass(slots=True, kw_only=True)
class ThreadState:
    """What only threads have."""

    owner_id: int
    created_at: datetime
    archived_at: datetime
    archived: bool = False
    locked: bool = False
    auto_archive_duration: int = 1440
    member_ids: set[int] = field(default_factory=set)
    applied_tags: list[int] = field(default_factory=list)
    message_count: int = 0
    total_message_sent: int = 0


@dataclass(slots=True, kw_only=True, eq=False)
class Channel:
    """A channel, thread, forum or direct-message channel."""

    id: int
    kind: ChannelType
    name: str = ""
    guild_id: int | None = None
    topic: str | None = None
    position: int = 0
    nsfw: bool = False
    parent_id: int | None = None
    overwrites: dict[int, Overwrite] = field(default_factory=dict)
    rate_limit_per_user: int = 0
    last_message_id: int | None = None
    thread: ThreadState | None = None
    tags: list[ForumTag] = field(default_factory=list)
    recipient: User | None = None
    messages: dict[int, "Message"] = field(default_factory=dict)


@dataclass(slots=True, kw_only=True, eq=False)
class Attachment:
    """A file on a message, served by the simulator under a signed, expiring link."""

    id: int
    channel_id: int
    filename: str
    content: bytes
    content_type: str = "application/octet-stream"
    title: str | None = None
    description: str | None = None
    width: int | None = None
    height: int | None = None
    duration_secs: float | None = None
    waveform: str | None = None
    ephemeral: bool = False


@dataclass(slots=True, kw_only=True, eq=False)
class Message:
    """One message. `author` is a mask for webhooks; `ephemeral_for` names the only one who sees it."""

    id: int
    channel_id: int
    author: User
    timestamp: datetime
    content: str = ""
    guild_id: int | None = None
    edited_timestamp: datetime | None = None
    kind: int = MessageType.DEFAULT
    flags: int = 0
    tts: bool = False
    pinned: bool = False
    mention_everyone: bool = False
    mentions: list[User] = field(default_factory=list)
    mention_roles: list[int] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    embeds: list[Json] = field(default_factory=list)
    components: list[Json] = field(default_factory=list)
    sticker_items: list[Json] = field(default_factory=list)
    poll: Json | None = None
    nonce: str | int | None = None
    webhook_id: int | None = None
    application_id: int | None = None
    reference: Json | None = None
    snapshots: list[Json] = field(default_factory=list)
    reactions: dict[str, list[int]] = field(default_factory=dict)
    interaction: Json | None = None
    allowed_mentions: Json | None = None
    thread_id: int | None = None
    ephemeral_for: int | None = None


@dataclass(slots=True, kw_only=True, eq=False)
class Webhook:
    """An incoming webhook of a channel."""

    id: int
    token: str
    guild_id: int
    channel_id: int
    name: str
    user: User
    avatar: str | None = None
    application_id: int | None = None


@dataclass(slots=True, kw_only=True)
class AuditEntry:
    """One line of the audit log, with the reason that came in the request's header."""

    id: int
    guild_id: int
    action: int
    user_id: int
    target_id: int | None
    reason: str | None = None
    options: Json = field(default_factory=dict)
    changes: list[Json] = field(default_factory=list)


class AuditAction:
    """Audit log action types used here. Source: Audit Log resource."""

    CHANNEL_CREATE, CHANNEL_UPDATE, CHANNEL_DELETE = 10, 11, 12
    MEMBER_KICK, MEMBER_BAN_ADD, MEMBER_BAN_REMOVE, MEMBER_UPDATE, MEMBER_ROLE_UPDATE = 20, 22, 23, 24, 25
    WEBHOOK_CREATE, WEBHOOK_UPDATE, WEBHOOK_DELETE = 50, 51, 52
    MESSAGE_DELETE, MESSAGE_BULK_DELETE = 72, 73
    THREAD_CREATE, THREAD_UPDATE, THREAD_DELETE = 110, 111, 112
    RULE_CREATE, RULE_UPDATE, RULE_DELETE, RULE_BLOCK = 140, 141, 142, 143


class Availability(StrEnum):
    """Whether the bot is in a guild and Discord can serve it."""

    AVAILABLE = "available"
    OUTAGE = "outage"
    NOT_A_MEMBER = "not a member"


@dataclass(slots=True, kw_only=True, eq=False)
class Guild:
    """A server with everything in it."""

    id: int
    name: str
    owner_id: int
    preferred_locale: str = "en-US"
    availability: Availability = Availability.AVAILABLE
    roles: dict[int, Role] = field(default_factory=dict)
    members: dict[int, Member] = field(default_factory=dict)
    channels: dict[int, Channel] = field(default_factory=dict)
    webhooks: dict[int, Webhook] = field(default_factory=dict)
    rules: dict[int, Json] = field(default_factory=dict)
    bans: dict[int, str | None] = field(default_factory=dict)
    audit_log: list[AuditEntry] = field(default_factory=list)
