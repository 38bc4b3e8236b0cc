"""Whether another rule does all that a rule does, whenever the rule does it."""

from __future__ import annotations

from bot.domain.decision import HARSH, ActionKind
from bot.domain.policy import Mode
from bot.domain.reading import DANGER
from bot.policy_file.draft import Draft, KeyPath
from bot.policy_file.implied import certain_levels, circumstances_imply, labels_imply
from bot.policy_file.schema import SPEAKING, RuleSheet

Named = tuple[KeyPath, RuleSheet]
#: What a rule that hides still does in danger. See bot.domain.decide.
_CALLING = frozenset({ActionKind.PAGE, ActionKind.QUEUE, ActionKind.NOTIFY})


def says_it_already(draft: Draft, name: str | int, rule: RuleSheet) -> str:
    """The name of another rule with the same condition that does as much and wins; empty where there is none."""
    for path, other in draft.rules():
        same = (rule.when, rule.unless, rule.mode) == (other.when, other.unless, other.mode)
        bands = (rule.ask_at, rule.hide_at, rule.strikes) == (other.ask_at, other.hide_at, None)
        first = _rank((path, other)) > (rule.priority or 0, str(name))
        if same and bands and first and set(rule.do or ()) <= set(other.do or ()):
            return str(path[-1])
    return ""


def does_it_all(draft: Draft, broad: Named, narrow: Named) -> bool:
    """Whether ``broad`` does what ``narrow`` does wherever it does. Of two rules that do so for each other the lower one is needless."""
    if broad[0] == narrow[0] or not _covers(broad[1], narrow[1]) or not _outranks(draft, broad, narrow):
        return False
    return _rank(broad) > _rank(narrow) or not _covers(narrow[1], broad[1])


def _covers(broad: RuleSheet, narrow: RuleSheet) -> bool:
    return _serves(broad, narrow) and _holds_wherever(broad, narrow)


def _serves(broad: RuleSheet, narrow: RuleSheet) -> bool:
    """Whether ``broad`` asks for all that ``narrow`` asks for, in danger too, and always acts."""
    acts = broad.mode in (None, (Mode.ACT, 1.0)) and broad.unless in (None, narrow.unless)
    asked, kinds = set(narrow.do or ()), _kinds(narrow)
    in_danger = not (_kinds(broad) & HARSH) or bool(kinds & HARSH) or kinds <= _CALLING
    return acts and not narrow.strikes and asked <= set(broad.do or ()) and in_danger


def _holds_wherever(broad: RuleSheet, narrow: RuleSheet) -> bool:
    """Whether ``broad`` matches wherever ``narrow`` does, as surely."""
    if broad.when is None or narrow.when is None or not _as_surely(broad, narrow):
        return False
    return circumstances_imply(narrow.when, broad.when)


def _as_surely(broad: RuleSheet, narrow: RuleSheet) -> bool:
    mine, theirs = certain_levels(narrow), certain_levels(broad)
    if not theirs:  # only a rule with the label hears of danger, and only one that asks puts the message into the queue
        return DANGER.isdisjoint(mine) and (narrow.ask_at is None or ActionKind.QUEUE in _kinds(broad))
    asks = narrow.ask_at is None or (mine == theirs and broad.ask_at is not None and broad.ask_at <= narrow.ask_at)
    return asks and labels_imply(mine, theirs)


def _outranks(draft: Draft, broad: Named, narrow: Named) -> bool:
    """Whether the same words are said without ``narrow``: no third rule that speaks stands between the two."""
    if _rank(broad) > _rank(narrow):
        return True
    spoken = _kinds(narrow[1]) & set(SPEAKING)
    between = (rule for rule in draft.rules() if _rank(broad) < _rank(rule) < _rank(narrow))
    return (broad[1].priority or 0) == (narrow[1].priority or 0) and not any(
        spoken & _kinds(rule) for _, rule in between
    )


def _rank(named: Named) -> tuple[int, str]:
    """Whose words are said where several rules speak: those of the highest."""
    path, rule = named
    return rule.priority or 0, str(path[-1])


def _kinds(rule: RuleSheet) -> frozenset[ActionKind]:
    return frozenset(action.action for action in rule.do or ())
