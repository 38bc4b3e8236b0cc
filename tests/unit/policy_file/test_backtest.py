"""What a policy would have done."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.decide import Facts
from bot.domain.message import Role, RoomKind
from bot.domain.policy import Condition, Mode, RoomRule
from bot.domain.reading import Label
from bot.policy_file.backtest import Past, backtest, table
from bot.policy_file.match import PolicyMatcher
from bot.policy_file.recalled import Recalled
from bot.service.track_record import Verdict
from tests.factories import make_message, make_policy, make_reading, make_ref, make_rule

MATCHER = PolicyMatcher(lambda text: text)


def past(
    number: int, probability: float, verdict: Verdict | None = None, *, text: str = "hello", has_text: bool = True
) -> Past:
    return Past(
        message=make_message(text, ref=make_ref(str(number))),
        reading=make_reading({Label.THIRD_PARTY_PHI: probability}),
        facts=Facts(room_kind=RoomKind.COMMUNITY, role=Role.MEMBER),
        verdict=verdict,
        has_text=has_text,
    )


LIVE = make_policy([make_rule(hide_at=0.8)], hash="live")
LOWER = make_policy([make_rule(hide_at=0.6)], hash="lower")
HISTORY = [
    past(1, 0.9, Verdict.RIGHT),
    past(2, 0.7, Verdict.RIGHT),
    past(3, 0.65, Verdict.WRONG),
    past(4, 0.62),
    past(5, 0.1),
]


def test_what_is_newly_hidden_and_how_often_people_agreed() -> None:
    result = backtest(LIVE, LOWER, HISTORY, MATCHER)

    [row] = result.rows
    assert (row.matched_before, row.matched_after, row.newly_hidden, row.newly_shown) == (1, 4, 3, 0)
    assert (row.right, row.wrong, row.precision) == (2, 1, 2 / 3)
    assert [key.rsplit(":", 1)[1] for key in result.newly_hidden] == ["2", "3", "4"]
    assert (result.messages, result.newly_shown, result.unjudged) == (5, (), 0)


def test_what_is_newly_shown() -> None:
    result = backtest(LOWER, LIVE, HISTORY, MATCHER)

    assert len(result.newly_shown) == 3
    assert result.rows[0].newly_shown == 3


def test_a_rule_on_trial_matches_and_hides_nothing() -> None:
    on_trial = make_policy([replace(make_rule(hide_at=0.6), mode=Mode.SHADOW)], hash="trial")

    result = backtest(LIVE, on_trial, HISTORY, MATCHER)

    assert (result.rows[0].matched_after, len(result.newly_shown), result.newly_hidden) == (4, 1, ())


def test_rules_of_both_policies_have_a_row() -> None:
    words = make_policy([make_rule("words", when=Condition(phrases=frozenset({"cure"})))], hash="words")
    history = [past(1, 0.9, text="a cure"), past(2, 0.9, has_text=False)]

    result = backtest(LIVE, words, history, MATCHER)

    assert [(row.rule, row.matched_before, row.matched_after) for row in result.rows] == [
        ("leak", 2, 0),
        ("words", 0, 1),
    ]
    assert result.unjudged == 1
    assert result.rows[0].precision is None


def test_a_room_that_is_not_watched_any_more() -> None:
    elsewhere = replace(LOWER, rooms=(RoomRule(match="other", kind=RoomKind.COMMUNITY),))

    assert len(backtest(LIVE, elsewhere, HISTORY, MATCHER).newly_shown) == 1


def test_as_a_table() -> None:
    assert table(backtest(LIVE, LOWER, HISTORY, MATCHER)) == [
        ("rule", "before", "after", "newly hidden", "newly shown", "right", "wrong", "precision"),
        ("leak", "1", "4", "3", "0", "2", "1", "67%"),
    ]


def test_a_rule_that_was_on_trial_is_judged_by_what_it_matched_where_the_words_are_gone() -> None:
    rule = replace(make_rule("words", when=Condition(phrases=frozenset({"cure"}))), mode=Mode.SHADOW)
    trial = make_policy([rule], hash="trial")
    history = [
        replace(past(number, 0.1, has_text=False), recalled=Recalled(policy=trial, matched=matched))
        for number, matched in ((1, {"words"}), (2, set()))
    ]

    acting = backtest(trial, make_policy([replace(rule, mode=Mode.ACT)]), history, MATCHER)
    other = backtest(trial, make_policy([replace(rule, when=Condition(phrases=frozenset({"care"})))]), history, MATCHER)

    [row] = acting.rows
    assert (row.matched_before, row.matched_after, row.newly_hidden, acting.unjudged) == (1, 1, 1, 0)
    assert (other.rows[0].matched_before, other.rows[0].matched_after, other.unjudged) == (1, 0, 2)


def test_what_was_off_on_the_day_is_not_known() -> None:
    rule = make_rule("words", when=Condition(phrases=frozenset({"cure"})))
    off = make_policy([replace(rule, mode=Mode.OFF)], hash="off")
    history = [replace(past(1, 0.1, has_text=False), recalled=Recalled(policy=off, matched=set()))]

    assert backtest(off, make_policy([rule]), history, MATCHER).unjudged == 1
