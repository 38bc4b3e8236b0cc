"""Messages being written, edited, deleted and reacted to, with the events Discord sends for them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from .audit import write_audit
from .channel_changes import ChannelChanges
from .json_types import Json
from .mentions import find_mentions
from .model import (
    Attachment,
    AuditAction,
    Channel,
    Message,
    MessageFlag,
    MessageType,
    User,
)
from .payloads import member_json
from .permissions import Permission
from .world import Event, World

PARSE_ALL: Json = {"parse": ["users", "roles", "everyone"]}
"""Default of `allowed_mentions` for ordinary messages."""

PARSE_USERS: Json = {"parse": ["users"]}
"""Default of `allowed_mentions` for webhooks and interactions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A message before it is posted."""

    content: str = ""
    embeds: list[Json] = field(default_factory=list)
    components: list[Json] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    sticker_items: list[Json] = field(default_factory=list)
    poll: Json | None = None
    flags: int = 0
    tts: bool = False
    kind: int = MessageType.DEFAULT
    reference: Json | None = None
    snapshots: list[Json] = field(default_factory=list)
    nonce: str | int | None = None
    webhook_id: int | None = None
    application_id: int | None = None
    interaction: Json | None = None
    allowed_mentions: Json = field(default_factory=lambda: PARSE_ALL)
    ephemeral_for: int | None = None
    made_at: datetime | None = None
    message_id: int | None = None


class MessageChanges:
    """The one place where messages change."""

    def __init__(self, world: World, channels: ChannelChanges) -> None:
        self._world = world
        self._channels = channels

    def create(self, channel: Channel, author: User, draft: Draft) -> Message:
        """Post a message; in a thread that wakes it up and counts."""
        message = self._build(channel, author, draft)
        for item in draft.attachments:
            self._world.files[item.id] = item
        if draft.ephemeral_for is not None:
            self._world.ephemerals.append(message)
        else:
            self._append(channel, message)
        self._event("MESSAGE_CREATE", channel, message)
        return message

    def _build(self, channel: Channel, author: User, draft: Draft) -> Message:
        made_at = draft.made_at or self._world.clock.now()
        message = Message(
            id=draft.message_id or self._world.ids.next(draft.made_at),
            channel_id=channel.id,
            author=author,
            timestamp=made_at,
            guild_id=channel.guild_id,
            content=draft.content,
            kind=draft.kind,
            flags=draft.flags,
            tts=draft.tts,
            attachments=list(draft.attachments),
            embeds=list(draft.embeds),
            components=list(draft.components),
            sticker_items=list(draft.sticker_items),
            poll=draft.poll,
            nonce=draft.nonce,
            webhook_id=draft.webhook_id,
            application_id=draft.application_id,
            reference=draft.reference,
            snapshots=list(draft.snapshots),
            interaction=draft.interaction,
            allowed_mentions=draft.allowed_mentions,
            ephemeral_for=draft.ephemeral_for,
        )
        self._set_mentions(channel, message, draft.allowed_mentions)
        return message

    def _append(self, channel: Channel, message: Message) -> None:
        channel.messages[message.id] = message
        channel.last_message_id = max(channel.last_message_id or 0, message.id)
        if channel.thread is None:
            return
        channel.thread.message_count += 1
        channel.thread.total_message_sent += 1
        channel.thread.member_ids.add(message.author.id)
        if channel.thread.archived:
            self._channels.set_thread_state(channel, archived=False)

    def edit(self, message: Message, *, allowed_mentions: Json | None = None, **changes: object) -> None:
        """Edit as an author does: sets `edited_timestamp` and recomputes the mentions."""
        channel = self.channel_of(message)
        for name, value in changes.items():
            setattr(message, name, value)
        message.edited_timestamp = self._world.clock.now()
        message.flags &= ~MessageFlag.LOADING
        for item in message.attachments:
            self._world.files[item.id] = item
        self._set_mentions(channel, message, allowed_mentions or PARSE_ALL)
        self._event("MESSAGE_UPDATE", channel, message)

    def refresh(self, message: Message, **changes: object) -> None:
        """A change nobody typed, such as a link's embed arriving: no `edited_timestamp`."""
        for name, value in changes.items():
            setattr(message, name, value)
        self._event("MESSAGE_UPDATE", self.channel_of(message), message)

    def delete(self, message: Message, *, by: User | None = None, reason: str | None = None) -> None:
        """Delete one message; somebody else's leaves a line in the audit log."""
        channel = self.channel_of(message)
        self._forget(channel, message)
        data = self._place(channel, message) | {"id": str(message.id)}
        guild = None if message.ephemeral_for else self._world.guild_of(channel)
        self._world.emit(Event(name="MESSAGE_DELETE", data=data, guild=guild, channel=channel))
        if guild is not None and by is not None and by is not message.author:
            options: Json = {"channel_id": str(channel.id), "count": "1"}
            target = message.author.id
            write_audit(
                self._world, guild, AuditAction.MESSAGE_DELETE, by=by.id, target=target, reason=reason, options=options
            )

    def delete_bulk(self, channel: Channel, ids: Sequence[int], *, by: User, reason: str | None = None) -> None:
        """Delete several at once; ids that do not exist are passed over."""
        guild = self._world.home(channel)
        found = [channel.messages[item] for item in ids if item in channel.messages]
        for message in found:
            self._forget(channel, message)
        data = {
            "ids": [str(message.id) for message in found],
            "channel_id": str(channel.id),
            "guild_id": str(guild.id),
        }
        self._world.emit(Event(name="MESSAGE_DELETE_BULK", data=data, guild=guild, channel=channel))
        options: Json = {"count": str(len(found))}
        write_audit(
            self._world,
            guild,
            AuditAction.MESSAGE_BULK_DELETE,
            by=by.id,
            target=channel.id,
            reason=reason,
            options=options,
        )

    def _forget(self, channel: Channel, message: Message) -> None:
        for item in message.attachments:
            self._world.files.pop(item.id, None)
        if message.ephemeral_for is not None:
            self._world.ephemerals.remove(message)
            return
        del channel.messages[message.id]
        if channel.thread is not None:
            channel.thread.message_count -= 1

    def react(self, message: Message, user: User, emoji: str) -> None:
        """Add a reaction."""
        users = message.reactions.setdefault(emoji, [])
        if user.id in users:
            return
        users.append(user.id)
        channel = self.channel_of(message)
        guild = self._world.guild_of(channel)
        data: Json = self._place(channel, message) | {
            "user_id": str(user.id),
            "message_id": str(message.id),
            "message_author_id": str(message.author.id),
            "emoji": {"id": None, "name": emoji},
            "burst": False,
            "type": 0,
        }
        if guild is not None:
            data["member"] = member_json(guild.members[user.id])
        self._world.emit(Event(name="MESSAGE_REACTION_ADD", data=data, guild=guild, channel=channel))

    def unreact(self, message: Message, user: User, emoji: str) -> None:
        """Take a reaction away."""
        message.reactions[emoji].remove(user.id)
        channel = self.channel_of(message)
        data: Json = self._place(channel, message) | {
            "user_id": str(user.id),
            "message_id": str(message.id),
            "emoji": {"id": None, "name": emoji},
            "burst": False,
            "type": 0,
        }
        guild = self._world.guild_of(channel)
        self._world.emit(Event(name="MESSAGE_REACTION_REMOVE", data=data, guild=guild, channel=channel))

    def forward(self, source: Message) -> Draft:
        """The draft of a forward: empty outside, the text in a snapshot."""
        reference: Json = {"type": 1, "message_id": str(source.id), "channel_id": str(source.channel_id)}
        if source.guild_id is not None:
            reference["guild_id"] = str(source.guild_id)
        snapshot = self._world.message_payloads.snapshot(source)
        return Draft(reference=reference, snapshots=[snapshot], flags=MessageFlag.HAS_SNAPSHOT)

    def rename(self, channel: Channel, name: str, *, by: User) -> None:
        """Give a channel or thread another name; in a thread Discord writes so. Source: "Threads", message types."""
        self._channels.rename(channel, name)
        if channel.thread is not None:
            self.create(channel, by, Draft(kind=MessageType.CHANNEL_NAME_CHANGE, content=name))

    def channel_of(self, message: Message) -> Channel:
        """The channel a message is in. Raises LookupError when it is gone."""
        channel = self._world.find_channel(message.channel_id)
        if channel is None:
            raise LookupError("the message's channel is gone")
        return channel

    def _place(self, channel: Channel, message: Message) -> Json:
        place: Json = {"channel_id": str(channel.id)}
        if channel.guild_id is not None and message.ephemeral_for is None:
            place["guild_id"] = str(channel.guild_id)
        return place

    def _set_mentions(self, channel: Channel, message: Message, allowed: Json) -> None:
        guild = self._world.guild_of(channel)
        may_call_all = guild is not None and bool(
            message.webhook_id or self._world.allowed(message.author, channel) & Permission.MENTION_EVERYONE
        )
        found = find_mentions(message.content, self._world.users, guild, allowed, may_call_all=may_call_all)
        message.mentions, message.mention_roles = found.users, found.roles
        message.mention_everyone = found.everyone
        answered = self._world.replied_to(message) if message.kind == MessageType.REPLY else None
        if answered is None or answered.webhook_id is not None or answered.author in message.mentions:
            return
        if allowed.get("replied_user", allowed is PARSE_ALL):
            message.mentions.append(answered.author)

    def _event(self, name: str, channel: Channel, message: Message) -> None:
        guild = None if message.ephemeral_for is not None else self._world.guild_of(channel)
        data = self._world.message_payloads.event(message, guild, replied_to=self._world.replied_to(message))
        self._world.emit(Event(name=name, data=data, guild=guild, channel=channel, has_content=True))
