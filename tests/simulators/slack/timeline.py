"""What happens to messages: each change alters the workspace and tells the app by an event."""

from collections.abc import Callable
from dataclasses import dataclass

from tests.simulators.slack import events
from tests.simulators.slack.shapes import message_object, text_blocks
from tests.simulators.slack.text import stored_text
from tests.simulators.slack.workspace import SlackWorkspace
from tests.simulators.slack.world import Channel, Message, Payload

Emit = Callable[[Payload], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What an edit changes; None leaves a part as it was."""

    text: str | None = None
    blocks: list[Payload] | None = None
    attachments: list[Payload] | None = None
    metadata: Payload | None = None


class Timeline:
    """Posting, editing and deleting, for members and for the Web API alike."""

    def __init__(self, world: SlackWorkspace, emit: Emit) -> None:
        self._world = world
        self._emit_wanted = emit

    def emit(self, inner: Payload) -> None:
        """Send an inner event to the app if it is subscribed to it and may see it."""
        if events.is_wanted(self._world, inner):
            self._emit_wanted(inner)

    def add(self, message: Message) -> Message:
        """Put a new message into its channel."""
        message.texts.append(message.text)
        self._world.channels[message.channel].messages[message.ts] = message
        self.emit(events.message_event(self._world, message))
        mention = f"<@{self._world.app.bot_user_id}>"
        if mention in message.text and message.user != self._world.app.bot_user_id and message.subtype is None:
            self.emit(events.mention_event(self._world, message))
        return message

    def join(self, channel: Channel, user: str, inviter: str | None = None) -> Message:
        """Make somebody a member, with the message and the event that come with it."""
        channel.members.append(user)
        message = Message(
            ts=self._world.new_ts(),
            channel=channel.id,
            text=f"<@{user}> has joined the channel",
            user=user,
            subtype="channel_join",
            inviter=inviter,
        )
        self.add(message)
        self.emit(events.joined_event(self._world, channel, user, inviter))
        return message

    def blocks_for(self, text: str) -> list[Payload]:
        """The blocks Slack adds to plain text."""
        return text_blocks(text, self._world.new_id("b"))

    def with_block_ids(self, blocks: list[Payload]) -> list[Payload]:
        """Blocks as stored: those without a `block_id` get one."""
        return [{**block, "block_id": block.get("block_id") or self._world.new_id("b")} for block in blocks]

    def change(self, message: Message, change: Change, *, editor: str | None) -> Message:
        """Alter a message; `editor` is who edited it, None for changes that leave no `edited` mark."""
        previous = message_object(self._world, message)
        if change.text is not None:
            message.text = change.text
            message.texts.append(change.text)
        if change.blocks is not None:
            message.blocks = change.blocks
        if change.attachments is not None:
            message.attachments = change.attachments
        if change.metadata is not None:
            message.metadata = change.metadata or None
        if editor is not None:
            message.edited = {"user": editor, "ts": f"{self._world.now()}.000000"}
        self._tell_changed(message, previous)
        return message

    def edit_by_member(self, message: Message, raw: str) -> Message:
        """A member's edit: text and blocks together."""
        text = stored_text(raw)
        return self.change(message, Change(text=text, blocks=self.blocks_for(text)), editor=message.user)

    def delete(self, message: Message) -> None:
        """Delete a message. A thread's parent leaves a tombstone behind, and is announced as changed."""
        previous = message_object(self._world, message)
        if self._world.replies(message):
            message.tombstoned = True
            self._tell_changed(message, previous)
            return
        message.deleted = True
        channel = self._world.channels[message.channel]
        self.emit(events.deleted_event(self._world, channel, previous))

    def set_dlp_tombstone(self, message: Message, content: str | None) -> None:
        """Hide a message behind a DLP tombstone, or (None) bring it back."""
        previous = message_object(self._world, message)
        message.dlp_tombstone = content
        self._tell_changed(message, previous)

    def _tell_changed(self, message: Message, previous: Payload) -> None:
        channel = self._world.channels[message.channel]
        current = message_object(self._world, message)
        self.emit(events.changed_event(self._world, channel, current, previous))
