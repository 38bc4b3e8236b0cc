"""How often somebody may try to log in: a few wrong tries are human, many are a machine that guesses."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

#: Wrong tries count for so long.
WINDOW = timedelta(minutes=5)
#: So many wrong tries may come from one address within WINDOW; the next one has to wait.
MOST_FROM_ONE = 5
#: So many may come from all addresses together: who guesses may have many of them.
MOST_FROM_ALL = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class _Try:
    at: datetime
    address: str
    name: str


class Throttle:
    """Remembers wrong tries, in memory: never more than MOST_FROM_ALL, since after so many nobody may try."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._wrong: deque[_Try] = deque()

    def wait(self, address: str) -> int:
        """Whole seconds until somebody at ``address`` may try; 0 where they may now."""
        at = self._now()
        while self._wrong and self._wrong[0].at <= at - WINDOW:
            self._wrong.popleft()
        own = [wrong for wrong in self._wrong if wrong.address == address]
        free_at = max(_free_at(own, MOST_FROM_ONE, at), _free_at(tuple(self._wrong), MOST_FROM_ALL, at))
        return math.ceil((free_at - at).total_seconds())

    def wrong(self, address: str, name: str) -> None:
        """Somebody at ``address`` tried ``name`` and was wrong."""
        self._wrong.append(_Try(at=self._now(), address=address, name=name))

    def right(self, address: str, name: str) -> None:
        """Somebody at ``address`` got in as ``name``: their own slips are forgotten, but not what was tried on others' names."""
        own = (address, name)
        self._wrong = deque(wrong for wrong in self._wrong if (wrong.address, wrong.name) != own)


def _free_at(tries: Sequence[_Try], most: int, at: datetime) -> datetime:
    """When fewer than ``most`` of these count."""
    return at if len(tries) < most else tries[-most].at + WINDOW
