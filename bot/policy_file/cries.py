"""Words for which a rule would hide what somebody in need may write: danger comes first, but no reader sees all of it."""

from __future__ import annotations

from collections.abc import Iterator

from bot.domain.decision import HARSH
from bot.domain.policy import Condition, Mode, Policy, Rule
from bot.policy_file.draft import Draft
from bot.policy_file.match import PolicyMatcher, pattern_problem
from bot.policy_file.problems import Problem
from bot.policy_file.schema import ConditionSheet

#: How people call for help, in the words of emergency lines and of the labelling guide; a word that hides one of them hides many more.
CRIES = (
    "I want to die",
    "I am dying, please help me",
    "she is going to die",
    "I am going to kill myself",
    "I want to end my life",
    "I feel suicidal",
    "I keep thinking of suicide",
    "I want to hurt myself",
    "I cut myself again",
    "I took all my pills",
    "I think this is an overdose",
    "I can't go on any more",
    "he is not breathing",
    "I have chest pain",
    "I think I am having a heart attack",
    "call an ambulance",
    "the bleeding does not stop",
    "quiero morir",
    "me estoy muriendo, ayuda",
    "no quiero vivir más",
    "me voy a matar",
    "pienso en el suicidio",
    "quiero hacerme daño",
    "tomé todas mis pastillas",
    "creo que es una sobredosis",
    "ya no puedo más",
    "no respira",
    "tengo dolor en el pecho",
    "no para de sangrar",
)
_HINT = "Danger that is seen comes first, but nobody sees all of it. Look for more words at once, or use do: [queue]."


def cries_for_help(draft: Draft) -> Iterator[Problem]:
    """Phrases and patterns of rules without labels that would hide a cry for help."""
    for path, rule in draft.rules():
        harsh = any(action.action in HARSH for action in rule.do or ())
        if rule.when is None or rule.when.labels or not harsh or (rule.mode and rule.mode[0] is Mode.OFF):
            continue
        for key, word, cry in _heard(rule.when):
            what = f"{word[:40]!r} stands in cries for help too, such as {cry!r}"
            number = (getattr(rule.when, key) or ()).index(word)
            yield draft.warning((*path, "when", key, number), what, _HINT)


def _heard(when: ConditionSheet) -> Iterator[tuple[str, str, str]]:
    """Each key and word with the first cry that it would hide."""
    sound = frozenset(pattern for pattern in when.patterns or () if not pattern_problem(pattern))
    words = Condition(phrases=frozenset(when.phrases or ()), patterns=sound)
    matcher, policy = PolicyMatcher(str), Policy(hash="", name="", rules=(Rule(id="", when=words, do=()),))
    found = [(cry, matcher.match(policy, cry)) for cry in CRIES] if words.phrases or words.patterns else []
    first: dict[tuple[str, str], str] = {}
    for cry, hits in found:
        for key, matched in (("phrases", hits.phrases), ("patterns", hits.patterns)):
            for word in sorted(matched):
                first.setdefault((key, word), cry)
    yield from ((key, word, cry) for (key, word), cry in first.items())
