"""What every part of the simulator stands on: the workspace, the way to the app, faults, records, waiting."""

import asyncio
from collections.abc import Callable

from tests.simulators.slack import events
from tests.simulators.slack.clock import Clock, system_clock
from tests.simulators.slack.delivery import Courier, Delivery, Timing
from tests.simulators.slack.http_transport import HttpTransport
from tests.simulators.slack.limits import Fault, RateLimits
from tests.simulators.slack.sockets import DisconnectReason, SocketHub
from tests.simulators.slack.timeline import Timeline
from tests.simulators.slack.web_api import ApiCall, WebApi
from tests.simulators.slack.workspace import SlackWorkspace
from tests.simulators.slack.world import Payload

POLL_S = 0.005


class SimulatorCore:
    """State, records and controls, without the server and without the members' actions."""

    def __init__(self, *, clock: Clock = system_clock, timing: Timing | None = None) -> None:
        self.timing = timing or Timing()
        self.world = SlackWorkspace(clock)
        self.sockets = SocketHub(self.world, self.timing)
        self.courier = Courier(self.world, self.sockets, self.timing)
        self.timeline = Timeline(self.world, self._send)
        self.web_api = WebApi(self.world, self.timeline)

    def _send(self, inner: Payload) -> None:
        self.courier.send_event(events.event_callback(self.world, inner))

    @property
    def bot_token(self) -> str:
        """The bot token's value."""
        return self.world.bot_token.value

    @property
    def app_token(self) -> str:
        """The app-level token's value."""
        return self.world.app_token.value

    @property
    def limits(self) -> RateLimits:
        """The rate limits: set `strict`, `per_minute`, `post_burst`, `outside_marketplace`."""
        return self.web_api.limits

    @property
    def calls(self) -> list[ApiCall]:
        """Every Web API call so far, in the order they were answered."""
        return self.web_api.calls

    @property
    def deliveries(self) -> list[Delivery]:
        """Everything sent to the app so far, in order."""
        return self.courier.deliveries

    def calls_of(self, method: str, *, error: str | None = None) -> list[ApiCall]:
        """The calls of one method; with `error`, only those that failed so."""
        return [call for call in self.calls if call.method == method and error in (None, call.error)]

    def events_sent(self, subtype: str | None = None) -> list[Payload]:
        """The inner events sent so far; with `subtype`, only those of that subtype (or type)."""
        inner = [delivery.event for delivery in self.deliveries if delivery.kind == "events_api"]
        return [e for e in inner if subtype is None or subtype in (e.get("subtype"), e["type"])]

    def lost(self) -> list[Delivery]:
        """What never reached the app because no socket was open."""
        return [delivery for delivery in self.deliveries if delivery.state == "lost"]

    def fail_next(
        self,
        method: str,
        *,
        status: int | None = None,
        error: str | None = None,
        retry_after: int | None = None,
        delay_s: float = 0.0,
        cut: bool = False,
        after_effect: bool = False,
        times: int = 1,
    ) -> None:
        """Make the next calls of a method (`*`: of any) fail, be slow (`delay_s` alone), or lose their connection.

        `after_effect`: the call takes effect, only its answer is lost or replaced (Slack documents that of
        `fatal_error` and `internal_error`).
        """
        self.web_api.faults.add(
            Fault(
                method=method,
                status=status,
                error=error,
                retry_after=retry_after,
                delay_s=delay_s,
                cut=cut,
                after_effect=after_effect,
                times=times,
            )
        )

    def clear_faults(self) -> None:
        """Forget the faults still to come."""
        self.web_api.faults.clear()

    def use_http(self, url: str) -> HttpTransport:
        """From now on deliver by HTTP to this request URL instead of by Socket Mode."""
        transport = HttpTransport(self.world, self.timing, url)
        self.courier.transport = transport
        return transport

    def use_sockets(self) -> None:
        """Deliver by Socket Mode again."""
        self.courier.transport = self.sockets

    async def disconnect(self, reason: DisconnectReason) -> None:
        """Send a Socket Mode disconnect. `link_disabled` is final."""
        await self.sockets.disconnect(reason)

    def cut_sockets(self) -> None:
        """Break all sockets off without a word."""
        self.sockets.cut()

    def redeliver(self, delivery: Delivery) -> Delivery:
        """Deliver an event once more, under the same `event_id`."""
        return self.courier.send_event(delivery.payload)

    def duplicate_next(self, times: int = 1) -> None:
        """Deliver each of the next events twice."""
        self.courier.duplicates_to_come += times

    def send_event(self, inner: Payload) -> Delivery:
        """Send any inner event, whatever the app is subscribed to."""
        return self.courier.send_event(events.event_callback(self.world, inner))

    async def settle(self, timeout_s: float = 20.0) -> None:
        """Wait until every event is acknowledged, lost or given up. Raises TimeoutError."""
        await self.courier.settle(timeout_s)

    async def wait_until(self, condition: Callable[[], bool], timeout_s: float = 20.0) -> None:
        """Wait until something holds. Raises TimeoutError."""
        async with asyncio.timeout(timeout_s):
            while True:
                if condition():
                    return
                await asyncio.sleep(POLL_S)
