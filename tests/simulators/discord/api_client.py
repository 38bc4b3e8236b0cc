"""A bare REST client and a bare gateway socket for the simulator's own tests."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp

from .simulator import DiscordSimulator


class Api:
    """A bare client."""

    def __init__(self, sim: DiscordSimulator, session: aiohttp.ClientSession) -> None:
        self._sim = sim
        self._session = session
        self.headers: dict[str, str] = {}

    async def call(self, method: str, path: str, body: object = None, **headers: str) -> tuple[int, Any]:
        """A request with the bot's token: status and decoded answer."""
        return await self.send(method, path, body, {"Authorization": f"Bot {self._sim.token}", **headers})

    async def send(self, method: str, path: str, body: object, headers: dict[str, str]) -> tuple[int, Any]:
        """A request with just these headers."""
        async with self._session.request(method, self._sim.api_url + path, json=body, headers=headers) as answer:
            self.headers = {key.lower(): value for key, value in answer.headers.items()}
            return answer.status, (await answer.json() if answer.status != 204 else None)


@asynccontextmanager
async def bare(
    sim: DiscordSimulator, query: str = "?v=10&encoding=json"
) -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
    """A websocket that has read HELLO."""
    async with aiohttp.ClientSession() as session, session.ws_connect(sim.gateway_url + query) as socket:
        hello = await socket.receive()
        if hello.type is aiohttp.WSMsgType.TEXT:
            assert json.loads(hello.data)["op"] == 10
        yield socket


async def close_code(socket: aiohttp.ClientWebSocketResponse) -> int | None:
    """Read on until the server closes; its close code."""
    while True:
        message = await asyncio.wait_for(socket.receive(), 2)
        if message.type in {aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSED, aiohttp.WSMsgType.CLOSING}:
            return socket.close_code
