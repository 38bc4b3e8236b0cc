"""A Case: a decision that a person must or may look at, and the small machine of its states."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from bot.domain.decision import ActionKind, Decision, Urgency
from bot.domain.errors import IllegalTransitionError
from bot.domain.message import Message, MessageRef
from bot.domain.reading import DANGER, Label, Reading


class CaseReason(StrEnum):
    """Why a person should look."""

    HIDDEN = "hidden"
    LIKELY = "likely"
    DANGER = "danger"
    UNREAD = "unread"
    ASSISTED = "assisted"
    REPORTED = "reported"
    COMPLAINT = "complaint"
    FAILED = "failed"
    TRIAL = "trial"


class CaseState(StrEnum):
    """Where a case stands."""

    OPEN = "open"
    UPHELD = "upheld"
    RESTORED = "restored"
    REPOSTED = "reposted"
    EXPIRED = "expired"


#: What staff read of a message that the reader did not finish.
UNREAD = "The bot could not read this message to its end. Please read it yourself."
#: A reviewer found that the message may be seen. An author who posts the redacted version agrees that it had to be hidden.
BROUGHT_BACK = frozenset({CaseState.RESTORED})


class Verb(StrEnum):
    """What a person, or time, does to a case."""

    OPEN = "open"
    UPHOLD = "uphold"
    RESTORE = "restore"
    REPOST = "repost"
    EXPIRE = "expire"
    APPEAL = "appeal"
    HAND_ON = "hand_on"
    ACKNOWLEDGE = "acknowledge"
    ERASE = "erase"


_NEXT: dict[tuple[CaseState, Verb], CaseState] = {
    (CaseState.OPEN, Verb.UPHOLD): CaseState.UPHELD,
    (CaseState.OPEN, Verb.RESTORE): CaseState.RESTORED,
    (CaseState.OPEN, Verb.REPOST): CaseState.REPOSTED,
    (CaseState.OPEN, Verb.EXPIRE): CaseState.EXPIRED,
    (CaseState.OPEN, Verb.APPEAL): CaseState.OPEN,
    (CaseState.OPEN, Verb.HAND_ON): CaseState.OPEN,
    (CaseState.OPEN, Verb.ACKNOWLEDGE): CaseState.OPEN,
    (CaseState.UPHELD, Verb.APPEAL): CaseState.OPEN,
    (CaseState.UPHELD, Verb.RESTORE): CaseState.RESTORED,
    (CaseState.UPHELD, Verb.REPOST): CaseState.REPOSTED,
    (CaseState.REPOSTED, Verb.APPEAL): CaseState.OPEN,
    (CaseState.REPOSTED, Verb.UPHOLD): CaseState.UPHELD,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One case. Holds no message text: that lies in the vault under the case's id until it is erased.

    ``hidden`` says whether the message is out of the room now, ``redactable``
    whether a redacted version can stand in for it; ``appealed_at`` when its author last asked for a review;
    ``acknowledged_at`` when a person answered the page; ``problem`` names what the bot could not do, in words for staff.
    """

    id: str
    decision: str
    message: MessageRef
    room_name: str
    author: str
    author_name: str
    reason: CaseReason
    labels: tuple[Label, ...]
    urgency: Urgency
    opened_at: datetime
    language: str = "en"
    state: CaseState = CaseState.OPEN
    hidden: bool = False
    redactable: bool = False
    explanation: str = ""
    permalink: str | None = None
    claimed_by: str | None = None
    appealed_at: datetime | None = None
    acknowledged_at: datetime | None = None
    acknowledged_by: str | None = None
    closed_at: datetime | None = None
    closed_by: str | None = None
    problem: str | None = None

    @property
    def why(self) -> str:
        """What the bot understood of the message, in sentences for staff; of one that it could not read, that."""
        return f"{UNREAD} {self.explanation}".strip() if self.reason is CaseReason.UNREAD else self.explanation

    def allows(self, verb: Verb) -> bool:
        """Whether ``verb`` may be done to the case as it stands."""
        return verb is Verb.OPEN or (self.state, verb) in _NEXT

    def after(self, verb: Verb, *, by: str, at: datetime, to: str | None = None) -> Case:
        """The case once ``by`` has done ``verb``. Raises IllegalTransitionError where the state does not allow it."""
        if verb is Verb.OPEN:
            return replace(self, claimed_by=self.claimed_by or by)
        state = _NEXT.get((self.state, verb))
        if state is None:
            raise IllegalTransitionError(f"Case {self.id} is {self.state}; it can't be {_PAST[verb]} any more.")
        changed = replace(self, state=state)
        if verb is Verb.APPEAL:
            return replace(
                changed, appealed_at=at, closed_at=None, closed_by=None, urgency=max(self.urgency, Urgency.SOON)
            )
        if verb is Verb.HAND_ON:
            return replace(changed, claimed_by=to)
        if verb is Verb.ACKNOWLEDGE:
            first_at, first_by = self.acknowledged_at or at, self.acknowledged_by or by
            return replace(
                changed, acknowledged_at=first_at, acknowledged_by=first_by, claimed_by=self.claimed_by or by
            )
        return replace(changed, closed_at=at, closed_by=by)

    def not_done(self, problem: str, *, reason: CaseReason, urgency: Urgency) -> Case:
        """The case once something that it led to could not be done: open (again), for a person to look at, who reads ``problem``.

        Danger stays the reason where it was. Who had closed the case has answered its page.
        """
        by_reviewer = self.closed_by is not None and self.closed_by != self.author
        return replace(
            self,
            state=CaseState.OPEN,
            reason=self.reason if self.reason is CaseReason.DANGER else reason,
            urgency=max(self.urgency, urgency),
            problem=problem,
            acknowledged_at=self.acknowledged_at or (self.closed_at if by_reviewer else None),
            acknowledged_by=self.acknowledged_by or (self.closed_by if by_reviewer else None),
            closed_at=None,
            closed_by=None,
        )


#: A redacted version of these would still do the same harm.
BEYOND_REDACTION = frozenset({Label.PSEUDOSCIENCE, Label.SOLICITATION, Label.BULLYING, Label.STAFF_CONFIRMS_PATIENT})

_PAST = {
    Verb.UPHOLD: "upheld",
    Verb.RESTORE: "restored",
    Verb.REPOST: "reposted",
    Verb.EXPIRE: "closed",
    Verb.APPEAL: "appealed",
    Verb.HAND_ON: "handed on",
    Verb.ACKNOWLEDGE: "acknowledged",
    Verb.ERASE: "erased",
}


def open_case(decision: Decision, message: Message, reading: Reading, *, danger: bool) -> Case | None:
    """The case that a decision asks for, or None. Its id follows from the decision's, so that a second try opens no second case."""
    wants = {action.kind: action for action in decision.actions}
    if not wants.keys() & {ActionKind.QUEUE, ActionKind.HIDE, ActionKind.PAGE, ActionKind.NOTIFY}:
        return None
    reason = CaseReason.LIKELY
    if danger:
        reason = CaseReason.DANGER
    elif reading.faults:
        reason = CaseReason.UNREAD
    elif ActionKind.HIDE in wants:
        reason = CaseReason.HIDDEN
    elif any(match.live and not DANGER.isdisjoint(match.labels) for match in decision.rules):
        reason = CaseReason.DANGER
    elif decision.labels == (Label.NEGATIVE_FEEDBACK,):
        reason = CaseReason.COMPLAINT
    return replace(case_about(decision, message, reason), redactable=_redactable(decision, reading))


def _redactable(decision: Decision, reading: Reading) -> bool:
    """Whether taking out what leaks is enough: what is hidden for its meaning stays hidden, whoever it names."""
    return bool(reading.redactions) and not BEYOND_REDACTION & set(decision.labels)


def case_about(decision: Decision, message: Message, reason: CaseReason) -> Case:
    """A fresh case for a decision; one that does nothing can wait."""
    return Case(
        id=case_id(decision),
        decision=decision.id,
        message=message.ref,
        room_name=message.room_name,
        author=message.author.id,
        author_name=message.author.name,
        reason=reason,
        labels=decision.labels,
        urgency=max((action.urgency for action in decision.actions), default=Urgency.AT_LEISURE),
        opened_at=decision.decided_at,
        language=decision.language,
        explanation=" ".join(decision.explanations),
        permalink=message.permalink,
    )


def case_id(decision: Decision) -> str:
    """The id of the case about a decision: the same on every try."""
    return hashlib.sha256(f"case|{decision.id}".encode()).hexdigest()[:12]
