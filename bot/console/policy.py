"""The policy's page: which version is in force, and how each of its rules fares, live and on trial."""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from fastapi.templating import Jinja2Templates

from bot.console.who import Reviewer
from bot.service.track_record import WINDOW, Standings


class PolicyPage:
    """The route over the rules' track record."""

    def __init__(self, standings: Standings) -> None:
        self._standings = standings
        self._templates = Jinja2Templates(directory=Path(__file__).parent / "templates")

    def router(self) -> APIRouter:
        """The route."""
        router = APIRouter()
        router.add_api_route("/policy", self.policy, response_class=HTMLResponse)
        return router

    async def policy(self, request: Request, reviewer: Reviewer) -> HTMLResponse:
        """The version in force, what is wrong with the file, and the rules."""
        context = {"standing": await self._standings.now(), "reviewer": reviewer, "days": WINDOW.days}
        return self._templates.TemplateResponse(request, "policy.html", context)
