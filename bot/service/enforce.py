"""From a recorded decision to what is so on the platform: each action once, in order, whatever dies in between."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta

import structlog

from bot.domain.case import Case, CaseReason
from bot.domain.decision import ActionKind, Decision, Urgency
from bot.domain.errors import ForbiddenError, GoneError, PlatformError, TemporaryPlatformError, UnreachableError
from bot.domain.message import PlatformName
from bot.domain.outcome import ActionState, How, Outcome, PlannedAction
from bot.domain.policy import Policy
from bot.domain.text import redact_source
from bot.service.ports import Clock, Platform, Policies
from bot.service.say import please_delete, words_for
from bot.service.store import Store

_log = structlog.get_logger(__name__)

#: What follows one of these in a decision speaks of it, so it waits until the thing has happened.
_FIRST = frozenset({ActionKind.HIDE, ActionKind.RESTORE, ActionKind.REPOST})
_FINAL = frozenset({ActionState.DONE, ActionState.FAILED})
#: Waits between tries double from the first to the longest, with jitter; after this many tries a human is told.
FIRST_WAIT = timedelta(seconds=1)
LONGEST_WAIT = timedelta(minutes=5)
MOST_TRIES = 20


class Enforcer:
    """Does the actions of decisions on the platforms."""

    def __init__(
        self, *, store: Store, platforms: Mapping[PlatformName, Platform], policies: Policies, clock: Clock
    ) -> None:
        self._store = store
        self._platforms = platforms
        self._policies = policies
        self._clock = clock

    @property
    def serves(self) -> frozenset[PlatformName]:
        """The platforms that this process is connected to."""
        return frozenset(self._platforms)

    async def enforce(self, decision: Decision) -> None:
        """Do what is still to do of the decision; what can't be done now is postponed, what follows from it too."""
        try:
            await self._enforce_in_order(decision)
        finally:
            await self._store.decisions.release(decision.id)

    async def _enforce_in_order(self, decision: Decision) -> None:
        for planned in await self._store.decisions.actions(decision.id):
            if planned.state in _FINAL:
                continue
            if planned.due_at is not None and planned.due_at > self._clock.now():
                settled = False
            else:
                settled = await self._attempt(planned)
            if not settled and planned.action.kind in _FIRST:
                await self._hold_back(decision)
                return

    async def _attempt(self, planned: PlannedAction) -> bool:
        """Try one action; whether it is settled, for good or ill."""
        now = self._clock.now()
        await self._store.decisions.tried(planned.key, now)
        try:
            outcome = await self._perform(planned)
        except TemporaryPlatformError as error:
            if planned.attempts + 1 < MOST_TRIES:
                await self._store.decisions.postpone(
                    planned.key, now + _wait(planned.attempts, error.retry_after), str(error)
                )
                return False
            await self._give_up(planned, error)
        except PlatformError as error:
            await self._give_up(planned, error)
        else:
            await self._store.decisions.done(planned.key, outcome, self._clock.now())
            _log.info("action done", action=planned.action.kind, decision=planned.decision.id, how=outcome.how)
        return True

    async def _perform(self, planned: PlannedAction) -> Outcome:
        decision, action = planned.decision, planned.action
        platform = self._platforms[decision.message.room.platform]
        policy = self._policies.policy_for(decision.message.room)
        case = await self._store.cases.case(decision.case) if decision.case else None
        again = planned.state is ActionState.TRIED
        match action.kind:
            case ActionKind.QUEUE:
                return Outcome(how=How.QUEUED)
            case ActionKind.HIDE:
                return await self._hide(platform, planned, case, policy, again=again)
            case ActionKind.RESTORE | ActionKind.REPOST:
                return await self._bring_back(platform, planned, case, policy, again=again)
            case ActionKind.SLOW_DOWN:
                return await platform.slow_down(decision.message.room, action.seconds)
            case ActionKind.TIME_OUT:
                return await platform.time_out(
                    decision.author, decision.message.room, action.seconds, reason=f"Case {decision.case}"
                )
            case _:
                return await self._say(platform, planned, case, policy, again=again)

    async def _say(
        self, platform: Platform, planned: PlannedAction, case: Case | None, policy: Policy, *, again: bool
    ) -> Outcome:
        decision, action = planned.decision, planned.action
        words = words_for(planned.key, decision, action, case, policy)
        if action.kind in (ActionKind.NOTIFY, ActionKind.PAGE):
            return await platform.post(policy.team_room, decision.message, words, again=again)
        if action.kind is ActionKind.REPLY:
            return await platform.answer(decision.message, words, again=again)
        return await platform.tell(decision.author, decision.message.room, words, in_room=False, again=again)

    async def _hide(
        self, platform: Platform, planned: PlannedAction, case: Case | None, policy: Policy, *, again: bool
    ) -> Outcome:
        decision = planned.decision
        try:
            how = await platform.hide(decision.message, reason=f"Case {decision.case}", again=again)
        except ForbiddenError as error:
            problem = str(error)
            await self._change_case(
                case, lambda now: replace(now, reason=CaseReason.ASSISTED, urgency=Urgency.NOW, problem=problem)
            )
            words = please_delete(planned.key, decision, case, policy)
            asked = await platform.tell(decision.author, decision.message.room, words, in_room=True, again=again)
            return replace(asked, how=How.ASKED_AUTHOR)
        await self._change_case(case, lambda now: replace(now, hidden=True))
        return Outcome(how=how)

    async def _bring_back(
        self, platform: Platform, planned: PlannedAction, case: Case | None, policy: Policy, *, again: bool
    ) -> Outcome:
        if case is None:
            raise GoneError("There is no case to bring the message back from.")
        kept = await self._store.vault.kept(case.id)
        text = kept.message.typed.source
        if planned.action.kind is ActionKind.REPOST:
            text = redact_source(kept.message.typed, [(r.start, r.end, r.words) for r in kept.redactions])
        words = words_for(planned.key, planned.decision, planned.action, case, policy)
        outcome = await platform.restore(kept.message, text, words, again=again)
        await self._change_case(case, lambda now: replace(now, hidden=False))
        return outcome

    async def _give_up(self, planned: PlannedAction, error: PlatformError) -> None:
        """A platform that can't do a thing leaves it to a human: the case says what was not done."""
        await self._store.decisions.failed(planned.key, str(error), self._clock.now())
        _log.warning(
            "action failed", action=planned.action.kind, decision=planned.decision.id, error=type(error).__name__
        )
        if planned.decision.case and not isinstance(error, (GoneError, UnreachableError)):
            case = await self._store.cases.case(planned.decision.case)
            problem = f"{planned.action.kind}: {error}"
            await self._change_case(
                case, lambda now: replace(now, urgency=max(now.urgency, Urgency.SOON), problem=problem)
            )

    async def _hold_back(self, decision: Decision) -> None:
        actions = await self._store.decisions.actions(decision.id)
        until = max((planned.due_at for planned in actions if planned.due_at), default=self._clock.now() + FIRST_WAIT)
        for planned in actions:
            if planned.state is ActionState.PLANNED:
                await self._store.decisions.postpone(planned.key, until, "Waits for what comes before it.")

    async def _change_case(self, case: Case | None, change: Callable[[Case], Case]) -> None:
        """Change the case as it stands now; somebody else may have moved it on meanwhile."""
        while case is not None:
            before = await self._store.cases.case(case.id)
            if await self._store.cases.change(before, change(before), None):
                return


def _wait(attempts: int, retry_after: float | None) -> timedelta:
    if retry_after is not None:
        return timedelta(seconds=retry_after)
    longest = min(FIRST_WAIT * (1 << min(attempts, 10)), LONGEST_WAIT)
    return longest * (0.5 + secrets.randbelow(1000) / 2000)
