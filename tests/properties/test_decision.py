"""Laws of merging actions and of deciding."""

from __future__ import annotations

from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.decide import Facts, decide, in_danger, in_question
from bot.domain.decision import HARSH, Action, ActionKind, Urgency, merge
from bot.domain.message import Role, RoomKind
from bot.domain.policy import Rule
from bot.domain.reading import Label, Reading
from tests.factories import NOON, make_message, make_policy, make_reading, make_rule

actions = st.builds(
    Action,
    kind=st.sampled_from(ActionKind),
    destination=st.sampled_from(["", "desk"]),
    wording=st.sampled_from(["", "note", "other"]),
    seconds=st.integers(0, 3),
    urgency=st.sampled_from(Urgency),
    priority=st.integers(0, 2),
    rule=st.sampled_from(["a", "b"]),
)
many = st.lists(actions, max_size=6)
readings = st.dictionaries(st.sampled_from(Label), st.floats(0, 1), max_size=5).map(make_reading)
rules = st.lists(
    st.builds(
        make_rule,
        st.sampled_from(["a", "b", "c", "d"]),
        labels=st.lists(st.sampled_from(Label), min_size=1, max_size=2),
        do=many,
        ask_at=st.none() | st.floats(0.1, 0.4),
        priority=st.integers(0, 2),
    ),
    max_size=4,
    unique_by=lambda rule: rule.id,
)
FACTS = Facts(room_kind=RoomKind.COMMUNITY, role=Role.MEMBER)


@given(many, many, many)
def test_merging_is_associative(one: list[Action], two: list[Action], three: list[Action]) -> None:
    assert merge([*merge([*one, *two]), *three]) == merge([*one, *merge([*two, *three])])


@given(many)
def test_merging_does_not_care_about_order(one: list[Action]) -> None:
    assert all(merge(shuffled) == merge(one) for shuffled in list(permutations(one))[:24])


@given(many)
def test_merging_twice_changes_nothing(one: list[Action]) -> None:
    assert merge(merge(one)) == merge(one) == merge([*one, *one])


@given(rules, readings)
def test_the_order_of_rules_changes_nothing(some: list[Rule], reading: Reading) -> None:
    message = make_message()
    forwards = decide(make_policy(some), message, reading, FACTS, NOON)
    backwards = decide(make_policy(some[::-1]), message, reading, FACTS, NOON)

    assert forwards.actions == backwards.actions
    assert forwards.rules == backwards.rules


@given(rules, readings)
def test_rules_that_are_not_in_question_decide_nothing(some: list[Rule], reading: Reading) -> None:
    policy = make_policy(some)

    assert decide(in_question(policy, reading), make_message(), reading, FACTS, NOON) == decide(
        policy, make_message(), reading, FACTS, NOON
    )


@given(rules, readings)
def test_danger_is_never_answered_harshly_and_always_reaches_a_human(some: list[Rule], reading: Reading) -> None:
    decision = decide(make_policy(some), make_message(), reading, FACTS, NOON)

    if in_danger(reading):
        assert not {action.kind for action in decision.actions} & HARSH
        assert any(a.kind is ActionKind.QUEUE and a.urgency is Urgency.NOW for a in decision.actions)


@given(rules, st.floats(0, 1))
def test_a_complaint_alone_is_never_hidden(some: list[Rule], sure: float) -> None:
    reading = make_reading({Label.NEGATIVE_FEEDBACK: sure})
    decision = decide(make_policy(some), make_message(), reading, FACTS, NOON)

    assert not {action.kind for action in decision.actions} & HARSH
