"""What was just said in each room, so that a message is read in its context. Lives in this process only."""

from __future__ import annotations

from collections import OrderedDict, deque
from dataclasses import replace
from datetime import timedelta

from bot.domain.message import Earlier, Message

#: So many earlier messages are context, as in the labelling guide's cases.
CONTEXT = 3
#: What is older than this is another conversation, unless the message answers it.
SAME_TALK = timedelta(minutes=30)
_PER_ROOM = 50
_ROOMS = 2000


class RecentTalk:
    """The last messages of each room and thread."""

    def __init__(self) -> None:
        self._talk: OrderedDict[tuple[str, ...], deque[Message]] = OrderedDict()

    def in_context(self, message: Message) -> Message:
        """The message with what was said before it: what it answers first, then the latest, oldest first. Remembers the message."""
        talk = self._thread(message)
        answered = [m for m in talk if message.reply_to is not None and m.ref.key == message.reply_to.key]
        latest = [
            m
            for m in talk
            if message.sent_at - m.sent_at <= SAME_TALK and m.ref.key != message.ref.key and m not in answered
        ]
        before = [
            *answered[-1:],
            *[m for m in latest if m.sent_at <= message.sent_at][-(CONTEXT - len(answered[-1:])) :],
        ]
        talk.append(message)
        if message.context:
            return message
        return replace(
            message, context=tuple(Earlier(same_author=m.author.id == message.author.id, text=m.text) for m in before)
        )

    def _thread(self, message: Message) -> deque[Message]:
        room = message.ref.room
        key = (room.platform, room.workspace, room.room, message.ref.thread or "")
        talk = self._talk.setdefault(key, deque(maxlen=_PER_ROOM))
        self._talk.move_to_end(key)
        if len(self._talk) > _ROOMS:
            self._talk.popitem(last=False)
        return talk
