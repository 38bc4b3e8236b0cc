"""Buttons, the case modal and the shortcut. Bolt has acknowledged before any of this runs."""

from __future__ import annotations

from typing import Protocol

import structlog
from slack_bolt.async_app import AsyncRespond

from bot.adapters.slack.api import Payload, SlackApi
from bot.adapters.slack.errors import SlackRefusedError
from bot.adapters.slack.events import sift_kept
from bot.adapters.slack.people import People
from bot.adapters.slack.scribe import Scribe
from bot.adapters.slack.text import encode
from bot.adapters.slack.view import answer_view, pressed, waiting_view
from bot.domain.errors import ChaperoneError
from bot.domain.message import Author, Message
from bot.domain.words import ButtonKind
from bot.service.desk import Answer, Desk

_log = structlog.get_logger(__name__)

TRY_AGAIN = "That did not work just now. Please try again in a moment."
NOT_SET_UP = "Reports are not taken here. Please write to a moderator."
NOT_A_PERSONS = "Only what people wrote can be reported."


class Reports(Protocol):
    """Takes what members report."""

    async def report(self, message: Message, by: Author) -> Answer:
        """Have a moderator look at the message; what ``by`` then reads."""
        ...


class Presses:
    """Answers people. Nobody else sees what they read; the text of a case stands in a modal only."""

    def __init__(self, *, api: SlackApi, desk: Desk, people: People, scribe: Scribe, reports: Reports | None) -> None:
        self._api = api
        self._desk = desk
        self._people = people
        self._scribe = scribe
        self._reports = reports

    async def button(self, body: Payload, respond: AsyncRespond) -> None:
        """Somebody pressed one of the bot's buttons."""
        found = pressed(str(body["actions"][0]["action_id"]))
        if found is None:
            return
        kind, case = found
        view = body["view"]["id"] if body.get("view") else None
        try:
            if kind is ButtonKind.OPEN and view is None:
                view = await self._open(str(body["trigger_id"]))
            answer = await self._desk.press(kind, case, await self._people.author(_who(body)))
        except ChaperoneError as error:
            _log.warning("press failed", action="press_failed", kind=kind, case=case, error=type(error).__name__)
            answer = Answer(text=TRY_AGAIN)
        await self._show(answer, view, respond)

    async def shortcut(self, body: Payload, respond: AsyncRespond) -> None:
        """Somebody chose "Report to moderators" in a message's menu."""
        channel = body["channel"]
        try:
            spoken = sift_kept(body["message"], str(channel["id"]), await self._api.identity())
            if spoken is None or self._reports is None:
                answer = Answer(text=NOT_A_PERSONS if spoken is None else NOT_SET_UP)
            else:
                message = await self._scribe.message(spoken, room_name=str(channel["name"]))
                answer = await self._reports.report(message, await self._people.author(_who(body)))
        except ChaperoneError as error:
            _log.warning("report failed", action="report_failed", error=type(error).__name__)
            answer = Answer(text=TRY_AGAIN)
        await self._say(answer.text, respond)

    async def _open(self, trigger: str) -> str:
        """Open the modal before anything else is asked: the trigger lives for three seconds."""
        answer = await self._api.call(self._api.bot.views_open, trigger_id=trigger, view=waiting_view())
        return str(answer["view"]["id"])

    async def _show(self, answer: Answer, view: str | None, respond: AsyncRespond) -> None:
        if view is None:
            await self._say(answer.text, respond)
            return
        try:
            await self._api.call(self._api.bot.views_update, view_id=view, view=answer_view(answer))
        except (SlackRefusedError, ChaperoneError) as error:  # closed meanwhile, most likely
            _log.info("modal not updated", action="modal_gone", error=type(error).__name__)

    async def _say(self, text: str, respond: AsyncRespond) -> None:
        await respond(text=encode(text), response_type="ephemeral", replace_original=False)


def _who(body: Payload) -> str:
    return str(body["user"]["id"])
