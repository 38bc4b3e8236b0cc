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
from bot.domain.message import Author, Message, PlatformName, RoomRef
from bot.domain.words import ButtonKind, Remark, Remarks
from bot.service.desk import Answer, Desk

_log = structlog.get_logger(__name__)


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
                view = await self._open(str(body["trigger_id"]), self._remarks(body))
            answer = await self._desk.press(kind, case, await self._people.author(_who(body)))
        except ChaperoneError as error:
            _log.warning("press failed", action="press_failed", kind=kind, case=case, error=type(error).__name__)
            answer = Answer(text=self._remarks(body)[Remark.TRY_AGAIN])
        if view is None:
            await self._say(answer.text, respond)
        else:
            await self._show(answer, view, self._remarks(body))

    async def shortcut(self, body: Payload, respond: AsyncRespond) -> None:
        """Somebody chose "Report to moderators" in a message's menu."""
        channel = body["channel"]
        try:
            by = await self._people.author(_who(body))
            spoken = sift_kept(body["message"], str(channel["id"]), await self._api.identity())
            if spoken is None or self._reports is None:
                why = Remark.PEOPLE_ONLY if spoken is None else Remark.NO_REPORTS
                answer = Answer(text=self._remarks(body)[why])
            else:
                message = await self._scribe.message(spoken, room_name=str(channel["name"]))
                answer = await self._reports.report(message, by)
        except ChaperoneError as error:
            _log.warning("report failed", action="report_failed", error=type(error).__name__)
            answer = Answer(text=self._remarks(body)[Remark.TRY_AGAIN])
        await self._say(answer.text, respond)

    def _remarks(self, body: Payload) -> Remarks:
        """In the language of the one who pressed, once they are known; a modal is in no channel."""
        workspace, channel = (str((body.get(part) or {}).get("id", "")) for part in ("team", "channel"))
        by = self._people.known(_who(body))
        room = RoomRef(platform=PlatformName.SLACK, workspace=workspace, room=channel)
        return self._desk.remarks(room, None if by is None else by.locale)

    async def _open(self, trigger: str, remarks: Remarks) -> str:
        """Open the modal before anything else is asked: the trigger lives for three seconds."""
        answer = await self._api.call(self._api.bot.views_open, trigger_id=trigger, view=waiting_view(remarks))
        return str(answer["view"]["id"])

    async def _show(self, answer: Answer, view: str, remarks: Remarks) -> None:
        try:
            await self._api.call(self._api.bot.views_update, view_id=view, view=answer_view(answer, remarks))
        except (SlackRefusedError, ChaperoneError) as error:  # closed meanwhile, most likely
            _log.info("modal not updated", action="modal_gone", error=type(error).__name__)

    async def _say(self, text: str, respond: AsyncRespond) -> None:
        await respond(text=encode(text), response_type="ephemeral", replace_original=False)


def _who(body: Payload) -> str:
    return str(body["user"]["id"])
