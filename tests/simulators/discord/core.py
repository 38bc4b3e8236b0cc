"""What all parts of the simulator share."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

from .channel_changes import ChannelChanges
from .clock import SimClock
from .faults import Call, Faults
from .gateway import Gateway
from .guild_changes import GuildChanges
from .interaction_state import Interactions
from .json_types import Json
from .message_changes import MessageChanges
from .rate_limits import RateLimitMode, RateLimits
from .world import World

Found = TypeVar("Found")


class SimulatorCore:
    """State without behaviour: the world, what changes it, and what was recorded."""

    def __init__(self, *, clock: SimClock | None = None, rate_limits: RateLimitMode = RateLimitMode.OFF) -> None:
        self.clock = clock or SimClock()
        self.world = World(self.clock)
        self.guilds = GuildChanges(self.world)
        self.channels = ChannelChanges(self.world, self.guilds)
        self.messages = MessageChanges(self.world, self.channels)
        self.gateway = Gateway(self.world)
        self.interactions = Interactions(self.world)
        self.rate_limits = RateLimits(self.clock, rate_limits)
        self.faults = Faults()
        self.calls: list[Call] = []
        self.commands: dict[int | None, list[Json]] = {}
        self.typing: list[int] = []
        self.api_url = ""
        self._changed = asyncio.Event()
        self.world.listeners.append(lambda _event: self.notify())

    def notify(self) -> None:
        """Wake whoever waits for something to change."""
        self._changed.set()

    async def until(self, probe: Callable[[], Found | None], *, within: float = 20.0) -> Found:
        """Wait until `probe` gives something true and return it. `within`: seconds. Raises TimeoutError."""
        async with asyncio.timeout(within):
            while not (found := probe()):
                self._changed.clear()
                try:
                    await asyncio.wait_for(self._changed.wait(), 0.05)
                except TimeoutError:
                    continue
            return found
