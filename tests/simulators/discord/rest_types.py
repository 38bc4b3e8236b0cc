"""What a REST handler gets and gives, and the table it is listed in."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from .errors import api_error
from .json_types import Json
from .model import Channel, Guild, Message
from .permissions import Permission

if TYPE_CHECKING:
    from .core import SimulatorCore


class Auth(StrEnum):
    """How a route is authenticated."""

    BOT = "bot"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file of a multipart request."""

    index: int
    filename: str
    content: bytes
    content_type: str


@dataclass(frozen=True, slots=True)
class Reply:
    """A successful answer."""

    status: int = 200
    body: Json | list[Json] | None = None


NO_CONTENT = Reply(204)


@dataclass(frozen=True, slots=True, kw_only=True)
class RestRequest:
    """A request after decoding. Look-ups raise the ApiError that Discord would answer."""

    sim: "SimulatorCore"
    params: dict[str, str]
    query: dict[str, str] = field(default_factory=dict)
    body: Json = field(default_factory=dict)
    items: list[Json] = field(default_factory=list)
    uploads: tuple[Upload, ...] = ()
    reason: str | None = None

    def number(self, name: str) -> int:
        """An id from the path; what is no number matches nothing."""
        raw = self.params[name]
        return int(raw) if raw.isdigit() else -1

    def guild(self) -> Guild:
        """The guild of the path. Raises ApiError 10004 when the bot is not in it."""
        guild = self.sim.world.guilds.get(self.number("guild_id"))
        if guild is None or self.sim.world.bot.id not in guild.members:
            raise api_error(10004)
        return guild

    def guild_with(self, needed: Permission) -> Guild:
        """The guild of the path, if the bot has the permission there. Raises ApiError 50013."""
        guild = self.guild()
        if not self.sim.world.payloads.bot_permissions(guild) & needed:
            raise api_error(50013)
        return guild

    def channel(self) -> Channel:
        """The channel of the path. Raises ApiError 10003 (unknown) or 50001 (not to be seen)."""
        return self.visible_channel(self.number("channel_id"))

    def visible_channel(self, channel_id: int) -> Channel:
        """A channel by id, under the same rules."""
        world = self.sim.world
        channel = world.find_channel(channel_id)
        if channel is None:
            raise api_error(10003)
        guild = world.guild_of(channel)
        if guild is not None and (world.bot.id not in guild.members or not world.payloads.bot_sees(guild, channel)):
            raise api_error(50001)
        return channel

    def channel_with(self, needed: Permission) -> Channel:
        """The channel of the path, if the bot has the permission there. Raises ApiError 50013."""
        channel = self.channel()
        self.require(channel, needed)
        return channel

    def require(self, channel: Channel, needed: Permission) -> None:
        """Raises ApiError 50013 unless the bot has the permission; direct messages need none."""
        if channel.guild_id is not None and not self.can(channel, needed):
            raise api_error(50013)

    def can(self, channel: Channel, needed: Permission) -> bool:
        """Whether the bot has the permission in a channel; always in direct messages."""
        guild = self.sim.world.guild_of(channel)
        return guild is None or bool(self.sim.world.payloads.bot_permissions(guild, channel) & needed)

    def message(self, channel: Channel) -> Message:
        """The message of the path. Raises ApiError 10008."""
        message = channel.messages.get(self.number("message_id"))
        if message is None:
            raise api_error(10008)
        return message


Handler = Callable[[RestRequest], Reply]


@dataclass(frozen=True, slots=True)
class Route:
    """One entry of the table of routes."""

    method: str
    template: str
    handler: Handler
    auth: Auth = Auth.BOT
