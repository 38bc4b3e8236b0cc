"""The way through the house for messages: read them, decide, record."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

import structlog

from bot.domain.answer import directed, without_answers, without_known_answers
from bot.domain.case import Case, open_case
from bot.domain.decide import Facts, decide, in_question, speaks_of_danger
from bot.domain.decision import ActionKind, Decision
from bot.domain.errors import ChaperoneError
from bot.domain.message import Message, Role, RoomKind
from bot.domain.policy import Policy
from bot.domain.reading import DANGER, Reading, Utterance
from bot.service.known_people import KnownPeople
from bot.service.ports import Clock, Matcher, Policies, WordMatches
from bot.service.store import Kept, Store
from bot.service.trials import Trials
from bot.service.understand import Understanding
from bot.service.waiting import awaits_answer

_log = structlog.get_logger(__name__)

#: Repetition and first posts are judged on what was said within this time.
REMEMBERED = timedelta(days=7)
#: How long the one who took messages has them to themselves, beside the time that reading may take: short, for an emergency that was
#: taken when the store failed.
DECIDE_WITHIN = timedelta(seconds=20)
#: How long the one who recorded a decision has it to themselves before another worker takes it over.
LEASE = timedelta(minutes=2)
#: An edit does not repeat these to an author who was told already.
_SAID_ONCE = frozenset(
    {ActionKind.NOTE, ActionKind.NUDGE, ActionKind.SCHEDULE, ActionKind.REPLY, ActionKind.NOTIFY, ActionKind.PAGE}
)
#: Where the earlier call for help was answered, a new one is heard anew.
_FOR_HELP = frozenset({ActionKind.PAGE, ActionKind.REPLY})


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """A message of a watched room with its reading, and the policy under which it will be decided."""

    message: Message
    policy: Policy
    kind: RoomKind
    reading: Reading


class Moderator:
    """Turns waiting messages into recorded decisions: reads them, then decides. ``secret`` keys the digests by which repetition is seen."""

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
        self._trials = Trials()
        self._people = KnownPeople()

    def lease(self, count: int) -> timedelta:
        """How long to lease so many messages for: they may be read together, then each alone, and then have to be decided on."""
        return DECIDE_WITHIN + 2 * count * self._understanding.budget

    async def read(self, messages: Sequence[Message]) -> list[Read]:
        """Read messages taken from the inbox, in order. Those of rooms that nobody watches are finished and left out."""
        watched: list[tuple[Message, Policy, RoomKind]] = []
        for message in messages:
            policy = self._policies.policy_for(message.ref.room)
            kind = policy.room_kind(message)
            if kind is None:
                await self._store.inbox.finish(message.key, self._clock.now())
            else:
                watched.append((message, policy, kind))
        if not watched:
            return []
        for message, policy, _ in watched:
            self._people.meet(message, policy)
        asked = [self._utterance(message, kind, policy) for message, policy, kind in watched]
        readings = await self._understanding.read(asked)
        return [
            Read(message=message, policy=policy, kind=kind, reading=reading)
            for (message, policy, kind), reading in zip(watched, readings, strict=True)
        ]

    def _utterance(self, message: Message, kind: RoomKind, policy: Policy) -> Utterance:
        members, staff = self._people.named_in(message, policy)
        return replace(utterance(message, kind, policy), members=members, staff=staff)

    async def decide(self, read: Sequence[Read]) -> list[Decision]:
        """Decide on what was read, and record it; the decisions that have something to enforce."""
        decided: list[Decision] = []
        for one in read:
            try:
                decision = await self._decide_whatever_breaks(one.message, one.policy, one.kind, one.reading)
            except ChaperoneError as error:  # the store; what is not decided is taken again when its lease is over
                _log.error("can't decide now", action="decide_failed", error=type(error).__name__)
                break
            if decision is not None:
                decided.append(decision)
        return decided

    async def _decide_whatever_breaks(
        self, message: Message, policy: Policy, kind: RoomKind, reading: Reading
    ) -> Decision | None:
        """The decision; where something breaks on this very message, a person is asked. Raises what the store raises."""
        try:
            return await self._decide(message, policy, kind, reading)
        except ChaperoneError:
            raise
        except (
            Exception
        ) as error:  # a message must neither stop the others nor pass unseen; the error's words may quote it
            _log.error("deciding failed", action="decide_failed", error=type(error).__name__)
            broken = replace(reading, faults=(*reading.faults, "decision"))
            facts = Facts(room_kind=kind, role=Role.MEMBER)
            decision = decide(_for_help_only(policy), message, broken, facts, self._clock.now())
            return await self._conclude(decision, message, broken)

    async def _decide(self, message: Message, policy: Policy, kind: RoomKind, reading: Reading) -> Decision | None:
        matches, reading = self._matched(message, policy, reading)
        if any(attachment.unread for attachment in message.attachments):
            reading = replace(reading, faults=(*reading.faults, "attachment"))
        facts = await self._facts(message, in_question(policy, reading), kind, matches)
        decision = decide(policy, message, reading, facts, self._clock.now())
        decision = await self._answered(directed(decision, policy, message), message, policy)
        if decision.actions:
            decision = without_repeats(decision, await self._said(message))
        if not (decision.actions or decision.shadow or policy.keep_readings):
            await self._store.inbox.finish(message.key, self._clock.now())
            return None
        return await self._conclude(decision, message, reading)

    async def _conclude(self, decision: Decision, message: Message, reading: Reading) -> Decision | None:
        case = open_case(decision, message, reading, danger=speaks_of_danger(decision, reading))
        if case is None and self._policies.policy_for(message.ref.room).trial_cases:
            case = self._trials.case(decision, message)
        return await self._record(decision, case, Kept(message=message, redactions=reading.redactions))

    def _matched(self, message: Message, policy: Policy, reading: Reading) -> tuple[WordMatches, Reading]:
        """What of the policy's words the message holds; where that can't be told, the reading says so."""
        try:
            return self._matcher.match(policy, message.text), reading
        except Exception as error:  # its words may quote the message
            _log.warning("matching failed", action="match_failed", error=type(error).__name__)
            return WordMatches(), replace(reading, faults=(*reading.faults, "matcher"))

    async def _said(self, message: Message) -> Sequence[Decision]:
        """What was decided about the message before, without calls for help that were answered."""
        earlier = await self._store.decisions.of_message(message.ref)
        if not earlier or await awaits_answer(self._store, message.ref):
            return earlier
        return [replace(past, actions=tuple(a for a in past.actions if a.kind not in _FOR_HELP)) for past in earlier]

    async def _answered(self, decision: Decision, message: Message, policy: Policy) -> Decision:
        """The decision without answers that nobody needs: staff is on it, or the author was told the same a while ago."""
        if not decision.asks(ActionKind.SCHEDULE):
            return decision
        if message.answered_by_staff:
            return without_answers(decision)
        since = decision.decided_at - policy.answers.again_after
        earlier = await self._store.decisions.by_author(message.ref.room, decision.author, since)
        return without_known_answers(decision, earlier)

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
        return decision if new and any(action.kind is not ActionKind.QUEUE for action in decision.actions) else None

    async def _strikes(self, message: Message, policy: Policy) -> float:
        if not policy.asks(lambda when: when.strikes_at_least):
            return 0.0
        author, half_life = message.author.id, policy.strike_half_life
        return await self._store.decisions.strikes(message.ref.room, author, self._clock.now(), half_life)

    async def _facts(self, message: Message, policy: Policy, kind: RoomKind, matches: WordMatches) -> Facts:
        now = self._clock.now()
        room, author, memory = message.ref.room, message.author, self._store.memory
        digest = hmac.new(self._secret, message.text.casefold().encode(errors="replace"), hashlib.sha256).hexdigest()[
            :32
        ]
        since, this = now - REMEMBERED, message.ref.message
        asks_first, asks_again = policy.asks(lambda when: when.first_post), policy.asks(lambda when: when.repetition)
        same = await memory.posts(room, author.id, digest, since, this) if asks_again else ()
        earlier = same or (await memory.posts(room, author.id, None, since, this) if asks_first else ())
        await memory.remember_post(room, author.id, message.ref.message, digest, message.sent_at)
        return Facts(
            room_kind=kind,
            role=policy.people.role(author),
            phrases=matches.phrases,
            patterns=matches.patterns,
            links=matches.links,
            member_for=None if author.joined_at is None else message.sent_at - author.joined_at,
            first_post=asks_first and not earlier,
            repeats=tuple(now - at for at in same),
            strikes=await self._strikes(message, policy),
        )


def utterance(message: Message, kind: RoomKind, policy: Policy) -> Utterance:
    """What a reader is given of the message."""
    context = tuple((earlier.same_author, earlier.text) for earlier in message.context)
    return Utterance(text=message.text, room=kind, author=policy.people.role(message.author), context=context)


def _for_help_only(policy: Policy) -> Policy:
    """The policy with the rules alone that call for help: what is known of the message is not enough for the others."""
    rules = tuple(rule for rule in policy.rules if rule.when.labels and rule.when.labels <= DANGER)
    return replace(policy, rules=rules)


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
