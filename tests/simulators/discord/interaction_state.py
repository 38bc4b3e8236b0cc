"""Interactions: what a user pressed or called, and how long the bot may still answer.

Source: documentation, "Receiving and Responding".
"""

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import IntEnum

from .errors import api_error
from .json_types import Json
from .model import Channel, Message, User
from .payloads import member_json, user_json
from .world import Event, World

ANSWER_WITHIN = timedelta(seconds=3)
TOKEN_LIFE = timedelta(minutes=15)
ATTACHMENT_LIMIT = 10 * 1024 * 1024
DM_APP_PERMISSIONS = 1 << 15 | 1 << 14 | 1 << 17 | 1 << 18
"""ATTACH_FILES, EMBED_LINKS, MENTION_EVERYONE and USE_EXTERNAL_EMOJIS, as documented for direct messages."""


class InteractionType(IntEnum):
    """Interaction types."""

    COMMAND = 2
    COMPONENT = 3
    AUTOCOMPLETE = 4
    MODAL = 5


class CallbackType(IntEnum):
    """Interaction callback types."""

    MESSAGE = 4
    DEFERRED_MESSAGE = 5
    DEFERRED_UPDATE = 6
    UPDATE = 7
    AUTOCOMPLETE = 8
    MODAL = 9


@dataclass(slots=True, kw_only=True, eq=False)
class Interaction:
    """One interaction and everything the bot did with it."""

    id: int
    token: str
    kind: InteractionType
    user: User
    channel: Channel
    data: Json
    created_at: datetime
    source: Message | None = None
    opened_by: "Interaction | None" = None
    callback: CallbackType | None = None
    answered_at: datetime | None = None
    original: Message | None = None
    followups: list[Message] = field(default_factory=list)
    modal: Json | None = None
    choices: list[Json] = field(default_factory=list)

    @property
    def acknowledged(self) -> bool:
        """Whether the bot answered at all."""
        return self.callback is not None

    @property
    def replies(self) -> list[Message]:
        """Every message the bot made for this interaction, the first answer included."""
        own = self.original is not None and self.original is not self.source
        return [*([self.original] if own and self.original else []), *self.followups]


class Interactions:
    """All interactions so far."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.all: list[Interaction] = []

    def start(
        self,
        kind: InteractionType,
        user: User,
        channel: Channel,
        data: Json,
        *,
        source: Message | None = None,
        opened_by: Interaction | None = None,
    ) -> Interaction:
        """Something was pressed, called or submitted: INTERACTION_CREATE."""
        interaction = Interaction(
            id=self._world.ids.next(),
            token=secrets.token_urlsafe(48),
            kind=kind,
            user=user,
            channel=channel,
            data=data,
            created_at=self._world.clock.now(),
            source=source,
            opened_by=opened_by,
        )
        self.all.append(interaction)
        guild = self._world.guild_of(channel)
        self._world.emit(Event(name="INTERACTION_CREATE", data=self.payload(interaction), guild=guild, channel=channel))
        return interaction

    def payload(self, interaction: Interaction) -> Json:
        """The interaction object."""
        data: Json = {
            "id": str(interaction.id),
            "application_id": str(self._world.application.id),
            "type": int(interaction.kind),
            "data": interaction.data,
            "channel_id": str(interaction.channel.id),
            "token": interaction.token,
            "version": 1,
            "locale": interaction.user.locale,
            "entitlements": [],
            "attachment_size_limit": ATTACHMENT_LIMIT,
        }
        if interaction.source is not None:
            data["message"] = self._source(interaction.source)
        return data | self._whereabouts(interaction)

    def _source(self, message: Message) -> Json:
        return self._world.message_payloads.message(message, replied_to=self._world.replied_to(message))

    def _whereabouts(self, interaction: Interaction) -> Json:
        channel, payloads = interaction.channel, self._world.payloads
        guild = self._world.guild_of(channel)
        if guild is None:
            return {
                "user": user_json(interaction.user),
                "channel": payloads.channel(channel, None),
                "app_permissions": str(DM_APP_PERMISSIONS),
                "authorizing_integration_owners": {"0": "0"},
                "context": 1,
            }
        granted = str(self._world.allowed(interaction.user, channel))
        return {
            "guild_id": str(guild.id),
            "guild": {"id": str(guild.id), "locale": guild.preferred_locale, "features": []},
            "guild_locale": guild.preferred_locale,
            "member": member_json(guild.members[interaction.user.id]) | {"permissions": granted},
            "channel": payloads.channel(channel, guild) | {"permissions": granted},
            "app_permissions": str(payloads.bot_permissions(guild, channel)),
            "authorizing_integration_owners": {"0": str(guild.id)},
            "context": 0,
        }

    def to_answer(self, interaction_id: int, token: str) -> Interaction:
        """The interaction a first answer is for. Raises ApiError 10062 (unknown or too late) or 40060 (answered)."""
        found = next((i for i in self.all if i.id == interaction_id and i.token == token), None)
        if found is None:
            raise api_error(10062)
        if found.acknowledged:
            raise api_error(40060)
        if self._world.clock.now() - found.created_at > ANSWER_WITHIN:
            raise api_error(10062)
        return found

    def to_follow(self, token: str) -> Interaction:
        """The interaction behind a webhook token. Raises ApiError 50027 (gone) or 10015 (not yet answered)."""
        found = next((i for i in self.all if i.token == token), None)
        if found is None or self._world.clock.now() - found.created_at > TOKEN_LIFE:
            raise api_error(50027)
        if not found.acknowledged:
            raise api_error(10015)
        return found

    def metadata(self, interaction: Interaction, *, followup: bool = False) -> Json:
        """The interaction metadata a response message carries."""
        guild_id = interaction.channel.guild_id
        data: Json = {
            "id": str(interaction.id),
            "type": int(interaction.kind),
            "user": user_json(interaction.user),
            "authorizing_integration_owners": {"0": str(guild_id or 0)},
        }
        if interaction.kind is InteractionType.COMPONENT and interaction.source is not None:
            data["interacted_message_id"] = str(interaction.source.id)
        if interaction.data.get("type") == 3 and "target_id" in interaction.data:
            data["target_message_id"] = interaction.data["target_id"]
        if interaction.opened_by is not None:
            data["triggering_interaction_metadata"] = self.metadata(interaction.opened_by)
        if followup and interaction.original is not None:
            data["original_response_message_id"] = str(interaction.original.id)
        return data
