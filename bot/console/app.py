"""The web process's application: the console, health and metrics; Slack's HTTP mode and the sandbox are mounted by the bootstrap."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus
from pathlib import Path

from fastapi import FastAPI, HTTPException, Request
from fastapi.responses import PlainTextResponse, RedirectResponse, Response
from fastapi.staticfiles import StaticFiles
from fastapi.templating import Jinja2Templates
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.middleware.base import RequestResponseEndpoint

from bot.console.login import LoginPages
from bot.console.metrics import Metrics
from bot.console.policy import PolicyPage
from bot.console.queue import QueuePages
from bot.console.sessions import Sessions
from bot.console.throttle import Throttle
from bot.console.who import Door
from bot.service.review import Review
from bot.service.store import Store
from bot.service.track_record import Standings

HERE = Path(__file__).parent
_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; object-src 'none'; frame-ancestors 'none'; form-action 'self'; base-uri 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
#: Nobody who comes to the computer later is to page back to a case.
_NEVER_KEPT = "no-store"
_STATIC = "/static/"
#: How a browser says that no other site asked. What is no browser (Slack, a health check) says nothing.
_FROM_HERE = frozenset({None, "same-origin", "none"})


def create_app(
    *,
    store: Store,
    review: Review,
    standings: Standings,
    door: Door,
    secret: bytes,
    secure: bool,
    now: Callable[[], datetime],
) -> FastAPI:
    """The console. ``secret`` signs the session cookie; ``secure`` keeps it to https, whatever a request came by. ``now`` is aware UTC."""
    # Neither pages nor a list of what can be asked for: the console is for people, and strangers need no map of it.
    app = FastAPI(title="Chaperone", openapi_url=None, docs_url=None, redoc_url=None)
    app.state.door = door
    app.add_middleware(Sessions, secret=secret, secure=secure)
    app.include_router(LoginPages(Throttle(now)).router())
    app.include_router(QueuePages(review).router())
    app.include_router(PolicyPage(standings).router())
    app.mount("/static", StaticFiles(directory=HERE / "static"), name="static")
    _add_guard(app)
    _add_way_back(app)
    _add_operations(app, store, Metrics(store, now))
    return app


def _add_guard(app: FastAPI) -> None:
    @app.middleware("http")
    async def guard(request: Request, call_next: RequestResponseEndpoint) -> Response:
        if request.method == "POST" and request.headers.get("Sec-Fetch-Site") not in _FROM_HERE:
            return _guarded(request, PlainTextResponse("Another site sent this.", status_code=403))
        return _guarded(request, await call_next(request))

    @app.exception_handler(Exception)
    async def broken(request: Request, _: Exception) -> Response:
        """What went wrong stands in the log. The guard is not asked any more here."""
        return _guarded(request, PlainTextResponse("Something went wrong here. Please try again.", status_code=500))


def _add_way_back(app: FastAPI) -> None:
    templates = Jinja2Templates(directory=HERE / "templates")

    @app.exception_handler(404)
    async def missing(request: Request, error: HTTPException) -> Response:
        """A page for somebody who followed an old link; who typed the bare address is led to the queue."""
        if request.url.path == "/":
            return RedirectResponse("/queue", status_code=303)
        problem = "" if error.detail == HTTPStatus.NOT_FOUND.phrase else error.detail
        return templates.TemplateResponse(request, "missing.html", {"problem": problem}, status_code=404)


def _guarded(request: Request, response: Response) -> Response:
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    if _STATIC not in request.url.path:
        response.headers.setdefault("Cache-Control", _NEVER_KEPT)
    return response


def _add_operations(app: FastAPI, store: Store, metrics: Metrics) -> None:
    @app.get("/healthz", response_class=PlainTextResponse)
    async def healthz() -> str:
        """Whether the process and its database are well."""
        if not await store.ready():
            raise HTTPException(503, "The database does not answer or is not migrated.")
        return "ok"

    @app.get("/metrics", response_class=Response)
    async def numbers() -> Response:
        """Counts for Prometheus, about the process and about the work: kinds and states, never text, names or ids."""
        return Response(generate_latest() + await metrics.page(), media_type=CONTENT_TYPE_LATEST)
