"""The sandbox's world: its rooms, what is posted in them, what each person receives in private."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.domain.errors import GoneError
from bot.domain.message import Author, Message, MessageRef, PlatformName, Room, RoomRef
from bot.domain.text import MappedText
from bot.domain.words import Words

WORKSPACE = "sandbox"
#: Room id and name of each room that a fresh sandbox has.
ROOMS = {"community": "patients", "practice": "front-desk", "staff": "staff-room", "team": "moderators"}
TEAM_ROOM = "moderators"


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """Something that stands, or stood, in a room: a person's message, or what the bot said (then with its words)."""

    ref: MessageRef
    author: Author
    text: str
    at: datetime
    words: Words | None = None
    message: Message | None = None
    hidden: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivateNote:
    """What one person was told in private."""

    to: str
    words: Words
    at: datetime
    in_room: bool


def room_ref(room: str) -> RoomRef:
    """The reference of a sandbox room by its id."""
    return RoomRef(platform=PlatformName.SANDBOX, workspace=WORKSPACE, room=room)


@dataclass(slots=True)
class World:
    """All that can be seen in the sandbox. ``listeners`` are told of every change; they must not block.

    ``hiding_allowed`` and ``failures`` (so many next calls fail) let it misbehave as real platforms do.
    """

    now: Callable[[], datetime]
    posts: dict[str, Post] = field(default_factory=dict)
    notes: list[PrivateNote] = field(default_factory=list)
    listeners: set[asyncio.Event] = field(default_factory=set)
    changes: int = 0
    hiding_allowed: bool = True
    failures: int = 0
    _closed_dms: set[str] = field(default_factory=set)
    _removed: list[MessageRef] = field(default_factory=list)
    _count: int = field(init=False)

    def __post_init__(self) -> None:
        # The store outlives the world: a new world's ids must not be those of the one before.
        self._count = int(self.now().timestamp() * 1000)

    def rooms(self) -> list[Room]:
        """Every room."""
        return [Room(ref=room_ref(room), name=name) for room, name in ROOMS.items()]

    def say(self, author: Author, room: str, text: str, *, reply_to: MessageRef | None = None) -> Message:
        """A person writes a message."""
        at = self.now()
        ref = MessageRef(room=room_ref(room), message=self._next_id())
        message = Message(
            ref=ref,
            revision=ref.message,
            author=author,
            typed=MappedText.same(text),
            sent_at=at,
            room_name=ROOMS[room],
            reply_to=reply_to,
            permalink=f"/#message-{ref.message}",
        )
        self._put(Post(ref=ref, author=author, text=text, at=at, message=message))
        return message

    def edit(self, ref: MessageRef, text: str) -> Message:
        """A person edits their message. Raises GoneError where it is not there any more."""
        post = self.visible(ref)
        if post is None or post.message is None:
            raise GoneError
        at = self.now()
        message = replace(post.message, typed=MappedText.same(text), edited_at=at, revision=self._next_id())
        self._put(replace(post, text=text, message=message))
        return message

    def post_words(self, room: str, author: Author, words: Words, text: str) -> Post:
        """The bot says something in a room."""
        ref = MessageRef(room=room_ref(room), message=self._next_id())
        post = Post(ref=ref, author=author, text=text, at=self.now(), words=words)
        self._put(post)
        return post

    def tell(self, to: str, words: Words, *, in_room: bool) -> None:
        """The bot says something to one person alone."""
        self.notes.append(PrivateNote(to=to, words=words, at=self.now(), in_room=in_room))
        self.changed()

    def remove(self, ref: MessageRef) -> bool:
        """Take a message out of its room; False where it is out already."""
        post = self.visible(ref)
        if post is None:
            return False
        self._put(replace(post, hidden=True))
        self._removed.append(ref)
        return True

    def removed(self) -> list[MessageRef]:
        """What was taken out since this was asked last: other platforms tell of each."""
        removed, self._removed = self._removed, []
        return removed

    def close_dms(self, person: str) -> None:
        """The person takes no private messages any more."""
        self._closed_dms.add(person)

    def takes_dms(self, person: str) -> bool:
        """Whether the person takes private messages."""
        return person not in self._closed_dms

    def visible(self, ref: MessageRef) -> Post | None:
        """The post, unless it is hidden or never was."""
        post = self.posts.get(ref.message)
        return None if post is None or post.hidden else post

    def said(self, key: str) -> Post | None:
        """What the bot posted with this key."""
        return next((post for post in self.posts.values() if post.words is not None and post.words.key == key), None)

    @contextmanager
    def listening(self) -> Iterator[asyncio.Event]:
        """An event that is set with every change, until the block ends."""
        event = asyncio.Event()
        self.listeners.add(event)
        try:
            yield event
        finally:
            self.listeners.discard(event)

    def changed(self) -> None:
        """Tell whoever listens that there is something new."""
        self.changes += 1
        for event in self.listeners:
            event.set()

    def _put(self, post: Post) -> None:
        self.posts[post.ref.message] = post
        self.changed()

    def _next_id(self) -> str:
        self._count += 1
        return f"{self._count:015}"
