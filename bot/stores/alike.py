"""What every store does alike."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.decision import ActionKind, Decision
from bot.domain.message import Message
from bot.domain.outcome import ActionState, How, Outcome, PlannedAction


def planned_actions(decision: Decision) -> dict[str, PlannedAction]:
    """The decision's actions by their keys, in the order of doing, as they stand when it is recorded."""
    keys = [f"{decision.id}:{action.kind}:{action.destination}" for action in decision.actions]
    planned = {
        key: PlannedAction(key=key, decision=decision, action=action, due_at=decision.decided_at)
        for key, action in zip(keys, decision.actions, strict=True)
    }
    return {key: _as_recorded(action) for key, action in planned.items()}


def _as_recorded(planned: PlannedAction) -> PlannedAction:
    """To queue is done by being recorded, together with the case."""
    if planned.action.kind is not ActionKind.QUEUE:
        return planned
    return replace(planned, state=ActionState.DONE, outcome=Outcome(how=How.QUEUED))


def kind_of(key: str) -> ActionKind:
    """The kind of the action that has this key."""
    return ActionKind(key.split(":")[1])


def without_others(message: Message) -> Message:
    """The message without what others said before it: nobody knows any more who of them it was."""
    return replace(message, context=tuple(earlier for earlier in message.context if earlier.same_author))
