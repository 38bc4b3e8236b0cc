"""Every state with every verb: what is allowed, where it leads, and who is written down."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.case import Case, CaseReason, CaseState, Verb, case_about, open_case
from bot.domain.decide import Facts, decide
from bot.domain.decision import Action, ActionKind, Decision, Urgency
from bot.domain.errors import IllegalTransitionError
from bot.domain.message import Role, RoomKind
from bot.domain.reading import Label, Reading
from tests.factories import NOON, make_message, make_policy, make_reading, make_rule

LATER = NOON + timedelta(hours=1)
#: Where each verb leads from each state; a dash where it is not allowed. To erase is done to the text, not to the case.
TABLE = """
            open    uphold  restore   repost    expire   appeal  hand_on  acknowledge erase
open        open    upheld  restored  reposted  expired  open    open     open        -
upheld      upheld  -       restored  reposted  -        open    -        -           -
restored    restored -      -         -         -        -       -        -           -
reposted    reposted upheld -         -         -        open    -        -           -
expired     expired -       -         -         -        -       -        -           -
"""
_HEAD, *_ROWS = [line.split() for line in TABLE.strip().splitlines()]
CELLS = [
    (CaseState(row[0]), Verb(verb), None if cell == "-" else CaseState(cell))
    for row in _ROWS
    for verb, cell in zip(_HEAD, row[1:], strict=True)
]


def _case(
    state: CaseState = CaseState.OPEN, *, urgency: Urgency = Urgency.ROUTINE, reason: CaseReason = CaseReason.HIDDEN
) -> Case:
    message = make_message()
    decision = Decision(
        id="d1",
        message=message.ref,
        revision="1",
        author="ana",
        policy="h1",
        decided_at=NOON,
        actions=(Action(kind=ActionKind.HIDE),),
    )
    case = replace(case_about(decision, message, reason), state=state, urgency=urgency)
    return case if state is CaseState.OPEN else replace(case, closed_at=NOON, closed_by="someone")


def test_table_has_every_state_and_every_verb() -> None:
    assert {(state, verb) for state, verb, _ in CELLS} == {(state, verb) for state in CaseState for verb in Verb}


@pytest.mark.parametrize(("state", "verb", "leads_to"), CELLS)
def test_transition(state: CaseState, verb: Verb, leads_to: CaseState | None) -> None:
    case = _case(state)

    assert case.allows(verb) is (leads_to is not None)
    if leads_to is None:
        with pytest.raises(IllegalTransitionError, match=case.id):
            case.after(verb, by="rev", at=LATER)
    else:
        assert case.after(verb, by="rev", at=LATER).state is leads_to


@pytest.mark.parametrize(
    ("state", "verb"), [(s, v) for s, v, to in CELLS if to not in (None, CaseState.OPEN) and v is not Verb.OPEN]
)
def test_closing_says_who_and_when(state: CaseState, verb: Verb) -> None:
    closed = _case(state).after(verb, by="rev", at=LATER)

    assert (closed.closed_by, closed.closed_at) == ("rev", LATER)


@pytest.mark.parametrize("state", [CaseState.OPEN, CaseState.UPHELD, CaseState.REPOSTED])
def test_appeal_opens_again_and_is_looked_at_soon(state: CaseState) -> None:
    asked = _case(state).after(Verb.APPEAL, by="ana", at=LATER)

    assert (asked.closed_at, asked.closed_by, asked.appealed_at, asked.urgency) == (None, None, LATER, Urgency.SOON)


def test_appeal_lowers_no_urgency() -> None:
    assert _case(urgency=Urgency.NOW).after(Verb.APPEAL, by="ana", at=LATER).urgency is Urgency.NOW


def test_first_who_opens_has_it_in_hand() -> None:
    opened = _case().after(Verb.OPEN, by="rev", at=LATER)

    assert opened.after(Verb.OPEN, by="boss", at=LATER).claimed_by == "rev"
    assert opened.after(Verb.HAND_ON, by="rev", at=LATER, to="boss").claimed_by == "boss"


def test_first_who_acknowledges_counts() -> None:
    first = _case().after(Verb.ACKNOWLEDGE, by="rev", at=NOON)
    second = first.after(Verb.ACKNOWLEDGE, by="boss", at=LATER)

    assert (second.acknowledged_by, second.acknowledged_at, second.claimed_by) == ("rev", NOON, "rev")


@pytest.mark.parametrize("state", [CaseState.RESTORED, CaseState.UPHELD])
def test_what_was_not_done_waits_for_a_person_again(state: CaseState) -> None:
    back = _case(state).not_done("restore: no", reason=CaseReason.FAILED, urgency=Urgency.SOON)

    assert (back.state, back.closed_at, back.closed_by) == (CaseState.OPEN, None, None)
    assert (back.reason, back.urgency, back.problem) == (CaseReason.FAILED, Urgency.SOON, "restore: no")


def test_danger_stays_danger_and_answered_though_something_was_not_done() -> None:
    case = _case(CaseState.UPHELD, reason=CaseReason.DANGER, urgency=Urgency.NOW)

    back = case.not_done("hide: no", reason=CaseReason.ASSISTED, urgency=Urgency.SOON)

    assert (back.reason, back.urgency, back.acknowledged_by) == (CaseReason.DANGER, Urgency.NOW, "someone")


FACTS = Facts(room_kind=RoomKind.COMMUNITY, role=Role.MEMBER, phrases=frozenset({"x"}))


def _opened(reading: Reading) -> Case:
    decision = decide(make_policy(), make_message(), reading, FACTS, NOON)
    case = open_case(decision, make_message(), reading, danger=True)
    assert case is not None
    return case


def test_danger_is_the_reason_even_where_a_detector_failed() -> None:
    assert _opened(make_reading({Label.SELF_HARM: 0.9}, faults=["matcher"])).reason is CaseReason.DANGER


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({Label.SELF_HARM: 0.2}, CaseReason.DANGER),
        ({Label.SELF_HARM: 0.2, Label.THIRD_PARTY_PHI: 0.9}, CaseReason.HIDDEN),
    ],
)
def test_what_may_be_danger_waits_as_such_unless_it_was_hidden(said: dict[Label, float], reason: CaseReason) -> None:
    page = make_rule("page", labels=(Label.SELF_HARM,), do=(Action(kind=ActionKind.PAGE),), ask_at=0.1)
    decision = decide(make_policy((page, make_rule())), make_message(), make_reading(said), FACTS, NOON)

    case = open_case(decision, make_message(), make_reading(said), danger=False)

    assert case is not None
    assert case.reason is reason
