"""What no policy can turn off, from the labelling guide's "What wins". A policy that tries is refused with the reason."""

from __future__ import annotations

from collections.abc import Iterator

from bot.domain.decide import DANGER_AT
from bot.domain.decision import HARSH, ActionKind
from bot.domain.policy import Mode
from bot.domain.reading import DANGER, Label
from bot.policy_file.draft import Draft
from bot.policy_file.problems import Problem
from bot.policy_file.schema import ConditionSheet, ExampleSheet, RuleSheet

_LIFE = "Somebody's life may be in danger: a person must see the message before anything hides it."
_VOICE = "People may complain. Hide such a message only for what else it does; that needs no rule of its own."
_HELP = "Somebody's life may be in danger: the page and the notice go out at once, in every room, for everybody."
_SOON = f"Help may not wait for more certainty than that: people hear of it from {DANGER_AT:g} on, whatever else is written."
#: From which probability on a label that an example names counts as held.
_HELD = 0.5
#: What a call for help is answered with, whatever else a policy says.
MUST_HAPPEN = (ActionKind.PAGE, ActionKind.REPLY)


def laws(draft: Draft) -> Iterator[Problem]:
    """Every attempt to turn a law off."""
    yield from _never_hidden(draft)
    yield from _never_counted(draft)
    yield from _never_an_excuse(draft)
    yield from _always_helped(draft)
    yield from _never_waiting(draft)
    yield from _never_promised(draft)


def _never_hidden(draft: Draft) -> Iterator[Problem]:
    for path, rule, action in draft.actions():
        labels = _labels(rule.when)
        if action.action not in HARSH:
            continue
        for label in sorted(labels & DANGER):
            yield draft.error(path, f"{action.action} is not allowed on {label}", _LIFE)
        if Label.NEGATIVE_FEEDBACK in labels:
            yield draft.error(path, f"{action.action} is not allowed on negative_feedback", _VOICE)


def _never_counted(draft: Draft) -> Iterator[Problem]:
    for path, rule in draft.rules():
        for label in sorted(_labels(rule.when) & (DANGER | {Label.NEGATIVE_FEEDBACK})):
            if rule.strikes:
                reason = _VOICE if label is Label.NEGATIVE_FEEDBACK else "Nobody is counted against for needing help."
                yield draft.error((*path, "strikes"), f"strikes are not allowed on {label}", reason)


def _never_an_excuse(draft: Draft) -> Iterator[Problem]:
    """A complaint never lowers what other labels ask for."""
    for path, rule in draft.rules():
        if Label.NEGATIVE_FEEDBACK in _labels(rule.unless):
            yield draft.error(
                (*path, "unless", "labels"),
                "negative_feedback is not allowed here",
                "A complaint never changes what the other labels ask for.",
            )


def _always_helped(draft: Draft) -> Iterator[Problem]:
    for label in sorted(DANGER):
        rules = [(path, rule) for path, rule in draft.rules() if label in _labels(rule.when)]
        for kind in MUST_HAPPEN:
            if not any(_always(rule, kind) for _, rule in rules):
                path = next((path for path, _ in rules if path[-1] == label), rules[0][0] if rules else ("rules",))
                yield draft.key_error(path, f"{label} must always lead to {kind}", _HELP)


def _never_waiting(draft: Draft) -> Iterator[Problem]:
    """Help that would wait for more certainty than the bot's own bound."""
    for path, rule in draft.rules():
        levels = (rule.when.labels if rule.when else None) or {}
        for label in sorted(levels.keys() & DANGER):
            asked = (
                (((*path, "when", "labels", str(label)), levels[label]),)
                if levels[label] is not None
                else (((*path, "hide_at"), rule.hide_at), ((*path, "ask_at"), rule.ask_at))
            )
            for where, at in asked:
                if at is not None and at > DANGER_AT:
                    yield draft.error(where, f"{label} may not wait for more than {DANGER_AT:g}", _SOON)


def _never_promised(draft: Draft) -> Iterator[Problem]:
    """Examples that want a complaint hidden for being one."""
    for path, rule in draft.rules():
        for number, example in enumerate(rule.examples or ()):
            for kind in (kind for kind in example.then or () if kind in HARSH and _only_complains(example)):
                where = (*path, "examples", number, "then")
                yield draft.error(where, f"{kind} is not allowed on negative_feedback", _VOICE)


def _only_complains(example: ExampleSheet) -> bool:
    """Whether nothing is said of the message but that it complains: no other label, no identifier, no flood."""
    levels = example.labels or {}
    at = levels.get(Label.NEGATIVE_FEEDBACK)
    alone = set(levels) == {Label.NEGATIVE_FEEDBACK} and (at is None or at >= _HELD)
    return alone and not example.identifiers and not example.repeats


def _always(rule: RuleSheet, kind: ActionKind) -> bool:
    """Whether the rule does ``kind`` for everybody, everywhere."""
    acts = rule.mode is None or rule.mode == (Mode.ACT, 1.0)
    only_labels = rule.when is not None and not rule.when.model_dump(exclude_none=True, exclude={"labels"})
    return acts and only_labels and rule.unless is None and any(action.action is kind for action in rule.do or ())


def _labels(condition: ConditionSheet | None) -> frozenset[Label]:
    return frozenset(condition.labels or ()) if condition else frozenset()
