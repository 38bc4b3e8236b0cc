"""Fixtures of the simulator's own tests: a running simulator that discord.py talks to, a guild, a member, a channel.

A test module uses them with `pytest_plugins = ["tests.simulators.discord.fixtures"]`.
"""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from .api_client import Api
from .client import pointed_at
from .model import Channel, Guild, User
from .simulator import DiscordSimulator


@pytest.fixture
async def sim() -> AsyncIterator[DiscordSimulator]:
    async with DiscordSimulator() as simulator:
        with pointed_at(simulator):
            yield simulator


@pytest.fixture
def guild(sim: DiscordSimulator) -> Guild:
    return sim.add_guild()


@pytest.fixture
def ann(sim: DiscordSimulator, guild: Guild) -> User:
    user = sim.add_user("ann")
    sim.join(user, guild, nick="Ann of the group")
    return user


@pytest.fixture
def general(sim: DiscordSimulator, guild: Guild) -> Channel:
    return sim.add_channel(guild)


@pytest.fixture
async def api(sim: DiscordSimulator) -> AsyncIterator[Api]:
    async with aiohttp.ClientSession() as session:
        yield Api(sim, session)
