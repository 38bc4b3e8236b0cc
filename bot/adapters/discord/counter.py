"""The counter: presses and reports come in, answers go out, seen only by the one who asked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

import discord
import structlog

from bot.adapters.discord.errors import CALL_ERRORS
from bot.adapters.discord.events import author_of, message_of
from bot.adapters.discord.places import place_of
from bot.adapters.discord.private import PrivateNotes
from bot.adapters.discord.speak import NOBODY
from bot.adapters.discord.view import case_contents, parts, view_of
from bot.domain.message import Author, Message, PlatformName, RoomRef
from bot.domain.words import ButtonKind, Remark, Remarks
from bot.service.desk import Answer

if TYPE_CHECKING:
    from bot.adapters.discord.client import ChaperoneClient

_log = structlog.get_logger(__name__)


class Presses(Protocol):
    """What answers a press: the service's Desk."""

    async def press(self, kind: ButtonKind, case: str, by: Author) -> Answer:
        """See the desk."""
        ...

    def remarks(self, room: RoomRef, locale: str | None) -> Remarks:
        """See the desk."""
        ...


class Reports(Protocol):
    """Takes what members report."""

    async def report(self, message: Message, by: Author) -> Answer:
        """Have a moderator look at the message; what ``by`` then reads."""
        ...


class Counter:
    """Defers every interaction at once, so that the work behind it may take its time (the token lives 15 minutes)."""

    def __init__(self, desk: Presses, notes: PrivateNotes, reports: Reports | None) -> None:
        self._desk = desk
        self._notes = notes
        self._reports = reports

    async def pressed(self, interaction: discord.Interaction[ChaperoneClient], kind: ButtonKind, case: str) -> None:
        """A button of a case was pressed."""
        by = author_of(interaction.user, locale=interaction.locale.value)
        if not await _deferred(interaction):
            return
        try:
            answer = await self._desk.press(kind, case, by)
        except Exception as error:
            _log.warning("press failed", action="press_failed", case=case, error=type(error).__name__)
            answer = Answer(text=self._remarks(interaction)[Remark.TRY_AGAIN])
        _log.info("pressed", action="pressed", kind=kind, case=case, by=by.id)
        await _reply(interaction, case_contents(answer), view_of(answer.buttons))

    async def asked_to_see(self, interaction: discord.Interaction[ChaperoneClient], mark: str, member: str) -> None:
        """The button of a note in a room was pressed."""
        if not await _deferred(interaction):
            return
        words = self._notes.behind(mark)
        if str(interaction.user.id) != member:
            await _reply(interaction, [self._remarks(interaction)[Remark.SOMEBODY_ELSES]])
        elif words is None:
            await _reply(interaction, [self._remarks(interaction)[Remark.NOT_AT_HAND]])
        else:
            await _reply(interaction, parts(words.text), view_of(words.buttons, words.links))

    async def reported(self, interaction: discord.Interaction[ChaperoneClient], source: discord.Message) -> None:
        """Somebody chose "Report" in a message's menu."""
        if self._reports is None or not await _deferred(interaction):
            return
        place = place_of(interaction.channel)
        message = message_of(source, place) if place is not None else None
        if message is None:
            await _reply(interaction, [self._remarks(interaction)[Remark.PEOPLE_ONLY]])
            return
        try:
            by = author_of(interaction.user, locale=interaction.locale.value)
            answer = await self._reports.report(message, by)
        except Exception as error:
            _log.warning("report failed", action="report_failed", error=type(error).__name__)
            answer = Answer(text=self._remarks(interaction)[Remark.TRY_AGAIN])
        await _reply(interaction, case_contents(answer), view_of(answer.buttons))

    def _remarks(self, interaction: discord.Interaction[ChaperoneClient]) -> Remarks:
        """In the language of the one who pressed; a direct message is in no server."""
        server, channel = str(interaction.guild_id or ""), str(interaction.channel_id or "")
        room = RoomRef(platform=PlatformName.DISCORD, workspace=server, room=channel)
        return self._desk.remarks(room, interaction.locale.value)


async def _deferred(interaction: discord.Interaction[ChaperoneClient]) -> bool:
    try:
        await interaction.response.defer(ephemeral=True, thinking=True)
    except CALL_ERRORS as error:
        _log.warning("interaction lost", action="interaction_lost", error=type(error).__name__)
        return False
    return True


async def _reply(
    interaction: discord.Interaction[ChaperoneClient], pieces: Sequence[str], view: discord.ui.View | None = None
) -> None:
    under = [None] * (len(pieces) - 1) + [view]
    try:
        for piece, buttons in zip(pieces, under, strict=True):
            shown = buttons or discord.ui.View(timeout=None)
            await interaction.followup.send(piece, ephemeral=True, allowed_mentions=NOBODY, view=shown)
    except CALL_ERRORS as error:
        _log.warning("answer lost", action="answer_lost", error=type(error).__name__)
