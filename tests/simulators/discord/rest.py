"""The REST server: decoding, authentication, faults, rate limits, recording, and Discord's response headers."""

import asyncio
import json
from urllib.parse import unquote

from aiohttp import BodyPartReader, web

from . import (
    routes_application,
    routes_automod,
    routes_channels,
    routes_guilds,
    routes_interactions,
    routes_messages,
    routes_webhooks,
)
from .core import SimulatorCore
from .errors import ApiError, api_error, plain_error
from .faults import Call, Fault
from .json_types import Json
from .rest_types import Auth, Reply, RestRequest, Route, Upload

API_PREFIX = "/api/v10"
REASON_LIMIT = 512
ALWAYS = {"Via": "1.1 google", "Server": "cloudflare"}
"""discord.py takes a 429 without `Via` for a ban by the edge network."""

ROUTES: list[Route] = [
    *routes_application.ROUTES,
    *routes_messages.ROUTES,
    *routes_channels.ROUTES,
    *routes_guilds.ROUTES,
    *routes_webhooks.ROUTES,
    *routes_interactions.ROUTES,
    *routes_automod.ROUTES,
]


class RestServer:
    """Answers requests below the API's base, and those for files."""

    def __init__(self, sim: SimulatorCore) -> None:
        self._sim = sim

    def add_to(self, app: web.Application) -> None:
        """Register every route."""
        for route in ROUTES:
            app.router.add_route(route.method, API_PREFIX + route.template, _Endpoint(self._sim, route).answer)
        app.router.add_route("GET", "/attachments/{channel_id}/{attachment_id}/{filename}", self._file)
        app.router.add_route("*", "/{tail:.*}", self._nothing)

    async def _nothing(self, request: web.Request) -> web.StreamResponse:
        error = plain_error(404, "Not Found")
        path = request.path.removeprefix(API_PREFIX)
        call = Call(
            method=request.method,
            path=path,
            query=dict(request.query),
            body=None,
            reason=None,
            files=(),
            status=404,
            at=self._sim.clock.now(),
        )
        self._sim.calls.append(call)
        return _response(error.status, error.body, {})

    async def _file(self, request: web.Request) -> web.StreamResponse:
        item = self._sim.world.files.get(int(request.match_info["attachment_id"]))
        path = request.rel_url.raw_path
        if item is None or not self._sim.world.links.holds(path, dict(request.query)):
            return web.Response(status=404, text="This content is no longer available.")
        return web.Response(body=item.content, content_type=item.content_type.split(";")[0])


class _Endpoint:
    """One route at work."""

    def __init__(self, sim: SimulatorCore, route: Route) -> None:
        self._sim = sim
        self._route = route

    async def answer(self, request: web.Request) -> web.StreamResponse:
        if self._sim.rate_limits.is_banned():
            return web.Response(status=429, text="error code: 1015")
        path = request.path.removeprefix(API_PREFIX)
        reason = request.headers.get("X-Audit-Log-Reason")
        decoded = _Body()
        headers: dict[str, str] = {}
        fault = self._sim.faults.take(request.method, path)
        try:
            decoded = await _decode(request)
            await self._suffer(fault)
            headers = self._admit(request)
            reply = self._handle(request, decoded, unquote(reason) if reason else None)
            if fault is not None and fault.status is not None and fault.after_effect:
                raise fault.error()
        except ApiError as error:
            headers |= error.headers
            reply = Reply(error.status, error.body)
        scope = headers.get("X-RateLimit-Scope")
        self._sim.rate_limits.note_answer(reply.status, scope)
        self._record(request, path, decoded, unquote(reason) if reason else None, reply)
        if fault is not None and fault.status == 0 and request.transport is not None:
            request.transport.abort()
        return _response(reply.status, reply.body, headers, via=fault is None or fault.via)

    async def _suffer(self, fault: Fault | None) -> None:
        if fault is None:
            return
        if fault.delay:
            await asyncio.sleep(fault.delay)
        if fault.status is not None and not fault.after_effect:
            raise fault.error()

    def _admit(self, request: web.Request) -> dict[str, str]:
        token = self._sim.world.application.token
        if self._route.auth is Auth.BOT and request.headers.get("Authorization") != f"Bot {token}":
            raise api_error(0)
        params = dict(request.match_info)
        return self._sim.rate_limits.spend(request.method, self._route.template, params)

    def _handle(self, request: web.Request, decoded: "_Body", reason: str | None) -> Reply:
        return self._route.handler(
            RestRequest(
                sim=self._sim,
                params=dict(request.match_info),
                query=dict(request.query),
                body=decoded.body,
                items=decoded.items,
                uploads=decoded.uploads,
                reason=reason[:REASON_LIMIT] if reason else None,
            )
        )

    def _record(self, request: web.Request, path: str, decoded: "_Body", reason: str | None, reply: Reply) -> None:
        call = Call(
            method=request.method,
            path=path,
            query=dict(request.query),
            body=decoded.items or decoded.body or None,
            reason=reason,
            files=tuple(upload.filename for upload in decoded.uploads),
            status=reply.status,
            at=self._sim.clock.now(),
            answer=reply.body,
        )
        self._sim.calls.append(call)
        self._sim.notify()


class _Body:
    """A request's body: an object, or a list of them, and files."""

    def __init__(self) -> None:
        self.body: Json = {}
        self.items: list[Json] = []
        self.uploads: tuple[Upload, ...] = ()

    def load(self, text: str) -> None:
        """Decode JSON. Raises ApiError 50109."""
        try:
            data = json.loads(text)
        except ValueError:
            raise api_error(50109) from None
        if isinstance(data, list):
            self.items = data
        elif isinstance(data, dict):
            self.body = data


async def _decode(request: web.Request) -> _Body:
    decoded = _Body()
    if request.content_type.startswith("multipart/"):
        await _read_multipart(request, decoded)
    elif text := await request.text():
        decoded.load(text)
    return decoded


async def _read_multipart(request: web.Request, decoded: _Body) -> None:
    uploads: list[Upload] = []
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader):
            continue
        if part.name == "payload_json":
            decoded.load(await part.text())
            continue
        content = bytes(await part.read(decode=True))
        name = part.name or "files[0]"
        uploads.append(
            Upload(
                index=int(name[6:-1]) if name.startswith("files[") else 0,
                filename=part.filename or "file",
                content=content,
                content_type=part.headers.get("Content-Type", "application/octet-stream"),
            )
        )
    decoded.uploads = tuple(uploads)


def _response(
    status: int, body: Json | list[Json] | None, headers: dict[str, str], *, via: bool = True
) -> web.Response:
    always = ALWAYS if via else {"Server": "cloudflare"}
    if body is None:
        return web.Response(status=status, headers=headers | always)
    data = json.dumps(body).encode()
    return web.Response(status=status, body=data, headers=headers | always | {"Content-Type": "application/json"})
