"""The composition root: the one file that knows every class and how they fit together."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from bot.bootstrap.alarm import PolicyAlarm
from bot.care_sources.web import Web
from bot.clock import SystemClock
from bot.domain.message import PlatformName
from bot.domain.policy import Policy
from bot.service.care_ports import CareSources
from bot.service.desk import Desk
from bot.service.enforce import Enforcer
from bot.service.intake import Intake
from bot.service.moderate import Moderator
from bot.service.on_call import OnCall
from bot.service.ports import Clock, Matcher, Platform, Policies, Reader
from bot.service.report import Reports
from bot.service.review import Review
from bot.service.store import Store
from bot.service.track_record import PolicyInForce
from bot.service.understand import Understanding
from bot.service.work import Worker

#: Seconds that one message may take to read, where no setting says another.
READ_BUDGET = 2.0


class Adapter(Protocol):
    """A connection to one chat platform."""

    @property
    def platform(self) -> Platform:
        """What the service asks to act."""
        ...

    async def run(self, stop: asyncio.Event) -> None:
        """Listen until ``stop`` is set."""
        ...


class WatchedPolicies(Policies, PolicyInForce, Protocol):
    """Policies that notice when their file changes."""

    @property
    def current(self) -> Policy:
        """The policy in force."""
        ...

    async def watch(self) -> None:
        """Look again and again, until cancelled."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What a house is built from: everything that differs between a laptop, a PaaS, the sandbox and a test."""

    store: Store
    policies: WatchedPolicies
    matcher: Matcher
    reader: Reader
    secret: bytes
    read_budget: float = READ_BUDGET
    alarm: PolicyAlarm = field(default_factory=PolicyAlarm)
    clock: Clock = field(default_factory=SystemClock)
    web: Web = field(default_factory=Web)
    care: CareSources = field(default_factory=CareSources)


class House:
    """The whole service: the front door (intake), the worker, the queue (review) and the desk."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self.store = parts.store
        self.wake = asyncio.Event()
        self.intake = Intake(parts.store, parts.clock, self.wake, parts.policies)
        self.review = Review(parts.store, parts.clock, self.wake)
        self.reports = Reports(parts.store, parts.policies, parts.clock, self.wake)
        self.desk = Desk(parts.store, self.review, parts.policies)
        self.understanding = Understanding(parts.reader, budget=parts.read_budget)

    def worker(self, platforms: Mapping[PlatformName, Platform]) -> Worker:
        """A worker for these platforms."""
        parts = self.parts
        moderator = Moderator(
            store=parts.store,
            understanding=self.understanding,
            policies=parts.policies,
            matcher=parts.matcher,
            clock=parts.clock,
            secret=parts.secret,
        )
        enforcer = Enforcer(
            store=parts.store, platforms=platforms, policies=parts.policies, clock=parts.clock, sources=parts.care
        )
        return Worker(store=parts.store, moderator=moderator, enforcer=enforcer, clock=parts.clock, wake=self.wake)

    def on_call(self) -> OnCall:
        """Pages until somebody answers."""
        parts = self.parts
        return OnCall(store=parts.store, policies=parts.policies, clock=parts.clock, wake=self.wake)

    async def close(self) -> None:
        """Let go of all connections."""
        await self.parts.web.close()
        await self.store.close()
