"""Slack's connection to the house: listens, catches up, and offers the Platform."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import structlog
from slack_bolt.adapter.asgi.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncApp

from bot.adapters.slack.api import SlackApi, SlackSettings
from bot.adapters.slack.app import Ears
from bot.adapters.slack.catchup import CatchUp, ever_longer
from bot.adapters.slack.doctor import Doctor
from bot.adapters.slack.manifest import EVENTS_PATH
from bot.adapters.slack.platform import SlackPlatform
from bot.adapters.slack.presses import Presses, Reports
from bot.adapters.slack.socket import PING, SocketConnection
from bot.domain.errors import PlatformError, SettingsError
from bot.domain.message import RoomRef
from bot.domain.words import Remark
from bot.service.desk import Desk
from bot.service.intake import Intake
from bot.service.ports import Clock

_log = structlog.get_logger(__name__)

Scope = MutableMapping[str, Any]
#: An ASGI application.
Asgi = Callable[[Scope, Callable[[], Awaitable[Scope]], Callable[[Scope], Awaitable[None]]], Awaitable[None]]


class SlackAdapter:
    """The connection to one Slack workspace: Socket Mode where there is an app token, else events over HTTP.

    Raises SettingsError where the bot token is missing. ``ping`` is the seconds between looks at the socket.
    """

    def __init__(
        self,
        settings: SlackSettings,
        intake: Intake,
        desk: Desk,
        clock: Clock,
        *,
        reports: Reports | None = None,
        ping: float = PING,
    ) -> None:
        self._ping = ping
        self._app_token = settings.slack_app_token.get_secret_value() if settings.slack_app_token else None
        secret = settings.slack_signing_secret.get_secret_value() if settings.slack_signing_secret else ""
        self._api = SlackApi(settings, clock)
        doctor = Doctor(self._api, app_token=self._app_token, has_signing_secret=bool(secret))

        def notice(room: RoomRef) -> str:
            return desk.remarks(room, None)[Remark.OUT_OF_SIGHT]

        self.platform = SlackPlatform(self._api, doctor, notice)
        self._catch_up = CatchUp(intake, self.platform, clock)
        people, scribe = self.platform.people, self.platform.scribe
        presses = Presses(api=self._api, desk=desk, people=people, scribe=scribe, reports=reports)
        self._app = Ears(self._api, intake, self.platform, self._catch_up).app(presses, secret)
        #: Answers POST /slack/events, as an ASGI application to be mounted at /slack; None without a signing secret.
        self.http_handler = _asgi(self._app) if secret else None

    async def run(self, stop: asyncio.Event) -> None:
        """Listen until ``stop`` is set. Raises SettingsError where Slack will not have a token or the app."""
        async with self._api.shared_session():
            await self._introduce(stop)
            try:
                await self._listen(stop)
            finally:
                await self._catch_up.stop()

    async def _listen(self, stop: asyncio.Event) -> None:
        if self._app_token is not None:
            on_open = self._catch_up.start_over
            connection = SocketConnection(
                app=self._app, api=self._api, app_token=self._app_token, on_open=on_open, ping=self._ping
            )
            await connection.run(stop)
        elif self.http_handler is not None:
            await self._catch_up.start_over()
            await stop.wait()
        else:
            raise SettingsError(
                "Slack needs SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET (HTTP) to send events."
            )

    async def _introduce(self, stop: asyncio.Event) -> None:
        """Ask Slack who the bot is, until it answers."""
        for wait in ever_longer():
            if stop.is_set():
                return
            try:
                await self._api.identity()
            except PlatformError as error:
                _log.warning("Slack does not answer", action="slack_unreachable", error=type(error).__name__)
                await self._rest(wait, stop)
            else:
                return

    async def _rest(self, seconds: float, stop: asyncio.Event) -> None:
        """Wait, but not beyond ``stop``."""
        waits = {asyncio.create_task(self._api.clock.sleep(seconds)), asyncio.create_task(stop.wait())}
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        for waiting in waits:
            waiting.cancel()


def _asgi(app: AsyncApp) -> Asgi:
    handler = AsyncSlackRequestHandler(app, path=EVENTS_PATH)

    async def answer(
        scope: Scope, receive: Callable[[], Awaitable[Scope]], send: Callable[[Scope], Awaitable[None]]
    ) -> None:
        await handler(dict(scope), receive, send)

    return answer
