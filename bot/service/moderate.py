"""The way through the house for messages: read them, decide, record."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import structlog

from bot.domain.case import Case, open_case
from bot.domain.decide import Facts, decide, in_danger
from bot.domain.decision import ActionKind, Decision
from bot.domain.message import Message, RoomKind
from bot.domain.policy import Policy
from bot.domain.reading import Reading, Utterance
from bot.service.ports import Clock, Matcher, Policies
from bot.service.store import Kept, Store
from bot.service.understand import Understanding

_log = structlog.get_logger(__name__)

#: Repetition and first posts are judged on what was said within this time.
REMEMBERED = timedelta(days=7)
#: How long the one who recorded a decision has it to themselves before another worker takes it over.
LEASE = timedelta(minutes=2)
#: An edit does not repeat these to an author who was told already.
_SAID_ONCE = frozenset(
    {ActionKind.NOTE, ActionKind.NUDGE, ActionKind.SCHEDULE, ActionKind.REPLY, ActionKind.NOTIFY, ActionKind.PAGE}
)


class Moderator:
    """Turns waiting messages into recorded decisions. ``secret`` keys the digests by which repetition is seen."""

    def __init__(
        self,
        *,
        store: Store,
        understanding: Understanding,
        policies: Policies,
        matcher: Matcher,
        clock: Clock,
        secret: bytes,
    ) -> None:
        self._store = store
        self._understanding = understanding
        self._policies = policies
        self._matcher = matcher
        self._clock = clock
        self._secret = secret

    async def moderate(self, messages: Sequence[Message]) -> list[Decision]:
        """Decide on messages taken from the inbox; the decisions that have something to enforce."""
        watched = [
            (message, policy, kind)
            for message in messages
            for policy, kind in [self._standing(message)]
            if kind is not None
        ]
        unwatched = {message.key for message in messages} - {message.key for message, _, _ in watched}
        for key in unwatched:
            await self._store.inbox.finish(key, self._clock.now())
        readings = (
            await self._understanding.read([utterance(m, kind, policy) for m, policy, kind in watched])
            if watched
            else []
        )
        decided = [await self._decide(*place, reading) for place, reading in zip(watched, readings, strict=True)]
        return [decision for decision in decided if decision is not None]

    def _standing(self, message: Message) -> tuple[Policy, RoomKind | None]:
        policy = self._policies.policy_for(message.ref.room)
        return policy, policy.room_kind(message)

    async def _decide(self, message: Message, policy: Policy, kind: RoomKind, reading: Reading) -> Decision | None:
        facts = await self._facts(message, policy, kind)
        decision = decide(policy, message, reading, facts, self._clock.now())
        decision = without_repeats(decision, await self._store.decisions.of_message(message.ref))
        case = open_case(decision, message, reading, danger=in_danger(reading))
        if not (decision.actions or decision.shadow or policy.keep_readings):
            await self._store.inbox.finish(message.key, self._clock.now())
            return None
        return await self._record(decision, case, Kept(message=message, redactions=reading.redactions))

    async def _record(self, decision: Decision, case: Case | None, kept: Kept) -> Decision | None:
        decision = replace(decision, case=case.id if case else None)
        new = await self._store.decisions.record(decision, case, kept, LEASE)
        _log.info(
            "decided",
            action="decided",
            decision=decision.id,
            case=decision.case,
            rules=[match.id for match in decision.rules],
            actions=[action.kind for action in decision.actions],
        )
        return decision if new and decision.actions else None

    async def _facts(self, message: Message, policy: Policy, kind: RoomKind) -> Facts:
        now = self._clock.now()
        matches = self._matcher.match(policy, message.text)
        room, author, memory = message.ref.room, message.author, self._store.memory
        digest = hmac.new(self._secret, message.text.casefold().encode(), hashlib.sha256).hexdigest()[:32]
        same = await memory.posts(room, author.id, digest, now - REMEMBERED, message.ref.message)
        earlier = same or await memory.posts(room, author.id, None, now - REMEMBERED, message.ref.message)
        await memory.remember_post(room, author.id, message.ref.message, digest, message.sent_at)
        return Facts(
            room_kind=kind,
            role=policy.people.role(author),
            phrases=matches.phrases,
            patterns=matches.patterns,
            links=matches.links,
            member_for=None if author.joined_at is None else message.sent_at - author.joined_at,
            first_post=not earlier,
            repeats=tuple(now - at for at in same),
            strikes=await self._store.decisions.strikes(room, author.id, now, policy.strike_half_life),
        )


def utterance(message: Message, kind: RoomKind, policy: Policy) -> Utterance:
    """What a reader is given of the message."""
    context = tuple((earlier.same_author, earlier.text) for earlier in message.context)
    return Utterance(text=message.text, room=kind, author=policy.people.role(message.author), context=context)


def without_repeats(decision: Decision, earlier: Sequence[Decision]) -> Decision:
    """The decision about an edit without what an earlier revision's decision has said already."""
    said = {
        (action.kind, action.destination, action.wording)
        for past in earlier
        for action in past.actions
        if past.id != decision.id
    }
    kept = [a for a in decision.actions if a.kind not in _SAID_ONCE or (a.kind, a.destination, a.wording) not in said]
    return replace(decision, actions=tuple(kept))
