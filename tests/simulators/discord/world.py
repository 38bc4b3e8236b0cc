"""Everything that exists, how to find it, and the stream of events that changes to it cause."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass

from .attachments import AttachmentLinks
from .clock import SimClock, SnowflakeFactory
from .json_types import Json
from .message_payload import MessagePayloads
from .model import Attachment, Availability, Channel, Guild, Message, User, Webhook
from .payloads import Payloads
from .permissions import channel_permissions, guild_permissions


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something the gateway may tell the bot. `channel` decides who may see it, `about` whose member it concerns."""

    name: str
    data: Json
    guild: Guild | None = None
    channel: Channel | None = None
    has_content: bool = False
    about: int | None = None


@dataclass(slots=True, kw_only=True)
class Application:
    """The bot's application in the developer portal: its token and which privileged intents are switched on."""

    id: int
    name: str
    owner: User
    token: str
    message_content: bool = True
    guild_members: bool = True
    presences: bool = False
    approved: bool = False

    @property
    def flags(self) -> int:
        """Application flags: limited bits for apps below the review threshold, full bits for approved ones."""
        full, limited = (1 << 12, 1 << 14, 1 << 18), (1 << 13, 1 << 15, 1 << 19)
        bits = full if self.approved else limited
        on = (self.presences, self.guild_members, self.message_content)
        return sum(bit for bit, switched in zip(bits, on, strict=True) if switched)


class World:
    """Users, guilds and channels. Other modules change them and emit what changed."""

    def __init__(self, clock: SimClock) -> None:
        self.clock = clock
        self.ids = SnowflakeFactory(clock)
        self.users: dict[int, User] = {}
        self.guilds: dict[int, Guild] = {}
        self.direct_channels: dict[int, Channel] = {}
        self.ephemerals: list[Message] = []
        self.files: dict[int, Attachment] = {}
        self.listeners: list[Callable[[Event], None]] = []
        owner = self.add_user("app-owner")
        self.bot = self.add_user("chaperone", bot=True)
        self.application = Application(
            id=self.bot.id, name="Chaperone", owner=owner, token=f"{self.bot.id}.{secrets.token_hex(16)}"
        )
        self.links = AttachmentLinks(clock, secrets.token_bytes(16))
        self.payloads = Payloads(clock, self.bot)
        self.message_payloads = MessagePayloads(self.links, self.bot, self.application.id)

    def emit(self, event: Event) -> None:
        """Tell the listeners: the gateway, and tests that wait for something."""
        for listener in self.listeners:
            listener(event)

    def add_user(self, username: str, *, bot: bool = False, global_name: str | None = None) -> User:
        """A new account."""
        user = User(id=self.ids.next(), username=username, bot=bot, global_name=global_name)
        self.users[user.id] = user
        return user

    def find_channel(self, channel_id: int) -> Channel | None:
        """The channel with that id, if there is one."""
        for guild in self.guilds.values():
            if channel_id in guild.channels:
                return guild.channels[channel_id]
        return next((c for c in self.direct_channels.values() if c.id == channel_id), None)

    def find_webhook(self, webhook_id: int) -> Webhook | None:
        """The webhook with that id, if there is one."""
        return next((g.webhooks[webhook_id] for g in self.guilds.values() if webhook_id in g.webhooks), None)

    def guild_of(self, channel: Channel) -> Guild | None:
        """The channel's guild; None for direct messages."""
        return None if channel.guild_id is None else self.guilds[channel.guild_id]

    def home(self, channel: Channel) -> Guild:
        """The guild of a channel that must be in one. Raises ValueError for direct messages."""
        guild = self.guild_of(channel)
        if guild is None:
            raise ValueError("a direct-message channel has no guild")
        return guild

    def joined_guilds(self) -> list[Guild]:
        """The guilds the bot is a member of, outages included."""
        return [g for g in self.guilds.values() if g.availability is not Availability.NOT_A_MEMBER]

    def mutual_guilds(self, user: User) -> list[Guild]:
        """The guilds the bot and the user share."""
        return [guild for guild in self.joined_guilds() if user.id in guild.members]

    def allowed(self, user: User, channel: Channel) -> int:
        """What a user may do in a guild channel; 0 when not a member."""
        guild = self.home(channel)
        member = guild.members.get(user.id)
        return 0 if member is None else channel_permissions(guild, member, channel, self.clock.now())

    def allowed_in_guild(self, guild: Guild, user: User) -> int:
        """What a user may do in a guild; 0 when not a member."""
        member = guild.members.get(user.id)
        return 0 if member is None else guild_permissions(guild, member, self.clock.now())

    def replied_to(self, message: Message) -> Message | None:
        """The message a reply answers, while it exists."""
        reference = message.reference
        if reference is None or message.snapshots or reference.get("message_id") is None:
            return None
        channel = self.find_channel(int(reference["channel_id"]))
        return None if channel is None else channel.messages.get(int(reference["message_id"]))

    def message_json(self, message: Message) -> Json:
        """A message as the REST API gives it to this app: without content if the app lacks the intent."""
        data = self.message_payloads.message(message, replied_to=self.replied_to(message))
        in_guild = message.guild_id is not None and message.ephemeral_for is None
        return data if self.application.message_content else self.message_payloads.redacted(data, in_guild=in_guild)
