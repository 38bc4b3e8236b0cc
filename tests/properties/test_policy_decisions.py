"""Whatever the policy: rules count in any order the same, and what can't be turned off is not."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.decide import Facts, decide
from bot.domain.decision import HARSH, Action, ActionKind, Decision, Urgency
from bot.domain.message import Role, RoomKind
from bot.domain.policy import Condition, Mode, Rule
from bot.domain.reading import Label, Reading
from bot.policy_file.fields import ASKABLE
from tests.factories import NOON, make_message, make_policy, make_reading

PROBABILITIES = st.floats(0, 1)
WORDS = st.frozensets(st.sampled_from("abc"), max_size=2)
CONDITIONS = st.builds(
    Condition,
    labels=st.frozensets(st.sampled_from(list(Label)), max_size=3),
    thresholds=st.dictionaries(st.sampled_from(list(Label)), PROBABILITIES, max_size=2),
    phrases=WORDS,
    patterns=WORDS,
    roles=st.frozensets(st.sampled_from(list(Role)), max_size=2),
    first_post=st.none() | st.booleans(),
    strikes_at_least=st.none() | st.floats(0, 5),
)
ACTIONS = st.builds(
    Action,
    kind=st.sampled_from(list(ASKABLE)),
    wording=st.sampled_from(["", "a", "b"]),
    destination=st.sampled_from(["", "desk"]),
    seconds=st.integers(0, 100),
    urgency=st.sampled_from(list(Urgency)),
)
RULES = st.lists(
    st.builds(
        Rule,
        id=st.text("abcdef", min_size=1, max_size=3),
        when=CONDITIONS,
        unless=st.none() | CONDITIONS,
        do=st.lists(ACTIONS, max_size=3).map(tuple),
        mode=st.sampled_from(list(Mode)),
        act_share=PROBABILITIES,
        hide_at=st.none() | PROBABILITIES,
        ask_at=st.none() | PROBABILITIES,
        priority=st.integers(-2, 2),
        strike=st.floats(0, 3),
    ),
    max_size=6,
    unique_by=lambda rule: rule.id,
)
READINGS = st.dictionaries(st.sampled_from(list(Label)), PROBABILITIES).map(make_reading)
FACTS = st.builds(
    Facts,
    room_kind=st.sampled_from(list(RoomKind)),
    role=st.sampled_from(list(Role)),
    phrases=WORDS,
    patterns=WORDS,
    first_post=st.booleans(),
    strikes=st.floats(0, 5),
    repeats=st.just((timedelta(minutes=1),)),
)


def decided(rules: list[Rule], reading: Reading, facts: Facts) -> Decision:
    return decide(make_policy(rules), make_message(), reading, facts, NOON)


@given(st.data(), RULES, READINGS, FACTS)
def test_the_order_of_rules_never_changes_a_decision(
    data: st.DataObject, rules: list[Rule], reading: Reading, facts: Facts
) -> None:
    shuffled = data.draw(st.permutations(rules))

    assert decided(shuffled, reading, facts) == decided(rules, reading, facts)


@given(RULES, READINGS, FACTS)
def test_nothing_harsh_is_ever_done_where_somebody_may_be_in_danger(
    rules: list[Rule], reading: Reading, facts: Facts
) -> None:
    dangerous = replace(reading, probabilities={**reading.probabilities, Label.SELF_HARM: 0.5})

    decision = decided(rules, dangerous, facts)

    assert not {action.kind for action in (*decision.actions, *decision.shadow)} & HARSH
    assert decision.asks(ActionKind.QUEUE)
    assert decision.strike == 0


@given(RULES, READINGS, FACTS)
def test_a_complaint_is_never_hidden_for_being_one(rules: list[Rule], reading: Reading, facts: Facts) -> None:
    """With rules that ask for labels alone, and no other label in the message."""
    by_label = [replace(rule, unless=None) for rule in rules if rule.when.labels]
    complaint = replace(reading, probabilities={Label.NEGATIVE_FEEDBACK: 0.9})
    with_zero = [rule for rule in by_label if rule.hide_at != 0 and 0 not in rule.when.thresholds.values()]

    decision = decided(with_zero, complaint, facts)

    assert not {action.kind for action in decision.actions} & HARSH


@given(RULES, READINGS, FACTS)
def test_deciding_again_decides_the_same(rules: list[Rule], reading: Reading, facts: Facts) -> None:
    assert decided(rules, reading, facts) == decided(rules, reading, facts)


@given(st.booleans())
def test_who_is_told_that_a_message_is_hidden_is_not_asked_to_edit_it(told: bool) -> None:
    leak = Condition(labels=frozenset({Label.THIRD_PARTY_PHI}))
    hide = (Action(kind=ActionKind.HIDE), *([Action(kind=ActionKind.NOTE)] if told else []))
    rules = (
        Rule(id="hide", when=leak, do=hide),
        Rule(id="nudge", when=leak, do=(Action(kind=ActionKind.NUDGE),)),
    )
    facts = Facts(room_kind=RoomKind.COMMUNITY, role=Role.MEMBER)

    decision = decide(make_policy(rules), make_message(), make_reading({Label.THIRD_PARTY_PHI: 0.99}), facts, NOON)

    assert decision.asks(ActionKind.NUDGE) is not told
