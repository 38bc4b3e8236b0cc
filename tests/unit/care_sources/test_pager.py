"""Calling people by webhook: PagerDuty's events, plain JSON, and what happens when nobody answers the call."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator

import aiohttp
import pytest

from bot.care_sources import web as web_module
from bot.care_sources.pager import HttpPager, parse_webhooks
from bot.care_sources.web import Web
from bot.clock import StandingClock
from bot.domain.errors import PlatformError, SettingsError, TemporaryPlatformError
from bot.service.care_ports import Alarm
from tests.factories import NOON
from tests.simulators.webhook import Webhook, listening

ALARM = Alarm(case="abc123", kind="self_harm", key="abc123-page-1:call:night")


@pytest.fixture
async def webhook() -> AsyncIterator[Webhook]:
    async with listening() as one:
        yield one


@pytest.fixture
async def pager(webhook: Webhook) -> AsyncIterator[HttpPager]:
    web = Web()
    entries = ["night=pagerduty:R0UTING", f"desk={webhook.address}", "gone=http://127.0.0.1:1/x"]
    webhooks = parse_webhooks(entries, pagerduty=webhook.address)
    yield HttpPager(web, StandingClock(NOON), webhooks, "https://console.example/")
    await web.close()


async def test_pagerduty_hears_a_trigger_and_a_resolve_of_one_alert(pager: HttpPager, webhook: Webhook) -> None:
    await pager.call("night", ALARM)
    await pager.stand_down("night", ALARM)

    trigger, resolve = webhook.heard
    assert trigger == {
        "routing_key": "R0UTING",
        "event_action": "trigger",
        "dedup_key": "abc123",
        "client": "Chaperone",
        "client_url": "https://console.example/cases/abc123",
        "links": [{"href": "https://console.example/cases/abc123", "text": "Open the case"}],
        "payload": {
            "summary": "Chaperone: self harm, case abc123",
            "source": "chaperone",
            "severity": "critical",
            "class": "self_harm",
        },
    }
    assert resolve == {"routing_key": "R0UTING", "event_action": "resolve", "dedup_key": "abc123"}


async def test_plain_json_says_the_same_on_every_try(pager: HttpPager, webhook: Webhook) -> None:
    await pager.call("desk", ALARM)
    await pager.call("desk", ALARM)

    first, second = webhook.heard
    assert first == second
    assert first == {
        "event": "trigger",
        "case": "abc123",
        "kind": "self_harm",
        "link": "https://console.example/cases/abc123",
        "key": "abc123-page-1:call:night",
    }


@pytest.mark.parametrize(
    ("status", "header", "wait"),
    [
        (500, None, None),
        (503, "7", 7.0),
        (429, "Thu, 01 Jan 2026 12:01:00 GMT", 60.0),
        (429, "86400", 300.0),
        (429, "soon", 30.0),
    ],
)
async def test_a_busy_webhook_is_tried_again_later(
    pager: HttpPager, webhook: Webhook, status: int, header: str | None, wait: float | None
) -> None:
    webhook.answers, webhook.retry_after = [status], header

    with pytest.raises(TemporaryPlatformError, match=str(status)) as caught:
        await pager.call("desk", ALARM)

    assert caught.value.retry_after == wait


@pytest.mark.parametrize("status", [302, 400, 401, 404])
async def test_a_webhook_that_refuses_is_told_to_people(pager: HttpPager, webhook: Webhook, status: int) -> None:
    webhook.answers = [status]

    with pytest.raises(PlatformError, match=f"desk refused.*{status}") as caught:
        await pager.call("desk", ALARM)

    assert not isinstance(caught.value, TemporaryPlatformError)


async def test_silence_is_tried_again_and_gives_no_secret_away(
    pager: HttpPager, webhook: Webhook, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for name in ("gone", "desk"):
        with pytest.raises(TemporaryPlatformError) as caught:
            await _impatient(pager, webhook, name, monkeypatch)
        assert "127.0.0.1" not in str(caught.value)
    assert webhook.address not in caplog.text


async def _impatient(pager: HttpPager, webhook: Webhook, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    webhook.delay = 0.5
    monkeypatch.setattr(web_module, "WHOLE", 0.05)
    await pager.call(name, ALARM)


async def test_a_webhook_that_nobody_set_up_is_named(pager: HttpPager) -> None:
    with pytest.raises(PlatformError, match="No webhook called nowhere"):
        await pager.call("nowhere", ALARM)


@pytest.mark.parametrize("entry", ["night", "=https://a.example", "night=", "night=http://a.example/x", "night=secret"])
def test_a_mistyped_webhook_is_not_quoted(entry: str) -> None:
    with pytest.raises(SettingsError, match="CHAPERONE_WEBHOOKS is wrong: webhook 2 must look like") as caught:
        parse_webhooks(["fine=https://a.example/hook", entry])

    assert "secret" not in str(caught.value)


async def test_a_session_is_opened_once_and_closed() -> None:
    web = Web()
    session = web.session()

    assert web.session() is session
    assert isinstance(session, aiohttp.ClientSession)
    await web.close()
    await web.close()
    assert session.closed
