"""What the service needs from the outside: a platform to act on, a store to remember in, a reader, a policy, a clock."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.domain.message import Message, MessageRef, PlatformName, Room, RoomRef
from bot.domain.outcome import How, Outcome
from bot.domain.policy import Policy
from bot.domain.reading import Reading, Utterance
from bot.domain.words import Words


class Clock(Protocol):
    """Where time comes from."""

    def now(self) -> datetime:
        """The time as aware UTC."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        ...


class Reader(Protocol):
    """Understands text. Slow and synchronous; the service runs it off the event loop."""

    def read(self, utterances: Sequence[Utterance]) -> list[Reading]:
        """One Reading for each utterance, in order. May raise anything; the service then calls the messages unread."""
        ...


class Policies(Protocol):
    """The policies in force."""

    def policy_for(self, room: RoomRef) -> Policy:
        """The policy of the room's workspace, the newest version that checked."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class WordMatches:
    """Which of a policy's phrases, patterns and links a text holds."""

    phrases: frozenset[str] = frozenset()
    patterns: frozenset[str] = frozenset()
    links: frozenset[str] = frozenset()


class Matcher(Protocol):
    """Finds a policy's phrases, patterns and links in a text, all in one pass."""

    def match(self, policy: Policy, text: str) -> WordMatches:
        """What of ``policy`` stands in ``text``, looked up on the normalised text."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One line of ``chaperone doctor``: what works or what is missing, and how to grant it."""

    subject: str
    ok: bool
    finding: str
    remedy: str = ""


class Platform(Protocol):
    """What a chat platform can be asked to do.

    Every method that acts may be repeated: with ``again`` true the platform is first asked what is already so (words carry a key for that).
    All raise TemporaryPlatformError (try later), ForbiddenError (the bot may not), GoneError (no longer there)
    and UnreachableError (the person can't be written to).
    """

    @property
    def name(self) -> PlatformName:
        """Which platform this is."""
        ...

    async def rooms(self) -> Sequence[Room]:
        """Every room that the bot is in."""
        ...

    async def has_room(self, room: str, near: RoomRef) -> bool:
        """Whether ``post`` would find this room, given by id or name, in the workspace of ``near``."""
        ...

    def missed(self, room: Room, after: str | None) -> AsyncIterator[Message]:
        """Messages of ``room`` later than position ``after``, oldest first; from the platform's history."""
        ...

    def position(self, message: Message) -> str:
        """Where the message stands in its room's history; positions of one room sort as their messages do."""
        ...

    def position_at(self, at: datetime) -> str:
        """Where a message sent at this time would stand."""
        ...

    async def hide(self, message: MessageRef, *, reason: str, again: bool) -> How:
        """Take the message out of the room. ForbiddenError where only its author can; a message that is gone already is a success."""
        ...

    async def restore(self, message: Message, text: str, words: Words, *, again: bool) -> Outcome:
        """Bring back a hidden message, or ``text`` in its stead, under its author's name and in its thread; ``words`` attribute it."""
        ...

    async def tell(self, author: str, room: RoomRef, words: Words, *, in_room: bool, again: bool) -> Outcome:
        """Say something to one person alone: by DM or, where that fails or ``in_room`` is true, in the room.

        In the room only they see it where the platform can do that; where it can't, it names them, says nothing of the content and goes
        after a minute.
        """
        ...

    async def answer(self, message: MessageRef, words: Words, *, again: bool) -> Outcome:
        """Answer a message where everybody in the room reads it, in its thread."""
        ...

    async def post(self, room: str, message: MessageRef, words: Words, *, again: bool) -> Outcome:
        """Say something in a room of the message's workspace, given by id or name: the team's room."""
        ...

    async def slow_down(self, room: RoomRef, seconds: int) -> Outcome:
        """Make members wait between messages. ForbiddenError where the platform has no such thing."""
        ...

    async def time_out(self, author: str, room: RoomRef, seconds: int, *, reason: str) -> Outcome:
        """Keep one person from writing for a while. ForbiddenError where the platform has no such thing."""
        ...

    async def check(self) -> Sequence[Check]:
        """What works and what is missing, for ``doctor``."""
        ...
