"""What stands in a simulated workspace: users, channels, messages, files, views and tokens.

These are records of state that change as the simulation runs, so they are mutable, unlike the product's own
types. Field names are Slack's where Slack has one.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

Payload = dict[str, Any]
"""A JSON object as it stands on the wire."""

ChannelKind = Literal["channel", "group", "im", "mpim"]
"""Also the `channel_type` of message events."""

TokenKind = Literal["bot", "user", "app", "org"]
DeletionRight = Literal["everyone", "admins", "nobody"]


@dataclass(slots=True, kw_only=True)
class Team:
    """The workspace itself."""

    id: str = "T0SIM00001"
    name: str = "Riverside Circle"
    domain: str = "riverside-circle"


@dataclass(slots=True, kw_only=True)
class User:
    """A member, a guest, a stranger from a connected organisation, or a bot user."""

    id: str
    name: str
    team_id: str
    real_name: str = ""
    display_name: str = ""
    email: str = ""
    is_admin: bool = False
    is_owner: bool = False
    is_primary_owner: bool = False
    is_bot: bool = False
    is_restricted: bool = False
    is_ultra_restricted: bool = False
    is_stranger: bool = False
    deleted: bool = False
    tz: str | None = "Europe/London"
    tz_label: str = "Greenwich Mean Time"
    tz_offset: int = 0
    locale: str = "en-GB"
    bot_id: str | None = None
    teams: list[str] | None = None
    """The workspaces of an Enterprise Grid that they are in."""

    @property
    def may_manage(self) -> bool:
        """Whether Slack lets this user delete other people's messages (admins and owners)."""
        return self.is_admin or self.is_owner or self.is_primary_owner


@dataclass(slots=True, kw_only=True)
class File:
    """An uploaded file. `file_access` is `check_file_info` where Slack Connect hides the details."""

    id: str
    user: str
    name: str
    title: str
    mimetype: str
    filetype: str
    content: bytes
    created: int
    mode: str = "hosted"
    file_access: str = "visible"
    deleted: bool = False
    channels: list[str] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Message:
    """A message as it stands now. `texts` keeps every text it ever had, oldest first."""

    ts: str
    channel: str
    text: str
    user: str | None = None
    subtype: str | None = None
    thread_ts: str | None = None
    blocks: list[Payload] = field(default_factory=list)
    attachments: list[Payload] = field(default_factory=list)
    files: list[File] = field(default_factory=list)
    edited: Payload | None = None
    bot_id: str | None = None
    app_id: str | None = None
    username: str | None = None
    icons: Payload | None = None
    client_msg_id: str | None = None
    metadata: Payload | None = None
    inviter: str | None = None
    unfurl_links: bool | None = None
    unfurl_media: bool | None = None
    reactions: list[Payload] = field(default_factory=list)
    deleted: bool = False
    tombstoned: bool = False
    dlp_tombstone: str | None = None
    texts: list[str] = field(default_factory=list)

    @property
    def in_thread(self) -> bool:
        """Whether it is a reply (a thread's parent is not)."""
        return self.thread_ts is not None and self.thread_ts != self.ts

    @property
    def gone(self) -> bool:
        """Whether members no longer see what it said."""
        return self.deleted or self.tombstoned


@dataclass(slots=True, kw_only=True)
class Ephemeral:
    """A note only one member sees. `replaced` keeps what earlier versions said."""

    ts: str
    channel: str
    user: str
    text: str
    blocks: list[Payload] = field(default_factory=list)
    attachments: list[Payload] = field(default_factory=list)
    thread_ts: str | None = None
    username: str | None = None
    deleted: bool = False
    replaced: list[str] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Channel:
    """A public (`channel`) or private (`group`) channel, a DM (`im`) or a group DM (`mpim`)."""

    id: str
    name: str
    kind: ChannelKind
    created: int
    creator: str = ""
    members: list[str] = field(default_factory=list)
    is_archived: bool = False
    is_ext_shared: bool = False
    is_general: bool = False
    topic: str = ""
    purpose: str = ""
    messages: dict[str, Message] = field(default_factory=dict)


@dataclass(slots=True, kw_only=True)
class UserGroup:
    """A user group (`@nurses`)."""

    id: str
    handle: str
    name: str
    users: list[str]
    disabled: bool = False


@dataclass(slots=True, kw_only=True)
class Token:
    """A token and what it may do."""

    value: str
    kind: TokenKind
    scopes: frozenset[str]
    user_id: str | None = None
    revoked: bool = False


@dataclass(slots=True, kw_only=True)
class View:
    """A modal or an App Home tab. `versions` keeps every payload it ever had, oldest first."""

    id: str
    user_id: str
    payload: Payload
    hash: str
    root_view_id: str
    previous_view_id: str | None = None
    state: Payload = field(default_factory=dict)
    is_open: bool = True
    versions: list[Payload] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Trigger:
    """A `trigger_id` that was handed out."""

    id: str
    user_id: str
    expires_at: datetime
    view_id: str | None = None
    exchanged: bool = False


@dataclass(slots=True, kw_only=True)
class ResponseUrl:
    """A `response_url` that was handed out."""

    id: str
    user_id: str
    channel_id: str
    expires_at: datetime
    uses_left: int
    message_ts: str | None = None
    ephemeral_ts: str | None = None


@dataclass(slots=True, kw_only=True)
class Settings:
    """Workspace settings and quirks a test may turn.

    `impersonated_stay`: Slack's chat.delete page says that a message sent "impersonating another user" cannot be
    deleted; whether a custom username counts is not said, so it is off unless a test asks for it.
    `oldest_pages_forward`: history asked with `oldest` alone answers with the messages closest to `oldest`
    (stated for channels.history, which conversations.history replaced).
    `home_enabled`: whether the Home tab is switched on for the app.
    """

    deletion: DeletionRight = "everyone"
    compliance_exports: bool = False
    impersonated_stay: bool = False
    oldest_pages_forward: bool = True
    home_enabled: bool = True
    user_groups_available: bool = True
    socket_mode_enabled: bool = True


@dataclass(slots=True, kw_only=True)
class App:
    """The installed app under test. `event_types` are its event subscriptions."""

    id: str = "A0SIM00001"
    name: str = "Chaperone"
    bot_id: str = "B0SIM00001"
    bot_user_id: str = ""
    verification_token: str = "verification-token-of-the-simulator"
    signing_secret: str = "signing-secret-of-the-simulator"
    event_types: set[str] = field(default_factory=set)
