"""The queue's pages: what waits, one case with its text (each opening is logged), and what a reviewer can do to it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from fastapi.templating import Jinja2Templates

from bot.console.who import Reviewer
from bot.console.wording import button, what_follows
from bot.domain.case import CaseState, Verb
from bot.domain.errors import ChaperoneError, ErasedError, IllegalTransitionError, UnknownCaseError
from bot.domain.on_call import answered_after
from bot.service.review import Review
from bot.service.store import Kept

_SHOWN = {"open": frozenset({CaseState.OPEN}), "closed": frozenset(CaseState) - {CaseState.OPEN}}
#: What can go wrong, by the word that stands in the address: nobody else's words are shown there.
_PROBLEMS = {
    "late": "This case was decided already: who did what stands below.",
    "erased": "The text of this case has been erased, so the message can't be brought back.",
    "failed": "That did not work just now. Please try again in a moment.",
    "elsewhere": "This can not be done here.",
}
#: Characters of the name of whom a case is handed on to.
_LONGEST_NAME = 80


class QueuePages:
    """Routes over the review service."""

    def __init__(self, review: Review) -> None:
        self._review = review
        self._templates = Jinja2Templates(directory=Path(__file__).parent / "templates")
        self._templates.env.globals.update(button=button, what_follows=what_follows, answered_after=answered_after)

    def router(self) -> APIRouter:
        """The routes."""
        router = APIRouter()
        router.add_api_route("/queue", self.queue, response_class=HTMLResponse)
        router.add_api_route("/cases/{case}", self.case, response_class=HTMLResponse)
        router.add_api_route("/cases/{case}/open", self.open, methods=["POST"], response_class=HTMLResponse)
        router.add_api_route("/cases/{case}/{verb}", self.change, methods=["POST"], response_class=RedirectResponse)
        return router

    async def queue(self, request: Request, reviewer: Reviewer, show: str = "open") -> HTMLResponse:
        """What waits, most urgent first; or what is closed."""
        cases = await self._review.queue(_SHOWN.get(show, _SHOWN["open"]))
        return self._templates.TemplateResponse(
            request, "queue.html", {"cases": cases, "reviewer": reviewer, "show": show}
        )

    async def case(self, request: Request, case: str, reviewer: Reviewer, problem: str = "") -> HTMLResponse:
        """One case without its text."""
        return await self._page(request, case, reviewer, None, _PROBLEMS.get(problem, ""))

    async def open(self, request: Request, case: str, reviewer: Reviewer) -> HTMLResponse:
        """One case with its text; the opening is logged."""
        try:
            _, kept = await self._review.open(case, reviewer)
        except UnknownCaseError as error:
            raise HTTPException(404, str(error)) from None
        except ChaperoneError as error:
            return await self._page(request, case, reviewer, None, str(error))
        return await self._page(request, case, reviewer, kept, "")

    async def change(
        self, case: str, verb: Verb, reviewer: Reviewer, to: Annotated[str, Form(max_length=_LONGEST_NAME)] = ""
    ) -> RedirectResponse:
        """Restore, uphold, hand on or acknowledge; then the case again, with what went wrong if anything did."""
        problem = ""
        try:
            match verb:
                case Verb.RESTORE:
                    await self._review.restore(case, reviewer)
                case Verb.UPHOLD:
                    await self._review.uphold(case, reviewer)
                case Verb.ACKNOWLEDGE:
                    await self._review.acknowledge(case, reviewer)
                case Verb.HAND_ON:
                    await self._review.hand_on(case, reviewer, to.strip() or "anybody")
                case _:
                    problem = "elsewhere"
        except UnknownCaseError as error:
            raise HTTPException(404, str(error)) from None
        except ChaperoneError as error:
            problem = _problem(error)
        return RedirectResponse(f"/cases/{case}?problem={problem}" if problem else f"/cases/{case}", status_code=303)

    async def _page(self, request: Request, case: str, reviewer: str, kept: Kept | None, problem: str) -> HTMLResponse:
        try:
            found = await self._review.case(case)
        except UnknownCaseError as error:
            raise HTTPException(404, str(error)) from None
        trail = await self._review.trail(case)
        context = {"case": found, "kept": kept, "trail": trail, "reviewer": reviewer, "problem": problem, "verbs": Verb}
        return self._templates.TemplateResponse(request, "case.html", context, headers={"Cache-Control": "no-store"})


def _problem(error: ChaperoneError) -> str:
    match error:
        case IllegalTransitionError():
            return "late"
        case ErasedError():
            return "erased"
    return "failed"
