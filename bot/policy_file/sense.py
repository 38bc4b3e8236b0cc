"""Rules that make no sense: incomplete, contradictory, asking for what the policy does not have."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from bot.domain.decision import ActionKind
from bot.policy_file.draft import Draft, KeyPath
from bot.policy_file.durations import EXPECTED
from bot.policy_file.problems import Problem, did_you_mean
from bot.policy_file.schema import LASTING, SPEAKING, ActionSheet, ConditionSheet, RuleSheet
from bot.policy_file.thresholds import thresholds

#: What the platforms allow at most (Discord: time-out 28 days, slow mode 6 hours).
LONGEST = {ActionKind.TIME_OUT: timedelta(days=28), ActionKind.SLOW_DOWN: timedelta(hours=6)}
#: How far back the bot remembers who said what.
REMEMBERED = timedelta(days=7)


def rules_make_sense(draft: Draft) -> Iterator[Problem]:
    """What is wrong with single rules."""
    for path, rule in draft.rules():
        if rule.when is None or not rule.do:
            yield from _incomplete(draft, path, rule)
            continue
        yield from _everywhere(draft, path, rule.when)
        yield from thresholds(draft, path, rule)
        yield from _repetition(draft, path, rule.when)
        yield from _examples(draft, path, rule)
    for path, _, action in draft.actions():
        yield from _action(draft, path, action)
    for path, condition in draft.conditions():
        yield from _empty(draft, path, condition)


def _incomplete(draft: Draft, path: KeyPath, rule: RuleSheet) -> Iterator[Problem]:
    if rule.when is None and rule.do is None:
        others = [name for name, other in (draft.sheet.rules or {}).items() if other.when is not None]
        near = did_you_mean(str(path[-1]), others)
        yield draft.key_error(path, "there is no such rule to change", near or "A new rule needs when: and do:.")
    elif rule.when is None:
        yield draft.key_error(path, "does not say when it applies", "Add when: with at least one key.")
    else:
        yield draft.key_error(path, "does not say what to do", "Add do: with at least one action, such as [notify].")


def _empty(draft: Draft, path: KeyPath, condition: ConditionSheet) -> Iterator[Problem]:
    for key, value in condition.model_dump(exclude_none=True).items():
        if value in ((), {}):
            yield draft.key_error((*path, key), "is empty", "Name something, or drop the key.")


def _everywhere(draft: Draft, path: KeyPath, when: ConditionSheet) -> Iterator[Problem]:
    if not when.model_dump(exclude_none=True):
        yield draft.key_error((*path, "when"), "applies to every message", "Name at least one thing that must hold.")


def _repetition(draft: Draft, path: KeyPath, when: ConditionSheet) -> Iterator[Problem]:
    if when.repetition is not None and when.repetition.within > REMEMBERED:
        where = (*path, "when", "repetition", "within")
        yield draft.error(where, "is too long", "The bot remembers who said what for 7d.")


def _examples(draft: Draft, path: KeyPath, rule: RuleSheet) -> Iterator[Problem]:
    for number, example in enumerate(rule.examples or ()):
        where = (*path, "examples", number)
        if example.then is None and example.never is None and example.desk is None:
            yield draft.error(
                where, "does not say what must happen", "Add then: [hide, note], then: [] or never: [hide]."
            )
        if example.desk is not None:
            yield from _known(draft, (*where, "desk"), example.desk)


def _action(draft: Draft, path: KeyPath, action: ActionSheet) -> Iterator[Problem]:
    kind = action.action
    if kind in LASTING and action.duration is None:
        yield draft.error(path, f"{kind} needs to know how long", f"{EXPECTED} For example {kind}: 10m.")
    if kind in LONGEST and action.duration is not None and action.duration > LONGEST[kind]:
        yield draft.error(path, f"{kind} is too long", f"At most {_long(LONGEST[kind])}.")
    if kind not in LASTING and action.duration is not None:
        yield draft.error((*path, "duration"), f"{kind} takes no duration")
    if kind not in SPEAKING and action.wording is not None:
        yield draft.error((*path, "wording"), f"{kind} says nothing, so it takes no wording")
    elif action.wording is not None and action.wording not in (draft.sheet.wordings or {}):
        near = did_you_mean(action.wording, draft.sheet.wordings or {})
        hint = f"{near} Add {action.wording}: and its text under wordings:.".strip()
        yield draft.error((*path, "wording"), f"there is no wording {action.wording!r}", hint)
    yield from _contact(draft, path, action)


def _contact(draft: Draft, path: KeyPath, action: ActionSheet) -> Iterator[Problem]:
    if action.contact is None:
        return
    if action.action is not ActionKind.SCHEDULE:
        yield draft.error((*path, "contact"), f"{action.action} takes no contact", "Only schedule does.")
    else:
        yield from _known(draft, (*path, "contact"), action.contact)


def _known(draft: Draft, path: KeyPath, contact: str) -> Iterator[Problem]:
    contacts = draft.sheet.contacts or {}
    if contact not in contacts and not draft.pack:
        yield draft.error(path, f"there is no contact {contact!r}", did_you_mean(contact, contacts))


def _long(length: timedelta) -> str:
    return f"{length.days}d" if length.days else f"{length.seconds // 3600}h"
