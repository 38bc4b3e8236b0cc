"""Getting payloads to the app: attempts, retries, and the record of what became of each.

Rules: docs.slack.dev, "Events API" (three retries: at once, after a minute, after five) and "Socket Mode". An
interaction is never sent twice: the member sees an error instead.
"""

import asyncio
from dataclasses import dataclass, field
from typing import Literal, Protocol

from tests.simulators.slack.workspace import SlackWorkspace
from tests.simulators.slack.world import Payload

Kind = Literal["events_api", "interactive", "slash_commands"]
Outcome = Literal["acked", "no_socket", "timeout", "http_timeout", "http_error", "connection_failed"]
State = Literal["pending", "acked", "abandoned", "lost"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """Real seconds, but for `trigger_life_s` and `response_url_life_s`, which go by the workspace's clock.

    Slack waits 3 s for an answer and retries at once, after 60 s and after 300 s; the default delays here are
    shorter, so that tests need not wait. `connection_life_s` is only announced, in `hello`.
    """

    ack_timeout_s: float = 3.0
    retry_delays_s: tuple[float, ...] = (0.0, 0.05, 0.1)
    trigger_life_s: float = 3.0
    response_url_life_s: float = 1800.0
    response_url_uses: int = 5
    connection_life_s: int = 3600
    disconnect_grace_s: float = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back from one attempt. `response` is what the app sent along with its acknowledgement."""

    outcome: Outcome
    response: Payload | None = None
    no_retry: bool = False


@dataclass(slots=True, kw_only=True)
class Delivery:
    """A payload on its way. `outcomes` has one entry for each attempt."""

    kind: Kind
    payload: Payload
    state: State = "pending"
    outcomes: list[Outcome] = field(default_factory=list)
    response: Payload | None = None

    @property
    def event_id(self) -> str | None:
        """The event's id, None for interactions."""
        found = self.payload.get("event_id")
        return None if found is None else str(found)

    @property
    def event(self) -> Payload:
        """The inner event (empty for interactions)."""
        found = self.payload.get("event")
        return found if isinstance(found, dict) else {}


class Transport(Protocol):
    """Socket Mode or HTTP."""

    async def send(self, kind: Kind, payload: Payload, retry_num: int, retry_reason: str) -> Answer:
        """Send once and wait for the answer."""


class Courier:
    """Delivers events in the background and interactions at once."""

    def __init__(self, world: SlackWorkspace, transport: Transport, timing: Timing) -> None:
        self.transport = transport
        self.deliveries: list[Delivery] = []
        self.duplicates_to_come = 0
        self._world = world
        self._timing = timing
        self._tasks: set[asyncio.Task[None]] = set()

    def send_event(self, payload: Payload) -> Delivery:
        """Start delivering an `event_callback`; twice where a duplicate was asked for."""
        delivery = self._start(payload)
        if self.duplicates_to_come > 0:
            self.duplicates_to_come -= 1
            self._start(payload)
        return delivery

    async def ask(self, kind: Kind, payload: Payload) -> Delivery:
        """Deliver an interaction and wait for the app's answer; it is not retried."""
        delivery = Delivery(kind=kind, payload=payload)
        self.deliveries.append(delivery)
        answer = await self.transport.send(kind, payload, 0, "")
        delivery.outcomes.append(answer.outcome)
        delivery.response = answer.response
        delivery.state = "acked" if answer.outcome == "acked" else "lost"
        return delivery

    async def settle(self, timeout_s: float) -> None:
        """Wait until every event is acknowledged, lost or given up. Raises TimeoutError."""
        async with asyncio.timeout(timeout_s):
            while self._tasks:
                await asyncio.wait(set(self._tasks))

    async def stop(self) -> None:
        """Drop what is still on its way."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _start(self, payload: Payload) -> Delivery:
        delivery = Delivery(kind="events_api", payload=payload)
        self.deliveries.append(delivery)
        task = asyncio.get_running_loop().create_task(self._deliver(delivery))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return delivery

    async def _deliver(self, delivery: Delivery) -> None:
        reason = ""
        for retry_num, delay_s in enumerate((0.0, *self._timing.retry_delays_s)):
            if retry_num:
                await asyncio.sleep(delay_s)
            answer = await self.transport.send("events_api", delivery.payload, retry_num, reason)
            delivery.outcomes.append(answer.outcome)
            if answer.outcome == "acked":
                delivery.state = "acked"
                return
            if answer.outcome == "no_socket" and retry_num == 0:
                delivery.state = "lost"
                return
            if answer.no_retry:
                break
            reason = answer.outcome
        delivery.state = "abandoned"
