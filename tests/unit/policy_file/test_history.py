"""From what is stored to a backtest."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.case import Case, CaseReason, CaseState
from bot.domain.decide import Facts, decide
from bot.domain.decision import Decision, Urgency
from bot.domain.message import Message, Role, RoomKind
from bot.domain.policy import Mode
from bot.domain.reading import Label
from bot.policy_file.backtest import Verdict, backtest
from bot.policy_file.history import Record, past_of, records, verdict_of
from bot.policy_file.match import PolicyMatcher
from bot.service.store import Kept
from tests.factories import NOON, make_message, make_policy, make_reading, make_rule

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


@pytest.mark.parametrize(
    ("state", "verdict"),
    [
        (CaseState.UPHELD, Verdict.RIGHT),
        (CaseState.REPOSTED, Verdict.RIGHT),
        (CaseState.RESTORED, Verdict.WRONG),
        (CaseState.OPEN, None),
        (CaseState.EXPIRED, None),
    ],
)
def test_what_people_said(state: CaseState, verdict: Verdict | None) -> None:
    assert verdict_of(case(state)) is verdict


def test_with_the_text_words_are_looked_for() -> None:
    message = make_message("a cure")

    past = past_of(decision(message), case(CaseState.UPHELD), Kept(message=message), make_reading())

    assert (past.message, past.has_text, past.verdict) == (message, True, Verdict.RIGHT)


def test_without_it_the_labels_of_the_day_count() -> None:
    past = past_of(decision(make_message()), case(CaseState.OPEN), None)
    none = make_policy([make_rule(labels=(Label.BULLYING,))], hash="none")

    assert (past.message.text, past.message.room_name, past.has_text) == ("", "patients", False)
    assert len(backtest(make_policy(), none, [past], PolicyMatcher(str)).newly_shown) == 1


def test_how_rules_fared_live_and_on_trial() -> None:
    message = make_message()
    decided = [
        (decision(message), case(CaseState.UPHELD)),
        (decision(message), case(CaseState.RESTORED)),
        (decision(message), None),
        (decision(message, 0.4), case(CaseState.RESTORED)),
    ]

    assert records(decided) == (
        Record(rule="leak", live=4, right=1, wrong=1),
        Record(rule="trial", shadow=3, right=1, wrong=1),
    )
    assert records(decided)[0].precision == 0.5
    assert Record(rule="new").precision is None
