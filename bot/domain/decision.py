"""A Decision: what the policy asks for, and the lawful merging of what several rules ask."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import IntEnum, StrEnum

from bot.domain.claim import Claim
from bot.domain.message import MessageRef
from bot.domain.reading import Label


class ActionKind(StrEnum):
    """Everything that can be asked for, in the order in which it is done.

    CALL and STAND_DOWN go to people on call by webhook: somebody is needed, somebody is there. All others go to a platform.
    """

    PAGE = "page"
    CALL = "call"
    STAND_DOWN = "stand_down"
    REPLY = "reply"
    HIDE = "hide"
    RESTORE = "restore"
    REPOST = "repost"
    NOTE = "note"
    NUDGE = "nudge"
    SCHEDULE = "schedule"
    QUEUE = "queue"
    NOTIFY = "notify"
    SLOW_DOWN = "slow_down"
    TIME_OUT = "time_out"


#: What takes a message or its author out of the room.
HARSH = frozenset({ActionKind.HIDE, ActionKind.SLOW_DOWN, ActionKind.TIME_OUT})


class Urgency(IntEnum):
    """How soon a human should look."""

    AT_LEISURE = -1
    ROUTINE = 0
    SOON = 1
    NOW = 2


class Source(StrEnum):
    """Who decided."""

    BOT = "bot"
    HUMAN = "human"
    AUTHOR = "author"


class Band(StrEnum):
    """How sure a match is: certain enough to act, or likely enough to ask a human."""

    CERTAIN = "certain"
    LIKELY = "likely"


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One thing to do.

    ``wording`` is the key of the words to use; ``destination`` a contact or webhook named in the policy, or the number of the
    on-call step that a page belongs to; ``seconds`` how long a
    slow-down or time-out lasts. ``priority`` and ``rule`` say which rule's wording wins where several ask for the same.
    """

    kind: ActionKind
    destination: str = ""
    wording: str = ""
    seconds: int = 0
    urgency: Urgency = Urgency.ROUTINE
    priority: int = 0
    rule: str = ""

    def join(self, other: Action) -> Action:
        """The one action that serves both. Both must share kind and destination."""
        winner = max(self, other, key=lambda action: (action.priority, action.rule, action.wording))
        return replace(winner, urgency=max(self.urgency, other.urgency), seconds=max(self.seconds, other.seconds))


_ORDER = {kind: place for place, kind in enumerate(ActionKind)}


def merge(actions: Iterable[Action]) -> tuple[Action, ...]:
    """Actions merged by kind and destination, in the order of doing. Associative, commutative and idempotent."""
    merged: dict[tuple[ActionKind, str], Action] = {}
    for action in actions:
        key = (action.kind, action.destination)
        merged[key] = merged[key].join(action) if key in merged else action
    return tuple(sorted(merged.values(), key=lambda action: (_ORDER[action.kind], action.destination)))


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchedRule:
    """A rule that matched, how surely, and because of which labels."""

    id: str
    band: Band
    labels: tuple[Label, ...] = ()
    live: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What shall happen about one revision of one message, and why. Recorded before anything is done.

    ``id`` is the same for the same message, revision and source, so that a decision is never recorded twice. ``rules`` matched;
    those that are not ``live`` only report: ``shadow`` is what they would have done. ``explanations`` hold no
    message text. ``claim`` is the known claim that the message promotes. ``strike`` is what the decision counts against the author.
    """

    id: str
    message: MessageRef
    revision: str
    author: str
    policy: str
    decided_at: datetime
    source: Source = Source.BOT
    by: str | None = None
    case: str | None = None
    rules: tuple[MatchedRule, ...] = ()
    labels: tuple[Label, ...] = ()
    actions: tuple[Action, ...] = ()
    shadow: tuple[Action, ...] = ()
    explanations: tuple[str, ...] = ()
    claim: Claim | None = None
    language: str = "en"
    strike: float = 0.0

    def asks(self, kind: ActionKind) -> bool:
        """Whether an action of this kind is among the live ones."""
        return any(action.kind is kind for action in self.actions)
