"""Everything that runs: platforms, worker, web, policy reload, in one event loop until a signal ends it in good order."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
import signal
import socket
from collections.abc import Awaitable, Callable, Coroutine, Iterator, Sequence

import structlog
import uvicorn
from fastapi import FastAPI

from bot.bootstrap.house import House
from bot.domain.errors import SettingsError

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
    """A part that serves ``app``. Who asks, and whether by https, a proxy says; uvicorn trusts those of ``FORWARDED_ALLOW_IPS``."""
    config = uvicorn.Config(
        app, log_config=None, access_log=False, lifespan="off", timeout_graceful_shutdown=2, proxy_headers=True
    )

    async def run(stop: asyncio.Event) -> None:
        server = _Server(config)
        serving = asyncio.create_task(server.serve([_listening(host, port)]))
        stopping = asyncio.create_task(stop.wait())
        await asyncio.wait([serving, stopping], return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        server.should_exit = True
        await serving

    return run


def must_be_free(host: str, port: int, how: str) -> None:
    """Raise SettingsError where nobody can listen on this port; ``how`` names what chooses another.

    Asked before anything else is opened: a second bot beside a running one must not take up its work first.
    """
    _listening(host, port, how).close()


def _listening(host: str, port: int, how: str = "PORT") -> socket.socket:
    """A socket that listens. Raises SettingsError, as above."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        socket.getaddrinfo(host, port)
        return socket.create_server((host, port), family=family)
    except OSError as error:
        if isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL:
            raise SettingsError(f"HOST is wrong: {host} is no address of this machine. Try 127.0.0.1.") from None
        used = error.errno == errno.EADDRINUSE
        why = "another program listens there" if used else os.strerror(error.errno or 0)
        raise SettingsError(f"Port {port} of {host} can't be used: {why}. Choose another one with {how}.") from None


def until_stopped(forever: Callable[[], Coroutine[None, None, None]]) -> Part:
    """A part that runs ``forever`` until it is told to stop."""

    async def run(stop: asyncio.Event) -> None:
        task = asyncio.create_task(forever())
        stopping = asyncio.create_task(stop.wait())
        await asyncio.wait([task, stopping], return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        if task.done():
            task.result()
        task.cancel()

    return run


async def serve(house: House, parts: Sequence[Part]) -> None:
    """Run all parts until SIGTERM or SIGINT, or until one of them ends; then end the others in good order."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
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
