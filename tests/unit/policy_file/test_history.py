"""From what is stored to a backtest."""

from __future__ import annotations

from bot.domain.case import CaseState
from bot.domain.reading import Label
from bot.policy_file.backtest import backtest
from bot.policy_file.history import past_of
from bot.policy_file.match import PolicyMatcher
from bot.service.store import Kept
from bot.service.track_record import Verdict
from tests.factories import make_message, make_policy, make_reading, make_rule
from tests.unit.service.past import case, decision


def test_with_the_text_words_are_looked_for() -> None:
    message = make_message("a cure")

    past = past_of(decision(message), case(CaseState.UPHELD), Kept(message=message), make_reading())

    assert (past.message, past.has_text, past.verdict) == (message, True, Verdict.RIGHT)


def test_without_it_the_labels_of_the_day_count() -> None:
    past = past_of(decision(make_message()), case(CaseState.OPEN), None)
    none = make_policy([make_rule(labels=(Label.BULLYING,))], hash="none")

    assert (past.message.text, past.message.room_name, past.has_text) == ("", "patients", False)
    assert len(backtest(make_policy(), none, [past], PolicyMatcher(str)).newly_shown) == 1
