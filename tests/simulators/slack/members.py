"""What members do in their Slack client. Each changes the workspace and tells the app by an event."""

import uuid
from collections.abc import Iterable

from tests.simulators.slack import events
from tests.simulators.slack.core import SimulatorCore
from tests.simulators.slack.text import stored_text
from tests.simulators.slack.timeline import Change
from tests.simulators.slack.world import Channel, File, Message, Payload, User


class MemberActions(SimulatorCore):
    """Posting, editing, deleting, joining."""

    def post(
        self,
        user: User,
        channel: Channel,
        text: str,
        *,
        thread_ts: str | None = None,
        files: Iterable[File] = (),
        blocks: list[Payload] | None = None,
        attachments: list[Payload] | None = None,
        subtype: str | None = None,
    ) -> Message:
        """A member posts; `text` is what they typed. Raises ValueError where they could not post."""
        if user.id not in channel.members or channel.is_archived or user.deleted:
            raise ValueError(f"{user.id} cannot post in {channel.id}")
        stored = stored_text(text)
        shared = list(files)
        for file in shared:
            file.channels.append(channel.id)
        message = Message(
            ts=self.world.new_ts(),
            channel=channel.id,
            text=stored,
            user=user.id,
            subtype=subtype or ("file_share" if shared else None),
            thread_ts=thread_ts,
            blocks=blocks if blocks is not None else self.timeline.blocks_for(stored),
            attachments=attachments or [],
            files=shared,
            client_msg_id=str(uuid.uuid4()),
        )
        return self.timeline.add(message)

    def thread_broadcast(self, user: User, channel: Channel, text: str, thread_ts: str) -> Message:
        """A member replies in a thread and ticks "also send to the channel"."""
        return self.post(user, channel, text, thread_ts=thread_ts, subtype="thread_broadcast")

    def me_message(self, user: User, channel: Channel, text: str) -> Message:
        """A member writes `/me …`."""
        message = Message(
            ts=self.world.new_ts(), channel=channel.id, text=stored_text(text), user=user.id, subtype="me_message"
        )
        return self.timeline.add(message)

    def bot_message(self, channel: Channel, text: str, *, username: str = "reminders") -> Message:
        """Another app posts, by an incoming webhook: `bot_message`, with a `bot_id` and without a user."""
        message = Message(
            ts=self.world.new_ts(),
            channel=channel.id,
            text=stored_text(text, sent_by_app=True),
            subtype="bot_message",
            bot_id="B0OTHERAPP",
            username=username,
        )
        return self.timeline.add(message)

    def edit(self, message: Message, text: str) -> Message:
        """The author edits a message."""
        return self.timeline.edit_by_member(message, text)

    def unfurl(self, message: Message, url: str, title: str = "A page") -> Message:
        """Slack unfurls a link: `message_changed` with the same text and no `edited`."""
        attachment = {
            "id": len(message.attachments) + 1,
            "from_url": url,
            "original_url": url,
            "fallback": title,
            "title": title,
            "title_link": url,
            "service_name": "Example",
            "text": "What the page says of itself.",
        }
        return self.timeline.change(message, Change(attachments=[*message.attachments, attachment]), editor=None)

    def delete(self, message: Message) -> None:
        """Somebody deletes a message by hand."""
        self.timeline.delete(message)

    def thread_replied(self, parent: Message, *, with_subtype: bool = False) -> None:
        """Send `message_replied` for a thread's parent (usually without its subtype)."""
        self.timeline.emit(events.replied_event(self.world, parent, with_subtype=with_subtype))

    def join(self, user: User, channel: Channel, *, inviter: User | None = None) -> Message:
        """Somebody joins: a channel_join message and a member_joined_channel event."""
        return self.timeline.join(channel, user.id, inviter.id if inviter is not None else None)

    def leave(self, user: User, channel: Channel) -> None:
        """Somebody leaves, or is removed. For the bot itself Slack sends nothing more from that channel."""
        channel.members.remove(user.id)

    def deactivate(self, user: User) -> None:
        """An admin deactivates an account: it leaves every channel and its tokens stop working."""
        user.deleted = True
        for channel in self.world.channels.values():
            if user.id in channel.members and channel.kind != "im":
                channel.members.remove(user.id)

    def archive(self, channel: Channel) -> None:
        """Somebody archives a channel."""
        channel.is_archived = True

    def direct_message(self, user: User, text: str) -> Message:
        """A member writes to the bot in their DM."""
        channel = self.world.open_direct_channel(self.world.app.bot_user_id, user.id)
        return self.post(user, channel, text)
