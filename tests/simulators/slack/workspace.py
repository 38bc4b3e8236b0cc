"""The simulated workspace: the one place where its state lives, and where ids and timestamps are made."""

import itertools
from collections.abc import Iterable

from tests.simulators.slack.clock import Clock, system_clock
from tests.simulators.slack.world import (
    App,
    Channel,
    ChannelKind,
    Ephemeral,
    File,
    Message,
    ResponseUrl,
    Settings,
    Team,
    Token,
    TokenKind,
    Trigger,
    User,
    UserGroup,
    View,
)

BOT_SCOPES = frozenset(
    {
        *("app_mentions:read", "channels:history", "channels:join", "channels:read", "chat:write"),
        *("chat:write.customize", "commands", "files:read", "groups:history", "groups:read", "im:history", "im:read"),
        *("im:write", "mpim:history", "mpim:read", "mpim:write", "reactions:write", "team:read", "usergroups:read"),
        "users:read",
    }
)
USER_SCOPES = frozenset({"chat:write"})
EVENT_TYPES = frozenset(
    {"message.channels", "message.groups", "message.im", "message.mpim", "app_home_opened", "member_joined_channel"}
)
CHANNEL_PREFIX: dict[ChannelKind, str] = {"channel": "C", "group": "C", "im": "D", "mpim": "C"}


class SlackWorkspace:
    """Everything there is in a workspace, as plain Python objects a test may read and change."""

    def __init__(self, clock: Clock = system_clock) -> None:
        self.clock = clock
        self.base_url = "http://127.0.0.1:0"  # the server fills it in when it listens
        self.team = Team()
        self.settings = Settings()
        self.app = App(event_types=set(EVENT_TYPES))
        self.users: dict[str, User] = {}
        self.channels: dict[str, Channel] = {}
        self.files: dict[str, File] = {}
        self.user_groups: dict[str, UserGroup] = {}
        self.tokens: dict[str, Token] = {}
        self.ephemerals: list[Ephemeral] = []
        self.views: dict[str, View] = {}
        self.homes: dict[str, View] = {}
        self.triggers: dict[str, Trigger] = {}
        self.response_urls: dict[str, ResponseUrl] = {}
        self.tickets: set[str] = set()
        self._numbers = itertools.count(1)
        self._last_ts = (0, 0)
        bot = self.add_user("chaperone", is_bot=True, real_name=self.app.name)
        bot.bot_id = self.app.bot_id
        self.app.bot_user_id = bot.id
        self.bot_token = self.add_token("bot", user=bot, scopes=BOT_SCOPES)
        self.app_token = self.add_token("app", scopes={"connections:write"})

    def new_id(self, prefix: str) -> str:
        """A fresh id such as `U0000000007`."""
        return f"{prefix}{next(self._numbers):010d}"

    def new_ts(self) -> str:
        """A fresh, ever growing timestamp in the style of `1700000000.000100`."""
        second, micro = int(self.clock().timestamp()), 100
        if (second, micro) <= self._last_ts:
            second, micro = self._last_ts[0], self._last_ts[1] + 100
        self._last_ts = (second, micro)
        return f"{second}.{micro:06d}"

    def now(self) -> int:
        """Seconds since 1970, as in `event_time` and `created`."""
        return int(self.clock().timestamp())

    def add_user(  # every flag is one that Slack's user object has
        self,
        name: str,
        *,
        real_name: str = "",
        display_name: str = "",
        is_admin: bool = False,
        is_owner: bool = False,
        is_bot: bool = False,
        is_restricted: bool = False,
        is_ultra_restricted: bool = False,
        is_stranger: bool = False,
        of_another_team: bool = False,
        deleted: bool = False,
        tz: str | None = "Europe/London",
        locale: str = "en-GB",
    ) -> User:
        """Add somebody to the workspace; ``of_another_team``: somebody who comes by Slack Connect through a channel that is shared."""
        user = User(
            id=self.new_id("U"),
            name=name,
            team_id=self.new_id("T") if is_stranger or of_another_team else self.team.id,
            real_name=real_name or name.title(),
            display_name=display_name or name,
            email=f"{name}@example.org",
            is_admin=is_admin or is_owner,
            is_owner=is_owner,
            is_bot=is_bot,
            is_restricted=is_restricted or is_ultra_restricted,
            is_ultra_restricted=is_ultra_restricted,
            is_stranger=is_stranger,
            deleted=deleted,
            tz=tz,
            locale=locale,
        )
        self.users[user.id] = user
        return user

    def add_channel(
        self,
        name: str,
        members: Iterable[User] = (),
        *,
        kind: ChannelKind = "channel",
        with_bot: bool = True,
        is_archived: bool = False,
        is_ext_shared: bool = False,
    ) -> Channel:
        """Add a channel; the bot is in it unless `with_bot` is false."""
        ids = [user.id for user in members]
        if with_bot and self.app.bot_user_id not in ids:
            ids.append(self.app.bot_user_id)
        channel = Channel(
            id=self.new_id(CHANNEL_PREFIX[kind]),
            name=name,
            kind=kind,
            created=self.now(),
            creator=ids[0] if ids else "",
            members=ids,
            is_archived=is_archived,
            is_ext_shared=is_ext_shared,
        )
        self.channels[channel.id] = channel
        return channel

    def add_token(self, kind: TokenKind, *, user: User | None = None, scopes: Iterable[str] = ()) -> Token:
        """Issue a token: `bot` (xoxb-), `user` (xoxp-), `app` (xapp-) or `org` (xoxp- of an Enterprise Grid org)."""
        prefix = {"bot": "xoxb", "user": "xoxp", "app": "xapp-1", "org": "xoxp-org"}[kind]
        value = f"{prefix}-{next(self._numbers):06d}-simulated"
        token = Token(value=value, kind=kind, scopes=frozenset(scopes), user_id=user.id if user else None)
        self.tokens[value] = token
        return token

    def add_user_token(self, user: User, scopes: Iterable[str] = USER_SCOPES) -> Token:
        """A user token (xoxp-); what it may delete is what that user may delete."""
        return self.add_token("user", user=user, scopes=scopes)

    def add_org_token(self, scopes: Iterable[str] = ("discovery:write",)) -> Token:
        """An Enterprise Grid organisation's token for the Discovery API."""
        return self.add_token("org", scopes=scopes)

    def add_file(
        self, user: User, name: str, content: bytes, *, mimetype: str = "text/plain", file_access: str = "visible"
    ) -> File:
        """Upload a file; share it with `SlackSimulator.post(..., files=[file])`."""
        file = File(
            id=self.new_id("F"),
            user=user.id,
            name=name,
            title=name,
            mimetype=mimetype,
            filetype=name.rpartition(".")[2] or "text",
            content=content,
            created=self.now(),
            file_access=file_access,
        )
        self.files[file.id] = file
        return file

    def add_user_group(self, handle: str, users: Iterable[User], *, disabled: bool = False) -> UserGroup:
        """Add a user group."""
        group = UserGroup(
            id=self.new_id("S"),
            handle=handle,
            name=handle.title(),
            users=[user.id for user in users],
            disabled=disabled,
        )
        self.user_groups[group.id] = group
        return group

    @property
    def bot(self) -> User:
        """The bot user of the app under test."""
        return self.users[self.app.bot_user_id]

    def channel_named(self, name: str) -> Channel | None:
        """The channel of that name (`#` in front or not), if any."""
        wanted = name.removeprefix("#")
        return next((channel for channel in self.channels.values() if channel.name == wanted), None)

    def direct_channel(self, first: str, second: str) -> Channel | None:
        """The DM between two users, if one was ever opened."""
        for channel in self.channels.values():
            if channel.kind == "im" and set(channel.members) == {first, second}:
                return channel
        return None

    def open_direct_channel(self, first: str, second: str) -> Channel:
        """The DM between two users, opened if need be."""
        channel = self.direct_channel(first, second)
        if channel is None:
            channel = self.add_channel("", [self.users[first], self.users[second]], kind="im", with_bot=False)
        return channel

    def message(self, channel: str, ts: str) -> Message | None:
        """A message by channel and timestamp, gone or not."""
        return self.channels[channel].messages.get(ts) if channel in self.channels else None

    def replies(self, parent: Message) -> list[Message]:
        """The replies of a thread that are still there, oldest first."""
        found = self.channels[parent.channel].messages.values()
        return sorted((m for m in found if m.in_thread and m.thread_ts == parent.ts and not m.gone), key=lambda m: m.ts)

    def visible_texts(self, channel: Channel) -> list[str]:
        """What members see in a channel, threads included, oldest first."""
        return [m.text for m in sorted(channel.messages.values(), key=lambda m: m.ts) if not m.gone]

    def notes_for(self, user: User) -> list[Ephemeral]:
        """The ephemeral notes a user sees now, oldest first."""
        return [note for note in self.ephemerals if note.user == user.id and not note.deleted]

    def direct_messages_to(self, user: User) -> list[Message]:
        """What the bot wrote to a user in their DM, oldest first."""
        channel = self.direct_channel(self.app.bot_user_id, user.id)
        found = channel.messages.values() if channel else ()
        return [message for message in found if message.bot_id == self.app.bot_id and not message.gone]
