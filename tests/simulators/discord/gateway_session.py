"""A gateway session: what was sent, so that it can be replayed after a cut."""

import asyncio
import json
import zlib
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime

from aiohttp import web

from .json_types import Json

REPLAY_LIMIT = 5_000
"""Events kept for replay; Discord's own bound is not published."""


class GatewayCloseError(Exception):
    """Close the socket with this code. Source: "Gateway Close Event Codes"."""

    def __init__(self, code: int, *, ends_session: bool = False) -> None:
        super().__init__(f"gateway close code {code}")
        self.code = code
        self.ends_session = ends_session


class Connection:
    """One websocket: sends in order, compressed with one zlib context when the client asked for it."""

    def __init__(self, socket: web.WebSocketResponse, request: web.Request, *, compress: bool) -> None:
        self.socket = socket
        self.last_heartbeat = asyncio.get_running_loop().time()
        self.session: Session | None = None
        self.server_code: int | None = None
        self._request = request
        self._compressor = zlib.compressobj() if compress else None
        self._outbox: asyncio.Queue[str | None] = asyncio.Queue()
        self._writer = asyncio.create_task(self._write())
        self.sent_times: deque[float] = deque(maxlen=120)

    def send(self, payload: Json) -> None:
        """Queue an operation."""
        self.send_text(json.dumps(payload))

    def send_text(self, text: str) -> None:
        """Queue an operation already encoded."""
        self._outbox.put_nowait(text)

    def close(self, code: int) -> None:
        """Close after what is queued."""
        self.server_code = code
        self._outbox.put_nowait(None)

    def cut(self) -> None:
        """Tear the connection down without a closing handshake."""
        self._writer.cancel()
        transport = self._request.transport
        if transport is not None:
            transport.abort()

    async def drained(self) -> None:
        """Wait until the writer has closed the socket."""
        await asyncio.gather(self._writer, return_exceptions=True)

    async def _write(self) -> None:
        while (text := await self._outbox.get()) is not None:
            if self.socket.closed:
                return
            await self._send_frame(text)
        await self.socket.close(code=self.server_code or 1000)

    async def _send_frame(self, text: str) -> None:
        try:
            if self._compressor is None:
                await self.socket.send_str(text)
            else:
                data = self._compressor.compress(text.encode())
                await self.socket.send_bytes(data + self._compressor.flush(zlib.Z_SYNC_FLUSH))
        except ConnectionError:
            return


@dataclass(slots=True, kw_only=True, eq=False)
class Session:
    """What survives a lost connection."""

    id: str
    intents: int
    shard: tuple[int, int]
    sharded: bool
    seq: int = 0
    connection: Connection | None = None
    lost_at: datetime | None = None
    sent: deque[tuple[int, str]] = field(default_factory=lambda: deque(maxlen=REPLAY_LIMIT))
    events: list[tuple[str, Json]] = field(default_factory=list)

    def push(self, name: str, data: Json) -> None:
        """Dispatch an event now or keep it for a resume."""
        self.seq += 1
        text = json.dumps({"t": name, "s": self.seq, "op": 0, "d": data})
        self.sent.append((self.seq, text))
        self.events.append((name, json.loads(text)["d"]))
        if self.connection is not None:
            self.connection.send_text(text)

    def repeat_last(self) -> None:
        """Send the last event again as a new one."""
        name, data = self.events[-1]
        self.push(name, data)

    def replay(self, seq: int) -> None:
        """Send everything after `seq` again, then RESUMED."""
        if self.connection is None:
            return
        for number, text in self.sent:
            if number > seq:
                self.connection.send_text(text)
        self.push("RESUMED", {"_trace": []})

    def can_replay_from(self, seq: int) -> bool:
        """Whether nothing after `seq` has fallen out of the buffer."""
        return not self.sent or self.sent[0][0] <= seq + 1
