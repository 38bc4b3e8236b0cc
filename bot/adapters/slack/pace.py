"""One message a second to each channel (docs.slack.dev, "Rate limits"), in order, without holding anybody up for long."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.errors import TemporaryPlatformError
from bot.service.ports import Clock

APART = timedelta(seconds=1)
#: Who would wait longer is sent away with a time to come back: waiting here would keep other messages from being hidden.
LONGEST = timedelta(seconds=2)
_CHANNELS = 5000


@dataclass(slots=True)
class _Line:
    """When the channel's next message may go, and the last time that was promised to one who was sent away."""

    free: datetime
    promised: datetime


class Pacer:
    """Gives turns."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lines: OrderedDict[str, _Line] = OrderedDict()

    async def turn(self, channel: str, *, urgent: bool = False) -> None:
        """Wait for the channel's next turn; what is ``urgent`` goes at once (Slack bears short bursts).

        Raises TemporaryPlatformError with a ``retry_after`` where the line is long; each gets a later one, so that none
        crowd back together.
        """
        now = self._clock.now()
        line = self._line(channel, now)
        start = max(line.free, now)
        if urgent or start - now <= LONGEST:
            line.free = start + APART
            if not urgent and start > now:
                await self._clock.sleep((start - now).total_seconds())
            return
        line.promised = max(line.promised, start) + APART
        raise TemporaryPlatformError(
            "Many messages are waiting for this Slack channel.", retry_after=(line.promised - now).total_seconds()
        )

    def _line(self, channel: str, now: datetime) -> _Line:
        line = self._lines.setdefault(channel, _Line(now, now))
        self._lines.move_to_end(channel)
        if len(self._lines) > _CHANNELS:
            self._lines.popitem(last=False)
        return line
