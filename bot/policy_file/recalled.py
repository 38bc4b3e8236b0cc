"""What a rule did on the day, for messages whose words are gone: the decision of that day names the rules that matched."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass, replace

from bot.domain.policy import Condition, Mode, Policy, Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Recalled:
    """The policy under which a message was decided on, and the rules of it that matched."""

    policy: Policy
    matched: Set[str]

    def settled(self, policy: Policy) -> Policy:
        """``policy`` without the questions that only the message could answer, where the day has answered them.

        A rule with the same conditions matched then or did not. One with others asks for words as before.
        """
        then = {rule.id: rule for rule in self.policy.rules if rule.mode is not Mode.OFF}
        rules = (self._settled(rule, then.get(rule.id)) for rule in policy.rules)
        return replace(policy, rules=tuple(rule for rule in rules if rule is not None))

    def answers(self, rule: Rule) -> bool:
        """Whether the day tells if ``rule`` matches."""
        return any(own.mode is not Mode.OFF and _asks_the_same(rule, own) for own in self.policy.rules)

    def _settled(self, rule: Rule, then: Rule | None) -> Rule | None:
        if then is None or not _asks_the_same(rule, then) or not needs_message(rule):
            return rule
        if rule.id not in self.matched:
            return None
        labels = Condition(labels=rule.when.labels, thresholds=rule.when.thresholds)
        return replace(rule, when=labels, unless=None)


def needs_message(rule: Rule) -> bool:
    """Whether the rule asks for more than labels and places: for words, or for what the author did before."""
    return any(_of_message(part) or unstored(part) for part in (rule.when, rule.unless) if part is not None)


def needs_text(rule: Rule) -> bool:
    """Whether the rule looks for words."""
    return any(_of_message(part) for part in (rule.when, rule.unless) if part is not None)


def unstored(part: Condition) -> bool:
    """Whether it asks for what is never stored: first posts, age of membership, repetition, strikes."""
    asked = (part.member_for_less_than, part.first_post, part.repetition, part.strikes_at_least)
    return any(one is not None for one in asked)


def _of_message(part: Condition) -> bool:
    return bool(part.phrases or part.patterns or part.links or part.identifiers)


def _asks_the_same(rule: Rule, other: Rule) -> bool:
    return (rule.id, rule.when, rule.unless) == (other.id, other.when, other.unless)
