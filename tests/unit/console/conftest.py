from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta

import httpx
import pytest
from fastapi import FastAPI

from bot.clock import StandingClock
from bot.console.app import create_app
from bot.console.who import Door
from bot.domain.case import Case, CaseReason, case_about, case_id
from bot.domain.decision import Action, ActionKind, Decision, Urgency
from bot.domain.message import Earlier
from bot.domain.policy import Policy
from bot.domain.reading import Label
from bot.service.review import Review
from bot.service.store import Kept
from bot.service.track_record import Standings
from bot.stores.memory import MemoryStore
from tests.factories import NOON, make_message, make_policy, make_ref

#: Words that may stand on no page but an opened case's.
SECRET = "Joe Castellano has cancer"
PASSWORD = "correct horse battery"


@dataclass(frozen=True)
class InForce:
    """A policy that checks."""

    current: Policy
    errors: str = ""
    trouble: str = ""


@dataclass
class Console:
    """The console, its store, and a browser that keeps cookies."""

    store: MemoryStore
    clock: StandingClock
    app: FastAPI
    browser: httpx.AsyncClient

    async def log_in(self) -> None:
        answer = await self.browser.post("/login", data={"name": "rita", "password": PASSWORD})
        assert answer.status_code == 303

    async def case(self, number: str = "1", *, hidden: bool = True, urgency: Urgency = Urgency.ROUTINE) -> Case:
        context = (Earlier(same_author=False, text="how is Joe Castellano?"),)
        message = replace(make_message(SECRET, ref=make_ref(number)), context=context)
        asked = Decision(
            id=f"d{number}",
            message=message.ref,
            revision="1",
            author="ana",
            policy="h1",
            decided_at=NOON,
            labels=(Label.THIRD_PARTY_PHI,),
            actions=(Action(kind=ActionKind.HIDE, urgency=urgency),),
            explanations=("It names somebody else's illness.",),
        )
        decision = replace(asked, case=case_id(asked))
        case = replace(case_about(decision, message, CaseReason.HIDDEN), hidden=hidden)
        await self.store.decisions.record(decision, case, Kept(message=message), timedelta())
        return case

    async def now(self, case: Case) -> Case:
        return await self.store.cases.case(case.id)


def console_with(door: Door, *, secure: bool = False, secret: bytes = b"s", scheme: str = "http") -> Console:
    store, clock = MemoryStore(), StandingClock(NOON)
    app = create_app(
        store=store,
        review=Review(store, clock, asyncio.Event()),
        standings=Standings(store, InForce(make_policy()), clock),
        door=door,
        secret=secret,
        secure=secure,
        now=clock.now,
    )
    return Console(store, clock, app, browser_of(app, scheme=scheme))


def browser_of(app: FastAPI, *, scheme: str = "http", address: str = "203.0.113.1") -> httpx.AsyncClient:
    """A browser at an address of its own."""
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False, client=(address, 4711))
    return httpx.AsyncClient(transport=transport, base_url=f"{scheme}://console.test")


@pytest.fixture
async def console() -> AsyncIterator[Console]:
    made = console_with(Door({"rita": PASSWORD}))
    async with made.browser:
        yield made
