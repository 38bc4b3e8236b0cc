"""What /metrics says of the bot's work: how much of what kind, from the store. No text, no name, no room, no id."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from prometheus_client import CollectorRegistry, Gauge, generate_latest

from bot.domain.case import Case, CaseReason, CaseState
from bot.domain.decision import ActionKind, Decision, Source, Urgency
from bot.domain.errors import ChaperoneError
from bot.domain.on_call import is_answered
from bot.domain.outcome import ActionState
from bot.service.store import Store

#: Decisions, actions and cases are counted as far back as this.
WINDOW = timedelta(hours=1)
#: Counted anew no sooner than this: whoever may ask, and as often as they like, the database is asked this often.
KEEP = timedelta(seconds=10)
#: So many open cases are counted, the most urgent ones first.
MOST_CASES = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """What was counted at ``at``; all zero and not ``well`` where the store did not answer."""

    at: datetime
    well: bool = False
    waiting: int = 0
    open_cases: Sequence[Case] = ()
    recent_cases: Sequence[Case] = ()
    decisions: Sequence[Decision] = ()
    actions: Mapping[tuple[ActionKind, ActionState], int] = field(default_factory=dict)


class Metrics:
    """Counts when somebody asks."""

    def __init__(self, store: Store, now: Callable[[], datetime]) -> None:
        self._store = store
        self._now = now
        self._turn = asyncio.Lock()
        self._last: Numbers | None = None

    async def page(self) -> bytes:
        """The numbers in Prometheus' text format, at most KEEP old."""
        async with self._turn:
            if self._last is None or self._now() - self._last.at >= KEEP:
                self._last = await self._count()
            return generate_latest(_registry(self._last))

    async def _count(self) -> Numbers:
        at = self._now()
        try:
            return Numbers(
                at=at,
                well=True,
                waiting=await self._store.inbox.waiting(),
                open_cases=await self._store.cases.listed(frozenset({CaseState.OPEN}), MOST_CASES),
                recent_cases=await self._store.cases.opened_since(at - WINDOW),
                decisions=await self._store.decisions.recent(at - WINDOW),
                actions=await self._store.decisions.tally(at - WINDOW),
            )
        except ChaperoneError:  # the numbers about the process are worth having all the more
            return Numbers(at=at)


def _registry(numbers: Numbers) -> CollectorRegistry:
    registry = CollectorRegistry()
    up = Gauge("chaperone_store_up", "1 where the database answered, else 0 and every count is 0.", registry=registry)
    up.set(numbers.well)
    waiting = Gauge("chaperone_inbox_waiting", "Messages that wait to be decided on.", registry=registry)
    waiting.set(numbers.waiting)
    _add_open_cases(registry, numbers)
    _add_last_hour(registry, numbers)
    return registry


def _add_open_cases(registry: CollectorRegistry, numbers: Numbers) -> None:
    _fill(
        Gauge("chaperone_open_cases", "Open cases.", ["reason", "urgency"], registry=registry),
        [(reason.value, urgency.name.lower()) for reason in CaseReason for urgency in Urgency],
        Counter((case.reason.value, case.urgency.name.lower()) for case in numbers.open_cases),
    )
    oldest = Gauge(
        "chaperone_oldest_danger_case_seconds",
        "How long the oldest open case of danger has been open; 0 where there is none. Answered: somebody is on it.",
        ["answered"],
        registry=registry,
    )
    danger = [case for case in numbers.open_cases if case.reason is CaseReason.DANGER]
    for answered, word in ((False, "no"), (True, "yes")):
        ages = ((numbers.at - case.opened_at).total_seconds() for case in danger if is_answered(case) is answered)
        oldest.labels(word).set(max(ages, default=0.0))


def _add_last_hour(registry: CollectorRegistry, numbers: Numbers) -> None:
    _fill(
        Gauge("chaperone_cases_last_hour", "Cases opened within an hour.", ["reason", "state"], registry=registry),
        [(reason.value, state.value) for reason in CaseReason for state in CaseState],
        Counter((case.reason.value, case.state.value) for case in numbers.recent_cases),
    )
    _fill(
        Gauge("chaperone_decisions_last_hour", "Decisions within an hour.", ["source"], registry=registry),
        [(source.value,) for source in Source],
        Counter((one.source.value,) for one in numbers.decisions),
    )
    _fill(
        Gauge("chaperone_actions_last_hour", "Actions decided within an hour.", ["kind", "state"], registry=registry),
        [(kind.value, state) for kind in ActionKind for state in _values(ActionState)],
        Counter({(kind.value, state.value): count for (kind, state), count in numbers.actions.items()}),
    )
    failed = Gauge("chaperone_readings_failed_last_hour", "Messages that went unread to people.", registry=registry)
    failed.set(sum(case.reason is CaseReason.UNREAD for case in numbers.recent_cases))


def _values(words: Iterable[StrEnum]) -> tuple[str, ...]:
    return tuple(word.value for word in words)


def _fill(gauge: Gauge, labels: Iterable[tuple[str, ...]], counted: Counter[tuple[str, ...]]) -> None:
    """Every combination, zeros too: an alarm must not depend on whether something ever happened."""
    for each in labels:
        gauge.labels(*each).set(counted[each])
