"""Failures ordered by a test, and the record of every REST call."""

import re
from dataclasses import dataclass, field
from datetime import datetime

from .errors import ApiError, message_for
from .json_types import Json
from .rate_limits import too_many


@dataclass(slots=True, kw_only=True)
class Fault:
    """What goes wrong with the next matching requests.

    `status` None with `delay`: only slow. `status` 0: the connection is cut. `after_effect`: the request is carried out
    first, only its answer is lost.
    """

    method: str
    path: re.Pattern[str]
    status: int | None
    times: int
    code: int = 0
    message: str | None = None
    delay: float = 0.0
    retry_after: float = 0.05
    scope: str = "user"
    after_effect: bool = False
    via: bool = True

    def error(self) -> ApiError:
        """The answer to give."""
        if self.status == 429:
            return too_many(self.retry_after, scope=self.scope, code=self.code)
        text = self.message or message_for(self.code) or f"{self.status}: Simulated failure"
        return ApiError(self.status or 500, {"message": text, "code": self.code})


@dataclass(slots=True)
class Faults:
    """The failures still to come, in order."""

    pending: list[Fault] = field(default_factory=list)

    def take(self, method: str, path: str) -> Fault | None:
        """The fault for this request, if any; counts it down."""
        for fault in self.pending:
            if fault.method == method and fault.path.search(path):
                fault.times -= 1
                if fault.times <= 0:
                    self.pending.remove(fault)
                return fault
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One REST request and how it was answered. `path` starts after the API's base; `reason` is decoded."""

    method: str
    path: str
    query: dict[str, str]
    body: Json | list[Json] | None
    reason: str | None
    files: tuple[str, ...]
    status: int
    at: datetime
    answer: object = None
