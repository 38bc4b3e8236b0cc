"""Who a visitor of the sandbox can be, and messages prepared for them to press."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from bot.domain.message import Author

_LONG_AGO = datetime(2024, 1, 1, tzinfo=UTC)


def _person(key: str, name: str, *roles: str) -> Author:
    return Author(id=key, name=name, platform_roles=frozenset(roles), joined_at=_LONG_AGO, locale="en-US")


#: Everybody in the sandbox by id. The roles are those that ``policies/sandbox.yaml`` knows.
PEOPLE = {
    person.id: person
    for person in (
        _person("ana", "Ana, a member"),
        _person("ben", "Ben, a member"),
        _person("kim", "Kim, practice staff", "staff"),
        _person("mo", "Mo, a moderator", "moderators"),
    )
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A message to try with one click. ``what`` says what it shows."""

    what: str
    who: str
    room: str
    text: str


PREPARED = (
    Prepared(
        what="Own story",
        who="ana",
        room="community",
        text="Six weeks since my bypass and I walked to the shop today. Slow, but I did it.",
    ),
    Prepared(
        what="Somebody else's story",
        who="ana",
        room="community",
        text="So proud of my roommate Joe Castellano, he had his bypass on Tuesday and was joking with the nurses by the evening!",
    ),
    Prepared(
        what="A remedy praised",
        who="ben",
        room="community",
        text="Celery juice cured my lupus, I threw the pills away in March. Everybody here should do the same.",
    ),
    Prepared(
        what="A remedy asked about",
        who="ben",
        room="community",
        text="Has anybody read a proper study on celery juice? My aunt swears by it and I doubt it.",
    ),
    Prepared(
        what="A medical question",
        who="ana",
        room="practice",
        text="I've had a rash on my arm since I started the new tablets on Friday. Should I stop taking them?",
    ),
    Prepared(
        what="An emergency",
        who="ben",
        room="community",
        text="My dad is sweating and has crushing pain in his chest right now, his left arm is numb, what do I do",
    ),
    Prepared(
        what="A complaint",
        who="ana",
        room="practice",
        text="Waited two hours past my appointment and nobody at the desk could even say sorry. One star.",
    ),
    Prepared(
        what="Staff confirm a patient",
        who="kim",
        room="practice",
        text="Hi Marcus, sorry about the wait on Tuesday! Your blood results came back fine, see you at your next infusion.",
    ),
)
