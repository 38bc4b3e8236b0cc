"""The way into Discord: discord.py made ready for the settings, and a client logged in."""

from __future__ import annotations

import logging
from typing import Protocol

import discord
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route
from pydantic import SecretStr

from bot.adapters.discord.errors import CALL_ERRORS, refused, translated
from bot.domain.errors import SettingsError


class DiscordSettings(Protocol):
    """The settings that the adapter reads."""

    @property
    def discord_token(self) -> SecretStr | None:
        """The bot token."""
        ...

    @property
    def discord_api_base_url(self) -> str:
        """Where the REST API is."""
        ...

    @property
    def discord_gateway_url(self) -> str | None:
        """Where the gateway is; None for Discord's own."""
        ...


def make_ready(settings: DiscordSettings) -> SecretStr:
    """Hush discord.py, point it at the endpoints, and give the token to log in with. Raises SettingsError where there is none."""
    if settings.discord_token is None:
        raise SettingsError("DISCORD_TOKEN is missing.")
    _hush()
    _point_at(settings)
    return settings.discord_token


async def log_in(client: discord.Client, token: SecretStr) -> None:
    """Log in over REST. Raises ConnectionRefusedByDiscordError where no retry can help, otherwise PlatformError."""
    try:
        await client.login(token.get_secret_value())
    except discord.LoginFailure as error:
        raise refused(error) or translated(error, "") from None
    except CALL_ERRORS as error:
        raise translated(error, "") from None


def _hush() -> None:
    """Keep discord.py from logging what it receives and sends, which it does at DEBUG level."""
    logger = logging.getLogger("discord")
    logger.setLevel(max(logger.level, logging.INFO))


def _point_at(settings: DiscordSettings) -> None:
    """Tell discord.py of other endpoints; it keeps them in its classes."""
    base = settings.discord_api_base_url.rstrip("/")
    if base != Route.BASE:
        Route.BASE = base
    if settings.discord_gateway_url is not None:
        DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(settings.discord_gateway_url)
