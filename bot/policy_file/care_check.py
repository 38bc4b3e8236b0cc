"""What can be wrong on the way to care: clocks, publishers, a chain nobody can answer, a country without numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from zoneinfo import ZoneInfo, available_timezones

from bot.policy_file.care_convert import SHORTEST_FRESH, SHORTEST_WAIT, topic
from bot.policy_file.draft import Draft, KeyPath
from bot.policy_file.help_lines import countries
from bot.policy_file.hours import overlaps
from bot.policy_file.problems import Problem, did_you_mean
from bot.policy_file.schema import ContactSheet

_PUBLISHER = re.compile(r"https://[^\s/@]+\.[^\s/@]+/\S+|http://127\.0\.0\.1:\d+/\S+")
#: A country for which the bot asks nobody: what a policy says that names none.
_DEFAULT_COUNTRY = "US"


def care(draft: Draft) -> Iterator[Problem]:
    """What is wrong with desks, the on-call chain and the numbers."""
    for name, desk in (draft.sheet.contacts or {}).items():
        yield from _hours(draft, ("contacts", name), desk)
        yield from _slots(draft, ("contacts", name), desk)
        yield from _topics(draft, ("contacts", name), desk)
    for number, one in enumerate(draft.sheet.on_call or ()):
        if one.wait is not None and one.wait < SHORTEST_WAIT:
            yield draft.error(("on_call", number, "wait"), "is too short", "Give people at least 1m to answer.")
    if not draft.pack:
        yield from _numbers(draft)


def _hours(draft: Draft, path: KeyPath, desk: ContactSheet) -> Iterator[Problem]:
    if desk.hours and not desk.time_zone:
        yield draft.key_error((*path, "hours"), "have no clock", "Add time_zone:, such as America/New_York.")
    if desk.time_zone and not _is_zone(desk.time_zone):
        hint = did_you_mean(desk.time_zone, available_timezones()) or "Write an IANA name such as Europe/Madrid."
        yield draft.error((*path, "time_zone"), f"there is no time zone {desk.time_zone!r}", hint)
    if desk.holidays and desk.hours is None:
        yield draft.warning((*path, "holidays"), "have no meaning without hours")
    for days, what in overlaps(desk.hours or {}):
        yield draft.error((*path, "hours", days), what, "Leave one of them out, or make them one.")


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # unknown; not a name at all; a folder of names
        return False
    return True


def _slots(draft: Draft, path: KeyPath, desk: ContactSheet) -> Iterator[Problem]:
    if desk.slots and not _PUBLISHER.fullmatch(desk.slots):
        hint = "Such as https://example.org/fhir/$bulk-publish."
        yield draft.error((*path, "slots"), "must be an https address", hint)
    if desk.slots and not desk.link:
        yield draft.warning((*path, "slots"), "has nothing to fall back to", "Add link: for when no slot is known.")
    if desk.slots_fresh_for is not None and desk.slots_fresh_for < SHORTEST_FRESH:
        hint = "The publisher is asked at most once a minute. Write 1m or more; 30m is usual."
        yield draft.error((*path, "slots_fresh_for"), "is too short for any slot to be offered", hint)
    if desk.slots and not desk.time_zone:
        yield draft.key_error((*path, "slots"), "have no clock", "Add time_zone:, such as America/New_York.")


def _topics(draft: Draft, path: KeyPath, desk: ContactSheet) -> Iterator[Problem]:
    for number, text in enumerate(desk.topics or ()):
        if len(topic(text).strip("* ")) < 2:
            yield draft.error((*path, "topics", number), "is too short for a topic", "Write a word.")


def _numbers(draft: Draft) -> Iterator[Problem]:
    country, own = draft.sheet.country or _DEFAULT_COUNTRY, draft.sheet.help_lines
    if country in countries() or (own and own.emergency and own.crisis):
        return
    hint = "Add help_lines: with the numbers of emergency and crisis, in quotes."
    yield draft.key_error(("country",), f"no emergency numbers are known for {country}", hint)
