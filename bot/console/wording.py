"""What the console says beside a case: what a reviewer's button will do."""

from __future__ import annotations

from bot.domain.case import Case, CaseReason, Verb
from bot.domain.decision import ActionKind
from bot.service.review import consequences

_COMPLAINT = "A complaint is not hidden for being one: do this only for another reason."
_TRIAL = "Nobody is told; it counts in the rule's record."
_MAY_NOT_HIDE = "The bot could not hide it before. It tries again; where it may not, it asks the author to delete it."
#: What a member, or the people on call, will see of an action. Both verbs lead to no others.
_SEEN = {
    ActionKind.STAND_DOWN: "The people on call hear that somebody is there.",
    ActionKind.HIDE: "The message is taken out of its room.",
    ActionKind.RESTORE: "The message comes back into its room.",
    ActionKind.NOTE: "Its author is told in private.",
}
_MOVES_THE_MESSAGE = frozenset({ActionKind.HIDE, ActionKind.RESTORE})


def button(case: Case, verb: Verb) -> str:
    """What stands on the button for ``verb``: RESTORE or UPHOLD."""
    if case.reason is CaseReason.TRIAL:
        return "The rule was wrong" if verb is Verb.RESTORE else "The rule was right"
    if verb is Verb.RESTORE:
        return "Bring it back" if case.hidden else "It is fine"
    if case.hidden:
        return "Keep it hidden"
    return "Try to hide it" if case.reason is CaseReason.ASSISTED else "Hide it"


def what_follows(case: Case, verb: Verb) -> str:
    """What happens once ``verb`` (RESTORE or UPHOLD) is done to the case as it stands."""
    kinds = [action.kind for action in consequences(case, verb)]
    said = [_SEEN[kind] for kind in kinds]
    if _MOVES_THE_MESSAGE.isdisjoint(kinds):
        said.insert(0, "The message stays hidden." if case.hidden else "The message stays where it is.")
    if ActionKind.HIDE in kinds and case.reason is CaseReason.ASSISTED:
        return _MAY_NOT_HIDE
    if ActionKind.HIDE in kinds and case.reason is CaseReason.COMPLAINT:
        said.append(_COMPLAINT)
    if case.reason is CaseReason.TRIAL:
        said.append(_TRIAL)
    return " ".join(said)
