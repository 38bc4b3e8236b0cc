"""How rules fared, live and on trial."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest

from bot.clock import StandingClock
from bot.domain.case import CaseState
from bot.domain.decision import Source
from bot.domain.policy import Policy
from bot.service.store import PolicyVersion
from bot.service.track_record import Record, RuleStanding, Standings, Verdict, records, verdict_of
from bot.stores.memory import MemoryStore
from tests.factories import NOON, make_message, make_policy, make_rule
from tests.unit.service.past import case, decision, keep


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


@dataclass
class InForce:
    """A policy in force."""

    current: Policy
    errors: str = ""
    trouble: str = ""


async def test_how_the_policy_in_force_stands() -> None:
    store = MemoryStore()
    await keep(store, 1, CaseState.UPHELD)
    await keep(store, 2, CaseState.RESTORED)
    await keep(store, 3, CaseState.RESTORED, source=Source.HUMAN)
    await keep(store, 4, CaseState.UPHELD, at=NOON - timedelta(days=20))
    await keep(store, 5, CaseState.UPHELD, at=NOON - timedelta(days=31))
    policy = make_policy([make_rule("new"), make_rule("leak")], hash="h2")
    version = PolicyVersion(hash="h2", source="", since=NOON, instead_of="h3")
    for kept in (version, PolicyVersion(hash="h4", source="", since=NOON)):
        await store.memory.keep_policy(kept)

    standing = await Standings(store, InForce(policy, "line 3: no"), StandingClock(NOON)).now()

    assert (standing.version, standing.errors, standing.since) == (version, "line 3: no", NOON - timedelta(days=30))
    assert standing.rules == (
        RuleStanding(rule=policy.rules[0], record=Record(rule="new")),
        RuleStanding(rule=policy.rules[1], record=Record(rule="leak", live=3, right=2, wrong=1)),
        RuleStanding(rule=None, record=Record(rule="trial", shadow=3, right=2, wrong=1)),
    )
