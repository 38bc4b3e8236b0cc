"""From a recorded decision to what is so on the platform: each action once, in order, whatever dies in between."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta

import structlog

from bot.domain.case import Case, CaseReason, CaseState
from bot.domain.decision import Action, ActionKind, Decision, Source, Urgency
from bot.domain.errors import (
    ChaperoneError,
    ErasedError,
    ForbiddenError,
    GoneError,
    PlatformError,
    TemporaryPlatformError,
    UnknownCaseError,
    UnreachableError,
)
from bot.domain.message import PlatformName
from bot.domain.outcome import ActionState, How, Outcome, PlannedAction
from bot.domain.policy import Policy
from bot.domain.text import redact_source
from bot.service.care_ports import CareSources
from bot.service.moderate import LEASE
from bot.service.on_call import call_out, too_late
from bot.service.ports import Clock, Platform, Policies
from bot.service.say import MOST_SLOTS, contact_of, please_delete, words_for
from bot.service.store import Store
from bot.service.waiting import awaits_answer

_log = structlog.get_logger(__name__)

#: What follows one of these in a decision speaks of it, so it waits until the thing has happened.
_FIRST = frozenset({ActionKind.HIDE, ActionKind.RESTORE, ActionKind.REPOST})
_FINAL = frozenset({ActionState.DONE, ActionState.FAILED})
#: What the team is told; where that can't be said, the case must say so.
_TO_THE_TEAM = frozenset({ActionKind.PAGE, ActionKind.CALL, ActionKind.NOTIFY})
#: A person found that the message can stand, or it is gone: hiding it comes too late.
_LET_STAND = frozenset({CaseState.RESTORED, CaseState.EXPIRED})
#: Of these nothing is to be told as done.
_NOT_SO = frozenset({How.ASKED_AUTHOR, How.WITHHELD})
#: Waits between tries double from the first to the longest, with jitter; after this many tries a human is told.
FIRST_WAIT = timedelta(seconds=1)
LONGEST_WAIT = timedelta(minutes=5)
MOST_TRIES = 20
#: Seconds that one action may take; what takes longer is tried again. No action is begun so late that it might outlast the lease.
ACTION_WITHIN = 25.0
BEGIN_WITHIN = LEASE / 2
DANGER_FIRST = "hide: Somebody may be in danger, so a person decides first."
#: Where nothing is asked of the outside: no publisher of slots, no webhook.
NOTHING = CareSources()


class Enforcer:
    """Does the actions of decisions on the platforms."""

    def __init__(
        self,
        *,
        store: Store,
        platforms: Mapping[PlatformName, Platform],
        policies: Policies,
        clock: Clock,
        sources: CareSources = NOTHING,
    ) -> None:
        self._store = store
        self._platforms = platforms
        self._policies = policies
        self._clock = clock
        self._sources = sources
        self._under_way: set[str] = set()

    @property
    def serves(self) -> frozenset[PlatformName]:
        """The platforms that this process is connected to."""
        return frozenset(self._platforms)

    async def enforce(self, decision: Decision) -> None:
        """Do what is still to do of the decision; what can't be done now is postponed, what follows from it too."""
        if decision.id in self._under_way:  # taken a second time: it waited for its turn until its lease was over
            return
        self._under_way.add(decision.id)
        try:
            await self._enforce_in_order(decision)
        finally:
            self._under_way.discard(decision.id)
            await self._store.decisions.release(decision.id)

    async def _enforce_in_order(self, decision: Decision) -> None:
        until = self._clock.now() + BEGIN_WITHIN
        for planned in await self._store.decisions.actions(decision.id):
            if planned.state in _FINAL:
                continue
            if self._clock.now() > until:
                return
            if planned.due_at is not None and planned.due_at > self._clock.now():
                settled = False
            else:
                settled = await self._attempt(planned)
            if not settled and planned.action.kind in _FIRST:
                await self._hold_back(decision)
                return

    async def _attempt(self, planned: PlannedAction) -> bool:
        """Try one action; whether it is settled, for good or ill."""
        await self._store.decisions.tried(planned.key, self._clock.now())
        try:
            async with asyncio.timeout(ACTION_WITHIN):
                outcome = await self._perform(planned)
        except Exception as error:  # whatever it is, trying for ever would be as bad as not trying again
            problem = _in_words(error)
            if isinstance(problem, TemporaryPlatformError) and planned.attempts + 1 < MOST_TRIES:
                until = self._clock.now() + _wait(planned.attempts, problem.retry_after)
                await self._store.decisions.postpone(planned.key, until, str(problem))
                return False
            await self._give_up(planned, problem)
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
        if too_late(action, case):
            return Outcome(how=How.ALREADY)
        match action.kind:
            case ActionKind.QUEUE:
                return Outcome(how=How.QUEUED)
            case ActionKind.HIDE:
                return await self._hide(platform, planned, case, policy, again=again)
            case ActionKind.RESTORE | ActionKind.REPOST:
                return await self._bring_back(platform, planned, case, policy, again=again)
            case ActionKind.SLOW_DOWN | ActionKind.TIME_OUT:
                return await _limit(platform, decision, action)
            case ActionKind.CALL | ActionKind.STAND_DOWN:
                return await call_out(self._sources.pager, planned, case, policy)
            case _:
                return await self._say(platform, planned, case, policy, again=again)

    async def _say(
        self, platform: Platform, planned: PlannedAction, case: Case | None, policy: Policy, *, again: bool
    ) -> Outcome:
        decision, action = planned.decision, planned.action
        if action.kind is ActionKind.NOTE and await self._would_be_untrue(decision):
            return Outcome(how=How.WITHHELD)
        contact = contact_of(policy, action)
        slots = await self._sources.slots.free(contact, MOST_SLOTS) if contact and contact.slots else ()
        words = words_for(planned.key, decision, action, case, policy, at=self._clock.now(), slots=slots)
        if action.kind in (ActionKind.NOTIFY, ActionKind.PAGE):
            return await platform.post(policy.team_room, decision.message, words, again=again)
        if action.kind is ActionKind.REPLY or (action.kind is ActionKind.SCHEDULE and policy.answers.in_room):
            return await platform.answer(decision.message, words, again=again)
        return await platform.tell(decision.author, decision.message.room, words, in_room=False, again=again)

    async def _would_be_untrue(self, decision: Decision) -> bool:
        """Whether what the author would be told of did not happen: hiding, restoring or reposting failed, or only they can do it."""
        if not any(decision.asks(kind) for kind in _FIRST):
            return False
        first = [p for p in await self._store.decisions.actions(decision.id) if p.action.kind in _FIRST]
        not_so = any(p.outcome is not None and p.outcome.how in _NOT_SO for p in first)
        return not_so or any(p.state is ActionState.FAILED for p in first)

    async def _hide(
        self, platform: Platform, planned: PlannedAction, case: Case | None, policy: Policy, *, again: bool
    ) -> Outcome:
        decision = planned.decision
        if await self._must_not_hide(decision, case):
            return Outcome(how=How.WITHHELD)
        try:
            how = await platform.hide(decision.message, reason=f"Case {decision.case}", again=again)
        except ForbiddenError as error:
            problem = str(error)
            await self._change_case(
                case, lambda now: now.not_done(problem, reason=CaseReason.ASSISTED, urgency=Urgency.NOW)
            )
            words = please_delete(planned.key, decision, case, policy)
            asked = await platform.tell(decision.author, decision.message.room, words, in_room=True, again=again)
            return replace(asked, how=How.ASKED_AUTHOR)
        await self._change_case(case, _hidden)
        return Outcome(how=how)

    async def _must_not_hide(self, decision: Decision, case: Case | None) -> bool:
        """Whether things have changed since the decision: the message can stand, or may be a call for help that nobody has answered."""
        if case is not None and case.state in _LET_STAND:
            return True
        if decision.source is not Source.BOT or not await awaits_answer(self._store, decision.message):
            return False
        await self._change_case(case, lambda now: now.not_done(DANGER_FIRST, reason=now.reason, urgency=Urgency.NOW))
        return True

    async def _bring_back(
        self, platform: Platform, planned: PlannedAction, case: Case | None, policy: Policy, *, again: bool
    ) -> Outcome:
        if case is None:
            raise GoneError("There is no case to bring the message back from.")
        kept = await self._store.vault.kept(case.id)
        text = kept.message.typed.source
        if planned.action.kind is ActionKind.REPOST:
            text = redact_source(kept.message.typed, [(r.start, r.end, r.words) for r in kept.redactions])
        words = words_for(planned.key, planned.decision, planned.action, case, policy, at=self._clock.now())
        outcome = await platform.restore(kept.message, text, words, again=again)
        if planned.action.kind is ActionKind.RESTORE:  # beside a redacted version the message itself stays hidden
            await self._change_case(case, lambda now: replace(now, hidden=False))
        return outcome

    async def _give_up(self, planned: PlannedAction, error: PlatformError) -> None:
        """A platform that can't do a thing leaves it to a human: the case says what was not done."""
        kind, problem = planned.action.kind, f"{planned.action.kind}: {error}"
        await self._store.decisions.failed(planned.key, str(error), self._clock.now())
        _log.warning("action failed", action=kind, decision=planned.decision.id, error=type(error).__name__)
        case = await self._store.cases.case(planned.decision.case) if planned.decision.case else None
        if kind in _FIRST:
            await self._change_case(
                case, lambda now: now.not_done(problem, reason=CaseReason.FAILED, urgency=Urgency.SOON)
            )
        elif kind in _TO_THE_TEAM or not isinstance(error, (GoneError, UnreachableError)):
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


def _hidden(case: Case) -> Case:
    """The case of a message that is hidden now. Where a person let it stand meanwhile, they have to bring it back."""
    hidden = replace(case, hidden=True)
    if case.state is not CaseState.RESTORED:
        return hidden
    late = "hide: The message was hidden just as it was found to be fine. Please restore it."
    return hidden.not_done(late, reason=CaseReason.FAILED, urgency=Urgency.SOON)


def _in_words(error: Exception) -> PlatformError:
    """The error as the house knows it: temporary where another try may help. What comes unexpectedly may quote a message."""
    match error:
        case PlatformError():
            return error
        case ErasedError() | UnknownCaseError():
            return PlatformError(str(error))
        case ChaperoneError():
            return TemporaryPlatformError(str(error))
        case TimeoutError():
            return TemporaryPlatformError("There was no answer in time.")
    return TemporaryPlatformError(f"Something unexpected went wrong ({type(error).__name__}).")


async def _limit(platform: Platform, decision: Decision, action: Action) -> Outcome:
    room = decision.message.room
    if action.kind is ActionKind.SLOW_DOWN:
        return await platform.slow_down(room, action.seconds)
    return await platform.time_out(decision.author, room, action.seconds, reason=f"Case {decision.case}")


def _wait(attempts: int, retry_after: float | None) -> timedelta:
    if retry_after is not None:
        return timedelta(seconds=retry_after)
    longest = min(FIRST_WAIT * (1 << min(attempts, 10)), LONGEST_WAIT)
    return longest * (0.5 + secrets.randbelow(1000) / 2000)
