"""A platform's simulator with people and rooms in it, and the real bot beside it: the same words for Slack and Discord."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from tests.e2e.process import PATIENCE, BotProcess, bot_process
from tests.simulators.discord import DiscordSimulator, Permission
from tests.simulators.discord.world_view import text_of
from tests.simulators.slack import SlackSimulator

TEAM = "moderators"


class Scene(ABC):
    """A room ``patients`` with Ana in it, a room ``moderators`` with Mo in it, and a bot."""

    bot: BotProcess

    @abstractmethod
    def say(self, text: str) -> Any:
        """Ana writes in ``patients``; the platform's own message."""

    @abstractmethod
    def edit(self, message: Any, text: str) -> None:
        """Ana edits."""

    @abstractmethod
    def visible(self, message: Any) -> bool:
        """Whether the room shows it."""

    @abstractmethod
    def private(self) -> list[str]:
        """What Ana reads in her direct messages."""

    @abstractmethod
    def in_room(self) -> list[str]:
        """What stands in ``patients``."""

    @abstractmethod
    def team(self) -> list[str]:
        """What stands in ``moderators``."""

    @abstractmethod
    async def press(self, label: str) -> None:
        """Press the newest button with this label: the author's in her direct messages, a reviewer's in ``moderators``."""

    @abstractmethod
    async def ready(self) -> None:
        """Wait until the bot listens."""

    @abstractmethod
    def close_dms(self) -> None:
        """Ana takes no direct messages."""

    @abstractmethod
    def forbid_hiding(self) -> None:
        """The bot may not hide."""

    @abstractmethod
    def trouble(self, *, status: int = 500, times: int = 1, retry_after: float | None = None) -> None:
        """The next attempts to hide fail."""

    @abstractmethod
    def deliver_again(self) -> None:
        """The platform delivers the last event once more."""

    @abstractmethod
    def cut(self) -> None:
        """The connection breaks."""

    @abstractmethod
    def outgoing(self) -> list[str]:
        """Every request that the bot made, as text."""

    async def until(self, probe: Callable[[], bool], *, within: float = PATIENCE) -> None:
        """Wait until something is so. Raises TimeoutError with the bot's log."""
        try:
            async with asyncio.timeout(within):
                while not probe():
                    await asyncio.sleep(0.02)
        except TimeoutError:
            raise TimeoutError(self.bot.log[-3000:]) from None

    async def start(self) -> None:
        """Start the bot and wait until it listens."""
        await self.bot.start()
        await self.ready()

    async def restart(self) -> None:
        """Kill the bot as a power cut would, and start it again."""
        self.bot.kill()
        await self.bot.ended()
        await self.start()
