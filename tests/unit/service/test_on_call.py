"""A page goes on until somebody answers: each step once, over restarts, and not one more after the answer."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from bot.domain.decision import ActionKind
from bot.domain.errors import PlatformError, TemporaryPlatformError
from bot.domain.message import Author
from bot.domain.on_call import OnCallStep, next_page, step, wait_after
from bot.domain.words import Words
from bot.service.care_ports import Alarm, NoPager
from bot.service.on_call import OnCall
from tests.factories import NOON
from tests.unit.service.conftest import House

MINUTE = timedelta(minutes=1)
CHAIN = (
    OnCallStep(mention=("nurses",), wait=5 * MINUTE),
    OnCallStep(webhook="night", wait=10 * MINUTE),
    OnCallStep(mention=("doctors",), webhook="chief", wait=15 * MINUTE),
)
DANGER = "I have the pills ready [self_harm=.9]"


@dataclass
class Line:
    """A pager that writes down what it is told; ``fails`` says how often it does not answer first."""

    heard: list[tuple[str, str, str]] = field(default_factory=list)
    fails: int = 0
    refuses: bool = False

    async def call(self, webhook: str, alarm: Alarm) -> None:
        self._answer()
        self.heard.append(("call", webhook, alarm.kind))

    async def stand_down(self, webhook: str, alarm: Alarm) -> None:
        self._answer()
        self.heard.append(("stand down", webhook, alarm.kind))

    def _answer(self) -> None:
        if self.refuses:
            raise PlatformError("The webhook refused.")
        if self.fails:
            self.fails -= 1
            raise TemporaryPlatformError("The webhook did not answer.", retry_after=30)


@dataclass
class Night:
    """A house whose policy has a chain, somebody in danger in it, and those on call."""

    house: House
    line: Line

    def watch(self) -> OnCall:
        house = self.house
        return OnCall(store=house.store, policies=house.policies, clock=house.clock, wake=asyncio.Event())

    async def pass_by(self, minutes: float) -> None:
        """Time goes by; whoever restarts in between sees the same."""
        self.house.clock.move(minutes * MINUTE)
        await self.watch().look()
        await self.watch().look()
        await self.house.worker.settle()

    def pages(self) -> list[Words]:
        said = [post.words for post in self.house.world.posts.values() if post.ref.room.room == "team"]
        return [words for words in said if words is not None]


@pytest.fixture
async def night(house: House) -> Night:
    line = Line()
    house.outside.pager = line
    house.policies.policy = replace(house.policies.policy, on_call=CHAIN)
    await house.say(DANGER)
    return Night(house, line)


async def test_the_first_page_calls_the_first_on_call(night: Night) -> None:
    assert [(page.urgent, page.call) for page in night.pages()] == [(True, ("nurses",))]
    assert night.line.heard == []


async def test_each_step_is_sent_once_when_its_time_has_come(night: Night) -> None:
    await night.pass_by(4)
    assert (len(night.pages()), night.line.heard) == (1, [])
    await night.pass_by(1)
    assert (len(night.pages()), night.line.heard) == (1, [("call", "night", "self_harm")])
    await night.pass_by(9)
    assert len(night.line.heard) == 1
    await night.pass_by(1)
    assert night.pages()[-1].call == ("doctors",)
    assert night.line.heard[1:] == [("call", "chief", "self_harm")]


async def test_after_the_last_step_the_chain_begins_anew_more_slowly(night: Night) -> None:
    for minutes in (5, 10, 15):
        await night.pass_by(minutes)
    assert [page.call for page in night.pages()] == [("nurses",), ("doctors",), ("nurses",)]

    await night.pass_by(9)
    assert len(night.line.heard) == 2
    await night.pass_by(1)
    assert night.line.heard[-1] == ("call", "night", "self_harm")


async def test_an_answer_stops_it_and_tells_those_who_were_called(night: Night) -> None:
    await night.pass_by(5)
    [case] = await night.house.review.queue()
    night.house.clock.move(MINUTE)
    answered = await night.house.review.acknowledge(case.id, "kim")
    await night.house.worker.settle()

    assert answered.acknowledged_at is not None
    assert answered.acknowledged_at - answered.opened_at == 6 * MINUTE
    assert night.line.heard[1:] == [("stand down", "night", "self_harm"), ("stand down", "chief", "self_harm")]
    await night.pass_by(600)
    await night.house.review.acknowledge(case.id, "lee")
    await night.house.worker.settle()
    assert (len(night.pages()), len(night.line.heard)) == (1, 3)


async def test_closing_the_case_is_an_answer_too(night: Night) -> None:
    [case] = await night.house.review.queue()
    await night.house.review.restore(case.id, "kim")
    await night.pass_by(60)

    assert len(night.pages()) == 1
    assert ("stand down", "night", "self_harm") in night.line.heard


async def test_a_call_that_waits_to_be_repeated_is_not_made_after_the_answer(night: Night) -> None:
    night.line.fails = 1
    await night.pass_by(5)
    [case] = await night.house.review.queue()
    await night.house.review.acknowledge(case.id, "kim")
    night.house.clock.move(MINUTE)
    await night.house.worker.settle()

    assert [what for what, _, _ in night.line.heard] == ["stand down", "stand down"]


async def test_a_line_that_does_not_answer_is_tried_again(night: Night) -> None:
    night.line.fails = 2
    await night.pass_by(5)
    assert night.line.heard == []
    await night.pass_by(0.5)
    await night.pass_by(0.5)

    assert night.line.heard == [("call", "night", "self_harm")]


async def test_a_line_that_refuses_is_told_in_the_case(night: Night) -> None:
    night.line.refuses = True
    await night.pass_by(5)

    [case] = await night.house.review.queue()
    assert case.problem == "call: The webhook refused."


async def test_a_webhook_that_nobody_set_up_is_told_in_the_case(night: Night) -> None:
    night.house.outside.pager = NoPager()
    await night.pass_by(5)

    [case] = await night.house.review.queue()
    assert case.problem == "call: No webhook called night is set up."


async def test_without_a_chain_the_whole_room_is_called_again(house: House) -> None:
    night = Night(house, Line())
    await house.say(DANGER)
    await night.pass_by(5)

    assert [page.call for page in night.pages()] == [(), ()]
    assert all(page.urgent for page in night.pages())
    kinds = {b.kind for b in night.pages()[1].buttons}
    assert kinds == {b.kind for b in night.pages()[0].buttons}


async def test_a_webhook_in_the_first_step_is_called_at_once(house: House) -> None:
    night = Night(house, Line())
    house.outside.pager = night.line
    house.policies.policy = replace(house.policies.policy, on_call=(OnCallStep(webhook="night"),))
    await house.say(DANGER)
    await night.pass_by(0)
    await night.pass_by(4)
    assert (len(night.pages()), len(night.line.heard)) == (1, 1)
    await night.pass_by(1)
    assert (len(night.pages()), len(night.line.heard)) == (1, 2)


async def test_what_is_not_urgent_pages_nobody_again(house: House) -> None:
    night = Night(house, Line())
    await house.say("Joe has cancer [third_party_phi=.9]", author=Author(id="ben", name="Ben"))
    before = len(night.pages())
    await night.pass_by(600)

    assert len(night.pages()) == before


async def test_two_watches_send_a_step_once(night: Night) -> None:
    night.house.clock.move(5 * MINUTE)
    await asyncio.gather(night.watch().look(), night.watch().look())
    await night.house.worker.settle()

    assert len(night.line.heard) == 1


async def test_the_watch_runs_until_it_is_stopped(night: Night) -> None:
    night.house.clock.move(5 * MINUTE)
    stop = asyncio.Event()
    running = asyncio.create_task(night.watch().run(stop))
    for _ in range(100):
        await asyncio.sleep(0)
    stop.set()
    await asyncio.wait_for(running, 10)
    await night.house.worker.settle()

    assert len(night.line.heard) == 1


async def test_a_restart_long_after_sends_one_step_not_all_of_them(night: Night) -> None:
    night.house.clock.move(300 * MINUTE)
    await night.pass_by(0)

    assert len(night.line.heard) == 1


async def test_no_word_of_the_message_goes_out(night: Night) -> None:
    await night.pass_by(5)
    for page in night.pages():
        assert "pills" not in page.text
    [case] = await night.house.review.queue()
    decision = await night.house.store.decisions.decision(f"{case.id}-page-1")
    assert decision is not None
    assert [action.kind for action in decision.actions] == [ActionKind.CALL]


def test_waits_grow_but_never_past_an_hour() -> None:
    chain = (OnCallStep(wait=5 * MINUTE), OnCallStep(wait=90 * MINUTE))

    assert [wait_after(chain, n) / MINUTE for n in (0, 1, 2, 3, 40)] == [5, 90, 10, 90, 60]
    assert step((), 7) == OnCallStep()
    assert next_page((), NOON, {}) == (1, NOON + 5 * MINUTE)
    assert next_page(chain, NOON, {1: NOON + 5 * MINUTE}) == (2, NOON + 95 * MINUTE)
