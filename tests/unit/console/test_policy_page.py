"""The policy's page in the console."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace

import httpx
import pytest

from bot.clock import StandingClock
from bot.console.app import create_app
from bot.console.who import Door
from bot.domain.case import CaseState
from bot.domain.policy import Mode, Policy
from bot.service.review import Review
from bot.service.store import PolicyVersion
from bot.service.track_record import Standings
from bot.stores.memory import MemoryStore
from tests.factories import NOON, make_policy, make_rule
from tests.unit.service.past import keep


@dataclass
class InForce:
    """A policy in force."""

    current: Policy
    errors: str = ""
    trouble: str = ""


RULES = [
    replace(make_rule("leak"), title="Somebody else's <health>"),
    replace(make_rule("trial"), mode=Mode.SHADOW),
    replace(make_rule("some"), act_share=0.2),
]


@dataclass
class Console:
    store: MemoryStore
    policies: InForce
    client: httpx.AsyncClient

    async def reads(self, path: str = "/policy") -> str:
        answer = await self.client.get(path)
        assert answer.status_code == 200
        return " ".join(answer.text.split())


@pytest.fixture
async def console() -> AsyncIterator[Console]:
    store, policies, clock = MemoryStore(), InForce(make_policy(RULES, hash="0123abcd")), StandingClock(NOON)
    app = create_app(
        store=store,
        review=Review(store, clock, asyncio.Event()),
        standings=Standings(store, policies, clock),
        door=Door({}, resident="mo"),
        secret=b"secret",
        secure=False,
        now=clock.now,
    )
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://console") as client:
        yield Console(store, policies, client)


async def test_rules_live_and_on_trial_side_by_side(console: Console) -> None:
    for number, state in enumerate((CaseState.UPHELD, CaseState.UPHELD, CaseState.RESTORED, CaseState.OPEN)):
        await keep(console.store, number, state)

    page = await console.reads()

    assert (
        "<td>leak<br><small>Somebody else&#39;s &lt;health&gt;</small></td> <td>act</td> <td>4</td> <td>0</td>" in page
    )
    assert "<td>trial</td> <td>shadow</td> <td>0</td> <td>4</td> <td>2</td> <td>1</td> <td>67%</td>" in page
    assert "<td>some</td> <td>act 20%</td> <td>0</td> <td>0</td> <td>0</td> <td>0</td> <td>–</td>" in page
    assert 'role="alert"' not in page


async def test_a_rule_that_is_gone_is_still_counted(console: Console) -> None:
    await keep(console.store, 1, CaseState.OPEN)
    console.policies.current = make_policy(RULES[:1])

    assert "<td>trial</td> <td>no longer there</td> <td>0</td> <td>1</td>" in await console.reads()


async def test_which_version_is_in_force(console: Console) -> None:
    assert "<dd>0123abcd</dd>" in await console.reads()

    await console.store.memory.keep_policy(PolicyVersion(hash="0123abcd", source="", since=NOON, instead_of="ffff"))

    page = await console.reads()
    assert "01 Jan 2026 12:00" in page
    assert "ffff, which the file says" in page


async def test_a_mistake_in_the_file_is_shown(console: Console) -> None:
    console.policies.errors = "policy.yaml:2:1: error: rulez: there is no such key\n    Did you mean <rules>?"

    page = await console.reads()

    assert "rulez: there is no such key Did you mean &lt;rules&gt;?" in page
    assert "stays in force" in page


async def test_a_team_room_that_is_missing_is_shown(console: Console) -> None:
    console.policies.trouble = "team_room: the bot sees no room <mods>. lounge hears its pages and notices meanwhile."

    page = await console.reads()

    assert "the bot sees no room &lt;mods&gt;. lounge hears its pages" in page
    assert "The policy file has a mistake" not in page


async def test_the_queue_leads_to_it(console: Console) -> None:
    assert 'href="/policy"' in await console.reads("/queue")


async def test_strangers_are_sent_to_the_door(console: Console) -> None:
    app = create_app(
        store=console.store,
        review=Review(console.store, StandingClock(NOON), asyncio.Event()),
        standings=Standings(console.store, console.policies, StandingClock(NOON)),
        door=Door({"rita": "correct horse battery"}),
        secret=b"secret",
        secure=False,
        now=StandingClock(NOON).now,
    )
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://console") as client:
        answer = await client.get("/policy")

    assert (answer.status_code, answer.headers["location"]) == (303, "/login")
