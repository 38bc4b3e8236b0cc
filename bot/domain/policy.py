"""A Policy: the rules of a community, as values. How they are written in YAML is another package's matter."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from fnmatch import fnmatchcase
from types import MappingProxyType

from bot.domain.care import Answers, Contact, HelpLines
from bot.domain.decision import Action
from bot.domain.message import Author, Message, PlatformName, Role, RoomKind, RoomRef
from bot.domain.on_call import OnCallStep
from bot.domain.reading import IdentifierKind, Label


class Mode(StrEnum):
    """Whether a rule acts, only reports what it would have done, or rests."""

    ACT = "act"
    SHADOW = "shadow"
    OFF = "off"


@dataclass(frozen=True, slots=True, kw_only=True)
class Repetition:
    """The same author says the same at least ``times`` times within ``within``."""

    times: int
    within: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """When a rule applies. Every part that is given must hold; a part that lists several holds where one of them does.

    ``thresholds`` say from which probability on a label holds, for those that have their own. ``phrases``, ``patterns`` and ``links``
    (domains, ``*`` for a part) are the texts as the policy writes them; ``identifiers`` are the kinds that
    were recognised in the text; ``rooms`` ids or names with ``*`` and ``?``; ``languages`` those of the author, two letters each.
    """

    labels: frozenset[Label] = frozenset()
    thresholds: Mapping[Label, float] = field(default_factory=lambda: MappingProxyType({}))
    phrases: frozenset[str] = frozenset()
    patterns: frozenset[str] = frozenset()
    links: frozenset[str] = frozenset()
    identifiers: frozenset[IdentifierKind] = frozenset()
    attachments: bool | None = None
    roles: frozenset[Role] = frozenset()
    room_kinds: frozenset[RoomKind] = frozenset()
    rooms: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    member_for_less_than: timedelta | None = None
    first_post: bool | None = None
    repetition: Repetition | None = None
    strikes_at_least: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule.

    ``hide_at`` and ``ask_at`` are probabilities: from ``hide_at`` on the rule does all it says, between ``ask_at`` and
    ``hide_at`` it only asks a human. ``act_share`` is the share of messages for which an acting rule acts (1.0: all), the rest is
    shadow. ``strike`` is what a match counts against its author.
    """

    id: str
    when: Condition
    do: tuple[Action, ...]
    unless: Condition | None = None
    mode: Mode = Mode.ACT
    act_share: float = 1.0
    hide_at: float | None = None
    ask_at: float | None = None
    priority: int = 0
    strike: float = 0.0
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomRule:
    """Rooms whose id equals, or whose name matches, ``match`` (``*`` and ``?``) are of ``kind``; on every platform where none is named."""

    match: str
    kind: RoomKind
    platform: PlatformName | None = None

    def covers(self, ref: RoomRef, name: str) -> bool:
        """Whether the room is meant."""
        return self.platform in (None, ref.platform) and room_fits(self.match, ref, name)


def room_fits(pattern: str, ref: RoomRef, name: str) -> bool:
    """Whether ``pattern`` is the room's id or fits its name, whatever the case, with or without the # in front."""
    return pattern == ref.room or fnmatchcase(name.lower().lstrip("#"), pattern.lower().lstrip("#"))


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """Platform roles or user groups (ids or names), and single people by id, that make an author staff or moderator."""

    staff: frozenset[str] = frozenset()
    moderators: frozenset[str] = frozenset()

    def role(self, author: Author) -> Role:
        """Who ``author`` is. Staff comes first: what they say counts as the practice's word."""
        marks = {mark.lower() for mark in (*author.platform_roles, author.id)}
        if marks & {name.lower() for name in self.staff}:
            return Role.STAFF
        return Role.MODERATOR if marks & {name.lower() for name in self.moderators} else Role.MEMBER


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """All that a community decided. ``hash`` names this very version; ``wordings`` are texts by key and language.

    ``team_room`` (id or name) hears notices and pages; ``strike_half_life`` is how long until a strike counts half;
    ``keep_text_for`` how long hidden text stays in the vault; ``trial_cases`` whether people are asked about rules in shadow.
    ``contacts`` is the directory; ``on_call`` says whom a page goes to next that nobody answers; ``help_lines`` are the country's own.
    """

    hash: str
    name: str
    rules: tuple[Rule, ...]
    rooms: tuple[RoomRule, ...] = ()
    people: People = field(default_factory=People)
    team_room: str = ""
    language: str = "en"
    country: str = "US"
    wordings: Mapping[str, Mapping[str, str]] = field(default_factory=lambda: MappingProxyType({}))
    contacts: tuple[Contact, ...] = ()
    answers: Answers = field(default_factory=Answers)
    on_call: tuple[OnCallStep, ...] = ()
    help_lines: HelpLines = field(default_factory=HelpLines)
    strike_half_life: timedelta = timedelta(days=30)
    keep_text_for: timedelta = timedelta(days=30)
    keep_readings: bool = False
    trial_cases: bool = True

    def asks(self, part: Callable[[Condition], object]) -> bool:
        """Whether some rule that is not off asks for this part of a condition: what nobody asks for need not be looked up."""
        parts = (when for rule in self.rules if rule.mode is not Mode.OFF for when in (rule.when, rule.unless) if when)
        return any(part(when) not in (None, frozenset()) for when in parts)

    def room_kind(self, message: Message) -> RoomKind | None:
        """The kind of the message's room by the first room rule that covers it; None where the bot does not watch it."""
        covering = (rule for rule in self.rooms if rule.covers(message.ref.room, message.room_name))
        return next((rule.kind for rule in covering), None)
