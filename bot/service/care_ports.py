"""What the way to care needs from the outside: free slots, and a way to call people who are not in the chat."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from bot.domain.care import Contact, FreeSlot
from bot.domain.errors import PlatformError


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """What people on call are told: which case, what kind of danger, nothing of the message. ``key`` is the same on every try."""

    case: str
    kind: str
    key: str


class Slots(Protocol):
    """Knows which times can be booked."""

    async def free(self, contact: Contact, limit: int) -> Sequence[FreeSlot]:
        """The contact's next free slots, soonest first; none where nobody knows or the data is stale. Quick, and never raises."""
        ...


class Pager(Protocol):
    """Calls people outside the chat.

    Both methods may be repeated. They raise TemporaryPlatformError (try later) and PlatformError (this webhook can't be used).
    """

    async def call(self, webhook: str, alarm: Alarm) -> None:
        """Somebody is needed; ``webhook`` is a name that the policy uses."""
        ...

    async def stand_down(self, webhook: str, alarm: Alarm) -> None:
        """Somebody is there."""
        ...


class NoSlots:
    """Stands in where no publisher is read."""

    async def free(self, contact: Contact, limit: int) -> Sequence[FreeSlot]:
        """See the port."""
        return ()


class NoPager:
    """Stands in where no webhook is set up: a policy that names one hears of it in the case."""

    async def call(self, webhook: str, alarm: Alarm) -> None:
        """See the port."""
        raise PlatformError(f"No webhook called {webhook} is set up.")

    async def stand_down(self, webhook: str, alarm: Alarm) -> None:
        """See the port. Nobody was called."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CareSources:
    """Everything that the way to care asks of the outside."""

    slots: Slots = field(default_factory=NoSlots)
    pager: Pager = field(default_factory=NoPager)
