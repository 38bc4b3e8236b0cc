"""What was just said in each room, so that a message is read in its context. Lives in this process only."""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import timedelta

from bot.domain.message import Author, Earlier, Message, MessageRef

#: What is older than this is another conversation, unless the message answers it.
SAME_TALK = timedelta(minutes=30)
_PER_ROOM = 50
_ROOMS = 2000


class RecentTalk:
    """The last messages of each room and thread."""

    def __init__(self) -> None:
        self._talk: OrderedDict[tuple[str, ...], deque[Message]] = OrderedDict()

    def in_context(self, message: Message, is_staff: Callable[[Author], bool]) -> Message:
        """The message with what was said before it, oldest first. Remembers the message.

        That is what it answers, where it says so; else the latest message and the author's own last one, or what stood before the
        latest. Also tells whether staff has answered in its thread, or wrote what it replies to.
        """
        talk = self._thread(message)
        message = replace(message, answered_by_staff=message.answered_by_staff or _answered(message, talk, is_staff))
        answered = [m for m in talk if message.reply_to is not None and m.ref.key == message.reply_to.key]
        before = answered[-1:] or _lately(message, talk)
        _remember(message, talk)
        if message.context:
            return message
        return replace(
            message, context=tuple(Earlier(same_author=m.author.id == message.author.id, text=m.text) for m in before)
        )

    def forget(self, ref: MessageRef) -> None:
        """A message was deleted: nothing is read after it any more. A leak that was hidden would make leaks of harmless words that follow.

        Looked for in all threads of its room, for not every platform tells in which one it stood.
        """
        for key, talk in self._talk.items():
            if key[:-1] == _room(ref) and any(m.ref.message == ref.message for m in talk):
                self._talk[key] = deque((m for m in talk if m.ref.message != ref.message), maxlen=_PER_ROOM)

    def _thread(self, message: Message) -> deque[Message]:
        key = (*_room(message.ref), message.ref.thread or "")
        talk = self._talk.setdefault(key, deque(maxlen=_PER_ROOM))
        self._talk.move_to_end(key)
        if len(self._talk) > _ROOMS:
            self._talk.popitem(last=False)
        return talk


def _room(ref: MessageRef) -> tuple[str, ...]:
    return (ref.room.platform, ref.room.workspace, ref.room.room)


def _lately(message: Message, talk: Iterable[Message]) -> list[Message]:
    """Two messages at most: in a busy room what stands further up is another's conversation."""
    latest = [
        m
        for m in talk
        if timedelta() <= message.sent_at - m.sent_at <= SAME_TALK and m.ref.message != message.ref.message
    ]
    own = [m for m in latest[:-1] if m.author.id == message.author.id]
    return [*(own or latest[:-1])[-1:], *latest[-1:]]


def _remember(message: Message, talk: deque[Message]) -> None:
    """Put the message last; what is known of it already is replaced where it stands, unless that is newer."""
    at = next((place for place, known in enumerate(talk) if known.ref.message == message.ref.message), None)
    if at is None:
        talk.append(message)
    elif talk[at].revision <= message.revision:
        talk[at] = message


def _answered(message: Message, talk: Iterable[Message], is_staff: Callable[[Author], bool]) -> bool:
    """Looks up who is staff only where it matters: this runs for every message of a busy room."""

    def by_staff(earlier: Message) -> bool:
        return earlier.author.id != message.author.id and is_staff(earlier.author)

    if message.ref.thread is not None:
        return any(by_staff(m) for m in talk)
    asked = message.reply_to
    return asked is not None and any(m.ref.key == asked.key and by_staff(m) for m in talk)
