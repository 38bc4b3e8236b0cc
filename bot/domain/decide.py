"""From a Reading to a Decision: pure, explainable, the same for the same input.

Two laws of the labelling guide ("What wins") are built in and no policy can turn them off: a message that may speak of danger to a
life is never hidden before a human has seen it, and a negative review is never hidden for being one.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.domain.decision import HARSH, Action, ActionKind, Band, Decision, MatchedRule, Source, Urgency, merge
from bot.domain.message import Message, Role, RoomKind
from bot.domain.policy import Condition, Mode, Policy, Rule
from bot.domain.reading import DANGER, Label, Reading

#: A human hears of possible danger from this probability on, whatever a policy says: a missed one costs most.
DANGER_AT = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a decision needs to know beside the reading. ``phrases``, ``patterns`` and ``links`` are those of the policy that matched."""

    room_kind: RoomKind
    role: Role
    phrases: frozenset[str] = frozenset()
    patterns: frozenset[str] = frozenset()
    links: frozenset[str] = frozenset()
    member_for: timedelta | None = None
    first_post: bool = False
    repeats: tuple[timedelta, ...] = field(default=())
    strikes: float = 0.0


def decide(policy: Policy, message: Message, reading: Reading, facts: Facts, at: datetime) -> Decision:
    """What ``policy`` asks for. Rules count in any order the same."""
    matched: list[MatchedRule] = []
    live: list[Action] = []
    shadow: list[Action] = []
    for rule in policy.rules:
        match = _match(rule, message, reading, facts)
        if match is None:
            continue
        matched.append(match)
        (live if match.live else shadow).extend(_wanted(rule, match))
    danger = in_danger(reading)
    if reading.faults:
        live.append(Action(kind=ActionKind.QUEUE, urgency=Urgency.SOON, rule="unread"))
    matched.sort(key=lambda match: match.id)
    return Decision(
        id=decision_id(message),
        message=message.ref,
        revision=message.revision,
        author=message.author.id,
        policy=policy.hash,
        decided_at=at,
        source=Source.BOT,
        rules=tuple(matched),
        labels=reading.labels,
        actions=_lawful(merge(live), danger=danger),
        shadow=_lawful(merge(shadow), danger=danger),
        explanations=tuple(finding.explanation for finding in reading.findings),
        strike=sum(rule.strike for rule in policy.rules if rule.id in {match.id for match in matched if match.live}),
        language=(message.author.locale or policy.language).split("-")[0].lower(),
    )


def decision_id(message: Message) -> str:
    """The id of the bot's decision about this revision: the same on every try."""
    return hashlib.sha256(message.key.encode()).hexdigest()[:20]


def in_danger(reading: Reading) -> bool:
    """Whether somebody's life may be in danger."""
    return any(reading.probability(label) >= min(DANGER_AT, reading.threshold(label)) for label in DANGER)


def _match(rule: Rule, message: Message, reading: Reading, facts: Facts) -> MatchedRule | None:
    if rule.mode is Mode.OFF or not _circumstances(rule.when, message, facts):
        return None
    band, labels = _band(rule, reading)
    if band is None or (rule.unless is not None and _exempt(rule.unless, message, reading, facts)):
        return None
    live = rule.mode is Mode.ACT and _share(rule, message) < rule.act_share
    return MatchedRule(id=rule.id, band=band, labels=labels, live=live)


def _band(rule: Rule, reading: Reading) -> tuple[Band | None, tuple[Label, ...]]:
    """How surely the rule's labels hold. A rule without labels is certain where its circumstances hold."""
    if not rule.when.labels:
        return Band.CERTAIN, ()
    certain = [x for x in Label if x in rule.when.labels and reading.probability(x) >= _hide_at(rule, reading, x)]
    if certain:
        return Band.CERTAIN, tuple(certain)
    if rule.ask_at is not None:
        likely = [x for x in Label if x in rule.when.labels and reading.probability(x) >= rule.ask_at]
        if likely:
            return Band.LIKELY, tuple(likely)
    return None, ()


def _hide_at(rule: Rule, reading: Reading, label: Label) -> float:
    at = reading.threshold(label) if rule.hide_at is None else rule.hide_at
    return min(at, DANGER_AT) if label in DANGER else at


def _circumstances(when: Condition, message: Message, facts: Facts) -> bool:
    """Whether everything but the labels holds."""
    words = (
        (when.phrases, when.phrases & facts.phrases),
        (when.patterns, when.patterns & facts.patterns),
        (when.links, when.links & facts.links),
        (when.roles, facts.role in when.roles),
        (when.room_kinds, facts.room_kind in when.room_kinds),
        (when.rooms, bool({message.ref.room.room, message.room_name} & when.rooms)),
    )
    return all(found for asked, found in words if asked) and _history(when, message, facts)


def _history(when: Condition, message: Message, facts: Facts) -> bool:
    young, again = when.member_for_less_than, when.repetition
    return (
        (when.attachments is None or when.attachments == bool(message.attachments))
        and (young is None or (facts.member_for is not None and facts.member_for < young))
        and (when.first_post is None or when.first_post == facts.first_post)
        and (again is None or sum(ago <= again.within for ago in facts.repeats) + 1 >= again.times)
        and (when.strikes_at_least is None or facts.strikes >= when.strikes_at_least)
    )


def _exempt(unless: Condition, message: Message, reading: Reading, facts: Facts) -> bool:
    labels_hold = not unless.labels or bool(unless.labels & set(reading.labels))
    return labels_hold and _circumstances(unless, message, facts)


def _share(rule: Rule, message: Message) -> float:
    """A number in [0, 1) that is the same for the same rule and message, so that a second try decides alike."""
    digest = hashlib.sha256(f"{rule.id}|{message.ref.key}".encode()).digest()
    return int.from_bytes(digest[:8], "big") / 2**64


def _wanted(rule: Rule, match: MatchedRule) -> list[Action]:
    """What the rule asks for: all of it where the match is certain, a human's eye where it is only likely."""
    if match.band is Band.LIKELY:
        return [Action(kind=ActionKind.QUEUE, rule=rule.id, priority=rule.priority)]
    only_complaint = set(match.labels) == {Label.NEGATIVE_FEEDBACK}
    kept = [action for action in rule.do if not (only_complaint and action.kind in HARSH)]
    return [replace(action, rule=rule.id, priority=rule.priority) for action in kept]


def _lawful(actions: tuple[Action, ...], *, danger: bool) -> tuple[Action, ...]:
    """Where somebody may be in danger: nothing harsh, and what would have been hidden goes to the queue as urgent."""
    if not danger:
        return actions
    kept = [action for action in actions if action.kind not in HARSH]
    return merge([*kept, Action(kind=ActionKind.QUEUE, urgency=Urgency.NOW, rule="danger")])
