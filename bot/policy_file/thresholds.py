"""The probabilities of a rule: which of them go unheard, and which stand in the wrong order."""

from __future__ import annotations

from collections.abc import Iterator

from bot.policy_file.draft import Draft, KeyPath
from bot.policy_file.problems import Problem
from bot.policy_file.schema import RuleSheet


def thresholds(draft: Draft, path: KeyPath, rule: RuleSheet) -> Iterator[Problem]:
    """What is wrong with the numbers of a rule."""
    labels = rule.when.labels if rule.when else None
    for key in ("ask_at", "hide_at"):
        if getattr(rule, key) is not None and labels is None:
            yield draft.key_error((*path, key), "has no meaning without labels", "Probabilities belong to labels.")
    yield from _unheard(draft, path, rule)
    if rule.ask_at is None:
        return
    if rule.hide_at is not None and rule.ask_at >= rule.hide_at:
        yield draft.error((*path, "ask_at"), "must be below hide_at", f"hide_at is {rule.hide_at:g}.")
    for label, at in (labels or {}).items():
        if at is not None and rule.ask_at >= at:
            where = (*path, "when", "labels", str(label))
            yield draft.error(where, "must be above ask_at", f"ask_at is {rule.ask_at:g}.")


def _unheard(draft: Draft, path: KeyPath, rule: RuleSheet) -> Iterator[Problem]:
    """A hide_at that no label is left for: each has a number of its own."""
    own = {label: at for label, at in ((rule.when.labels if rule.when else None) or {}).items() if at is not None}
    if rule.when is None or rule.hide_at is None or not own or len(own) < len(rule.when.labels or {}):
        return
    others = [f"{at:g} for {label}" for label, at in own.items() if at != rule.hide_at]
    if others:
        what = f"is not heard: labels: says {' and '.join(others)}"
        yield draft.error((*path, "hide_at"), what, "Keep one of the two numbers.")
