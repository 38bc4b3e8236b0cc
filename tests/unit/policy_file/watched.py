"""A policy file that is watched, and a team that hears of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bot.clock import StandingClock
from bot.domain.message import PlatformName
from bot.policy_file.match import PolicyMatcher
from bot.policy_file.source import PolicyFile
from bot.policy_file.team_room import Sight
from bot.stores.memory import MemoryStore

HERE = (PlatformName.SANDBOX, "sandbox")


@dataclass
class Team:
    """Hears of errors; with ``deaf`` it can't be reached. ``rooms`` is what there is; None where nobody can say."""

    heard: list[str] = field(default_factory=list)
    deaf: bool = False
    away: bool = False
    rooms: set[str] | None = field(default_factory=lambda: {"moderators"})

    async def tell(self, text: str, key: str) -> bool:
        if self.deaf:
            raise ConnectionError
        if not self.away:
            self.heard.append(text)
        return not self.away

    async def look_for(self, rooms: Sequence[str]) -> Sight:
        if self.rooms is None:
            return Sight(found={}, whole=False)
        return Sight(found={HERE: frozenset(self.rooms & set(rooms))})


@dataclass
class Setting:
    write: Callable[..., Path]
    team: Team
    store: MemoryStore
    clock: StandingClock

    def source(self, path: Path) -> PolicyFile:
        return PolicyFile(
            path,
            memory=self.store.memory,
            clock=self.clock,
            matcher=PolicyMatcher(lambda text: text),
            team=self.team,
        )
