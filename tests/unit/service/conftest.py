from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from bot.adapters.sandbox.platform import SandboxPlatform
from bot.adapters.sandbox.world import World
from bot.clock import StandingClock
from bot.domain.care import Contact, FreeSlot
from bot.domain.message import Author, Message, PlatformName
from bot.service.care_ports import Alarm, CareSources, NoPager, NoSlots, Pager, Slots
from bot.service.enforce import Enforcer
from bot.service.intake import Intake
from bot.service.moderate import Moderator
from bot.service.review import Review
from bot.service.understand import Understanding
from bot.service.work import Worker
from bot.stores.memory import MemoryStore
from tests.factories import MEMBER, NOON, MarkReader, NoMatcher, OnePolicy, make_policy


@dataclass
class Outside:
    """What the house asks of the outside; a test puts its own there."""

    slots: Slots = field(default_factory=NoSlots)
    pager: Pager = field(default_factory=NoPager)

    async def free(self, contact: Contact, limit: int) -> Sequence[FreeSlot]:
        return await self.slots.free(contact, limit)

    async def call(self, webhook: str, alarm: Alarm) -> None:
        await self.pager.call(webhook, alarm)

    async def stand_down(self, webhook: str, alarm: Alarm) -> None:
        await self.pager.stand_down(webhook, alarm)


@dataclass
class House:
    """The whole service around a sandbox."""

    clock: StandingClock
    world: World
    store: MemoryStore
    policies: OnePolicy
    platform: SandboxPlatform
    intake: Intake
    worker: Worker
    review: Review
    outside: Outside

    async def say(self, text: str, *, author: Author = MEMBER, room: str = "community") -> Message:
        message = self.world.say(author, room, text)
        await self.intake.accept(message, self.platform.position(message))
        await self.worker.settle()
        return message

    def told(self, who: str = "ana") -> list[str]:
        return [note.words.text for note in self.world.notes if note.to == who]

    def team_reads(self) -> list[str]:
        return [post.text for post in self.world.posts.values() if post.ref.room.room == "team"]


@pytest.fixture
def house() -> House:
    clock = StandingClock(NOON)
    world = World(now=clock.now)
    store, policies, platform, wake = MemoryStore(), OnePolicy(make_policy()), SandboxPlatform(world), asyncio.Event()
    understanding = Understanding(MarkReader(), budget=1.0)
    moderator = Moderator(
        store=store, understanding=understanding, policies=policies, matcher=NoMatcher(), clock=clock, secret=b"k"
    )
    outside = Outside()
    enforcer = Enforcer(
        store=store,
        platforms={PlatformName.SANDBOX: platform},
        policies=policies,
        clock=clock,
        sources=CareSources(slots=outside, pager=outside),
    )
    return House(
        clock=clock,
        world=world,
        store=store,
        policies=policies,
        platform=platform,
        intake=Intake(store, clock, wake, policies),
        worker=Worker(store=store, moderator=moderator, enforcer=enforcer, clock=clock, wake=wake),
        review=Review(store, clock, wake),
        outside=outside,
    )
