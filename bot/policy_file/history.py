"""What was decided and what people said of it: the past for a backtest."""

from __future__ import annotations

from bot.domain.case import Case
from bot.domain.decide import Facts
from bot.domain.decision import Decision
from bot.domain.message import Author, Message, Role, RoomKind
from bot.domain.policy import Policy
from bot.domain.reading import Label, Reading
from bot.domain.text import MappedText
from bot.policy_file.backtest import Past
from bot.policy_file.recalled import Recalled
from bot.service.store import Kept
from bot.service.track_record import verdict_of

#: What a label of a stored decision counts as: it held at the threshold of its day.
HELD = 1.0


def past_of(
    decision: Decision,
    case: Case | None,
    kept: Kept | None,
    reading: Reading | None = None,
    policy: Policy | None = None,
) -> Past:
    """A stored decision for a backtest.

    ``kept`` is what the vault still holds, ``reading`` what a reader makes of that text today. Without them the stored labels are
    taken for the reading, and words can't be looked for; which rules of ``policy``, then in force, found theirs is known. What was
    not stored (first post, age of membership, repetition, strikes) counts as unknown.
    """
    return Past(
        message=kept.message if kept is not None else _without_text(decision, case),
        reading=reading if reading is not None else _as_labelled(decision),
        facts=Facts(room_kind=RoomKind.COMMUNITY, role=Role.MEMBER),
        has_text=kept is not None,
        verdict=verdict_of(case),
        recalled=None if policy is None else Recalled(policy=policy, matched={match.id for match in decision.rules}),
    )


def _without_text(decision: Decision, case: Case | None) -> Message:
    return Message(
        ref=decision.message,
        revision=decision.revision,
        author=Author(id=decision.author, name="", locale=decision.language),
        typed=MappedText.same(""),
        sent_at=decision.decided_at,
        room_name=case.room_name if case is not None else "",
    )


def _as_labelled(decision: Decision) -> Reading:
    return Reading(probabilities=dict.fromkeys(decision.labels, HELD), thresholds=dict.fromkeys(Label, 0.5))
