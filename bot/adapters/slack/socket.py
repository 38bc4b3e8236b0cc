"""Socket Mode: keeps the connection, notices when it was away, and ends with a clear line where Slack ends it for good.

slack-sdk itself opens the next socket on a ``disconnect`` (warning, refresh_requested) and after a break; it closes the old one
first, so every ``hello`` may follow a gap.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Awaitable, Callable
from typing import Protocol

import structlog
from aiohttp import WSMessage
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.socket_mode.aiohttp import SocketModeClient

from bot.adapters.slack.api import Payload, SlackApi, quiet_logger
from bot.adapters.slack.errors import BAD_TOKEN, SlackRefusedError, bad_token
from bot.domain.errors import PlatformError, SettingsError

_log = structlog.get_logger(__name__)

#: Seconds between pings, and so about how long a broken connection goes unnoticed.
PING = 5.0
#: After so many pings without a connection the bot asks Slack itself what is wrong.
_PATIENCE = 3
SWITCHED_OFF = (
    "Slack has switched Socket Mode off for this app. Switch it on at api.slack.com/apps, your app, Socket Mode; "
    "or leave SLACK_APP_TOKEN out and set SLACK_SIGNING_SECRET to get events over HTTP."
)


class _Handler(Protocol):
    """What is used of Bolt's handler, which is not typed throughout."""

    client: SocketModeClient

    async def connect_async(self) -> None: ...

    async def close_async(self) -> None: ...


class SocketConnection:
    """One connection to Slack. ``on_open`` is awaited at each hello, before any event of that socket is taken."""

    def __init__(
        self,
        *,
        app: AsyncApp,
        api: SlackApi,
        app_token: str,
        on_open: Callable[[], Awaitable[None]],
        ping: float = PING,
    ) -> None:
        self._app = app
        self._api = api
        self._app_token = app_token
        self._on_open = on_open
        self._ping = ping
        self._ended: SettingsError | None = None
        self._over = asyncio.Event()

    async def run(self, stop: asyncio.Event) -> None:
        """Stay connected until ``stop`` is set. Raises SettingsError where Slack will not have the app."""
        handler: _Handler = AsyncSocketModeHandler(
            self._app, self._app_token, logger=quiet_logger(), web_client=self._api.bot, ping_interval=self._ping
        )
        handler.client.on_message_listeners.append(self._notice)
        connecting: asyncio.Task[None] | None = None
        try:
            handler.client.wss_uri = await self._address()
            connecting = asyncio.create_task(handler.connect_async(), name="connect to slack")
            await self._watch(handler, stop)
        finally:
            if connecting is not None:
                connecting.cancel()
            await handler.close_async()
        if self._ended is not None:
            raise self._ended

    async def _watch(self, handler: _Handler, stop: asyncio.Event) -> None:
        """Look after the connection with every ping: where it stays away, ask why and get a fresh address."""
        away = 0
        while not stop.is_set() and not self._over.is_set():
            await _first_of(stop, self._over, within=self._ping)
            away = 0 if await handler.client.is_connected() else away + 1
            if away and away % _PATIENCE == 0 and not self._over.is_set():
                _log.warning("not connected", action="slack_disconnected")
                handler.client.wss_uri = await self._fresh_address() or handler.client.wss_uri

    async def _fresh_address(self) -> str | None:
        try:
            return await self._address()
        except SettingsError as error:
            self._end(error)
        except PlatformError as error:
            _log.warning("Slack gives no connection", action="slack_unreachable", error=type(error).__name__)
        return None

    async def _address(self) -> str:
        method = self._api.bot.apps_connections_open
        try:
            return str((await self._api.call(method, app_token=self._app_token))["url"])
        except SlackRefusedError as refused:
            if refused.code in BAD_TOKEN:
                raise bad_token("SLACK_APP_TOKEN", refused) from None
            raise SettingsError(f"{SWITCHED_OFF} (Slack says {refused.code}.)") from None

    async def _notice(self, message: WSMessage) -> None:
        frame = _control_frame(str(message.data))
        if frame.get("type") == "hello":
            _log.info("connected", action="slack_connected")
            await self._on_open()
        elif frame.get("type") == "disconnect":
            reason = str(frame.get("reason", ""))
            _log.info("Slack asks to reconnect", action="slack_disconnect", reason=reason)
            if reason == "link_disabled":
                self._end(SettingsError(SWITCHED_OFF))

    def _end(self, error: SettingsError) -> None:
        self._ended = error
        self._over.set()


def _control_frame(raw: str) -> Payload:
    """The frame, if it is one of Slack's own; events, which are many, are not parsed a second time."""
    if '"envelope_id"' in raw or not raw.startswith("{"):
        return {}
    frame: object = json.loads(raw)
    return frame if isinstance(frame, dict) else {}


async def _first_of(*events: asyncio.Event, within: float) -> None:
    waiting = [asyncio.create_task(event.wait()) for event in events]
    try:
        await asyncio.wait(waiting, timeout=within, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in waiting:
            task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.gather(*waiting)
