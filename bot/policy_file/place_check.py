"""What surrounds the rules: rooms, contacts, people, the team's room; and rules that fit none of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fnmatch import fnmatchcase

from bot.domain.care import LONGEST_LINK
from bot.domain.decision import ActionKind
from bot.domain.message import Role
from bot.domain.policy import Mode
from bot.domain.reading import Label
from bot.policy_file.draft import Draft, KeyPath
from bot.policy_file.match import pattern_problem
from bot.policy_file.problems import Problem, did_you_mean
from bot.policy_file.schema import ConditionSheet, RuleSheet

_DOMAIN = re.compile(r"\*|(?=.{3,253}$)[\w*-]{1,63}(\.[\w*-]{1,63})+")
_HTTPS = re.compile(r"https://[^\s/@]+\.[^\s/@]+(/\S*)?")
_STAFF_LABELS = frozenset({Label.STAFF_ADVICE, Label.STAFF_CONFIRMS_PATIENT})
#: A phrase of one letter would stand in almost every message.
SHORTEST, LONGEST_PHRASE, LONGEST_PATTERN = 2, 200, 1000


def surroundings(draft: Draft) -> Iterator[Problem]:
    """What is wrong around the rules, and with what they look for."""
    if not draft.pack:
        yield from _complete(draft)
    yield from _contacts(draft)
    yield from _rooms(draft)
    for path, condition in draft.conditions():
        yield from _texts(draft, path, condition)
        yield from _known_rooms(draft, path, condition)
    yield from _never_matching(draft)


def _complete(draft: Draft) -> Iterator[Problem]:
    sheet = draft.sheet
    if not sheet.name:
        yield draft.key_error(("name",), "is missing", "Add name: and what members call the community.")
    if not sheet.rooms:
        yield draft.key_error(("rooms",), "is missing", 'Add rooms:, such as [{match: "*", kind: community}].')
    if not sheet.team_room:
        yield draft.key_error(("team_room",), "is missing", "Add team_room: and the room that hears notices and pages.")
    asking = next((path for path, _, action in draft.actions() if action.action is ActionKind.SCHEDULE), None)
    if asking is not None and not sheet.contacts:
        hint = "Add contacts:, each with a name and a phone number or a link."
        yield draft.key_error(("contacts",), "is missing", f"{hint} The rule {asking[1]} needs one.")


def _contacts(draft: Draft) -> Iterator[Problem]:
    for name, contact in (draft.sheet.contacts or {}).items():
        path = ("contacts", name)
        if contact.name is None:
            yield draft.key_error(path, "has no name", "Add name:, as members read it.")
        if not contact.phone and not contact.link:
            yield draft.key_error(path, "leads nowhere", "Add phone: or link:.")
        if contact.link and not _HTTPS.fullmatch(contact.link):
            yield draft.error((*path, "link"), "must be an https address", "Such as https://example.org/book.")
        elif contact.link and len(contact.link) > LONGEST_LINK:
            hint = f"At most {LONGEST_LINK} characters fit a button. Your calendar may offer a short one."
            yield draft.error((*path, "link"), "is too long", hint)
        if contact.phone and sum(letter.isdigit() for letter in contact.phone) < 3:
            yield draft.error((*path, "phone"), "is no phone number")


def _rooms(draft: Draft) -> Iterator[Problem]:
    rooms = draft.sheet.rooms or ()
    for number, room in enumerate(rooms):
        for earlier in rooms[:number]:
            if earlier.platform in (None, room.platform) and fnmatchcase(_name(room.match), _name(earlier.match)):
                what = f"never counts: {earlier.match!r} above takes every such room"
                yield draft.warning(("rooms", number), what, "Put it further up, or drop it.")
                break


def _texts(draft: Draft, path: KeyPath, condition: ConditionSheet) -> Iterator[Problem]:
    for number, phrase in enumerate(condition.phrases or ()):
        letters = sum(letter.isalnum() for letter in phrase)
        if letters < SHORTEST or len(phrase) > LONGEST_PHRASE:
            hint = f"From {SHORTEST} letters to {LONGEST_PHRASE} characters."
            yield draft.error((*path, "phrases", number), "is too short or too long for a phrase", hint)
    for number, pattern in enumerate(condition.patterns or ()):
        why = "it is too long" if len(pattern) > LONGEST_PATTERN else pattern_problem(pattern)
        if why:
            yield draft.error((*path, "patterns", number), f"this pattern can't be used: {why}")
    for number, domain in enumerate(condition.links or ()):
        if not _DOMAIN.fullmatch(domain):
            hint = 'Write a domain without https:// and path, such as example.com; "*" alone for any link.'
            yield draft.error((*path, "links", number), "is no domain", hint)


def _known_rooms(draft: Draft, path: KeyPath, condition: ConditionSheet) -> Iterator[Problem]:
    known = [room.match for room in draft.sheet.rooms or ()]
    for number, room in enumerate(() if draft.pack else condition.rooms or ()):
        if not any(_overlap(room, match) for match in known):
            yield draft.error((*path, "rooms", number), f"{room!r} is none of the rooms", did_you_mean(room, known))


def _never_matching(draft: Draft) -> Iterator[Problem]:
    if draft.pack:
        return
    for path, rule in draft.rules():
        if rule.when is None or (rule.mode and rule.mode[0] is Mode.OFF):
            continue
        why = _why_never(draft, rule, rule.when)
        if why:
            yield draft.warning(path, f"never matches: {why}")
        twin = _says_it_already(draft, path[-1], rule)
        if twin:
            yield draft.warning(path, f"changes nothing: {twin} asks for the same already", "Drop one of them.")


def _why_never(draft: Draft, rule: RuleSheet, when: ConditionSheet) -> str:
    people, roles = draft.sheet.people, set(when.roles or Role)
    kinds = {room.kind for room in draft.sheet.rooms or ()}
    if roles == {Role.STAFF} and not (people and people.staff):
        return "people.staff names nobody"
    if roles == {Role.MODERATOR} and not (people and people.moderators):
        return "people.moderators names nobody"
    if when.labels and set(when.labels) <= _STAFF_LABELS and Role.STAFF not in roles:
        return "only staff write such messages, and roles leaves them out"
    if when.room_kinds and kinds and not kinds & set(when.room_kinds):
        return f"no room is of kind {' or '.join(sorted(when.room_kinds))}"
    if when.strikes_at_least and not any(other.strikes for _, other in draft.rules()):
        return "no rule counts strikes"
    return ""


def _says_it_already(draft: Draft, name: str | int, rule: RuleSheet) -> str:
    """The name of another rule with the same condition that does as much and wins; empty where there is none."""
    for path, other in draft.rules():
        same = (rule.when, rule.unless, rule.mode) == (other.when, other.unless, other.mode)
        bands = (rule.ask_at, rule.hide_at, rule.strikes) == (other.ask_at, other.hide_at, None)
        first = (other.priority or 0, str(path[-1])) > (rule.priority or 0, str(name))
        if same and bands and first and set(rule.do or ()) <= set(other.do or ()):
            return str(path[-1])
    return ""


def _overlap(one: str, other: str) -> bool:
    return fnmatchcase(_name(one), _name(other)) or fnmatchcase(_name(other), _name(one))


def _name(room: str) -> str:
    return room.lower().lstrip("#")
