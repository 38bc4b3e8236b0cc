"""Rules that can never match, and rules that leave nothing for them to do."""

from __future__ import annotations

from collections.abc import Iterator

from bot.domain.message import Role
from bot.domain.policy import Mode
from bot.domain.reading import Label
from bot.policy_file.draft import Draft, KeyPath
from bot.policy_file.implied import circumstances_imply, labels_imply, lowest_levels
from bot.policy_file.links import ANY
from bot.policy_file.needless import does_it_all, says_it_already
from bot.policy_file.problems import Problem
from bot.policy_file.room_patterns import kinds
from bot.policy_file.schema import ConditionSheet, RuleSheet

_STAFF_LABELS = frozenset({Label.STAFF_ADVICE, Label.STAFF_CONFIRMS_PATIENT})


def dead_rules(draft: Draft) -> Iterator[Problem]:
    """Every rule that never does anything, or nothing of its own."""
    for path, rule in draft.rules():
        if rule.when is None or not rule.do:
            continue
        excused = list(_excused(draft, path, rule, rule.when))
        yield from excused
        if not excused and not (rule.mode and rule.mode[0] is Mode.OFF):
            yield from _idle(draft, path, rule, rule.when)


def _excused(draft: Draft, path: KeyPath, rule: RuleSheet, when: ConditionSheet) -> Iterator[Problem]:
    """A rule whose exception holds whenever it does."""
    unless = rule.unless
    if unless is None:
        return
    where = (*path, "unless")
    if not unless.model_dump(exclude_none=True):
        yield draft.key_error(where, "is always so, so the rule never matches", "Name something, or drop it.")
        return
    if not labels_imply(lowest_levels(rule), unless.labels or {}):
        return
    if circumstances_imply(when, unless):
        yield draft.key_error(where, "holds whenever when: does, so the rule never matches")
    elif when.links and ANY in (unless.links or ()) and _but_for_links(when, unless):
        what = f"{ANY!r} takes every address with https://, so only bare domains are left"
        yield draft.warning((*where, "links"), what, "Name the domains that are allowed.")


def _but_for_links(when: ConditionSheet, unless: ConditionSheet) -> bool:
    return ANY not in (when.links or ()) and circumstances_imply(when, unless.model_copy(update={"links": None}))


def _idle(draft: Draft, path: KeyPath, rule: RuleSheet, when: ConditionSheet) -> Iterator[Problem]:
    why = _contradiction(when) or ("" if draft.pack else _nobody(draft, when) or _nowhere(draft, when))
    if why:
        yield draft.warning(path, f"never matches: {why}")
    if draft.pack:
        return
    if rule.unless and Label.NEGATIVE_FEEDBACK in (rule.unless.labels or {}):
        return  # a law refuses this exception: what the rule will be without it is not known yet
    twin = says_it_already(draft, path[-1], rule)
    if twin:
        yield draft.warning(path, f"changes nothing: {twin} asks for the same already", "Drop one of them.")
    elif broader := next((other for other in draft.rules() if does_it_all(draft, other, (path, rule))), None):
        name = broader[0][-1]
        yield draft.warning(path, f"does nothing that {name} does not do already", f"Drop it, or narrow {name}.")


def _contradiction(when: ConditionSheet) -> str:
    if when.first_post and when.repetition is not None:
        return "who repeats themselves has posted before, so first_post never holds"
    return ""


def _nobody(draft: Draft, when: ConditionSheet) -> str:
    people, roles = draft.sheet.people, set(when.roles or Role)
    if roles == {Role.STAFF} and not (people and people.staff):
        return "people.staff names nobody"
    if roles == {Role.MODERATOR} and not (people and people.moderators):
        return "people.moderators names nobody"
    if when.labels and set(when.labels) <= _STAFF_LABELS and Role.STAFF not in roles:
        return "only staff write such messages, and roles leaves them out"
    if when.strikes_at_least and not any(other.strikes for _, other in draft.rules()):
        return "no rule counts strikes"
    return ""


def _nowhere(draft: Draft, when: ConditionSheet) -> str:
    rooms, asked = draft.sheet.rooms or (), set(when.room_kinds or ())
    if not asked or not rooms:
        return ""
    if not asked & {room.kind for room in rooms}:
        return f"no room is of kind {' or '.join(sorted(asked))}"
    named = {kind for room in when.rooms or () for kind in kinds(room, rooms)}
    if named and not asked & named:
        return f"none of the rooms it names is of kind {' or '.join(sorted(asked))}"
    return ""
