"""Decisions of the past and their cases."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.case import Case, CaseReason, CaseState
from bot.domain.decide import Facts, decide
from bot.domain.decision import Decision, Source, Urgency
from bot.domain.message import Message, Role, RoomKind
from bot.domain.policy import Mode
from bot.domain.reading import Label
from bot.service.store import Kept, Store
from tests.factories import NOON, make_message, make_policy, make_reading, make_ref, make_rule

FACTS = Facts(room_kind=RoomKind.COMMUNITY, role=Role.MEMBER)


def decision(message: Message, probability: float = 0.9) -> Decision:
    rules = [make_rule(ask_at=0.3), replace(make_rule("trial"), mode=Mode.SHADOW)]
    return decide(make_policy(rules), message, make_reading({Label.THIRD_PARTY_PHI: probability}), FACTS, NOON)


def case(state: CaseState) -> Case:
    return Case(
        id="c",
        decision="d",
        message=make_message().ref,
        room_name="patients",
        author="ana",
        author_name="Ana",
        reason=CaseReason.HIDDEN,
        labels=(),
        urgency=Urgency.ROUTINE,
        opened_at=NOON,
        state=state,
    )


async def keep(
    store: Store,
    number: int,
    state: CaseState,
    source: Source = Source.BOT,
    at: datetime = NOON,
    text: str = "hello",
    policy: str = "h1",
) -> None:
    """A decision with its case ``c`` and its number, in a store."""
    message = make_message(text, ref=make_ref(str(number)))
    one = replace(decision(message), case=f"c{number}", source=source, decided_at=at, policy=policy)
    about = replace(case(state), id=f"c{number}", decision=one.id, message=message.ref, opened_at=at)
    await store.decisions.record(one, about, Kept(message=message), timedelta())
