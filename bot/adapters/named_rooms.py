"""Which rooms a policy names one by one, for the doctors of the platforms."""

from __future__ import annotations

from collections.abc import Iterator

from bot.domain.message import PlatformName
from bot.domain.policy import Policy


def named_rooms(policy: Policy, platform: PlatformName) -> frozenset[str]:
    """Ids and names of rooms, as the policy writes them, that may be meant on ``platform``; what has ``*`` or ``?`` names none."""
    return frozenset(name for name in _written(policy, platform) if not set(name) & set("*?["))


def _written(policy: Policy, platform: PlatformName) -> Iterator[str]:
    yield from (room.match for room in policy.rooms if room.platform in (None, platform))
    for rule in policy.rules:
        for part in (rule.when, rule.unless):
            yield from part.rooms if part is not None else ()
