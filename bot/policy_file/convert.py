"""From a checked sheet to the domain's Policy, and the hash that names its content."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import timedelta
from enum import Enum
from types import MappingProxyType
from typing import TypeVar

from bot.domain.decision import Action, Urgency
from bot.domain.policy import Condition, Mode, People, Policy, Repetition, RoomRule, Rule
from bot.policy_file.care_convert import answers, contact, help_lines, mentioned, on_call
from bot.policy_file.schema import ActionSheet, ConditionSheet, PeopleSheet, PolicySheet, RuleSheet

T = TypeVar("T")
_URGENCY = {"routine": Urgency.ROUTINE, "soon": Urgency.SOON, "now": Urgency.NOW, None: Urgency.ROUTINE}
_DEFAULTS = Policy(hash="", name="", rules=())


def to_policy(sheet: PolicySheet) -> Policy:
    """The policy that the sheet describes. The sheet must have been checked."""
    words = {
        key: MappingProxyType(dict(sorted(texts.items()))) for key, texts in sorted((sheet.wordings or {}).items())
    }
    people = sheet.people or PeopleSheet()
    policy = Policy(
        hash="",
        name=sheet.name or "this community",
        rules=tuple(_rule(name, rule) for name, rule in sorted((sheet.rules or {}).items())),
        rooms=tuple(RoomRule(match=room.match, kind=room.kind, platform=room.platform) for room in sheet.rooms or ()),
        people=People(staff=_set(mentioned(people.staff)), moderators=_set(mentioned(people.moderators))),
        team_room=sheet.team_room or "",
        language=sheet.language or _DEFAULTS.language,
        country=sheet.country or _DEFAULTS.country,
        wordings=MappingProxyType(words),
        contacts=tuple(contact(name, desk) for name, desk in (sheet.contacts or {}).items()),
        answers=answers(sheet.answers),
        on_call=on_call(sheet.on_call),
        help_lines=help_lines(sheet.country or _DEFAULTS.country, sheet.help_lines),
        strike_half_life=sheet.strike_half_life or _DEFAULTS.strike_half_life,
        keep_text_for=sheet.keep_text_for or _DEFAULTS.keep_text_for,
        keep_readings=bool(sheet.keep_readings),
        trial_cases=sheet.trial_cases is not False,
    )
    return replace(policy, hash=fingerprint(policy))


def fingerprint(policy: Policy) -> str:
    """16 hex digits that name everything in the policy but the hash itself."""
    content = json.dumps(_bare(replace(policy, hash="")), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(content.encode()).hexdigest()[:16]


def _rule(name: str, sheet: RuleSheet) -> Rule:
    mode, share = sheet.mode or (Mode.ACT, 1.0)
    return Rule(
        id=name,
        title=sheet.title or "",
        when=condition(sheet.when or ConditionSheet()),
        unless=condition(sheet.unless) if sheet.unless else None,
        do=tuple(_action(action) for action in sheet.do or ()),
        mode=mode,
        act_share=share,
        hide_at=sheet.hide_at,
        ask_at=sheet.ask_at,
        priority=sheet.priority or 0,
        strike=sheet.strikes or 0.0,
    )


def condition(sheet: ConditionSheet) -> Condition:
    """The condition as the domain has it."""
    again = sheet.repetition
    levels = sheet.labels or {}
    return Condition(
        labels=frozenset(levels),
        thresholds=MappingProxyType({label: at for label, at in levels.items() if at is not None}),
        phrases=_set(sheet.phrases),
        patterns=_set(sheet.patterns),
        links=_set(sheet.links),
        identifiers=_set(sheet.identifiers),
        attachments=sheet.attachments,
        roles=_set(sheet.roles),
        room_kinds=_set(sheet.room_kinds),
        rooms=_set(sheet.rooms),
        languages=_set(sheet.languages),
        member_for_less_than=sheet.member_for_less_than,
        first_post=sheet.first_post,
        repetition=Repetition(times=again.times, within=again.within) if again else None,
        strikes_at_least=sheet.strikes_at_least,
    )


def _action(sheet: ActionSheet) -> Action:
    return Action(
        kind=sheet.action,
        wording=sheet.wording or "",
        destination=sheet.contact or "",
        seconds=int(sheet.duration.total_seconds()) if sheet.duration else 0,
        urgency=_URGENCY[sheet.urgency],
    )


def _set(values: Iterable[T] | None) -> frozenset[T]:
    return frozenset(values or ())


def _bare(value: object) -> object:
    """Plain JSON that is the same for equal values."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: _bare(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _bare(item) for key, item in value.items()}
    if isinstance(value, (frozenset, set)):
        return sorted((_bare(item) for item in value), key=str)
    if isinstance(value, tuple):
        return [_bare(item) for item in value]
    if isinstance(value, timedelta):
        return value.total_seconds()
    return value.value if isinstance(value, Enum) else value
