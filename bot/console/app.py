"""The web process's application: the console, health and metrics; Slack's HTTP mode and the sandbox are mounted by the bootstrap."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from fastapi import FastAPI, Form, HTTPException, Request
from fastapi.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from fastapi.staticfiles import StaticFiles
from fastapi.templating import Jinja2Templates
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.middleware.base import RequestResponseEndpoint
from starlette.middleware.sessions import SessionMiddleware

from bot.console.policy import PolicyPage
from bot.console.queue import QueuePages
from bot.console.who import Door, DoorHere
from bot.service.review import Review
from bot.service.store import Store
from bot.service.track_record import Standings

HERE = Path(__file__).parent
#: Seconds until a reviewer has to log in again: one shift.
SESSION = 8 * 3600
_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; frame-ancestors 'none'; form-action 'self'; base-uri 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
#: Nobody who comes to the computer later is to page back to a case.
_NEVER_KEPT = "no-store"
_STATIC = "/static/"
#: How a browser says that no other site asked. What is no browser (Slack, a health check) says nothing.
_FROM_HERE = frozenset({None, "same-origin", "none"})


def create_app(
    *, store: Store, review: Review, standings: Standings, door: Door, secret: bytes, secure: bool
) -> FastAPI:
    """The console. ``secret`` signs the session cookie; ``secure`` keeps that cookie to https."""
    app = FastAPI(title="Chaperone", docs_url=None, redoc_url=None)
    app.state.door = door
    app.add_middleware(
        SessionMiddleware,
        secret_key=secret.hex(),
        session_cookie="chaperone",
        max_age=SESSION,
        same_site="strict",
        https_only=secure,
    )
    templates = Jinja2Templates(directory=HERE / "templates")
    app.include_router(QueuePages(review).router())
    app.include_router(PolicyPage(standings).router())
    app.mount("/static", StaticFiles(directory=HERE / "static"), name="static")

    @app.middleware("http")
    async def guard(request: Request, call_next: RequestResponseEndpoint) -> Response:
        if request.method == "POST" and request.headers.get("Sec-Fetch-Site") not in _FROM_HERE:
            return PlainTextResponse("Another site sent this.", status_code=403)
        response = await call_next(request)
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)
        if _STATIC not in request.url.path:
            response.headers.setdefault("Cache-Control", _NEVER_KEPT)
        return response

    _add_operations(app, store)
    _add_login(app, templates)
    return app


def _add_operations(app: FastAPI, store: Store) -> None:
    @app.get("/healthz", response_class=PlainTextResponse)
    async def healthz() -> str:
        """Whether the process and its database are well."""
        if not await store.ready():
            raise HTTPException(503, "The database does not answer or is not migrated.")
        return "ok"

    @app.get("/metrics", response_class=Response)
    async def metrics() -> Response:
        """Counts for Prometheus: ids and kinds, never text."""
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


def _add_login(app: FastAPI, templates: Jinja2Templates) -> None:
    @app.get("/login", response_class=HTMLResponse)
    async def login_page(request: Request) -> HTMLResponse:
        """The login form."""
        return templates.TemplateResponse(request, "login.html", {"problem": ""})

    @app.post("/login", response_class=HTMLResponse, response_model=None)
    async def login(
        request: Request, door: DoorHere, name: Annotated[str, Form()], password: Annotated[str, Form()]
    ) -> HTMLResponse | RedirectResponse:
        """Let a reviewer in."""
        if not door.admits(name, password):
            context = {"problem": "Name and password do not fit. Please try again."}
            return templates.TemplateResponse(request, "login.html", context, status_code=403)
        door.welcome(request, name)
        return RedirectResponse("/queue", status_code=303)

    @app.post("/logout", response_class=RedirectResponse)
    async def logout(request: Request, door: DoorHere) -> RedirectResponse:
        """Say goodbye."""
        door.goodbye(request)
        return RedirectResponse("/login", status_code=303)
