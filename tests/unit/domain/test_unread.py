"""Where nobody could tell whether somebody is in danger, nothing is hidden: a person looks."""

from __future__ import annotations

from bot.domain.decide import Facts, decide, speaks_of_danger
from bot.domain.decision import HARSH, Action, ActionKind, Urgency
from bot.domain.message import Role, RoomKind
from bot.domain.policy import Condition
from bot.domain.reading import Label, Reading
from tests.factories import NOON, make_message, make_policy, make_reading, make_rule

FACTS = Facts(room_kind=RoomKind.COMMUNITY, role=Role.MEMBER, phrases=frozenset({"miracle"}))
WORDS = make_rule("words", when=Condition(phrases=frozenset({"miracle"})))


def test_message_that_was_not_read_is_not_hidden_for_its_words() -> None:
    decision = decide(make_policy([WORDS]), make_message(), Reading(faults=("reader",)), FACTS, NOON)

    kinds = {action.kind for action in decision.actions}
    assert not kinds & (HARSH | {ActionKind.NOTE})
    assert ActionKind.QUEUE in kinds
    assert decision.strike == 0.0


def test_message_that_was_read_but_for_its_identifiers_is_hidden_for_its_words() -> None:
    reading = make_reading({Label.EMERGENCY: 0.0, Label.SELF_HARM: 0.0}, faults=["identifiers"])

    assert decide(make_policy([WORDS]), make_message(), reading, FACTS, NOON).asks(ActionKind.HIDE)


def test_rule_that_hears_of_danger_earlier_makes_it_danger() -> None:
    page = Action(kind=ActionKind.PAGE, urgency=Urgency.NOW)
    early = make_rule("early", labels=[Label.SELF_HARM], do=[page], hide_at=0.3)
    reading = make_reading({Label.SELF_HARM: 0.4})

    decision = decide(make_policy([early]), make_message(), reading, FACTS, NOON)

    assert speaks_of_danger(decision, reading)
