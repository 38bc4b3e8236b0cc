"""Cases about rules on trial: a person says whether such a rule would have been right, and nobody in the room notices."""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.case import Case, CaseReason, CaseState, Verb, case_about
from bot.domain.decision import Band, Decision
from bot.domain.message import Message
from bot.service.store import Store, TrailEntry

#: So many cases a rule on trial may open within the time: enough to tell how precise it is, and few enough to be read beside the others.
MOST, WITHIN = 20, timedelta(days=1)
#: So many open cases are looked through for trials that nobody judged.
_LOOKED_THROUGH = 10_000


class Trials:
    """Opens cases for what rules in shadow would have done."""

    def __init__(self) -> None:
        self._opened: defaultdict[str, deque[datetime]] = defaultdict(deque)

    def case(self, decision: Decision, message: Message) -> Case | None:
        """The case for the queue. None where no rule on trial was certain, or each has opened enough of them for now."""
        rules = [match.id for match in decision.rules if not match.live and match.band is Band.CERTAIN]
        curious = [rule for rule in rules if self._has_room(rule, decision.decided_at)]
        if not decision.shadow or not curious:
            return None
        for rule in curious:
            self._opened[rule].append(decision.decided_at)
        would = ", ".join(action.kind.replace("_", " ") for action in decision.shadow)
        case = case_about(decision, message, CaseReason.TRIAL)
        return replace(
            case, explanation=f"On trial: {', '.join(rules)} would have done: {would}. {case.explanation}".strip()
        )

    def _has_room(self, rule: str, at: datetime) -> bool:
        opened = self._opened[rule]
        while opened and opened[0] <= at - WITHIN:
            opened.popleft()
        return len(opened) < MOST


async def close_unjudged(store: Store, before: datetime, by: str, at: datetime) -> int:
    """Close trials that were opened before then and that nobody judged, so that their texts are forgotten too; how many were closed."""
    closed = 0
    for case in await store.cases.listed(frozenset({CaseState.OPEN}), _LOOKED_THROUGH):
        if case.reason is CaseReason.TRIAL and case.opened_at < before:
            entry = TrailEntry(case=case.id, verb=Verb.EXPIRE, by=by, at=at, detail="Nobody judged it in time.")
            closed += await store.cases.change(case, case.after(Verb.EXPIRE, by=by, at=at), entry)
    return closed
