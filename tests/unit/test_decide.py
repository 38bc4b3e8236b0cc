"""What the domain makes of a policy's finer points."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.decide import Facts, decide
from bot.domain.decision import Action, ActionKind, Decision, Urgency
from bot.domain.message import Attachment, Role, RoomKind
from bot.domain.policy import Condition, Mode, Repetition, Rule
from bot.domain.reading import Label, Reading
from tests.factories import MEMBER, NOON, make_message, make_policy, make_reading, make_rule

FACTS = Facts(room_kind=RoomKind.COMMUNITY, role=Role.MEMBER)
HIDE = (Action(kind=ActionKind.HIDE),)
LEAK = frozenset({Label.THIRD_PARTY_PHI})


def decided(*rules: Rule, reading: Reading | None = None, facts: Facts = FACTS, locale: str | None = None) -> Decision:
    message = make_message("hello", author=replace(MEMBER, locale=locale))
    return decide(make_policy(rules), message, reading or make_reading(), facts, NOON)


def hides(condition: Condition, facts: Facts = FACTS, *, locale: str | None = None) -> bool:
    return decided(make_rule(when=condition, do=HIDE), facts=facts, locale=locale).asks(ActionKind.HIDE)


@pytest.mark.parametrize(("probability", "hidden"), [(0.7, False), (0.8, True)])
def test_a_label_may_have_its_own_threshold(probability: float, hidden: bool) -> None:
    when = Condition(labels=LEAK, thresholds={Label.THIRD_PARTY_PHI: 0.75})

    decision = decided(make_rule(when=when), reading=make_reading({Label.THIRD_PARTY_PHI: probability}))

    assert decision.asks(ActionKind.HIDE) is hidden


def test_a_threshold_of_danger_is_never_above_one_half() -> None:
    when = Condition(labels=frozenset({Label.SELF_HARM}), thresholds={Label.SELF_HARM: 0.99})
    page = (Action(kind=ActionKind.PAGE),)

    assert decided(make_rule(when=when, do=page), reading=make_reading({Label.SELF_HARM: 0.5})).asks(ActionKind.PAGE)


def test_a_rule_that_hears_danger_early_keeps_others_from_hiding() -> None:
    page = make_rule("page", labels=(Label.EMERGENCY,), do=(Action(kind=ActionKind.PAGE),), hide_at=0.3)
    reading = make_reading({Label.EMERGENCY: 0.35, Label.THIRD_PARTY_PHI: 0.9})

    decision = decided(page, make_rule(), reading=reading)

    assert not decision.asks(ActionKind.HIDE)
    assert {action.urgency for action in decision.actions if action.kind is ActionKind.QUEUE} == {Urgency.NOW}


PAGE = make_rule("page", labels=(Label.SELF_HARM,), do=(Action(kind=ActionKind.PAGE),), ask_at=0.1)


def test_what_may_be_danger_is_looked_at_soon_and_wakes_nobody() -> None:
    decision = decided(PAGE, reading=make_reading({Label.SELF_HARM: 0.2}))

    assert [(action.kind, action.urgency) for action in decision.actions] == [(ActionKind.QUEUE, Urgency.SOON)]


def test_what_is_hardly_danger_keeps_nothing_from_being_hidden() -> None:
    reading = make_reading({Label.SELF_HARM: 0.2, Label.THIRD_PARTY_PHI: 0.9})

    assert decided(PAGE, make_rule(), reading=reading).asks(ActionKind.HIDE)


WEEK = timedelta(days=7)
THRICE = Repetition(times=3, within=timedelta(minutes=10))


@pytest.mark.parametrize(
    ("condition", "holds", "fails"),
    [
        (
            Condition(phrases=frozenset("ab")),
            replace(FACTS, phrases=frozenset("b")),
            replace(FACTS, phrases=frozenset("c")),
        ),
        (Condition(patterns=frozenset("a")), replace(FACTS, patterns=frozenset("a")), FACTS),
        (Condition(links=frozenset({"a.b"})), replace(FACTS, links=frozenset({"a.b"})), FACTS),
        (
            Condition(roles=frozenset({Role.STAFF})),
            replace(FACTS, role=Role.STAFF),
            replace(FACTS, role=Role.MODERATOR),
        ),
        (Condition(room_kinds=frozenset({RoomKind.STAFF})), replace(FACTS, room_kind=RoomKind.STAFF), FACTS),
        (Condition(first_post=True), replace(FACTS, first_post=True), FACTS),
        (Condition(strikes_at_least=2), replace(FACTS, strikes=2.0), replace(FACTS, strikes=1.9)),
        (
            Condition(member_for_less_than=WEEK),
            replace(FACTS, member_for=timedelta(days=6)),
            replace(FACTS, member_for=WEEK),
        ),
        (Condition(member_for_less_than=WEEK), replace(FACTS, member_for=timedelta()), FACTS),
        (
            Condition(repetition=THRICE),
            replace(FACTS, repeats=(timedelta(minutes=1), timedelta(minutes=10))),
            replace(FACTS, repeats=(timedelta(minutes=1), timedelta(minutes=11))),
        ),
    ],
)
def test_circumstances(condition: Condition, holds: Facts, fails: Facts) -> None:
    assert hides(condition, holds)
    assert not hides(condition, fails)


@pytest.mark.parametrize("room", ["pat*", "#PATIENTS", "community"])
def test_rooms_by_name_or_id(room: str) -> None:
    assert hides(Condition(rooms=frozenset({room})))


def test_other_rooms() -> None:
    assert not hides(Condition(rooms=frozenset({"staff*", "C123"})))


def test_files() -> None:
    message = replace(make_message(), attachments=(Attachment(id="1", words="scan"),))
    rule = make_rule(when=Condition(attachments=True), do=HIDE)

    assert decide(make_policy([rule]), message, make_reading(), FACTS, NOON).asks(ActionKind.HIDE)
    assert not hides(Condition(attachments=True))
    assert hides(Condition(attachments=False))


def test_languages() -> None:
    assert hides(Condition(languages=frozenset({"es"})), locale="es-MX")
    assert not hides(Condition(languages=frozenset({"es"})), locale="en-GB")
    assert hides(Condition(languages=frozenset({"en"})))


def test_an_exception_needs_all_its_parts() -> None:
    unless = Condition(labels=frozenset({Label.BULLYING}), roles=frozenset({Role.STAFF}))
    rule = replace(make_rule(when=Condition(first_post=True), do=HIDE), unless=unless)
    facts = replace(FACTS, first_post=True)
    angry = make_reading({Label.BULLYING: 0.9})

    assert decided(rule, facts=facts, reading=angry).asks(ActionKind.HIDE)
    assert decided(rule, facts=replace(facts, role=Role.STAFF)).asks(ActionKind.HIDE)
    assert not decided(rule, facts=replace(facts, role=Role.STAFF), reading=angry).asks(ActionKind.HIDE)


def test_only_certain_live_matches_count_against_the_author() -> None:
    rules = [
        replace(make_rule("certain", labels=(Label.BULLYING,)), strike=1.0),
        replace(make_rule("likely", ask_at=0.2), strike=2.0),
        replace(make_rule("shadow", labels=(Label.BULLYING,)), strike=4.0, mode=Mode.SHADOW),
    ]
    reading = {Label.BULLYING: 0.9, Label.THIRD_PARTY_PHI: 0.3}

    assert decided(*rules, reading=make_reading(reading)).strike == 1.0
    assert decided(*rules, reading=make_reading({**reading, Label.EMERGENCY: 0.9})).strike == 0.0


def test_a_share_decides_the_same_way_each_time_and_splits_the_rest_off() -> None:
    rule = replace(make_rule(when=Condition(attachments=False), do=HIDE), act_share=0.3)
    messages = [replace(make_message(), ref=replace(make_message().ref, message=str(n))) for n in range(400)]
    acted = [decide(make_policy([rule]), m, make_reading(), FACTS, NOON).asks(ActionKind.HIDE) for m in messages]
    again = [decide(make_policy([rule]), m, make_reading(), FACTS, NOON) for m in messages]

    assert acted == [decision.asks(ActionKind.HIDE) for decision in again]
    assert 80 < sum(acted) < 160
    assert all(decision.asks(ActionKind.HIDE) != bool(decision.shadow) for decision in again)
