"""What surrounds the rules: rooms, contacts, people, the team's room; and rules that fit none of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from bot.domain.care import LONGEST_LINK
from bot.domain.decision import ActionKind
from bot.domain.reading import DANGER
from bot.policy_file.dead_rules import dead_rules
from bot.policy_file.draft import Draft, KeyPath
from bot.policy_file.match import ANY, pattern_problem
from bot.policy_file.problems import Problem, did_you_mean
from bot.policy_file.room_patterns import overlap, within
from bot.policy_file.schema import ConditionSheet

_DOMAIN = re.compile(r"\*|(?=.{3,253}$)[\w*-]{1,63}(\.[\w*-]{1,63})+")
_HTTPS = re.compile(r"https://[^\s/@]+\.[^\s/@]+(/\S*)?")
#: A phrase of one letter would stand in almost every message.
SHORTEST, LONGEST_PHRASE, LONGEST_PATTERN = 2, 200, 1000


def surroundings(draft: Draft) -> Iterator[Problem]:
    """What is wrong around the rules, and with what they look for."""
    if not draft.pack:
        yield from _complete(draft)
    yield from _contacts(draft)
    yield from _rooms(draft)
    yield from _desk_rooms(draft)
    yield from _lists(draft)
    for path, condition in draft.conditions():
        yield from _texts(draft, path, condition)
        yield from _known_rooms(draft, path, condition)
    yield from dead_rules(draft)


def _complete(draft: Draft) -> Iterator[Problem]:
    sheet = draft.sheet
    if not sheet.name:
        yield draft.key_error(("name",), "is missing", "Add name: and what members call the community.")
    if not sheet.rooms:
        yield draft.key_error(("rooms",), "is missing", 'Add rooms:, such as [{match: "*", kind: community}].')
    if not sheet.team_room:
        yield draft.key_error(("team_room",), "is missing", "Add team_room: and the room that hears notices and pages.")
    if set(draft.sheet.rules or ()) <= {str(label) for label in DANGER}:
        told = draft.warning(("rules",), "hear of danger only", "Add extends: [patient-group], or rules of your own.")
        yield replace(told, place=draft.tree.place)  # the rules that there are stand in a pack
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


def _desk_rooms(draft: Draft) -> Iterator[Problem]:
    known = [room.match for room in draft.sheet.rooms or ()]
    for name, contact in (draft.sheet.contacts or {}).items():
        for number, room in enumerate(() if draft.pack or not known else contact.rooms or ()):
            if not any(overlap(room, match) for match in known):
                path = ("contacts", name, "rooms", number)
                yield draft.warning(path, f"{room!r} is none of the rooms", did_you_mean(room, known))


def _rooms(draft: Draft) -> Iterator[Problem]:
    rooms = draft.sheet.rooms or ()
    for number, room in enumerate(rooms):
        for earlier in rooms[:number]:
            if earlier.platform in (None, room.platform) and within(room.match, earlier.match):
                what = f"never counts: {earlier.match!r} above takes every such room"
                yield draft.warning(("rooms", number), what, "Put it further up, or drop it.")
                break


def _texts(draft: Draft, path: KeyPath, condition: ConditionSheet) -> Iterator[Problem]:
    for number, phrase in enumerate(condition.phrases or ()):
        letters = sum(letter.isalnum() for letter in phrase)
        if letters < SHORTEST or len(phrase) > LONGEST_PHRASE:
            hint = f"From {SHORTEST} letters to {LONGEST_PHRASE} characters."
            yield draft.error((*path, "phrases", number), "is too short or too long for a phrase", hint)
        if ANY in phrase.strip(ANY):
            hint = "It stands for other letters at the start and the end only. Write two phrases, or a pattern."
            yield draft.warning((*path, "phrases", number), "looks for a star between the words", hint)
    for number, pattern in enumerate(condition.patterns or ()):
        why = "it is too long" if len(pattern) > LONGEST_PATTERN else pattern_problem(pattern)
        if why:
            yield draft.error((*path, "patterns", number), f"this pattern can't be used: {why}")
    for number, domain in enumerate(condition.links or ()):
        if not _DOMAIN.fullmatch(domain):
            hint = 'Write a domain without https:// and path, such as example.com; "*" alone for any link.'
            yield draft.error((*path, "links", number), "is no domain", hint)


def _lists(draft: Draft) -> Iterator[Problem]:
    """Several things in one text, where a list was meant."""
    people = [("people", group) for group in ("staff", "moderators")]
    for path in (*people, *((*path, "phrases") for path, _ in draft.conditions())):
        written = draft.tree.find(path)
        if isinstance(written.value, str) and "," in written.value:
            hint = f"For several, write [{written.value.strip()[:80]}]."
            yield draft.warning(path, "is one text with a comma in it", hint)


def _known_rooms(draft: Draft, path: KeyPath, condition: ConditionSheet) -> Iterator[Problem]:
    known = [room.match for room in draft.sheet.rooms or ()]
    for number, room in enumerate(() if draft.pack else condition.rooms or ()):
        if not any(overlap(room, match) for match in known):
            yield draft.error((*path, "rooms", number), f"{room!r} is none of the rooms", did_you_mean(room, known))
