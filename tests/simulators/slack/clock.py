"""Where the simulator gets its time: aware UTC, from a clock that is passed in."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """The machine's time. Use it where real clients check signatures against their own clock."""
    return datetime.now(UTC)


class ManualClock:
    """A clock that moves only when told: for rate limits, expiry of triggers and response URLs."""

    def __init__(self, start: datetime = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)) -> None:
        self._now = start

    def __call__(self) -> datetime:
        """The time now."""
        return self._now

    def advance(self, seconds: float) -> None:
        """Move on by so many seconds."""
        self._now += timedelta(seconds=seconds)
