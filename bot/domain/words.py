"""Words that go out: a text and its buttons, without anything of the message they are about."""

from __future__ import annotations

from collections.abc import Mapping
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


class Remark(StrEnum):
    """Small texts that a platform needs beside what the bot says: what stands around it, and what is answered where nothing was done."""

    TRY_AGAIN = "try_again"
    PEOPLE_ONLY = "people_only"
    NO_REPORTS = "no_reports"
    SOMEBODY_ELSES = "somebody_elses"
    NOT_AT_HAND = "not_at_hand"
    OUT_OF_SIGHT = "out_of_sight"
    CASE_TITLE = "case_title"
    CLOSE = "button_close"
    ONE_MOMENT = "one_moment"
    NOTHING_TO_SHOW = "nothing_to_show"
    SHOWN_IN_PART = "shown_in_part"
    WHERE_POSTED = "where_posted"


#: All of them in one language.
Remarks = Mapping[Remark, str]


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
    ``knock`` is what a room may read in their stead where one person can't be written to in private, and ``show`` the label of the button
    that leads them to it: neither says anything of the matter.
    """

    key: str
    text: str
    buttons: tuple[Button, ...] = ()
    links: tuple[Link, ...] = ()
    urgent: bool = False
    call: tuple[str, ...] = ()
    knock: str = ""
    show: str = ""
