"""Webhooks that call people on call: PagerDuty's Events API v2, or plain JSON. They hear a case's id and kind, no word of a message."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

import aiohttp
import structlog

from bot.care_sources.web import Web, is_safe
from bot.domain.errors import PlatformError, SettingsError, TemporaryPlatformError
from bot.service.care_ports import Alarm
from bot.service.ports import Clock

_log = structlog.get_logger(__name__)

#: Source: PagerDuty developer docs, "Send an Alert Event".
PAGERDUTY = "https://events.pagerduty.com/v2/enqueue"
_SCHEME = "pagerduty:"
#: Seconds to wait where a busy webhook says something else than how long.
BUSY_WAIT = 30.0
_LONGEST_WAIT = 300.0
Payload = Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """Where to call. With a ``routing_key`` it is PagerDuty, else plain JSON."""

    address: str
    routing_key: str = ""


def parse_webhooks(entries: Sequence[str], pagerduty: str = PAGERDUTY) -> dict[str, Webhook]:
    """Webhooks by name from ``name=https://…`` and ``name=pagerduty:ROUTING_KEY``. Raises SettingsError without quoting the secret."""
    found: dict[str, Webhook] = {}
    for number, entry in enumerate(entries, start=1):
        name, _, target = (part.strip() for part in entry.partition("="))
        key = target.removeprefix(_SCHEME)
        webhook = Webhook(address=pagerduty, routing_key=key) if target != key else Webhook(address=target)
        if not name or not target or not is_safe(webhook.address):
            raise SettingsError(
                f"CHAPERONE_WEBHOOKS is wrong: webhook {number} must look like name=https://… or name=pagerduty:ROUTING_KEY."
            )
        found[name] = webhook
    return found


class HttpPager:
    """The Pager port. ``console`` is the address of the web console, to which the call links; empty where there is none."""

    def __init__(self, web: Web, clock: Clock, webhooks: Mapping[str, Webhook], console: str = "") -> None:
        self._web = web
        self._clock = clock
        self._webhooks = webhooks
        self._console = console.rstrip("/")

    async def call(self, webhook: str, alarm: Alarm) -> None:
        """See the port."""
        await self._send(webhook, alarm, "trigger")

    async def stand_down(self, webhook: str, alarm: Alarm) -> None:
        """See the port."""
        await self._send(webhook, alarm, "resolve")

    async def _send(self, name: str, alarm: Alarm, event: str) -> None:
        webhook = self._webhooks.get(name)
        if webhook is None:
            raise PlatformError(f"No webhook called {name} is set up.")
        payload = self._pagerduty(webhook, alarm, event) if webhook.routing_key else self._plain(alarm, event)
        try:
            async with self._web.session().post(webhook.address, json=payload, allow_redirects=False) as answer:
                self._judge(name, answer)
        except (aiohttp.ClientError, TimeoutError) as error:
            # The type only: the error's own words hold the address, which may be secret.
            raise TemporaryPlatformError(f"The webhook {name} did not answer ({type(error).__name__}).") from None
        _log.info("people on call told", action=event, webhook=name, case=alarm.case)

    def _judge(self, name: str, answer: aiohttp.ClientResponse) -> None:
        if answer.status == 429 or answer.status >= 500:
            wait = self._retry_after(answer.headers.get("Retry-After"))
            raise TemporaryPlatformError(f"The webhook {name} answered {answer.status}.", retry_after=wait)
        if not 200 <= answer.status < 300:
            raise PlatformError(f"The webhook {name} refused: it answered {answer.status}.")

    def _retry_after(self, value: str | None) -> float | None:
        """Seconds, from a number or a date (RFC 9110, 10.2.3); somebody may be in danger, so never very long."""
        if value is None:
            return None
        try:
            seconds = float(value)
        except ValueError:
            try:
                seconds = (parsedate_to_datetime(value) - self._clock.now()).total_seconds()
            except (ValueError, TypeError):
                return BUSY_WAIT
        return min(max(seconds, 1.0), _LONGEST_WAIT)

    def _link(self, alarm: Alarm) -> str:
        return f"{self._console}/cases/{alarm.case}" if self._console else ""

    def _plain(self, alarm: Alarm, event: str) -> Payload:
        return {"event": event, "case": alarm.case, "kind": alarm.kind, "link": self._link(alarm), "key": alarm.key}

    def _pagerduty(self, webhook: Webhook, alarm: Alarm, event: str) -> Payload:
        """Events of one case share a dedup_key, so that a repeated page adds to its alert and the last one resolves it."""
        common = {"routing_key": webhook.routing_key, "event_action": event, "dedup_key": alarm.case}
        if event == "resolve":
            return common
        link = self._link(alarm)
        return {
            **common,
            "client": "Chaperone",
            **({"client_url": link, "links": [{"href": link, "text": "Open the case"}]} if link else {}),
            "payload": {
                "summary": f"Chaperone: {alarm.kind.replace('_', ' ')}, case {alarm.case}",
                "source": "chaperone",
                "severity": "critical",
                "class": alarm.kind,
            },
        }
