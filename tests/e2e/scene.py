"""Where the end-to-end tests play: the same scene on every platform."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Protocol

from bot.domain.message import PlatformName
from tests.e2e.base import Scene
from tests.e2e.on_discord import discord_scene
from tests.e2e.on_slack import slack_scene


class Setting(Protocol):
    """Makes a scene in a folder; where ``may_hide`` is false the bot lacks what hiding takes."""

    def __call__(self, folder: Path, *, may_hide: bool = True) -> AbstractAsyncContextManager[Scene]:
        """Make it."""
        ...


SCENES: dict[PlatformName, Setting] = {PlatformName.SLACK: slack_scene, PlatformName.DISCORD: discord_scene}
