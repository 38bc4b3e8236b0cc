"""What people do to cases. Web console, command line, Slack and Discord buttons all call these and have no logic of their own."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime

from bot.domain.case import Case, CaseReason, CaseState, Verb
from bot.domain.decision import Action, ActionKind, Decision, Source, Urgency
from bot.domain.errors import ChaperoneError, IllegalTransitionError
from bot.domain.on_call import is_answered
from bot.domain.outcome import ActionState
from bot.service.ports import Clock
from bot.service.store import Kept, Store, TrailEntry

OPEN_STATES = frozenset({CaseState.OPEN})
_UNDER_WAY = frozenset({ActionState.PLANNED, ActionState.TRIED})
_ANSWERS_A_PAGE = frozenset({Verb.ACKNOWLEDGE, Verb.RESTORE, Verb.UPHOLD})


class NotYoursError(ChaperoneError):
    """Only the author of the message can do this."""


class Review:
    """The queue and everything that can be done to it. ``wake`` is set whenever there is something to enforce."""

    def __init__(self, store: Store, clock: Clock, wake: asyncio.Event) -> None:
        self._store = store
        self._clock = clock
        self._wake = wake

    async def queue(self, states: frozenset[CaseState] = OPEN_STATES, limit: int = 100) -> Sequence[Case]:
        """Cases in these states, most urgent first."""
        return await self._store.cases.listed(states, limit)

    async def case(self, case: str) -> Case:
        """The case without its text. Raises UnknownCaseError."""
        return await self._store.cases.case(case)

    async def open(self, case: str, by: str) -> tuple[Case, Kept]:
        """The case with its text; the opening is logged. Raises ErasedError where the text is gone."""
        found = await self._change(case, Verb.OPEN, by)
        return found, await self._store.vault.kept(case)

    async def look(self, case: Case, by: str, why: str) -> Kept:
        """The text of a case without taking the case in hand; that ``by`` saw it, and why, is logged.

        Raises ErasedError, and VaultError where no key opens it.
        """
        kept = await self._store.vault.kept(case.id)
        entry = TrailEntry(case=case.id, verb=Verb.OPEN, by=by, at=self._clock.now(), detail=why)
        while not await self._store.cases.change(case, case, entry):
            case = await self._store.cases.case(case.id)
        return kept

    async def erase(self, case: str, by: str) -> bool:
        """Forget the text for good, as somebody whom it names may ask; logged. False where it was gone already. Raises UnknownCaseError."""
        found = await self._store.cases.case(case)
        return await self._store.vault.erase(found.id, by, self._clock.now())

    async def trail(self, case: str) -> Sequence[TrailEntry]:
        """Everything that was done to the case."""
        return await self._store.cases.trail(case)

    async def restore(self, case: str, by: str) -> Case:
        """Bring the message back, and tell its author; where it was never hidden, let it stand.

        Raises ErasedError where the text is gone.
        """
        await self._must_be_kept(await self._store.cases.case(case))
        return await self._change(case, Verb.RESTORE, by)

    async def uphold(self, case: str, by: str) -> Case:
        """Agree that the message should be hidden; where it is not hidden yet, hide it. Of a rule on trial: it was right."""
        return await self._change(case, Verb.UPHOLD, by)

    async def hand_on(self, case: str, by: str, to: str) -> Case:
        """Pass the case on to somebody else."""
        return await self._change(case, Verb.HAND_ON, by, to=to)

    async def acknowledge(self, case: str, by: str) -> Case:
        """A human is on it: the page stops."""
        return await self._change(case, Verb.ACKNOWLEDGE, by)

    async def appeal(self, case: str, author: str) -> Case:
        """The author asks for a review."""
        await self._must_be_author(case, author)
        return await self._change(case, Verb.APPEAL, author)

    async def repost(self, case: str, author: str) -> Case:
        """The author posts the redacted version. Raises ErasedError where the text is gone."""
        found = await self._must_be_author(case, author)
        if not found.redactable:
            raise IllegalTransitionError("This message has no redacted version.")
        if not found.hidden:
            raise IllegalTransitionError("The message still stands in its room. Please delete it first.")
        await self._must_be_kept(found)
        return await self._change(case, Verb.REPOST, author)

    async def _must_be_author(self, case: str, author: str) -> Case:
        found = await self._store.cases.case(case)
        if found.author != author:
            raise NotYoursError
        return found

    async def _must_be_kept(self, case: Case) -> None:
        if case.hidden:
            await self._store.vault.kept(case.id)

    async def _change(self, case: str, verb: Verb, by: str, *, to: str | None = None) -> Case:
        """Do ``verb``; where somebody else changed the case meanwhile, look again. Ends, since a closed case allows less and less."""
        while True:
            before = await self._store.cases.case(case)
            at = self._clock.now()
            after = before.after(verb, by=by, at=at, to=to)
            entry = TrailEntry(case=case, verb=verb, by=by, at=at, detail=f"to {to}" if to else "")
            decision = await self._decision(before, verb, by, at)
            if await self._store.cases.change(before, after, entry, decision):
                self._wake.set()
                return after

    async def _decision(self, case: Case, verb: Verb, by: str, at: datetime) -> Decision | None:
        actions = consequences(case, verb)
        if verb is Verb.UPHOLD and not case.hidden and await self._hiding_under_way(case):
            actions = tuple(action for action in actions if action.kind is ActionKind.STAND_DOWN)
        original = await self._store.decisions.decision(case.decision)
        if not actions or original is None:
            return None
        return Decision(
            id=f"{case.id}-{verb}-{int(at.timestamp() * 1000)}",
            message=case.message,
            revision=original.revision,
            author=case.author,
            policy=original.policy,
            decided_at=at,
            source=Source.AUTHOR if by == case.author else Source.HUMAN,
            by=by,
            case=case.id,
            labels=case.labels,
            actions=actions,
            language=case.language,
        )

    async def _hiding_under_way(self, case: Case) -> bool:
        """Whether the bot is about to hide the message, and to tell its author, of its own accord."""
        planned = await self._store.decisions.actions(case.decision)
        return any(p.action.kind is ActionKind.HIDE and p.state in _UNDER_WAY for p in planned)


def consequences(case: Case, verb: Verb) -> tuple[Action, ...]:
    """What the bot has to do once ``verb`` is done to ``case``. The people on call hear when somebody takes a case of danger on."""
    answers = verb in _ANSWERS_A_PAGE and case.reason is CaseReason.DANGER and not is_answered(case)
    return (*((Action(kind=ActionKind.STAND_DOWN),) if answers else ()), *_follows(case, verb))


def _follows(case: Case, verb: Verb) -> tuple[Action, ...]:
    if verb is Verb.RESTORE and case.hidden:
        return (Action(kind=ActionKind.RESTORE), Action(kind=ActionKind.NOTE, wording="outcome_restored"))
    if verb is Verb.REPOST:
        return (Action(kind=ActionKind.REPOST), Action(kind=ActionKind.NOTE, wording="outcome_reposted"))
    if case.reason is CaseReason.TRIAL and not case.hidden:
        return ()
    if verb is Verb.UPHOLD and not case.hidden:
        return (Action(kind=ActionKind.HIDE), Action(kind=ActionKind.NOTE, wording="note"))
    if verb is Verb.UPHOLD and case.appealed_at is not None:
        return (Action(kind=ActionKind.NOTE, wording="outcome_upheld"),)
    if verb is Verb.APPEAL and not (case.state is CaseState.OPEN and case.appealed_at is not None):  # heard already
        asked = Action(kind=ActionKind.NOTE, wording="appeal_received")
        return (asked, Action(kind=ActionKind.NOTIFY, wording="notify_appeal", urgency=Urgency.SOON))
    return ()
