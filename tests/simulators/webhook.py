"""A webhook on this machine: keeps what it hears, answers what a test tells it to."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web

from tests.simulators.publisher import serving


@dataclass
class Webhook:
    """``answers`` are the statuses of the next calls, 202 after them; ``retry_after`` goes with a status that is not 2xx."""

    address: str = ""
    heard: list[dict[str, object]] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)
    retry_after: str | None = None
    delay: float = 0.0

    async def answer(self, request: web.Request) -> web.Response:
        self.heard.append(await request.json())
        await asyncio.sleep(self.delay)
        status = self.answers.pop(0) if self.answers else 202
        again = {"Retry-After": self.retry_after} if self.retry_after and status >= 300 else {}
        return web.json_response({"status": "success"}, status=status, headers=again)


@asynccontextmanager
async def listening() -> AsyncIterator[Webhook]:
    """A webhook that listens until the block ends."""
    webhook = Webhook()
    app = web.Application()
    app.router.add_post("/v2/enqueue", webhook.answer)
    async with serving(app) as address:
        webhook.address = f"{address}/v2/enqueue"
        yield webhook
