"""The Discord adapter: what ``bootstrap`` makes, runs and asks for its platform."""

from __future__ import annotations

import asyncio
import secrets

import discord
import structlog

from bot.adapters.discord.client import ChaperoneClient
from bot.adapters.discord.counter import Counter, Presses, Reports
from bot.adapters.discord.ears import FIRST_WAIT, LONGEST_WAIT, Ears, Inbound
from bot.adapters.discord.errors import CALL_ERRORS, refused
from bot.adapters.discord.login import DiscordSettings, log_in, make_ready
from bot.adapters.discord.platform import DiscordPlatform
from bot.domain.errors import PlatformError, TemporaryPlatformError
from bot.service.ports import Clock

_log = structlog.get_logger(__name__)


#: Seconds after the last server arrived until the connection counts as ready; one that comes later is caught up by itself.
SETTLE = 0.5


class DiscordAdapter:
    """Connects the service to Discord. ``reports`` takes what people report from a message's menu; without it there is no such menu.

    ``settle``: see SETTLE.
    """

    def __init__(
        self,
        settings: DiscordSettings,
        intake: Inbound,
        desk: Presses,
        clock: Clock,
        reports: Reports | None = None,
        *,
        settle: float = SETTLE,
    ) -> None:
        self._token = make_ready(settings)
        self._clock = clock
        self._client = ChaperoneClient(settle)
        self._platform = DiscordPlatform(self._client, clock, self.log_in)
        self._ears = Ears(self._client, self._platform, intake, clock)
        self._client.ears = self._ears
        self._client.calls = self._platform.calls
        self._client.counter = Counter(desk, self._platform.notes, reports)
        if reports is not None:
            self._client.take_reports()
        self._logging_in = asyncio.Lock()
        self._opened = False

    @property
    def platform(self) -> DiscordPlatform:
        """Discord as the service's port."""
        return self._platform

    async def run(self, stop: asyncio.Event) -> None:
        """Stay connected until ``stop`` is set. Raises ConnectionRefusedByDiscordError where no retry can help."""
        keeping_up = asyncio.create_task(self._ears.keep_up())
        staying = asyncio.create_task(self._stay())
        stopping = asyncio.create_task(stop.wait())
        try:
            await asyncio.wait({keeping_up, staying, stopping}, return_when=asyncio.FIRST_COMPLETED)
            if not stopping.done():
                await asyncio.gather(*(task for task in (staying, keeping_up) if task.done()))
                raise TemporaryPlatformError("The connection to Discord has ended.")
        finally:
            await self._ears.close()
            for task in (keeping_up, stopping):
                task.cancel()
            await self.close()
            staying.cancel()
            await asyncio.gather(keeping_up, staying, stopping, return_exceptions=True)

    async def log_in(self) -> None:
        """Log in over REST, if that has not happened. Raises ConnectionRefusedByDiscordError or TemporaryPlatformError."""
        async with self._logging_in:
            if self._client.user is not None:
                return
            self._opened = True
            try:
                await log_in(self._client, self._token)
            except PlatformError:
                await self._client.http.close()
                self._client.http.connector = discord.utils.MISSING  # closed with its session; the next try makes one
                raise

    async def close(self) -> None:
        """Close every connection."""
        await self._platform.notes.close()
        if self._opened and not self._client.is_closed():
            await self._client.close()

    async def application_id(self) -> int:
        """The application's id, for the invite link and the manifest (see ``rights``)."""
        await self.log_in()
        return (await self._client.application_info()).id

    async def _stay(self) -> None:
        """Log in and connect; discord.py reconnects by itself, only what fails before the first connection is tried again here."""
        wait = FIRST_WAIT
        while True:
            try:
                await self.log_in()
                await self._client.connect(reconnect=True)
            except (discord.ConnectionClosed, discord.PrivilegedIntentsRequired) as error:
                raise refused(error) or TemporaryPlatformError("Discord closed the connection.") from None
            except (TemporaryPlatformError, discord.GatewayNotFound, *CALL_ERRORS) as error:
                _log.warning("can't connect", action="connect_failed", error=type(error).__name__, wait=wait)
            else:
                return
            await self._clock.sleep(wait * (0.5 + secrets.randbelow(1000) / 1000))
            wait = min(wait * 2, LONGEST_WAIT)
