"""The simulator as a whole: an aiohttp server on 127.0.0.1, in the event loop of the test."""

from types import TracebackType
from typing import Self

from aiohttp import web

from tests.simulators.slack.interactions import Interactions
from tests.simulators.slack.replies import Replies

SIGN_IN_PAGE = "<!DOCTYPE html><html><head><title>Sign in | Slack</title></head><body>Sign in</body></html>"


class SlackSimulator(Interactions):
    """A Slack workspace with its Web API, Socket Mode, Events API and files. Use it with `async with`."""

    _runner: web.AppRunner | None = None

    @property
    def api_url(self) -> str:
        """For `AsyncWebClient(base_url=…)`; it ends in a slash, as slack-sdk needs it."""
        return f"{self.world.base_url}/api/"

    async def start(self) -> None:
        """Listen on a free port of 127.0.0.1."""
        app = web.Application(client_max_size=4 * 1024**2)
        replies = Replies(self.world, self.timeline)
        app.router.add_route("*", "/api/{method}", self.web_api.handle)
        app.router.add_get("/link/", self.sockets.accept)
        app.router.add_post("/response/{id}", replies.handle)
        app.router.add_get("/files-pri/{id}/{tail:.+}", self._serve_file)
        app.router.add_get("/signin", self._sign_in)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        _, port = self._runner.addresses[0][:2]
        self.world.base_url = f"http://127.0.0.1:{port}"

    async def stop(self) -> None:
        """Close the sockets and stop listening."""
        await self.courier.stop()
        await self.sockets.stop()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    async def _serve_file(self, request: web.Request) -> web.StreamResponse:
        """`url_private`: without a token that may read files Slack sends browsers, and bots, to its sign-in page."""
        _, _, value = request.headers.get("Authorization", "").partition(" ")
        token = self.world.tokens.get(value)
        if token is None or token.revoked or "files:read" not in token.scopes:
            raise web.HTTPFound("/signin")
        file = self.world.files.get(request.match_info["id"].rpartition("-")[2])
        if file is None or file.deleted:
            return web.Response(status=404)
        return web.Response(body=file.content, content_type=file.mimetype)

    async def _sign_in(self, request: web.Request) -> web.StreamResponse:
        return web.Response(text=SIGN_IN_PAGE, content_type="text/html")
