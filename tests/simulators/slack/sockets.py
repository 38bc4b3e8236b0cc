"""Socket Mode's server side: one-time tickets, hello, envelopes, acknowledgements, disconnects.

Frames: docs.slack.dev, "Using Socket Mode"; `retry_attempt` and `retry_reason` as in python-slack-sdk's own mock
server. `too_many_websockets` is what Slack answers to the eleventh socket (node-slack-sdk issue 1654).
"""

import asyncio
import itertools
import json
import uuid
from typing import Literal

from aiohttp import WSMsgType, web

from tests.simulators.slack.delivery import Answer, Kind, Timing
from tests.simulators.slack.workspace import SlackWorkspace
from tests.simulators.slack.world import Payload

MOST_SOCKETS = 10
DisconnectReason = Literal["warning", "refresh_requested", "link_disabled"]
CLOSE_WAIT_S = 0.5


class SocketHub:
    """All sockets the app has open. Each payload goes to one of them, in turn."""

    def __init__(self, world: SlackWorkspace, timing: Timing) -> None:
        self._world = world
        self._timing = timing
        self._sockets: dict[web.WebSocketResponse, web.Request] = {}
        self._turn = itertools.count()
        self._waiting: dict[str, asyncio.Future[Payload | None]] = {}
        self.connections = 0

    @property
    def open_count(self) -> int:
        """How many sockets are open now."""
        return len(self._open())

    def _open(self) -> list[web.WebSocketResponse]:
        return [socket for socket in self._sockets if not socket.closed]

    async def accept(self, request: web.Request) -> web.StreamResponse:
        """Take a WebSocket connection whose ticket apps.connections.open gave out."""
        ticket = request.query.get("ticket", "")
        if ticket not in self._world.tickets:
            return web.Response(status=401, text="invalid ticket")
        self._world.tickets.discard(ticket)
        socket = web.WebSocketResponse(timeout=CLOSE_WAIT_S)
        await socket.prepare(request)
        if self.open_count >= MOST_SOCKETS:
            await socket.send_json(_disconnect_frame("too_many_websockets"))
            await socket.close()
            return socket
        self._sockets[socket] = request
        self.connections += 1
        await socket.send_json(self._hello())
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    self._take(message.data)
        finally:
            self._sockets.pop(socket, None)
        return socket

    def _hello(self) -> Payload:
        return {
            "type": "hello",
            "num_connections": self.open_count,
            "debug_info": {
                "host": "applink-simulated",
                "build_number": 10,
                "approximate_connection_time": self._timing.connection_life_s,
            },
            "connection_info": {"app_id": self._world.app.id},
        }

    def _take(self, raw: str) -> None:
        frame: Payload = json.loads(raw)
        envelope_id = str(frame.get("envelope_id"))
        future = self._waiting.get(envelope_id)
        if future is not None and not future.done():  # a late acknowledgement changes nothing
            future.set_result(frame.get("payload"))

    async def send(self, kind: Kind, payload: Payload, retry_num: int, retry_reason: str) -> Answer:
        """Send an envelope to one socket and wait for its acknowledgement."""
        sockets = self._open()
        if not sockets:
            return Answer(outcome="no_socket")
        socket = sockets[next(self._turn) % len(sockets)]
        envelope: Payload = {"envelope_id": str(uuid.uuid4()), "payload": payload, "type": kind}
        envelope["accepts_response_payload"] = kind != "events_api"
        if kind == "events_api":
            envelope |= {"retry_attempt": retry_num, "retry_reason": retry_reason}
        future: asyncio.Future[Payload | None] = asyncio.get_running_loop().create_future()
        self._waiting[envelope["envelope_id"]] = future
        try:
            await socket.send_json(envelope)
            response = await asyncio.wait_for(future, self._timing.ack_timeout_s)
        except (TimeoutError, ConnectionError):
            return Answer(outcome="timeout")
        finally:
            del self._waiting[envelope["envelope_id"]]
        return Answer(outcome="acked", response=response)

    async def disconnect(self, reason: DisconnectReason) -> None:
        """Announce a disconnect on every socket; all but a warning then close. `link_disabled` is final."""
        if reason == "link_disabled":
            self._world.settings.socket_mode_enabled = False
        sockets = self._open()
        for socket in sockets:
            await socket.send_json(_disconnect_frame(reason))
        if reason != "warning":
            await asyncio.gather(*(self._close_after_grace(socket) for socket in sockets))

    async def _close_after_grace(self, socket: web.WebSocketResponse) -> None:
        """Leave the app a moment to open its next socket, as Slack does, then close this one."""
        for _ in range(10):
            if socket.closed:
                return
            await asyncio.sleep(self._timing.disconnect_grace_s / 10)
        await socket.close()

    def cut(self) -> None:
        """Break every connection off, without a closing frame."""
        for socket in self._open():
            transport = self._sockets[socket].transport
            if transport is not None:
                transport.abort()
        self._sockets.clear()

    async def stop(self) -> None:
        """Close every socket."""
        await asyncio.gather(*(socket.close() for socket in self._open()), return_exceptions=True)


def _disconnect_frame(reason: str) -> Payload:
    return {"type": "disconnect", "reason": reason, "debug_info": {"host": "applink-simulated"}}
