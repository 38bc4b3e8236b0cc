"""The real adapter against the simulated Discord."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.contract.discord_world import DiscordDriver, connected, make_driver
from tests.simulators.discord import DiscordSimulator
from tests.simulators.discord.client import pointed_at


@pytest.fixture
async def sim() -> AsyncIterator[DiscordSimulator]:
    async with DiscordSimulator() as simulator:
        with pointed_at(simulator):
            yield simulator


@pytest.fixture
def driver(sim: DiscordSimulator) -> DiscordDriver:
    """The adapter, not running yet."""
    return make_driver(sim)


@pytest.fixture
async def world(driver: DiscordDriver) -> AsyncIterator[DiscordDriver]:
    """The adapter, connected and caught up."""
    async with connected(driver):
        yield driver
