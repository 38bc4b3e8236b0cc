"""The Web API's door: reads calls, checks tokens, limits and faults, keeps a record, writes answers."""

import asyncio
import json
from dataclasses import dataclass
from datetime import datetime

from aiohttp import web

from tests.simulators.slack import (  # importing them fills the table of methods
    methods_chat,
    methods_conversations,
    methods_discovery,
    methods_people,
    methods_views,
)
from tests.simulators.slack.api import METHODS, ApiError, Arguments, Caller, Method
from tests.simulators.slack.limits import Fault, FaultPlan, RateLimits
from tests.simulators.slack.timeline import Timeline
from tests.simulators.slack.workspace import SlackWorkspace
from tests.simulators.slack.world import Payload, Token

METHOD_MODULES = (methods_chat, methods_conversations, methods_discovery, methods_people, methods_views)


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiCall:
    """A call as it came in and how it ended. `error` is None for success; `token` is the token's value."""

    method: str
    args: Payload
    token: str | None
    at: datetime
    status: int
    error: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """An answer to be written."""

    payload: Payload
    status: int = 200
    retry_after: int | None = None
    token: Token | None = None


class WebApi:
    """Handles `/api/<method>`."""

    def __init__(self, world: SlackWorkspace, timeline: Timeline) -> None:
        self.limits = RateLimits()
        self.faults = FaultPlan()
        self.calls: list[ApiCall] = []
        self._world = world
        self._timeline = timeline

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer one call."""
        name = request.match_info["method"]
        try:
            values = await read_arguments(request)
        except ValueError:
            return _written(name, Reply(payload={"ok": False, "error": "invalid_json"}))
        token_value = _bearer(request) or (None if name == "apps.connections.open" else values.get("token"))
        values.pop("token", None)
        fault = self.faults.take(name)
        if fault is not None and fault.delay_s:
            await asyncio.sleep(fault.delay_s)
        reply = _faulty(fault) if fault is not None and not fault.after_effect else None
        if reply is None:
            reply = self._perform(name, token_value, values)
            reply = (_faulty(fault) or reply) if fault is not None else reply
        self._record(name, values, token_value, reply)
        if fault is not None and fault.cut and request.transport is not None:
            request.transport.abort()
        return _written(name, reply)

    def _record(self, name: str, values: Payload, token: str | None, reply: Reply) -> None:
        error = reply.payload.get("error")
        call = ApiCall(method=name, args=values, token=token, at=self._world.clock(), status=reply.status, error=error)
        self.calls.append(call)

    def _perform(self, name: str, token_value: str | None, values: Payload) -> Reply:
        token: Token | None = None
        try:
            found = _method(name)
            token = self._token(token_value)
            wait_s = self.limits.retry_after(name, found.tier, token.value, values.get("channel"), self._world.clock())
            if wait_s is not None:
                payload: Payload = {"ok": False, "error": "ratelimited"}
                return Reply(payload=payload, status=429, retry_after=wait_s, token=token)
            return Reply(payload={"ok": True, **self._run(found, token, values)}, token=token)
        except ApiError as problem:
            return Reply(payload={"ok": False, "error": problem.error, **problem.beside}, token=token)

    def _run(self, found: Method, token: Token, values: Payload) -> Payload:
        if token.kind not in found.tokens:
            raise ApiError("not_allowed_token_type")
        caller = Caller(
            world=self._world,
            timeline=self._timeline,
            token=token,
            short_history=self.limits.outside_marketplace,
        )
        if found.scopes:
            caller.need_scope(*found.scopes)
        return found.handler(caller, Arguments(values))

    def _token(self, value: str | None) -> Token:
        if not value:
            raise ApiError("not_authed")
        token = self._world.tokens.get(value)
        if token is None:
            raise ApiError("invalid_auth")
        if token.revoked:
            raise ApiError("token_revoked")
        owner = self._world.users.get(token.user_id or "")
        if owner is not None and owner.deleted:
            raise ApiError("account_inactive")
        return token


def _method(name: str) -> Method:
    found = METHODS.get(name)
    if found is None:
        raise ApiError("unknown_method", req_method=name)
    return found


async def read_arguments(request: web.Request) -> Payload:
    """Arguments from the query, from a form and from a JSON body alike; the body wins."""
    values: Payload = dict(request.query)
    if request.method != "POST":
        return values
    if request.content_type == "application/json":
        body: object = json.loads(await request.text() or "{}")
        values.update(body if isinstance(body, dict) else {})
    else:
        values.update({key: value for key, value in (await request.post()).items() if isinstance(value, str)})
    return values


def _bearer(request: web.Request) -> str | None:
    scheme, _, value = request.headers.get("Authorization", "").partition(" ")
    return value if scheme == "Bearer" else None


def _faulty(fault: Fault | None) -> Reply | None:
    if fault is None:
        return None
    if fault.retry_after is not None:
        return Reply(payload={"ok": False, "error": "ratelimited"}, status=429, retry_after=fault.retry_after)
    if fault.error is not None:
        return Reply(payload={"ok": False, "error": fault.error}, status=fault.status or 200)
    if fault.status is not None:
        return Reply(payload={}, status=fault.status)
    return None


def _written(name: str, reply: Reply) -> web.Response:
    headers = {"X-Slack-Req-Id": "simulated"}
    if reply.token is not None:
        headers["X-OAuth-Scopes"] = ",".join(sorted(reply.token.scopes))
        headers["X-Accepted-OAuth-Scopes"] = ",".join(METHODS[name].scopes) if name in METHODS else ""
    if reply.retry_after is not None:
        headers["Retry-After"] = str(reply.retry_after)
    if not reply.payload:
        return web.Response(status=reply.status, text="Server Error", content_type="text/html", headers=headers)
    return web.json_response(reply.payload, status=reply.status, headers=headers)
