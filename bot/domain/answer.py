"""Answers to questions and requests: in whose words, by which desk, and not twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from bot.domain.care import contact_for
from bot.domain.decision import Action, ActionKind, Decision
from bot.domain.message import Message
from bot.domain.policy import Policy, room_fits
from bot.domain.reading import Label
from bot.domain.requests import Request, request_of, words_of

#: What a rule says that leaves the words to the kind of request.
GENERAL = frozenset({"", "schedule_request"})


def directed(decision: Decision, policy: Policy, message: Message) -> Decision:
    """The decision with one answer at most, from the desk that the message's words ask for.

    Where somebody is in danger there is none: nothing stands beside the call for help. What a rule names itself, stays.
    """
    asked = [action for action in decision.actions if action.kind is ActionKind.SCHEDULE]
    if not asked:
        return decision
    if decision.asks(ActionKind.PAGE):
        return without_answers(decision)
    best = max(asked, key=lambda action: (action.destination != "", action.priority, action.rule))
    answer = _pointed(best, decision, policy, message)
    kept = [a for a in decision.actions if a.kind is not ActionKind.SCHEDULE or a is best]
    return replace(decision, actions=tuple(answer if action is best else action for action in kept))


def without_answers(decision: Decision) -> Decision:
    """The decision without answers: somebody who knows has answered already."""
    return replace(decision, actions=tuple(a for a in decision.actions if a.kind is not ActionKind.SCHEDULE))


def without_known_answers(decision: Decision, earlier: Sequence[Decision]) -> Decision:
    """The decision without answers that its author heard by ``earlier`` decisions: the same words of the same desk."""
    heard = {topic for past in earlier if past.id != decision.id for topic in _answers(past)}
    kept = [a for a in decision.actions if a.kind is not ActionKind.SCHEDULE or _topic(a) not in heard]
    return replace(decision, actions=tuple(kept))


def _pointed(action: Action, decision: Decision, policy: Policy, message: Message) -> Action:
    words = words_of(message.text)
    request = _request(decision, words)
    asked_for = (*words, *(request.split("_") if request else ()))
    in_room = partial(room_fits, ref=message.ref.room, name=message.room_name)
    desk = contact_for(policy.contacts, asked_for, in_room, decision.language)
    return replace(
        action,
        destination=action.destination or (desk.id if desk else ""),
        wording=f"schedule_{request}" if request and action.wording in GENERAL else action.wording,
    )


def _request(decision: Decision, words: Sequence[str]) -> Request | None:
    """A question for a clinician comes first: its answer leads to a person, whatever else is asked."""
    labels = {label for match in decision.rules if match.live for label in match.labels}
    if Label.MEDICAL_QUESTION in labels:
        return Request.QUESTION
    return request_of(words) if Label.SCHEDULING_REQUEST in labels else None


def _answers(decision: Decision) -> list[tuple[str, str]]:
    return [_topic(action) for action in decision.actions if action.kind is ActionKind.SCHEDULE]


def _topic(action: Action) -> tuple[str, str]:
    return action.destination, action.wording
