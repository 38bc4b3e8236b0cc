"""From a Reading to a Decision: pure, explainable, the same for the same input.

Two laws of the labelling guide ("What wins") are built in and no policy can turn them off: a message that may speak of danger to a
life is never hidden before a human has seen it, and a negative review is never hidden for being one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from math import fsum

from bot.domain.decision import HARSH, Action, ActionKind, Band, Decision, MatchedRule, Source, Urgency, merge
from bot.domain.message import Message, Role, RoomKind
from bot.domain.policy import Condition, Mode, Policy, Rule, room_fits
from bot.domain.reading import DANGER, Label, Reading

#: A human hears of possible danger from this probability on, whatever a policy says: a missed one costs most.
DANGER_AT = 0.5
#: What brings people to look.
_CALLING = frozenset({ActionKind.PAGE, ActionKind.QUEUE, ActionKind.NOTIFY})


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
    language = author_language(policy, message)
    found = [(rule, _match(rule, message, reading, facts, language)) for rule in policy.rules]
    matches = [(rule, match) for rule, match in found if match is not None]
    danger = in_danger(reading) or any(_speaks_of_danger(match) for _, match in matches)
    careful = danger or _danger_unread(reading)
    live = [action for rule, match in matches if match.live for action in _wanted(rule, match, danger=careful)]
    shadow = [action for rule, match in matches if not match.live for action in _wanted(rule, match, danger=careful)]
    if reading.faults:
        live.append(Action(kind=ActionKind.QUEUE, urgency=Urgency.SOON, rule="unread"))
    return Decision(
        id=decision_id(message),
        message=message.ref,
        revision=message.revision,
        author=message.author.id,
        policy=policy.hash,
        decided_at=at,
        source=Source.BOT,
        rules=tuple(sorted((match for _, match in matches), key=lambda match: match.id)),
        labels=reading.labels,
        actions=_lawful(merge(live), danger=danger, queue=danger),
        shadow=_lawful(merge(shadow), danger=danger, queue=False),
        explanations=tuple(finding.explanation for finding in reading.findings),
        claim=next((finding.claim for finding in reading.findings if finding.claim), None),
        strike=0.0 if careful else fsum(rule.strike for rule, match in matches if _counts(match)),
        language=language,
    )


def author_language(policy: Policy, message: Message) -> str:
    """The language that the author reads, in two letters; the community's where theirs is not known."""
    return (message.author.locale or policy.language).split("-")[0].lower()


def decision_id(message: Message) -> str:
    """The id of the bot's decision about this revision: the same on every try."""
    return hashlib.sha256(message.key.encode()).hexdigest()[:20]


def in_danger(reading: Reading) -> bool:
    """Whether somebody's life may be in danger."""
    return any(reading.probability(label) >= min(DANGER_AT, reading.threshold(label)) for label in DANGER)


def speaks_of_danger(decision: Decision, reading: Reading) -> bool:
    """Whether the decision was made as one about danger: by the reading, or by a rule that hears of it earlier."""
    return in_danger(reading) or any(_speaks_of_danger(match) for match in decision.rules)


def in_question(policy: Policy, reading: Reading) -> Policy:
    """The policy without the rules whose labels do not hold: whatever else is found out about the message, these will not match."""
    return replace(policy, rules=tuple(rule for rule in policy.rules if _band(rule, reading)[0] is not None))


def _danger_unread(reading: Reading) -> bool:
    """Whether the detector that hears of danger failed: then nobody knows, and nothing may be hidden."""
    return bool(reading.faults) and not reading.probabilities.keys() >= DANGER


def _speaks_of_danger(match: MatchedRule) -> bool:
    return match.band is Band.CERTAIN and not DANGER.isdisjoint(match.labels)


def _counts(match: MatchedRule) -> bool:
    """Whether the match counts against the author: not where a human has yet to say whether it is one."""
    return match.live and match.band is Band.CERTAIN


def _match(rule: Rule, message: Message, reading: Reading, facts: Facts, language: str) -> MatchedRule | None:
    if rule.mode is Mode.OFF or not _circumstances(rule.when, message, reading, facts, language):
        return None
    band, labels = _band(rule, reading)
    if band is None or (rule.unless is not None and _exempt(rule.unless, message, reading, facts, language)):
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
    for_all = reading.threshold(label) if rule.hide_at is None else rule.hide_at
    at = rule.when.thresholds.get(label, for_all)
    return min(at, DANGER_AT) if label in DANGER else at


def _circumstances(when: Condition, message: Message, reading: Reading, facts: Facts, language: str) -> bool:
    """Whether everything but the labels holds."""
    kinds = {span.kind for span in reading.spans}
    parts: tuple[tuple[Collection[str], bool], ...] = (
        (when.phrases, not when.phrases.isdisjoint(facts.phrases)),
        (when.patterns, not when.patterns.isdisjoint(facts.patterns)),
        (when.links, not when.links.isdisjoint(facts.links)),
        (when.identifiers, not when.identifiers.isdisjoint(kinds)),
        (when.roles, facts.role in when.roles),
        (when.room_kinds, facts.room_kind in when.room_kinds),
        (when.rooms, any(room_fits(room, message.ref.room, message.room_name) for room in when.rooms)),
        (when.languages, language in when.languages),
    )
    return all(found for asked, found in parts if asked) and _history(when, message, facts)


def _history(when: Condition, message: Message, facts: Facts) -> bool:
    young, again = when.member_for_less_than, when.repetition
    return (
        (when.attachments is None or when.attachments == bool(message.attachments))
        and (young is None or (facts.member_for is not None and facts.member_for < young))
        and (when.first_post is None or when.first_post == facts.first_post)
        and (again is None or sum(ago <= again.within for ago in facts.repeats) + 1 >= again.times)
        and (when.strikes_at_least is None or facts.strikes >= when.strikes_at_least)
    )


def _exempt(unless: Condition, message: Message, reading: Reading, facts: Facts, language: str) -> bool:
    held = any(reading.probability(x) >= unless.thresholds.get(x, reading.threshold(x)) for x in unless.labels)
    return (held or not unless.labels) and _circumstances(unless, message, reading, facts, language)


def _share(rule: Rule, message: Message) -> float:
    """A number in [0, 1) that is the same for the same rule and message, so that a second try decides alike."""
    digest = hashlib.sha256(f"{rule.id}|{message.ref.key}".encode()).digest()
    return int.from_bytes(digest[:8], "big") / 2**64


def _wanted(rule: Rule, match: MatchedRule, *, danger: bool) -> list[Action]:
    """What the rule asks for: all of it where the match is certain, a human's eye where it is only likely.

    In danger, and where that is unknown, a rule that would hide only calls people: its notes would speak of a hiding that does not happen.
    """
    if match.band is Band.LIKELY:
        urgency = Urgency.ROUTINE if DANGER.isdisjoint(match.labels) else Urgency.SOON
        return [Action(kind=ActionKind.QUEUE, rule=rule.id, priority=rule.priority, urgency=urgency)]
    only_complaint = set(match.labels) == {Label.NEGATIVE_FEEDBACK}
    kept = [action for action in rule.do if not (only_complaint and action.kind in HARSH)]
    if danger and any(action.kind in HARSH for action in rule.do):
        kept = [action for action in kept if action.kind in _CALLING]
    return [replace(action, rule=rule.id, priority=rule.priority) for action in kept]


def _lawful(actions: tuple[Action, ...], *, danger: bool, queue: bool) -> tuple[Action, ...]:
    """Where somebody may be in danger: nothing harsh, no appointment next week, and an urgent place in the queue.

    Who is told that their message is hidden is not asked beside it to edit that message.
    """
    if not danger:
        told = {ActionKind.HIDE, ActionKind.NOTE} <= {action.kind for action in actions}
        return tuple(action for action in actions if not (told and action.kind is ActionKind.NUDGE))
    kept = [action for action in actions if action.kind not in HARSH and action.kind is not ActionKind.SCHEDULE]
    urgent = [Action(kind=ActionKind.QUEUE, urgency=Urgency.NOW, rule="danger")] if queue else []
    return merge([*kept, *urgent])
