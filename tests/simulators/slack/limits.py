"""Rate limits and faults: what makes a call fail although nothing is wrong with it.

Limits are those of docs.slack.dev, "Rate limits": tiers of 1, 20, 50 and 100 requests a minute for each method, app
and workspace; posting one message a second to a channel, short bursts tolerated; and, for apps sold outside the
Marketplace, one request a minute and 15 messages for conversations.history and conversations.replies.
"""

import math
from collections import defaultdict, deque
from dataclasses import dataclass, field
from datetime import datetime

TIER_PER_MINUTE = {1: 1, 2: 20, 3: 50, 4: 100, 5: 600}
"""Requests a minute; 5 stands for "special": Slack promises "hundreds" there."""
WINDOW_S = 60.0
HISTORY_METHODS = ("conversations.history", "conversations.replies")


@dataclass(slots=True, kw_only=True)
class RateLimits:
    """Off unless `strict`. `per_minute` overrides single methods. `post_burst` is how many messages a channel
    takes at once before one a second holds."""

    strict: bool = False
    per_minute: dict[str, int] = field(default_factory=dict)
    post_burst: int = 5
    outside_marketplace: bool = False
    _calls: dict[tuple[str, str], deque[float]] = field(default_factory=lambda: defaultdict(deque))
    _posts: dict[str, deque[float]] = field(default_factory=lambda: defaultdict(deque))

    def retry_after(self, method: str, tier: int, token: str, channel: str | None, now: datetime) -> int | None:
        """Seconds to wait (whole, at least 1), or None when the call may go ahead (it is then counted)."""
        moment = now.timestamp()
        waits: list[float] = []
        if self.outside_marketplace and method in HISTORY_METHODS:
            waits.append(_wait(self._calls[method, token], 1, WINDOW_S, moment))
        elif self.strict:
            limit = self.per_minute.get(method, TIER_PER_MINUTE[tier])
            waits.append(_wait(self._calls[method, token], limit, WINDOW_S, moment))
        if self.strict and method == "chat.postMessage" and channel is not None:
            waits.append(_wait(self._posts[channel], self.post_burst, float(self.post_burst), moment))
        if any(wait > 0 for wait in waits):
            return max(1, math.ceil(max(waits)))
        self._calls[method, token].append(moment)
        if method == "chat.postMessage" and channel is not None:
            self._posts[channel].append(moment)
        return None


def _wait(past: deque[float], limit: int, window_s: float, moment: float) -> float:
    while past and past[0] <= moment - window_s:
        past.popleft()
    return 0.0 if len(past) < limit else past[-limit] + window_s - moment


@dataclass(slots=True, kw_only=True)
class Fault:
    """A fault to inject. `after_effect` makes the call take effect first, then lose its answer."""

    method: str
    status: int | None = None
    error: str | None = None
    retry_after: int | None = None
    delay_s: float = 0.0
    cut: bool = False
    after_effect: bool = False
    times: int = 1


class FaultPlan:
    """The faults still to come, first come first served for each method (`*` stands for any method)."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []

    def add(self, fault: Fault) -> None:
        """Plan a fault."""
        self._faults.append(fault)

    def clear(self) -> None:
        """Forget all faults still to come."""
        self._faults.clear()

    def take(self, method: str) -> Fault | None:
        """The fault for this call, if one is planned."""
        for fault in self._faults:
            if fault.method in (method, "*"):
                fault.times -= 1
                if fault.times <= 0:
                    self._faults.remove(fault)
                return fault
        return None
