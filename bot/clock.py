"""Time, passed in: the real one, and one that stands still until it is moved."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta


class SystemClock:
    """The machine's time."""

    def now(self) -> datetime:
        """The time as aware UTC."""
        return datetime.now(UTC)

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await asyncio.sleep(seconds)


class StandingClock:
    """Stands at a moment until it is moved; sleeping moves it."""

    def __init__(self, at: datetime | None = None) -> None:
        self._at = at or datetime(2026, 1, 1, tzinfo=UTC)

    def now(self) -> datetime:
        """The moment it stands at."""
        return self._at

    def move(self, by: timedelta) -> None:
        """Go on by so much."""
        self._at += by

    async def sleep(self, seconds: float) -> None:
        """Let others run, then be later."""
        await asyncio.sleep(0)
        self.move(timedelta(seconds=seconds))
