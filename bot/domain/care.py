"""The directory: the desks that questions are sent to, what each is for, and when somebody is there."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

#: Free slots older than this are not offered, where a desk names no other time.
SLOTS_FRESH_FOR = timedelta(minutes=30)
#: So far ahead the next opening is looked for: a desk on a long holiday still has one.
LOOK_AHEAD = timedelta(days=62)
#: A desk that does not close within this time counts as always open.
ALWAYS = timedelta(days=7)
#: Discord takes no longer address in a button.
LONGEST_LINK = 512
_PREFIX = "*"


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """Somebody is there on ``weekday`` (0 is Monday) from ``opens`` to ``closes``: minutes after midnight on the desk's own clock.

    ``closes`` is above 1440 where the desk closes after midnight.
    """

    weekday: int
    opens: int
    closes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """A desk, department or provider to which a question is sent. Parts that there are not are empty.

    ``topics`` are words or phrases as ``words_of`` leaves them, a star at the end for any ending; ``rooms`` are ids or names with ``*`` and
    ``?``; ``languages`` two letters each. ``time_zone`` is an IANA name; ``holidays`` are days as ``2026-12-25``, or ``12-25`` for every
    year. ``slots`` is the address of a SMART Scheduling Links publisher, whose data counts for ``slots_fresh_for``.
    """

    id: str
    name: str
    phone: str = ""
    link: str = ""
    topics: tuple[str, ...] = ()
    rooms: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    locations: tuple[str, ...] = ()
    providers: tuple[str, ...] = ()
    hours: tuple[Opening, ...] = ()
    time_zone: str = "UTC"
    holidays: frozenset[str] = frozenset()
    slots: str = ""
    slots_fresh_for: timedelta = SLOTS_FRESH_FOR


@dataclass(frozen=True, slots=True, kw_only=True)
class FreeSlot:
    """A time that can be booked, as a publisher tells it: by ``link`` or by ``phone``, at ``place``. ``start`` is aware UTC."""

    start: datetime
    link: str = ""
    phone: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """How questions are answered: in private or where everybody reads it, and after how long the same person hears the same again."""

    in_room: bool = False
    again_after: timedelta = timedelta(hours=12)


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpLines:
    """Whom to call in danger: the emergency number, and the lines for people in a crisis, in words that any language can hold."""

    emergency: str = ""
    crisis: str = ""


def contact_for(
    contacts: Sequence[Contact], words: Sequence[str], in_room: Callable[[str], bool], language: str
) -> Contact | None:
    """The desk for a question of these words: the one with most of its topics in it, then the one for the room, then the language.

    A desk with topics or rooms of its own is not asked about anything else while there is one without. ``in_room`` says whether a room
    of the directory is the question's own. None where the directory is empty.
    """

    def fit(contact: Contact) -> tuple[int, bool, bool, bool]:
        topics = sum(_holds(words, topic) for topic in contact.topics)
        room = any(in_room(pattern) for pattern in contact.rooms)
        return (
            topics,
            room,
            not (contact.topics or contact.rooms),
            not contact.languages or language in contact.languages,
        )

    return max(contacts, key=fit, default=None)


def open_until(contact: Contact, at: datetime) -> datetime | None:
    """When the last one leaves; None where nobody is there, or no hours are known. A desk that never closes gives a time past ALWAYS."""
    until: datetime | None = None
    for start, end in sorted(_spans(contact, at, ALWAYS)):
        if start <= (until or at) < end:
            until = end
    return until


def next_open(contact: Contact, at: datetime) -> datetime | None:
    """When somebody comes next, after ``at``; None where that is further off than LOOK_AHEAD or there are no hours."""
    return min((start for start, _ in _spans(contact, at, LOOK_AHEAD) if start > at), default=None)


def _spans(contact: Contact, at: datetime, ahead: timedelta) -> Iterator[tuple[datetime, datetime]]:
    """Each opening from the day before ``at`` on, in UTC: that day's may reach past midnight."""
    if not contact.hours:
        return
    zone = ZoneInfo(contact.time_zone)
    today = at.astimezone(zone).date()
    for number in range(-1, ahead.days + 2):
        day = today + timedelta(days=number)
        if {day.isoformat(), day.isoformat()[5:]} & contact.holidays:
            continue
        for opening in contact.hours:
            if opening.weekday == day.weekday():
                yield _moment(day, opening.opens, zone), _moment(day, opening.closes, zone)


def _moment(day: date, minutes: int, zone: ZoneInfo) -> datetime:
    """When the desk's own clock shows so many minutes after midnight of ``day``, the first time it does."""
    return (datetime.combine(day, time(), zone) + timedelta(minutes=minutes)).astimezone(UTC)


def _holds(words: Sequence[str], topic: str) -> bool:
    text = f" {' '.join(words)} "
    return f" {topic.removesuffix(_PREFIX)}" in text if topic.endswith(_PREFIX) else f" {topic} " in text
