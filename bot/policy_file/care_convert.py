"""From the checked sheets of the way to care to the domain's values."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta

from bot.domain.care import Answers, Contact, HelpLines
from bot.domain.on_call import OnCallStep
from bot.domain.requests import words_of
from bot.policy_file.care_sheet import AnswersSheet, DeskKeys, HelpLinesSheet, OnCallSheet
from bot.policy_file.help_lines import countries
from bot.policy_file.hours import openings

_DESK, _ANSWERS, _STEP = Contact(id="", name=""), Answers(), OnCallStep()


def contact(key: str, sheet: DeskKeys) -> Contact:
    """The desk."""
    return Contact(
        id=key,
        name=sheet.name or key,
        phone=sheet.phone or "",
        link=sheet.link or "",
        topics=tuple(topic(text) for text in sheet.topics or ()),
        rooms=frozenset(sheet.rooms or ()),
        languages=frozenset(sheet.languages or ()),
        locations=sheet.locations or (),
        providers=sheet.providers or (),
        hours=openings(sheet.hours or {}),
        time_zone=sheet.time_zone or _DESK.time_zone,
        holidays=frozenset(sheet.holidays or ()),
        slots=sheet.slots or "",
        slots_fresh_for=sheet.slots_fresh_for or _DESK.slots_fresh_for,
    )


def topic(text: str) -> str:
    """A topic as it is looked for: its words, and the star at its end."""
    return " ".join(words_of(text)) + ("*" if text.rstrip().endswith("*") else "")


def answers(sheet: AnswersSheet | None) -> Answers:
    """How questions are answered."""
    sheet = sheet or AnswersSheet()
    again = _ANSWERS.again_after if sheet.again_after is None else sheet.again_after
    return Answers(in_room=sheet.where == "room", again_after=again)


def on_call(steps: Sequence[OnCallSheet] | None) -> tuple[OnCallStep, ...]:
    """The chain."""
    return tuple(
        OnCallStep(mention=mentioned(one.mention), webhook=one.webhook or "", wait=one.wait or _STEP.wait)
        for one in steps or ()
    )


def mentioned(names: Iterable[str] | None) -> tuple[str, ...]:
    """Roles, user groups and people by their bare names: in the chat they are written with an @ in front, so in policies too."""
    return tuple(name.strip().removeprefix("@") for name in names or ())


def help_lines(country: str, sheet: HelpLinesSheet | None) -> HelpLines:
    """The policy's own numbers, else the country's; empty where the country is not known."""
    known = countries().get(country)
    lines = known.lines() if known else HelpLines()
    sheet = sheet or HelpLinesSheet()
    return replace(lines, emergency=sheet.emergency or lines.emergency, crisis=sheet.crisis or lines.crisis)


#: A step that is given less time than this can't be answered.
SHORTEST_WAIT = timedelta(minutes=1)
#: A publisher is asked at most once a minute: what counts for less is outdated whenever it comes.
SHORTEST_FRESH = timedelta(minutes=1)
