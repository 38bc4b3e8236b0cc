"""What the doctor says of a publisher of free times."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.care_sources import scheduling_links
from bot.care_sources.checkup import check_publishers
from bot.clock import StandingClock
from bot.domain.care import Contact
from bot.service.ports import Check
from tests.factories import NOON
from tests.simulators.publisher import Publisher, publishing, slot

TOMORROW = "2026-01-02T09:00:00Z"


@pytest.fixture
async def publisher() -> AsyncIterator[Publisher]:
    async with publishing() as publisher:
        publisher.published = NOON.isoformat()
        publisher.publish([slot(TOMORROW)])
        yield publisher


async def check(slots: str) -> Check:
    [line] = await check_publishers([Contact(id="desk", name="the desk", slots=slots)], StandingClock(NOON))
    return line


async def test_a_desk_without_a_publisher_has_no_line(publisher: Publisher) -> None:
    plain = Contact(id="plain", name="the plain desk")
    desk = Contact(id="desk", name="the desk", slots=publisher.manifest)

    assert await check_publishers([plain], StandingClock(NOON)) == []
    assert await check_publishers([plain, desk], StandingClock(NOON)) == [
        Check(subject="Free times of the desk", ok=True, finding="1 free time, fresh")
    ]


async def test_two_desks_of_one_publisher_ask_it_once_and_hear_the_same(publisher: Publisher) -> None:
    publisher.status["/$bulk-publish"] = 503
    desks = [Contact(id=name, name=name, slots=publisher.manifest) for name in ("heart", "skin")]

    assert {line.finding for line in await check_publishers(desks, StandingClock(NOON))} == {
        "its manifest answers HTTP 503"
    }
    assert publisher.asked["/$bulk-publish"] == 1


async def test_a_slow_publisher_is_not_waited_for(publisher: Publisher, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scheduling_links, "PATIENCE", 0.05)
    publisher.delay = 0.5
    desks = [Contact(id=name, name=name, slots=publisher.manifest) for name in ("heart", "skin")]

    lines = await check_publishers(desks, StandingClock(NOON))

    assert [(line.ok, "too long" in line.finding) for line in lines] == [(False, True)] * 2


@pytest.mark.parametrize("address", ["http://calendar.example.org/$bulk-publish", "http://["])
async def test_an_address_that_is_not_safe_is_not_asked(address: str) -> None:
    line = await check(address)

    assert (line.ok, line.finding) == (False, "its address is not https")
    assert line.remedy.startswith("Look at slots: of desk in the policy.")


async def test_bad_lines_are_counted(publisher: Publisher) -> None:
    publisher.files["/slots.ndjson"] += "{not json\n[]\n"
    line = await check(publisher.manifest)

    assert (line.ok, line.finding) == (False, "1 free time; 2 lines could not be read")
    assert "maker of the calendar" in line.remedy


async def test_a_missing_file_is_named(publisher: Publisher) -> None:
    publisher.status["/slots.ndjson"] = 404

    assert (await check(publisher.manifest)).finding == "no free times; its Slot file answers HTTP 404"


async def test_a_manifest_without_a_safe_file_of_slots_is_told(publisher: Publisher) -> None:
    publisher.name_files(("Slot", "http://calendar.example.org/slots.ndjson"))

    assert "names no file of free times at an https address" in (await check(publisher.manifest)).finding


@pytest.mark.parametrize(
    "published",
    ["", "yesterday", "2026-01-01T12:00:00", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59Z"],
)
async def test_a_publisher_need_not_say_how_old_its_news_is(publisher: Publisher, published: str) -> None:
    publisher.published = published
    publisher.publish([slot(TOMORROW)])

    assert (await check(publisher.manifest)).finding == "1 free time, fresh"


async def test_news_that_is_old_by_its_own_date_is_told(publisher: Publisher) -> None:
    publisher.published = "2025-12-31T09:30:00-05:00"
    publisher.publish([slot(TOMORROW)])
    line = await check(publisher.manifest)

    assert not line.ok
    assert line.finding.startswith("published 2025-12-31 14:30 UTC, which is longer ago than slots_fresh_for")
    assert "slots_fresh_for:" in line.remedy
