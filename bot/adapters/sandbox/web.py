"""The sandbox in a browser: a room to write in and, beside it, what everybody else gets to see, at once."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, FastAPI, HTTPException, Request
from fastapi.responses import HTMLResponse, Response, StreamingResponse
from fastapi.staticfiles import StaticFiles
from fastapi.templating import Jinja2Templates
from pydantic import BaseModel, StringConstraints

from bot.adapters.sandbox.people import PEOPLE, PREPARED
from bot.adapters.sandbox.view import JsonObject, snapshot
from bot.adapters.sandbox.world import ROOMS, World
from bot.domain.words import ButtonKind
from bot.service.desk import Desk
from bot.service.intake import Intake
from bot.service.review import Review
from bot.service.store import Store

HERE = Path(__file__).parent
#: Seconds between looks where the world did not say that it changed: a case may have.
LOOK = 1.0


class Said(BaseModel):
    """What a visitor writes, as whom and where."""

    who: str
    room: str
    text: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40_000)]


class Pressed(BaseModel):
    """A button that a visitor presses, as whom."""

    who: str
    kind: ButtonKind
    case: str


class SandboxPage:
    """The routes of the sandbox over one world."""

    def __init__(self, *, world: World, intake: Intake, desk: Desk, review: Review, store: Store) -> None:
        self._world = world
        self._intake = intake
        self._desk = desk
        self._review = review
        self._store = store
        self._templates = Jinja2Templates(directory=HERE / "templates")

    def add_to(self, app: FastAPI) -> None:
        """Serve the sandbox at the root of ``app``."""
        router = APIRouter()
        router.add_api_route("/", self.page, response_class=HTMLResponse)
        router.add_api_route("/sandbox/state", self.state, response_model=None)
        router.add_api_route("/sandbox/events", self.events, response_model=None)
        router.add_api_route("/sandbox/say", self.say, methods=["POST"], status_code=204, response_class=Response)
        router.add_api_route("/sandbox/press", self.press, methods=["POST"], response_model=None)
        app.include_router(router)
        app.mount("/sandbox/static", StaticFiles(directory=HERE / "static"), name="sandbox-static")

    async def page(self, request: Request) -> HTMLResponse:
        """The page; everything that changes on it comes by server-sent events."""
        context = {"people": PEOPLE.values(), "prepared": PREPARED, "rooms": ROOMS}
        return self._templates.TemplateResponse(request, "sandbox.html", context)

    async def state(self) -> JsonObject:
        """What the page shows now."""
        return await snapshot(self._world, self._review, self._store)

    async def events(self, request: Request) -> StreamingResponse:
        """The state after every change, as server-sent events."""
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return StreamingResponse(self._stream(request), media_type="text/event-stream", headers=headers)

    async def say(self, said: Said) -> None:
        """Post a message, as the bot's platforms would hear of it."""
        if said.who not in PEOPLE or said.room not in ROOMS:
            raise HTTPException(422, "There is no such person or room in the sandbox.")
        for removed in self._world.removed():
            await self._intake.gone(removed)
        message = self._world.say(PEOPLE[said.who], said.room, said.text)
        await self._intake.accept(message, message.ref.message)

    async def press(self, pressed: Pressed) -> JsonObject:
        """Press a button; what the visitor reads then."""
        if pressed.who not in PEOPLE:
            raise HTTPException(422, "There is no such person in the sandbox.")
        answer = await self._desk.press(pressed.kind, pressed.case, PEOPLE[pressed.who])
        self._world.changed()
        text = answer.kept.message.text if answer.kept else ""
        buttons = [{"kind": button.kind, "case": button.case, "label": button.label} for button in answer.buttons]
        return {"text": answer.text, "message": text, "buttons": buttons}

    async def _stream(self, request: Request) -> AsyncIterator[str]:
        last = ""
        with self._world.listening() as changed:
            while not await request.is_disconnected():
                changed.clear()
                state = json.dumps(await self.state())
                if state != last:
                    yield f"data: {state}\n\n"
                    last = state
                try:
                    await asyncio.wait_for(changed.wait(), LOOK)
                except TimeoutError:
                    continue
