"""The simulator: starts the server, holds the world, orders failures."""

import re
from types import TracebackType
from typing import Self

from aiohttp import web

from .faults import Call, Fault
from .gateway_socket import serve_gateway
from .interaction_driver import InteractionDriver
from .json_types import Json
from .message_driver import MessageDriver
from .model import User
from .rest import API_PREFIX, RestServer
from .setup_driver import SetupDriver
from .world import Application

GATEWAY_PATH = "/gateway"


class DiscordSimulator(SetupDriver, MessageDriver, InteractionDriver):
    """A local Discord. Use it as an async context manager; see the package's docstring."""

    _runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    @property
    def token(self) -> str:
        """The bot's token."""
        return self.world.application.token

    @property
    def application(self) -> Application:
        """The application; its attributes switch privileged intents on and off."""
        return self.world.application

    @property
    def bot(self) -> User:
        """The bot's user."""
        return self.world.bot

    @property
    def gateway_url(self) -> str:
        """Where the gateway listens."""
        return self.gateway.url

    @property
    def connected(self) -> bool:
        """Whether a gateway session is connected right now."""
        return any(session.connection is not None for session in self.gateway.sessions.values())

    @property
    def invalid_requests(self) -> int:
        """Answers 401, 403 and 429 so far (429 with scope `shared` left out)."""
        return len(self.rate_limits.invalid)

    async def start(self) -> None:
        """Listen on 127.0.0.1 at a free port, in the running event loop."""
        app = web.Application(client_max_size=30 * 1024 * 1024)
        app.router.add_get(GATEWAY_PATH, self._serve_gateway)
        RestServer(self).add_to(app)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        port = self._runner.addresses[0][1]
        self.api_url = f"http://127.0.0.1:{port}{API_PREFIX}"
        self.gateway.url = f"ws://127.0.0.1:{port}{GATEWAY_PATH}"
        self.world.links.base_url = f"http://127.0.0.1:{port}"

    async def _serve_gateway(self, request: web.Request) -> web.StreamResponse:
        return await serve_gateway(self.gateway, request)

    async def stop(self) -> None:
        """Close every connection and stop listening."""
        self.gateway.cut_all()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    def fail_next(
        self,
        method: str,
        path: str,
        *,
        status: int,
        code: int = 0,
        message: str | None = None,
        times: int = 1,
        retry_after: float = 0.05,
        scope: str = "user",
        after_effect: bool = False,
        via: bool = True,
    ) -> None:
        """Make the next `times` requests fail whose path, after the API's base, matches the pattern `path`.

        `status` 0 cuts the connection (aiohttp itself repeats a GET once when that happens). `retry_after` seconds and
        `scope` (user, shared, global) are for 429. `after_effect`: the request takes effect, only the answer is an
        error. `via` False: as the edge network answers.
        """
        self.faults.pending.append(
            Fault(
                method=method,
                path=re.compile(path),
                status=status,
                times=times,
                code=code,
                message=message,
                retry_after=retry_after,
                scope=scope,
                after_effect=after_effect,
                via=via,
            )
        )

    def slow_next(self, method: str, path: str, *, seconds: float, times: int = 1) -> None:
        """Answer the next matching requests late."""
        fault = Fault(method=method, path=re.compile(path), status=None, times=times, delay=seconds)
        self.faults.pending.append(fault)

    def calls_to(self, method: str, path: str) -> list[Call]:
        """The recorded requests of a method whose path matches a pattern."""
        return [call for call in self.calls if call.method == method and re.search(path, call.path)]

    def events(self, name: str) -> list[Json]:
        """What was dispatched under an event name, over all living sessions."""
        return [data for session in self.gateway.sessions.values() for kind, data in session.events if kind == name]

    def duplicate_last_event(self) -> None:
        """Dispatch the last event of every session once more, under a new sequence number."""
        for session in self.gateway.sessions.values():
            session.repeat_last()

    async def ready(self, *, within: float = 5.0) -> None:
        """Wait until a session is connected. Raises TimeoutError."""
        await self.until(lambda: self.connected, within=within)
