"""Rate limits: per-route buckets, the global limit, and the count of invalid requests.

Source: documentation, "Rate Limits". Discord publishes how limits are announced but not how high most of them are;
the numbers below are placeholders a test may replace with `set_limit`.
"""

import hashlib
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from .clock import SimClock
from .errors import ApiError, api_error

GLOBAL_LIMIT = 50
"""Requests a second over all routes but interactions. Source: "Global Rate Limit"."""

INVALID_LIMIT = 10_000
"""Answers 401, 403 and 429 in ten minutes before the address is banned. Source: "Invalid Request Limit"."""

INVALID_WINDOW = timedelta(minutes=10)
MAJOR = ("channel_id", "guild_id", "webhook_id", "webhook_token")
OFF_LIMIT = 1_000


class RateLimitMode(StrEnum):
    """`OFF` announces buckets that never run dry; `STRICT` enforces them and the global limit."""

    OFF = "off"
    STRICT = "strict"


@dataclass(frozen=True, slots=True)
class RouteLimit:
    """So many requests in so many seconds."""

    requests: int
    seconds: float


@dataclass(slots=True)
class _Window:
    ends_at: datetime
    used: int = 0


DEFAULT_LIMIT = RouteLimit(10, 10.0)
_LIMITS: dict[tuple[str, str], RouteLimit] = {
    ("POST", "/channels/{channel_id}/messages"): RouteLimit(5, 5.0),
    ("PATCH", "/channels/{channel_id}/messages/{message_id}"): RouteLimit(5, 5.0),
    ("DELETE", "/channels/{channel_id}/messages/{message_id}"): RouteLimit(5, 1.0),
    ("POST", "/channels/{channel_id}/messages/bulk-delete"): RouteLimit(1, 1.0),
    ("GET", "/channels/{channel_id}/messages"): RouteLimit(5, 1.0),
    ("POST", "/webhooks/{webhook_id}/{webhook_token}"): RouteLimit(5, 2.0),
    ("POST", "/interactions/{interaction_id}/{interaction_token}/callback"): RouteLimit(50, 1.0),
}


@dataclass(slots=True)
class RateLimits:
    """Counts requests; the clock is the simulator's, so moving it forward empties the buckets."""

    clock: SimClock
    mode: RateLimitMode = RateLimitMode.OFF
    invalid: deque[datetime] = field(default_factory=deque)
    direct_openings: int | None = None
    opened: deque[datetime] = field(default_factory=deque)
    _limits: dict[tuple[str, str], RouteLimit] = field(default_factory=lambda: dict(_LIMITS))
    _windows: dict[str, _Window] = field(default_factory=dict)
    _global: deque[datetime] = field(default_factory=deque)

    def set_limit(self, method: str, template: str, *, requests: int, seconds: float) -> None:
        """Replace the limit of one route, such as `POST /channels/{channel_id}/messages`."""
        self._limits[method, template] = RouteLimit(requests, seconds)

    def spend(self, method: str, template: str, params: dict[str, str]) -> dict[str, str]:
        """Count one request and return the headers that announce the bucket. Raises ApiError 429."""
        if self.mode is RateLimitMode.OFF:
            return self._headers(method, template, OFF_LIMIT, OFF_LIMIT - 1, 1.0)
        if not template.startswith("/interactions"):
            self._spend_global()
        limit = self._limits.get((method, template), DEFAULT_LIMIT)
        now = self.clock.now()
        key = "|".join((bucket_id(method, template), *(params[name] for name in MAJOR if name in params)))
        window = self._windows.get(key)
        if window is None or window.ends_at <= now:
            window = self._windows[key] = _Window(now + timedelta(seconds=limit.seconds))
        left = (window.ends_at - now).total_seconds()
        headers = self._headers(method, template, limit.requests, max(limit.requests - window.used - 1, 0), left)
        if window.used >= limit.requests:
            raise too_many(left, scope="user", headers=headers)
        window.used += 1
        return headers

    def _spend_global(self) -> None:
        now = self.clock.now()
        while self._global and now - self._global[0] >= timedelta(seconds=1):
            self._global.popleft()
        if len(self._global) >= GLOBAL_LIMIT:
            raise too_many(1.0 - (now - self._global[0]).total_seconds(), scope="global")
        self._global.append(now)

    def _headers(self, method: str, template: str, limit: int, remaining: int, left: float) -> dict[str, str]:
        return {
            "X-RateLimit-Limit": str(limit),
            "X-RateLimit-Remaining": str(remaining),
            "X-RateLimit-Reset": f"{self.clock.now().timestamp() + left:.3f}",
            "X-RateLimit-Reset-After": f"{left:.3f}",
            "X-RateLimit-Bucket": bucket_id(method, template),
        }

    def open_direct(self) -> None:
        """Count a new direct-message channel. Raises ApiError 40003 beyond `direct_openings` in ten minutes."""
        horizon = self.clock.now() - INVALID_WINDOW
        while self.opened and self.opened[0] < horizon:
            self.opened.popleft()
        if self.direct_openings is not None and len(self.opened) >= self.direct_openings:
            raise api_error(40003)
        self.opened.append(self.clock.now())

    def note_answer(self, status: int, scope: str | None) -> None:
        """Count an invalid request; 429 with scope `shared` is not held against the bot."""
        if status in {401, 403} or (status == 429 and scope != "shared"):
            self.invalid.append(self.clock.now())

    def is_banned(self) -> bool:
        """Whether the address would be banned by now."""
        horizon = self.clock.now() - INVALID_WINDOW
        while self.invalid and self.invalid[0] < horizon:
            self.invalid.popleft()
        return len(self.invalid) > INVALID_LIMIT


def bucket_id(method: str, template: str) -> str:
    """The opaque name of a route's bucket."""
    return hashlib.sha256(f"{method} {template}".encode()).hexdigest()[:20]


def too_many(seconds: float, *, scope: str, headers: dict[str, str] | None = None, code: int = 0) -> ApiError:
    """The 429 answer; scope is `user`, `global` or `shared`."""
    shared = "The resource is being rate limited."
    body = {
        "message": shared if scope == "shared" else "You are being rate limited.",
        "retry_after": round(seconds, 3),
        "global": scope == "global",
    }
    if code:
        body["code"] = code
    extra = {"Retry-After": str(int(seconds) + 1), "X-RateLimit-Scope": scope}
    if scope == "global":
        extra["X-RateLimit-Global"] = "true"
    return ApiError(429, body, (headers or {}) | extra)
