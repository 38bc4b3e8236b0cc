"""People judge what a rule in shadow would have done, and nobody in the room notices."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.case import CaseReason, CaseState
from bot.domain.decision import Urgency
from bot.domain.policy import Mode
from bot.service.retention import Retention
from bot.service.track_record import decided, records
from bot.service.trials import MOST
from tests.factories import make_policy, make_rule
from tests.unit.service.conftest import House

LEAK = "Joe has cancer [third_party_phi=.9]"


@pytest.fixture
def on_trial(house: House) -> House:
    house.policies.policy = make_policy([replace(make_rule("names"), mode=Mode.SHADOW)])
    return house


async def test_what_a_rule_on_trial_would_have_hidden_waits_for_a_verdict(on_trial: House) -> None:
    message = await on_trial.say(LEAK)

    [case] = await on_trial.review.queue()
    assert (case.reason, case.urgency) == (CaseReason.TRIAL, Urgency.AT_LEISURE)
    assert case.why.startswith("On trial: names would have done: hide, note, notify.")
    assert (await on_trial.review.open(case.id, "rev"))[1].message.text == message.text
    assert not on_trial.told()
    assert not on_trial.team_reads()


@pytest.mark.parametrize(("verb", "right", "wrong"), [("uphold", 1, 0), ("restore", 0, 1)])
async def test_a_verdict_counts_for_the_rule_and_moves_nothing(
    on_trial: House, verb: str, right: int, wrong: int
) -> None:
    message = await on_trial.say(LEAK)
    [case] = await on_trial.review.queue()

    await getattr(on_trial.review, verb)(case.id, "rev")
    await on_trial.worker.settle()

    [record] = records(await decided(on_trial.store, message.sent_at - timedelta(hours=1)))
    assert (record.shadow, record.right, record.wrong) == (1, right, wrong)
    assert not on_trial.world.posts[message.ref.message].hidden
    assert not on_trial.told()


async def test_where_another_rule_opened_a_case_there_is_no_second_one(house: House) -> None:
    house.policies.policy = make_policy([make_rule("names"), replace(make_rule("watched"), mode=Mode.SHADOW)])

    await house.say(LEAK)

    [case] = await house.review.queue()
    assert case.reason is CaseReason.HIDDEN


async def test_a_rule_on_trial_does_not_flood_the_queue_and_starts_anew_the_next_day(on_trial: House) -> None:
    for number in range(MOST + 3):
        await on_trial.say(f"{LEAK} {number}")
    assert len(await on_trial.review.queue()) == MOST

    on_trial.clock.move(timedelta(days=1, minutes=1))
    await on_trial.say(f"{LEAK} tomorrow")
    assert len(await on_trial.review.queue()) == MOST + 1


async def test_a_community_can_do_without(on_trial: House) -> None:
    on_trial.policies.policy = make_policy([replace(make_rule("names"), mode=Mode.SHADOW)], trial_cases=False)

    await on_trial.say(LEAK)

    assert not await on_trial.review.queue()


async def test_one_that_nobody_judged_is_closed_in_time(on_trial: House) -> None:
    await on_trial.say(LEAK)
    [case] = await on_trial.review.queue()
    retention = Retention(on_trial.store, on_trial.clock, lambda: make_policy(keep_text_for=timedelta(days=7)))

    on_trial.clock.move(timedelta(days=6))
    await retention.forget()
    assert (await on_trial.review.case(case.id)).state is CaseState.OPEN

    on_trial.clock.move(timedelta(days=2))
    await retention.forget()
    assert (await on_trial.review.case(case.id)).state is CaseState.EXPIRED
