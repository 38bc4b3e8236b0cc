"""Discord looked at over REST alone, with no house behind it: for ``chaperone doctor``."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import discord

from bot.adapters.discord.doctor import Doctor
from bot.adapters.discord.login import DiscordSettings, log_in, make_ready
from bot.adapters.discord.rights import intents
from bot.domain.policy import Policy
from bot.service.ports import Check, Clock


async def check_discord(settings: DiscordSettings, clock: Clock, policy: Policy | None) -> Sequence[Check]:
    """What works and what is missing. Raises SettingsError where there is no token."""
    token = make_ready(settings)
    async with discord.Client(intents=intents()) as client:
        return await Doctor(client, clock, partial(log_in, client, token)).check(policy)
