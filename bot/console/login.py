"""The login page, and how long somebody who guesses has to wait."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from fastapi.templating import Jinja2Templates

from bot.console.throttle import Throttle
from bot.console.who import DoorHere

WRONG = "Name and password do not fit. Please try again."


class LoginPages:
    """The routes of the door."""

    def __init__(self, throttle: Throttle) -> None:
        self._throttle = throttle
        self._templates = Jinja2Templates(directory=Path(__file__).parent / "templates")

    def router(self) -> APIRouter:
        """The routes."""
        router = APIRouter()
        router.add_api_route("/login", self.page, response_class=HTMLResponse)
        router.add_api_route("/login", self.login, methods=["POST"], response_class=HTMLResponse, response_model=None)
        router.add_api_route("/logout", self.logout, methods=["POST"], response_class=RedirectResponse)
        return router

    async def page(self, request: Request) -> HTMLResponse:
        """The login form."""
        return self._form(request, "")

    async def login(
        self, request: Request, door: DoorHere, name: Annotated[str, Form()], password: Annotated[str, Form()]
    ) -> HTMLResponse | RedirectResponse:
        """Let a reviewer in, unless too many tries were wrong."""
        address = request.client.host if request.client else ""
        seconds = self._throttle.wait(address)
        if seconds:
            return self._form(request, _please_wait(seconds), status=429, headers={"Retry-After": str(seconds)})
        if not door.admits(name, password):
            self._throttle.wrong(address, name)
            return self._form(request, WRONG, status=403)
        self._throttle.right(address, name)
        door.welcome(request, name)
        return RedirectResponse("/queue", status_code=303)

    async def logout(self, request: Request, door: DoorHere) -> RedirectResponse:
        """Say goodbye."""
        door.goodbye(request)
        return RedirectResponse("/login", status_code=303)

    def _form(
        self, request: Request, problem: str, *, status: int = 200, headers: dict[str, str] | None = None
    ) -> HTMLResponse:
        context = {"problem": problem}
        return self._templates.TemplateResponse(request, "login.html", context, status_code=status, headers=headers)


def _please_wait(seconds: int) -> str:
    minutes = -(-seconds // 60)
    how_long = "a minute" if minutes == 1 else f"{minutes} minutes"
    return f"There were many wrong tries, so the door is closed for a moment. Please try again in {how_long}."
