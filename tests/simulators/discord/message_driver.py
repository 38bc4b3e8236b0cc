"""Driver: what people do with messages."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from .automod import AutoMod
from .clock import SimClock, iso
from .core import SimulatorCore
from .drafts import poll_json
from .json_types import Json
from .message_changes import Draft
from .model import Attachment, Channel, ChannelType, Message, MessageFlag, MessageType, User
from .permissions import Permission
from .rate_limits import RateLimitMode
from .routes_messages import reply_reference

PLAIN_LIMIT, NITRO_LIMIT = 2000, 4000


class NotAllowedError(Exception):
    """Discord's own app would not let the user do this."""


class BlockedByAutoModError(Exception):
    """Native AutoMod stopped the message before it was posted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A file a user attaches."""

    filename: str
    content: bytes = b"file"
    content_type: str = "text/plain"
    title: str | None = None
    description: str | None = None
    duration_secs: float | None = None
    waveform: str | None = None


class MessageDriver(SimulatorCore):
    """Posting, editing, deleting, forwarding, reacting: as people, without the API's limits for bots."""

    def __init__(self, *, clock: SimClock | None = None, rate_limits: RateLimitMode = RateLimitMode.OFF) -> None:
        super().__init__(clock=clock, rate_limits=rate_limits)
        self.automod = AutoMod(self.world, self.guilds, self.messages)

    def post(
        self,
        user: User,
        channel: Channel,
        content: str = "",
        *,
        files: tuple[File, ...] = (),
        embeds: tuple[Json, ...] = (),
        stickers: tuple[str, ...] = (),
        components: tuple[Json, ...] = (),
        kind: int = MessageType.DEFAULT,
        flags: int = 0,
        made_at: datetime | None = None,
    ) -> Message:
        """Post as a user. `made_at` back-dates it. Raises NotAllowedError or BlockedByAutoModError."""
        draft = Draft(
            content=content,
            attachments=[self._attachment(file, channel) for file in files],
            embeds=list(embeds),
            sticker_items=[{"id": str(self.world.ids.next()), "name": name, "format_type": 1} for name in stickers],
            components=list(components),
            kind=kind,
            flags=flags,
            made_at=made_at,
        )
        return self._post(user, channel, draft)

    def _attachment(self, file: File, channel: Channel) -> Attachment:
        return Attachment(
            id=self.world.ids.next(),
            channel_id=channel.id,
            filename=file.filename,
            content=file.content,
            content_type=file.content_type,
            title=file.title,
            description=file.description,
            duration_secs=file.duration_secs,
            waveform=file.waveform,
        )

    def _post(self, user: User, channel: Channel, draft: Draft) -> Message:
        self._check_may_post(user, channel)
        if len(draft.content) > (NITRO_LIMIT if user.nitro else PLAIN_LIMIT):
            raise NotAllowedError("the text is too long for this account")
        if self.automod.blocks(channel, user, draft.content):
            raise BlockedByAutoModError
        return self.messages.create(channel, user, draft)

    def _check_may_post(self, user: User, channel: Channel) -> None:
        if channel.guild_id is None:
            return
        needed = Permission.SEND_MESSAGES_IN_THREADS if channel.thread else Permission.SEND_MESSAGES
        granted = self.world.allowed(user, channel)
        if not granted & needed:
            raise NotAllowedError("the user may not post here")
        if channel.thread and channel.thread.locked and not granted & Permission.MANAGE_THREADS:
            raise NotAllowedError("the thread is locked")

    def direct(self, user: User, content: str, *, files: tuple[File, ...] = ()) -> Message:
        """A user writes to the bot in private."""
        return self.post(user, self.channels.open_direct(user), content, files=files)

    def reply(self, user: User, to: Message, content: str) -> Message:
        """Reply to a message in the same channel."""
        draft = Draft(content=content, kind=MessageType.REPLY, reference=reply_reference(to))
        return self._post(user, self.messages.channel_of(to), draft)

    def forward(self, user: User, source: Message, channel: Channel) -> Message:
        """Forward a message: the text is in the snapshot, the message itself is empty."""
        return self._post(user, channel, self.messages.forward(source))

    def voice_message(self, user: User, channel: Channel, *, seconds: float = 3.0) -> Message:
        """Post a voice message."""
        file = File(
            filename="voice-message.ogg",
            content=b"OggS",
            content_type="audio/ogg",
            duration_secs=seconds,
            waveform="AAAA",
        )
        return self.post(user, channel, files=(file,), flags=MessageFlag.VOICE_MESSAGE)

    def poll(self, user: User, channel: Channel, question: str, *answers: str, many: bool = False) -> Message:
        """Post a poll."""
        expiry = iso(self.clock.now() + timedelta(hours=24))
        return self._post(user, channel, Draft(poll=poll_json(question, list(answers), expiry, many=many)))

    def thread(
        self, user: User, parent: Channel, name: str, *, private: bool = False, source: Message | None = None
    ) -> Channel:
        """Start a thread, private or from an older message, of which Discord writes in the channel. Source: "Threads", message types."""
        thread = self.channels.start_thread(parent, name, user, private=private, source=source)
        if source is not None:
            about: Json = {"type": 0, "channel_id": str(thread.id), "guild_id": str(thread.guild_id)}
            self.messages.create(parent, user, Draft(kind=MessageType.THREAD_CREATED, content=name, reference=about))
        return thread

    def forum_post(self, user: User, forum: Channel, title: str, content: str, *tags: str) -> tuple[Channel, Message]:
        """Open a forum post: a thread whose first message has the thread's id."""
        if forum.kind is not ChannelType.FORUM:
            raise ValueError("not a forum")
        known = {tag.name: tag.id for tag in forum.tags}
        thread = self.channels.start_thread(forum, title, user, applied_tags=[known[tag] for tag in tags])
        return thread, self._post(user, thread, Draft(content=content, message_id=thread.id))

    def edit(self, message: Message, content: str) -> None:
        """The author edits the text."""
        self.messages.edit(message, content=content)

    def resolve_embed(self, message: Message, embed: Json) -> None:
        """A link's preview arrives: an update without `edited_timestamp`."""
        self.messages.refresh(message, embeds=[*message.embeds, embed])

    def pin(self, message: Message) -> None:
        """Pin a message: an update without `edited_timestamp`."""
        self.messages.refresh(message, pinned=True)

    def delete(self, message: Message, *, by: User | None = None) -> None:
        """Delete a message, by default as its author."""
        self.messages.delete(message, by=by or message.author)

    def bulk_delete(self, channel: Channel, messages: list[Message], *, by: User) -> None:
        """Delete several messages at once, as moderation bots do."""
        self.messages.delete_bulk(channel, [message.id for message in messages], by=by)

    def react(self, user: User, message: Message, emoji: str) -> None:
        """Add a reaction."""
        self.messages.react(message, user, emoji)

    def webhook_post(
        self, channel: Channel, content: str, *, name: str = "News", embeds: tuple[Json, ...] = ()
    ) -> Message:
        """Another integration posts through its webhook."""
        mask = User(id=self.world.ids.next(), username=name, bot=True, discriminator="0000")
        draft = Draft(content=content, embeds=list(embeds))
        return self.messages.create(channel, mask, replace(draft, webhook_id=mask.id))

    def history(self, channel: Channel) -> list[Message]:
        """What stands in a channel, oldest first."""
        return sorted(channel.messages.values(), key=lambda message: message.id)

    def direct_messages(self, user: User) -> list[Message]:
        """What the bot wrote to a user in private, oldest first."""
        channel = self.world.direct_channels.get(user.id)
        return [] if channel is None else [m for m in self.history(channel) if m.author is self.world.bot]
