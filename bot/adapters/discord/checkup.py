"""Discord looked at over REST alone, with no house behind it: for ``chaperone doctor``."""

from __future__ import annotations

from collections.abc import Sequence

import discord

from bot.adapters.discord.adapter import DiscordSettings, point_at
from bot.adapters.discord.client import hush
from bot.adapters.discord.doctor import Doctor
from bot.adapters.discord.errors import CALL_ERRORS, refused, translated
from bot.adapters.discord.rights import intents
from bot.domain.errors import SettingsError
from bot.domain.policy import Policy
from bot.service.ports import Check, Clock


async def check_discord(settings: DiscordSettings, clock: Clock, policy: Policy | None) -> Sequence[Check]:
    """What works and what is missing. Raises SettingsError where there is no token."""
    if settings.discord_token is None:
        raise SettingsError("DISCORD_TOKEN is missing.")
    token = settings.discord_token.get_secret_value()
    hush()
    point_at(settings)
    async with discord.Client(intents=intents()) as client:

        async def log_in() -> None:
            try:
                await client.login(token)
            except discord.LoginFailure as error:
                raise refused(error) or translated(error, "") from None
            except CALL_ERRORS as error:
                raise translated(error, "") from None

        return await Doctor(client, clock, log_in).check(policy)
