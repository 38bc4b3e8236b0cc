"""Decisions, cases and texts for the stores' tests, so that a test names only what it is about."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.domain.case import Case, CaseReason, CaseState
from bot.domain.decision import Action, ActionKind, Band, Decision, MatchedRule, Urgency
from bot.domain.message import Message, PlatformName, RoomRef
from bot.domain.reading import Label, Redaction
from bot.service.store import Kept
from tests.factories import NOON, make_message, make_ref

LEASE = timedelta(minutes=2)
SANDBOX = frozenset({PlatformName.SANDBOX})
SLACK = frozenset({PlatformName.SLACK})
SLACK_ROOM = RoomRef(platform=PlatformName.SLACK, workspace="T1", room="C1")
HIDE_AND_NOTE = (Action(kind=ActionKind.HIDE), Action(kind=ActionKind.NOTE, wording="note"))


def later(**by: float) -> datetime:
    """Noon and so much more."""
    return NOON + timedelta(**by)


def numbered(number: int, *, room: RoomRef | None = None, at: datetime = NOON) -> Message:
    """One of several messages."""
    ref = make_ref(str(number), room=room) if room else make_ref(str(number))
    return make_message(f"message {number}", ref=ref, at=at)


def make_decision(
    name: str = "d1",
    *,
    message: Message | None = None,
    actions: tuple[Action, ...] = HIDE_AND_NOTE,
    at: datetime = NOON,
    case: str | None = None,
    strike: float = 0.0,
) -> Decision:
    message = message or make_message()
    return Decision(
        id=name,
        message=message.ref,
        revision=message.revision,
        author=message.author.id,
        policy="h1",
        decided_at=at,
        case=case,
        rules=(MatchedRule(id="leak", band=Band.CERTAIN, labels=(Label.THIRD_PARTY_PHI,)),),
        labels=(Label.THIRD_PARTY_PHI,),
        actions=actions,
        explanations=("It names somebody else's illness.",),
        strike=strike,
    )


def make_case(
    name: str = "c1",
    *,
    message: Message | None = None,
    decision: str = "d1",
    urgency: Urgency = Urgency.ROUTINE,
    state: CaseState = CaseState.OPEN,
    opened_at: datetime = NOON,
    appealed_at: datetime | None = None,
    closed_at: datetime | None = None,
) -> Case:
    message = message or make_message()
    return Case(
        id=name,
        decision=decision,
        message=message.ref,
        room_name=message.room_name,
        author=message.author.id,
        author_name=message.author.name,
        reason=CaseReason.HIDDEN,
        labels=(Label.THIRD_PARTY_PHI,),
        urgency=urgency,
        opened_at=opened_at,
        state=state,
        appealed_at=appealed_at,
        closed_at=closed_at,
    )


def make_kept(message: Message | None = None) -> Kept:
    return Kept(message=message or make_message(), redactions=(Redaction(start=0, end=2, words="[someone]"),))
