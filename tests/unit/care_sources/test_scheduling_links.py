"""Free slots from a publisher: what the specification says, and what publishers do all the same."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta

import pytest

from bot.care_sources import cached, scheduling_links
from bot.care_sources.scheduling_links import SchedulingLinks
from bot.care_sources.web import Web, is_safe
from bot.clock import StandingClock
from bot.domain.care import Contact, FreeSlot
from tests.factories import NOON
from tests.simulators.publisher import NEW, Json, Publisher, location, ndjson, publishing, schedule, slot


@dataclass
class Scene:
    """A publisher, and a desk whose slots it publishes."""

    publisher: Publisher
    links: SchedulingLinks
    clock: StandingClock

    @property
    def desk(self) -> Contact:
        return Contact(id="desk", name="the desk", slots=self.publisher.manifest, slots_fresh_for=timedelta(minutes=30))

    async def free(self, limit: int = 3) -> list[FreeSlot]:
        return list(await self.links.free(self.desk, limit))

    async def starts(self) -> list[str]:
        return [one.start.isoformat()[5:16] for one in await self.free(99)]

    def later(self, minutes: float) -> None:
        self.clock.move(timedelta(minutes=minutes))


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    web, clock = Web(), StandingClock(NOON)
    async with publishing() as publisher:
        yield Scene(publisher, SchedulingLinks(web, clock), clock)
        await web.close()


async def test_the_next_slots_come_soonest_first_with_place_and_phone(scene: Scene) -> None:
    scene.publisher.publish(
        [
            slot("2026-01-05T15:00:00-05:00"),
            slot("2026-01-02T09:00:00-05:00", base=NEW, link="https://book.example/2", phone="+1 555"),
            slot("2026-01-03T09:00:00Z", link=None),
            slot("2026-01-09T09:00:00Z"),
        ]
    )

    first, second, third = await scene.free()

    assert (first.link, first.phone, first.place) == ("https://book.example/2", "+1 555", "Pittsfield")
    assert first.start.isoformat() == "2026-01-02T14:00:00+00:00"
    assert (second.link, second.phone) == ("", "413-000-0000")
    assert third.start.isoformat() == "2026-01-05T20:00:00+00:00"


async def test_what_can_not_be_booked_is_not_offered(scene: Scene) -> None:
    scene.publisher.publish(
        [
            slot("2026-01-02T09:00:00Z", status="busy"),
            slot("2025-12-31T09:00:00Z"),
            slot("2026-01-02T10:00:00Z", capacity=0),
            slot("2026-01-02T11:00:00Z", of="Schedule/full"),
            slot("2026-01-02T12:00:00Z", link="http://insecure.example/book", of="Schedule/unknown"),
            slot("2026-01-02T13:00:00Z", capacity=20),
        ],
        schedules=[schedule(), schedule("full", availability="none")],
    )

    assert await scene.starts() == ["01-02T13:00"]


async def test_what_a_publisher_says_is_kept_small_and_plain(scene: Scene) -> None:
    long = f"https://book.example/{'x' * 500}"
    scene.publisher.publish(
        [
            slot("2026-01-02T09:00:00Z", link=long, phone="call @everyone"),
            slot("2026-01-03T09:00:00Z", phone="+1 (555) 010-0100"),
        ],
        locations=[location(name=f"The\n{'long ' * 40}name", phone="555 0199")],
    )

    first, second = await scene.free()

    assert (first.link, first.phone) == ("", "555 0199")
    assert (second.phone, len(second.place), "\n" in second.place) == ("+1 (555) 010-0100", 60, False)


async def test_bad_lines_are_skipped_and_counted(scene: Scene) -> None:
    good: list[Json] = [slot("2026-01-02T09:00:00-05")]
    scene.publisher.publish(good)
    scene.publisher.files["/slots.ndjson"] += "\n".join(
        [
            "{not json",
            "[]",
            "",
            json.dumps({"resourceType": "Patient", "id": "1"}),
            json.dumps(slot("2026-01-02T10:00:00")),
            json.dumps(slot("2026-01-02T10:00:00Z", end="2026-01-01T10:00:00Z")),
            json.dumps({**slot("2026-01-02T10:00:00Z"), "schedule": "Schedule/456"}),
            json.dumps(slot("9999-12-31T23:59:59-12:00")),
            json.dumps({**slot("2026-01-02T10:00:00Z"), "note": "x" * 70_000}),
            "[" * 100_000,
        ]
    )

    assert await scene.starts() == ["01-02T14:00"]
    assert scene.links.state(scene.desk).bad_lines == 9
    assert scene.links.state(scene.desk).problem == ""


async def test_files_are_asked_for_at_most_once_a_minute(scene: Scene) -> None:
    scene.publisher.publish([slot("2026-01-02T09:00:00Z")])

    for _ in range(5):
        await scene.free()
        scene.later(0.1)

    assert set(scene.publisher.asked.values()) == {1}
    assert "/roles.ndjson" not in scene.publisher.asked


async def test_an_unchanged_file_is_not_sent_again(scene: Scene) -> None:
    scene.publisher.publish([slot("2026-01-02T09:00:00Z")])
    await scene.free()
    scene.later(1.1)

    assert await scene.starts() == ["01-02T09:00"]
    assert scene.publisher.unchanged == 4


async def test_the_publisher_says_how_long_to_wait(scene: Scene) -> None:
    scene.publisher.headers["Cache-Control"] = "public, max-age=600"
    scene.publisher.publish([slot("2026-01-02T09:00:00Z")])
    await scene.free()
    scene.later(9)
    await scene.free()
    assert scene.publisher.asked["/$bulk-publish"] == 1

    scene.later(2)
    await scene.free()
    assert scene.publisher.asked["/$bulk-publish"] == 2


async def test_new_slots_and_new_files_are_seen(scene: Scene) -> None:
    scene.publisher.publish([slot("2026-01-02T09:00:00Z")])
    await scene.free()
    scene.publisher.files["/more.ndjson"] = ndjson([slot("2026-01-04T09:00:00Z")])
    scene.publisher.name_files(("Slot", "/more.ndjson"), ("Location", "/locations.ndjson"))
    scene.later(1.1)

    assert await scene.starts() == ["01-04T09:00"]


@pytest.mark.parametrize("status", [301, 404, 500])
async def test_a_failing_publisher_is_believed_until_its_news_is_stale(scene: Scene, status: int) -> None:
    scene.publisher.publish([slot("2026-01-02T09:00:00Z")])
    await scene.free()
    scene.publisher.status = dict.fromkeys(scene.publisher.files, status)

    scene.later(20)
    assert await scene.starts() == ["01-02T09:00"]
    assert str(status) in scene.links.state(scene.desk).problem

    scene.later(20)
    assert await scene.starts() == []


@pytest.mark.parametrize("body", ["", "no json", "[]", '{"output": 3}', '{"transactionTime": "x"}', "\x00" * 10])
async def test_a_broken_manifest_offers_nothing(scene: Scene, body: str) -> None:
    scene.publisher.files["/$bulk-publish"] = body

    assert await scene.free() == []
    assert await scene.free() == []
    assert scene.publisher.asked["/$bulk-publish"] == 1


async def test_what_went_wrong_is_told_until_it_is_asked_again(scene: Scene) -> None:
    scene.publisher.publish([slot("2026-01-02T09:00:00Z")])
    scene.publisher.status["/$bulk-publish"] = 404
    for _ in range(2):
        await scene.free()
        assert scene.links.state(scene.desk).problem == "its manifest answers HTTP 404"

    scene.publisher.status.clear()
    scene.later(1.1)
    await scene.free()
    assert scene.links.state(scene.desk).problem == ""


async def test_one_broken_file_does_not_spoil_the_others(scene: Scene) -> None:
    scene.publisher.publish([slot("2026-01-02T09:00:00Z")])
    scene.publisher.status["/locations.ndjson"] = 500

    [one] = await scene.free()

    assert (one.place, one.link) == ("", "https://ehr.example.org/book?slot=1")


async def test_a_file_that_never_ends_is_left(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cached, "MOST_BYTES", 10_000)
    scene.publisher.publish([slot("2026-01-02T09:00:00Z")])
    scene.publisher.files["/locations.ndjson"] = ndjson([location()] * 200)

    assert len(await scene.free()) == 1
    assert "too large" in scene.links.state(scene.desk).problem


async def test_a_slow_publisher_is_not_waited_for(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scheduling_links, "PATIENCE", 0.05)
    scene.publisher.publish([slot("2026-01-02T09:00:00Z")])
    scene.publisher.delay = 0.5

    assert await scene.free() == []
    assert "too long" in scene.links.state(scene.desk).problem


async def test_only_https_and_this_machine_are_asked(scene: Scene) -> None:
    unsafe = Contact(id="desk", name="the desk", slots="http://publisher.example/$bulk-publish")

    assert list(await scene.links.free(unsafe, 3)) == []
    assert [
        is_safe(url) for url in ("https://a.example/x", "http://127.0.0.1:1/x", "ftp://a.example", "http://[", "")
    ] == [
        True,
        True,
        False,
        False,
        False,
    ]
    assert not is_safe("https://user:word@a.example/")


async def test_news_that_is_old_by_its_own_date_is_not_offered(scene: Scene) -> None:
    scene.publisher.published = (NOON - timedelta(minutes=31)).isoformat()
    scene.publisher.publish([slot("2026-01-02T09:00:00Z")])

    assert await scene.free() == []

    scene.publisher.published = NOON.isoformat()
    scene.publisher.publish([slot("2026-01-02T09:00:00Z")])
    scene.later(2)

    assert len(await scene.free()) == 1
