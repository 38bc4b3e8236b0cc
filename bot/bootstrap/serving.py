"""Everything that runs: platforms, worker, web, policy reload, in one event loop until a signal ends it in good order."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import Awaitable, Callable, Iterator, Sequence

import structlog
import uvicorn
from fastapi import FastAPI

from bot.bootstrap.house import Adapter, House

_log = structlog.get_logger(__name__)

#: Seconds within which everything has ended after SIGTERM.
GRACE = 10.0

#: Something that runs until its event is set.
Part = Callable[[asyncio.Event], Awaitable[None]]


class _Server(uvicorn.Server):
    """Uvicorn without its own signal handling: the process has one way to end."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def web_server(app: FastAPI, host: str, port: int) -> Part:
    """A part that serves ``app``."""
    options = {"log_config": None, "access_log": False, "lifespan": "off", "timeout_graceful_shutdown": 2}

    async def run(stop: asyncio.Event) -> None:
        server = _Server(uvicorn.Config(app, host=host, port=port, **options))  # type: ignore[arg-type]
        serving = asyncio.create_task(server.serve())
        stopping = asyncio.create_task(stop.wait())
        await asyncio.wait([serving, stopping], return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        server.should_exit = True
        await serving

    return run


async def serve(house: House, adapters: Sequence[Adapter], others: Sequence[Part]) -> None:
    """Run the adapters, a worker for them and ``others`` until SIGTERM or SIGINT, or until one of them fails."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    worker = house.worker({adapter.platform.name: adapter.platform for adapter in adapters})
    parts = [*(adapter.run for adapter in adapters), *([worker.run] if adapters else []), *others]
    tasks = [asyncio.ensure_future(part(stop)) for part in parts]
    stopping = asyncio.ensure_future(stop.wait())
    try:
        await asyncio.wait([*tasks, stopping], return_when=asyncio.FIRST_COMPLETED)
        stop.set()
        _, late = await asyncio.wait(tasks, timeout=GRACE)
        for task in late:
            _log.warning("did not end in time", action="stop_forced")
            task.cancel()
        for task in tasks:
            if task.done() and not task.cancelled():
                task.result()
    finally:
        stopping.cancel()
        await house.close()
