"""Time and ids: a clock that can be moved forward, and Discord's snowflakes made from it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

DISCORD_EPOCH_MS = 1_420_070_400_000
"""First second of 2015, in milliseconds since 1970. Source: Discord reference, "Snowflakes"."""

TIMESTAMP_SHIFT = 22
"""Bits below the timestamp of a snowflake (worker, process, increment). Source: same."""


def system_time() -> datetime:
    """The machine's time, aware, in UTC."""
    return datetime.now(UTC)


class SimClock:
    """A clock a test may move forward; it never goes back."""

    def __init__(self, source: Callable[[], datetime] = system_time) -> None:
        self._source = source
        self._offset = timedelta()

    def now(self) -> datetime:
        """The simulated moment, aware, in UTC."""
        return self._source() + self._offset

    def advance(self, step: timedelta) -> None:
        """Jump forward by `step`. Raises ValueError for a step back."""
        if step < timedelta():
            raise ValueError("the clock only moves forward")
        self._offset += step


class SnowflakeFactory:
    """Gives ids that grow with time and never repeat."""

    def __init__(self, clock: SimClock) -> None:
        self._clock = clock
        self._last = 0

    def next(self, at: datetime | None = None) -> int:
        """The id of something made `at` that moment (by default now)."""
        wanted = snowflake_at(at or self._clock.now())
        if at is not None:
            return wanted + (self._bump() & 0xFFF)
        self._last = max(wanted, self._last + 1)
        return self._last

    def _bump(self) -> int:
        self._last += 1
        return self._last


def snowflake_at(moment: datetime) -> int:
    """The lowest snowflake of a moment."""
    return (int(moment.timestamp() * 1000) - DISCORD_EPOCH_MS) << TIMESTAMP_SHIFT


def time_of(snowflake: int) -> datetime:
    """The moment a snowflake was made."""
    return datetime.fromtimestamp(((snowflake >> TIMESTAMP_SHIFT) + DISCORD_EPOCH_MS) / 1000, UTC)


def iso(moment: datetime) -> str:
    """Discord's way to write a time: ISO 8601 with microseconds and offset."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")
