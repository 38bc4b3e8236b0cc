"""A Message: what was said, by whom, where, in answer to what. The same for every platform."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.text import MappedText


class PlatformName(StrEnum):
    """Where a room lives."""

    SLACK = "slack"
    DISCORD = "discord"
    SANDBOX = "sandbox"


class RoomKind(StrEnum):
    """Who reads a room: members among themselves, a practice's patients, or the practice's own staff."""

    COMMUNITY = "community"
    PRACTICE = "practice"
    STAFF = "staff"


class Role(StrEnum):
    """Who an author is to the community."""

    MEMBER = "member"
    STAFF = "staff"
    MODERATOR = "moderator"


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomRef:
    """A room (Slack channel, Discord channel) by its platform's ids. ``workspace`` is the Slack team or Discord guild."""

    platform: PlatformName
    workspace: str
    room: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """A room as the platform describes it."""

    ref: RoomRef
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageRef:
    """A message by its platform's ids. ``thread`` is the thread's id where the message stands in one."""

    room: RoomRef
    message: str
    thread: str | None = None

    @property
    def key(self) -> str:
        """One string that names the message everywhere in the store."""
        return f"{self.room.platform}:{self.room.workspace}:{self.room.room}:{self.message}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """Who wrote a message.

    ``platform_roles`` are role or user-group ids and names; ``locale`` is like ``en-US``; ``picture`` is an address, needed to restore
    under the author's name.
    """

    id: str
    name: str
    platform_roles: frozenset[str] = frozenset()
    joined_at: datetime | None = None
    locale: str | None = None
    picture: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """A message just before the one under reading. ``same_author`` tells whether its author wrote that one too."""

    same_author: bool
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file that came with a message. ``words`` is every text it carries: name, title, description, transcript.

    ``unread``: it has words, and the platform did not give them.
    """

    id: str
    words: str
    url: str | None = None
    unread: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One revision of one message.

    ``typed`` is what the author typed, decoded from the platform's markup. ``carried`` are other texts that came along: a forum post's
    title, embeds, a poll, a forward. ``revision`` is unique among the message's revisions and sorts in their order.
    ``context`` is oldest first. ``answered_by_staff``: staff has already answered in this thread. Times are aware UTC.
    """

    ref: MessageRef
    revision: str
    author: Author
    typed: MappedText
    sent_at: datetime
    room_name: str = ""
    edited_at: datetime | None = None
    reply_to: MessageRef | None = None
    context: tuple[Earlier, ...] = ()
    carried: tuple[str, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    permalink: str | None = None
    answered_by_staff: bool = False

    @property
    def text(self) -> str:
        """Everything a reader of the room can read in it; begins with what was typed."""
        return "\n".join(
            part for part in (self.typed.plain, *self.carried, *(a.words for a in self.attachments)) if part
        )

    @property
    def key(self) -> str:
        """One string that names this revision everywhere in the store."""
        return f"{self.ref.key}@{self.revision}"
