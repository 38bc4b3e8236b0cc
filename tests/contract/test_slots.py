"""From a calendar that publishes its free times to the buttons that a member presses, on every platform."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Protocol

import pytest

from bot.care_sources.scheduling_links import SchedulingLinks
from bot.care_sources.web import Web
from bot.clock import StandingClock
from bot.domain.care import Answers, Contact
from bot.domain.message import PlatformName
from bot.domain.words import Link
from bot.policy_file.load import load_policy
from bot.policy_file.resolve import SHIPPED
from bot.service.care_ports import CareSources
from bot.service.enforce import Enforcer
from bot.service.intake import Intake
from bot.service.moderate import Moderator
from bot.service.ports import Platform
from bot.service.understand import Understanding
from bot.service.work import Worker
from bot.stores.memory import MemoryStore
from tests.contract.discord_world import discord_world
from tests.contract.driver import Driver
from tests.contract.sandbox_world import sandbox_world
from tests.contract.slack_world import slack_world
from tests.factories import NOON, MarkReader, NoMatcher, OnePolicy
from tests.simulators.publisher import Json, Publisher, location, publishing, slot

BOOK = "https://calendar.example.org/book?slot="
PLAIN = Link(url="https://example.org/book", label="Find a time")
#: A question, and in it what nobody else may learn of.
QUESTION = "Is the lump in Joe Castellano's neck normal? [medical_question=.9]"
PRIVATE = {"lump", "joe", "castellano", "neck", "ana", "patients"}
#: Characters in a button's label (Slack: Block Kit, "Button element"; Discord: Component Reference, "Button") and in its address.
LABEL = {PlatformName.SLACK: 75, PlatformName.DISCORD: 80}
ADDRESS = 512


class Window(Driver, Protocol):
    """A driver that sees the buttons which open an address, too."""

    async def private_links(self, author: str) -> list[Link]:
        """Those under what the member alone was told."""
        ...

    async def room_links(self, room_name: str) -> list[Link]:
        """Those under what stands in a room."""
        ...


World = tuple[Platform, Window]
WORLDS: dict[str, Callable[[], AbstractAsyncContextManager[World]]] = {
    "sandbox": sandbox_world,
    "slack": slack_world,
    "discord": discord_world,
}


@dataclass(kw_only=True)
class Scene:
    """A platform's world, a publisher on this machine, and the whole service between them."""

    driver: Window
    platform: Platform
    publisher: Publisher
    policies: OnePolicy
    intake: Intake
    worker: Worker
    clock: StandingClock

    async def ask(self, author: str = "ana") -> None:
        """A member asks; the service does all that it has to do."""
        message = await self.driver.post(QUESTION, author)
        await self.intake.accept(message, self.platform.position(message))
        await self.worker.settle()

    def publish(self, *slots: Json, place: str = "Mill Street") -> None:
        """The publisher has these slots."""
        self.publisher.publish(slots, locations=[location(name=place, phone="+1 555 010 0140")])


@pytest.fixture(params=list(WORLDS.values()), ids=list(WORLDS))
async def scene(request: pytest.FixtureRequest) -> AsyncIterator[Scene]:
    web, clock = Web(), StandingClock(NOON)
    async with request.param() as (platform, driver), publishing() as publisher:
        yield make_scene(platform, driver, publisher, SchedulingLinks(web, clock), clock)
        await web.close()


def make_scene(
    platform: Platform, driver: Window, publisher: Publisher, slots: SchedulingLinks, clock: StandingClock
) -> Scene:
    desk = Contact(
        id="heart", name="the heart clinic", link=PLAIN.url, slots=publisher.manifest, time_zone="America/New_York"
    )
    policies = OnePolicy(replace(load_policy(SHIPPED / "sandbox.yaml"), contacts=(desk,)))
    store, wake = MemoryStore(), asyncio.Event()
    understanding = Understanding(MarkReader(), budget=1.0)
    moderator = Moderator(
        store=store, understanding=understanding, policies=policies, matcher=NoMatcher(), clock=clock, secret=b"k"
    )
    enforcer = Enforcer(
        store=store,
        platforms={platform.name: platform},
        policies=policies,
        clock=clock,
        sources=CareSources(slots=slots),
    )
    return Scene(
        driver=driver,
        platform=platform,
        publisher=publisher,
        policies=policies,
        intake=Intake(store, clock, wake, policies),
        worker=Worker(store=store, moderator=moderator, enforcer=enforcer, clock=clock, wake=wake),
        clock=clock,
    )


async def test_the_next_three_free_times_are_buttons_with_their_own_address(scene: Scene) -> None:
    scene.publish(
        slot("2026-01-09T15:00:00Z", link=f"{BOOK}4"),
        slot("2026-01-05T15:00:00Z", link=f"{BOOK}2"),
        slot("2026-01-02T15:00:00Z", link=f"{BOOK}busy", status="busy"),
        slot("2026-01-02T14:30:00Z", link=f"{BOOK}1"),
        slot("2026-01-06T21:00:00Z", link=f"{BOOK}3"),
    )
    await scene.ask()

    assert await scene.driver.private_links("ana") == [
        Link(url=f"{BOOK}1", label="Friday 2 January, 9:30 am · Mill Street"),
        Link(url=f"{BOOK}2", label="Monday 5 January, 10:00 am · Mill Street"),
        Link(url=f"{BOOK}3", label="Tuesday 6 January, 4:00 pm · Mill Street"),
        PLAIN,
    ]


async def test_only_who_asked_sees_them_and_nothing_tells_what_was_asked(scene: Scene) -> None:
    scene.publish(slot("2026-01-02T15:00:00Z", link=f"{BOOK}1"))
    await scene.ask()

    shown = await scene.driver.private_links("ana")
    told = [*(await scene.driver.private_texts("ana")), *(part for link in shown for part in (link.url, link.label))]
    assert [link.url for link in shown] == [f"{BOOK}1", PLAIN.url]
    assert PRIVATE & set(re.findall(r"[a-z]+", " ".join(told).lower())) == set()
    assert await scene.driver.room_links("patients") == []
    assert await scene.driver.private_links("ben") == []


async def test_the_publisher_learns_nothing_of_who_asks_and_is_asked_once_a_minute(scene: Scene) -> None:
    scene.publish(slot("2026-01-02T15:00:00Z", link=f"{BOOK}1"))
    for author in ("ana", "ben"):
        await scene.ask(author)

    files = ("/$bulk-publish", "/locations.ndjson", "/schedules.ndjson", "/slots.ndjson")
    assert scene.publisher.asked == Counter(files)
    assert await scene.driver.private_links("ben") == await scene.driver.private_links("ana")


async def test_the_longest_names_and_addresses_are_within_every_platforms_limits(scene: Scene) -> None:
    long = BOOK.ljust(ADDRESS, "x")
    starts = [f"2026-09-{day}T20:30:00Z" for day in (16, 23, 30)]
    scene.publish(*(slot(start, link=long) for start in starts), place="The Heart Clinic behind the River " * 9)
    await scene.ask()

    shown = await scene.driver.private_links("ana")
    assert [link.url for link in shown] == [long, long, long, PLAIN.url]
    assert shown[0].label.startswith("Wednesday 16 September, 4:30 pm · The Heart Clinic")
    limit = LABEL.get(scene.platform.name)
    assert [link.label for link in shown if limit is not None and len(link.label) > limit] == []


async def test_a_time_that_no_button_can_lead_to_is_told_with_its_phone_number(scene: Scene) -> None:
    too_long = BOOK.ljust(ADDRESS + 1, "x")
    scene.publish(slot("2026-01-02T15:00:00Z", link=None), slot("2026-01-05T15:00:00Z", link=too_long))
    await scene.ask()

    assert await scene.driver.private_links("ana") == [PLAIN]
    [told] = await scene.driver.private_texts("ana")
    assert "Free times by phone: Friday 2 January, 10:00 am · Mill Street: +1 555 010 0140" in told
    assert "Monday 5 January, 10:00 am · Mill Street: +1 555 010 0140" in told


async def test_without_news_from_the_publisher_the_plain_link_is_left(scene: Scene) -> None:
    scene.publish(slot("2026-01-09T15:00:00Z", link=f"{BOOK}1"))
    await scene.ask()
    scene.publisher.status = dict.fromkeys(scene.publisher.files, 500)
    scene.clock.move(timedelta(hours=2))
    await scene.ask("ben")

    assert [link.url for link in await scene.driver.private_links("ana")] == [f"{BOOK}1", PLAIN.url]
    assert await scene.driver.private_links("ben") == [PLAIN]


async def test_where_the_policy_answers_in_the_room_the_buttons_stand_there(scene: Scene) -> None:
    scene.policies.policy = replace(scene.policies.policy, answers=Answers(in_room=True))
    scene.publish(slot("2026-01-02T15:00:00Z", link=f"{BOOK}1"))
    await scene.ask()

    assert [link.url for link in await scene.driver.room_links("patients")] == [f"{BOOK}1", PLAIN.url]
    assert await scene.driver.private_links("ana") == []


async def test_with_closed_direct_messages_the_room_sees_no_times(scene: Scene) -> None:
    await scene.driver.close_dms("ana")
    scene.publish(slot("2026-01-02T15:00:00Z", link=f"{BOOK}1"))
    await scene.ask()

    assert await scene.driver.room_links("patients") == []
    assert [text for text in await scene.driver.room_texts("patients") if "heart clinic" in text] == []
