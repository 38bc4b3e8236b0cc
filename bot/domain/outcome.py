"""An Outcome: what became of an action."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.decision import Action, Decision
from bot.domain.message import MessageRef


class ActionState(StrEnum):
    """Where an action stands. TRIED means that it was begun and nobody knows yet whether it happened."""

    PLANNED = "planned"
    TRIED = "tried"
    DONE = "done"
    FAILED = "failed"


class How(StrEnum):
    """In which way an action was done."""

    DELETED = "deleted"
    TOMBSTONED = "tombstoned"
    ALREADY = "already"
    ASKED_AUTHOR = "asked_author"
    WITHHELD = "withheld"
    PRIVATE = "private"
    IN_ROOM = "in_room"
    POSTED = "posted"
    RESTORED = "restored"
    QUEUED = "queued"
    LIMITED = "limited"
    CALLED = "called"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How an action was done, and the message it left behind, if it left one."""

    how: How
    posted: MessageRef | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedAction:
    """An action of a recorded decision, waiting to be done or done.

    ``key`` is unique and never reused; ``attempts`` counts the tries so far. ``problem`` says what went
    wrong last, without message text.
    """

    key: str
    decision: Decision
    action: Action
    state: ActionState = ActionState.PLANNED
    attempts: int = 0
    due_at: datetime | None = None
    outcome: Outcome | None = None
    problem: str | None = None
