"""A page is repeated until somebody answers it, step by step along the policy's on-call chain."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime

import structlog

from bot.domain.case import Case, CaseState
from bot.domain.decision import Action, ActionKind, Decision, Urgency
from bot.domain.errors import ChaperoneError, GoneError
from bot.domain.on_call import is_answered, kind_of, next_page, step, step_of
from bot.domain.outcome import How, Outcome, PlannedAction
from bot.domain.policy import Policy
from bot.service.care_ports import Alarm, Pager
from bot.service.ports import Clock, Policies
from bot.service.store import Store

_log = structlog.get_logger(__name__)

#: Seconds between looks at the queue.
LOOK_EVERY = 5.0
#: So many cases of the queue are looked at; the most urgent come first.
MOST_CASES = 500
AGAIN = "page_again"
_OPEN = frozenset({CaseState.OPEN})


class OnCall:
    """Sends the next step of the chain for urgent cases that nobody has answered.

    Each step is a decision with an id of its own, recorded together with the case as it stands: a restart, or a second process, sends no
    step twice, and none once somebody has acknowledged. ``wake`` is set whenever there is something to enforce.
    """

    def __init__(self, *, store: Store, policies: Policies, clock: Clock, wake: asyncio.Event) -> None:
        self._store = store
        self._policies = policies
        self._clock = clock
        self._wake = wake

    async def run(self, stop: asyncio.Event) -> None:
        """Look again and again until ``stop`` is set."""
        while not stop.is_set():
            try:
                await self.look()
            except ChaperoneError as error:
                _log.error("can't look after pages, trying again", action="on_call", error=type(error).__name__)
            try:
                await asyncio.wait_for(stop.wait(), LOOK_EVERY)
            except TimeoutError:
                continue

    async def look(self) -> int:
        """Send every step that is due now; how many were."""
        sent = 0
        for case in await self._store.cases.listed(_OPEN, MOST_CASES):
            if case.urgency is Urgency.NOW and not is_answered(case):
                sent += await self._next_step(case)
        if sent:
            self._wake.set()
        return sent

    async def _next_step(self, case: Case) -> bool:
        """Record the case's next step, if it is due and the case is still as it was."""
        past = await self._store.decisions.of_message(case.message)
        first = next((decision for decision in past if decision.id == case.decision), None)
        if first is None or not first.asks(ActionKind.PAGE):
            return False
        policy = self._policies.policy_for(case.message.room)
        number, due = next_page(policy.on_call, case.opened_at, _sent(case, past))
        now = self._clock.now()
        if due > now:
            return False
        recorded = await self._store.cases.change(case, case, None, _page(case, first, number, policy, now))
        _log.info("page repeated", action="page", case=case.id, step=number, recorded=recorded)
        return recorded


def _sent(case: Case, past: Sequence[Decision]) -> dict[int, datetime]:
    """The steps that were sent, and when."""
    ours = {decision.id.removeprefix(_prefix(case)): decision.decided_at for decision in past}
    return {int(number): at for number, at in ours.items() if number.isdigit()}


def _prefix(case: Case) -> str:
    return f"{case.id}-page-"


def _page(case: Case, first: Decision, number: int, policy: Policy, at: datetime) -> Decision:
    """Step ``number`` as a decision. The chat was called when the case was opened, so step 0 is only a webhook."""
    asked = step(policy.on_call, number)
    actions: list[Action] = []
    if number and (asked.mention or not asked.webhook):
        actions.append(Action(kind=ActionKind.PAGE, destination=str(number), wording=AGAIN, urgency=Urgency.NOW))
    if asked.webhook:
        actions.append(Action(kind=ActionKind.CALL, destination=asked.webhook, urgency=Urgency.NOW))
    return Decision(
        id=f"{_prefix(case)}{number}",
        message=case.message,
        revision=first.revision,
        author=case.author,
        policy=policy.hash,
        decided_at=at,
        case=case.id,
        labels=case.labels,
        actions=tuple(actions),
        language=policy.language,
    )


async def call_out(pager: Pager, planned: PlannedAction, case: Case | None, policy: Policy) -> Outcome:
    """Do a CALL or STAND_DOWN. Raises what the pager raises, and GoneError where there is no case."""
    if case is None:
        raise GoneError("There is no case to call anybody for.")
    alarm = Alarm(case=case.id, kind=kind_of(case), key=planned.key)
    if planned.action.kind is ActionKind.CALL:
        await pager.call(planned.action.destination, alarm)
        return Outcome(how=How.CALLED)
    webhooks = dict.fromkeys(one.webhook for one in policy.on_call if one.webhook)
    for webhook in webhooks:
        await pager.stand_down(webhook, alarm)
    return Outcome(how=How.CALLED if webhooks else How.ALREADY)


def too_late(action: Action, case: Case | None) -> bool:
    """Whether a repeated page is no longer needed: somebody answered while it waited to be sent."""
    repeated = action.kind is ActionKind.CALL or step_of(action) is not None
    return repeated and case is not None and is_answered(case)
