"""Words that go out: a text and its buttons, without anything of the message they are about."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ButtonKind(StrEnum):
    """What a button asks for when it is pressed."""

    APPEAL = "appeal"
    REPOST = "repost"
    OPEN = "open"
    RESTORE = "restore"
    UPHOLD = "uphold"
    HAND_ON = "hand_on"
    ACKNOWLEDGE = "acknowledge"


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """A button that does ``kind`` to ``case``; ``label`` has at most 75 characters."""

    kind: ButtonKind
    case: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A button that opens an https address."""

    url: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """One thing that the bot says.

    ``key`` is the action's key: a platform leaves it in what it posts, so that a second try can see that the first one arrived.
    ``urgent`` asks for the platform's way of calling people who are not looking (mentioning the room or the on-call role ``call``).
    """

    key: str
    text: str
    buttons: tuple[Button, ...] = ()
    links: tuple[Link, ...] = ()
    urgent: bool = False
    call: tuple[str, ...] = ()
