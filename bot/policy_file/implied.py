"""Whether one condition holds wherever another does. Where that can't be told, the answer is no."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import lru_cache

from bot.domain.decide import DANGER_AT
from bot.domain.policy import Condition, Policy, Rule
from bot.domain.reading import DANGER, Label
from bot.policy_file.links import ANY
from bot.policy_file.match import PolicyMatcher
from bot.policy_file.room_patterns import within
from bot.policy_file.schema import ConditionSheet, RepetitionSheet, RuleSheet

#: From which probability on each label holds; None: from the reader's own default on, which no policy knows.
Levels = Mapping[Label, float | None]
#: Lower than every level that may be written, so nothing follows from it.
_UNKNOWN = 0.0
#: Keys that list values, of which one must hold.
_LISTED = ("patterns", "identifiers", "roles", "room_kinds", "languages")
#: A letter that stands in no phrase and no domain, in the place of a star.
_STRANGE = "\u01c2"


def certain_levels(rule: RuleSheet) -> Levels:
    """From where on each label makes the rule do all it says."""
    levels = dict((rule.when.labels if rule.when else None) or {})
    for label, at in levels.items():
        found = rule.hide_at if at is None else at
        levels[label] = min(found, DANGER_AT) if found is not None and label in DANGER else found
    return levels


def lowest_levels(rule: RuleSheet) -> Levels:
    """From where on each label makes the rule do anything at all, were it only to ask."""
    levels = certain_levels(rule)
    if rule.ask_at is None:
        return levels
    return {label: _UNKNOWN if at is None else min(at, rule.ask_at) for label, at in levels.items()}


def labels_imply(given: Levels, asked: Levels) -> bool:
    """Whether one of the labels ``asked`` holds wherever one of those ``given`` does."""
    return not asked or (bool(given) and all(x in asked and _reaches(at, asked[x]) for x, at in given.items()))


def circumstances_imply(given: ConditionSheet, asked: ConditionSheet) -> bool:
    """The same for everything but labels."""
    return (
        all(_among(getattr(given, key), getattr(asked, key)) for key in _LISTED)
        and _history_implies(given, asked)
        and _rooms_imply(given.rooms, asked.rooms)
        and _links_imply(given.links, asked.links)
        and _phrases_imply(given.phrases, asked.phrases)
    )


def _reaches(given: float | None, asked: float | None) -> bool:
    return given is asked if given is None or asked is None else given >= asked


def _among(given: Collection[str] | None, asked: Collection[str] | None) -> bool:
    return not asked or (bool(given) and set(given or ()) <= set(asked))


def _history_implies(given: ConditionSheet, asked: ConditionSheet) -> bool:
    young, again = asked.member_for_less_than, asked.repetition
    first = False if given.repetition else given.first_post  # who repeats themselves has posted before
    return (
        asked.attachments in (None, given.attachments)
        and asked.first_post in (None, first)
        and (young is None or (given.member_for_less_than is not None and given.member_for_less_than <= young))
        and (asked.strikes_at_least is None or (given.strikes_at_least or 0) >= asked.strikes_at_least)
        and (again is None or (given.repetition is not None and _repeats_imply(given.repetition, again)))
    )


def _repeats_imply(given: RepetitionSheet, asked: RepetitionSheet) -> bool:
    return given.times >= asked.times and given.within <= asked.within


def _rooms_imply(given: Collection[str] | None, asked: Collection[str] | None) -> bool:
    """A star may stand for nothing and for much: both are tried."""
    named = [room.replace(ANY, some) for room in given or () for some in ("", _STRANGE * 9)]
    return not asked or (bool(named) and all(any(within(room, other) for other in asked) for room in named))


def _links_imply(given: Collection[str] | None, asked: Collection[str] | None) -> bool:
    """A domain is heard with https:// and without."""
    if not asked or not given:
        return not asked
    names = [domain.replace(ANY, f"{_STRANGE}.{_STRANGE}") for domain in given if domain != ANY]
    matcher, policy = PolicyMatcher(str), _looking_for(Condition(links=frozenset(asked)))
    heard = all(matcher.match(policy, text).links for name in names for text in (name, f"https://{name}"))
    return heard and (ANY not in given or ANY in asked)


def _phrases_imply(given: tuple[str, ...] | None, asked: tuple[str, ...] | None) -> bool:
    """Whether every text that holds a phrase of ``given`` holds one of ``asked``: then the phrase itself holds one."""
    if not asked or not given:
        return not asked
    own = _cores(asked)
    return all(phrase in own or _holds_one(phrase, core, own) for phrase, core in _cores(given).items())


def _holds_one(phrase: str, core: str, asked: Mapping[str, str]) -> bool:
    near = frozenset(other for other, inside in asked.items() if inside in core)
    if not near:
        return False
    before, after = (_STRANGE if is_open else "" for is_open in (phrase.startswith(ANY), phrase.endswith(ANY)))
    return bool(PolicyMatcher(str).match(_looking_for(Condition(phrases=near)), f"{before}{core}{after}").phrases)


@lru_cache(maxsize=1024)  # each rule is compared with all others
def _cores(phrases: tuple[str, ...]) -> Mapping[str, str]:
    """Each phrase as it is compared, without the stars at its ends."""
    return {phrase: " ".join(phrase.casefold().split()).strip(ANY).strip() for phrase in phrases}


def _looking_for(condition: Condition) -> Policy:
    return Policy(hash="", name="", rules=(Rule(id="", when=condition, do=()),))
