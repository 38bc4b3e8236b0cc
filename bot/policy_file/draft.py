"""A policy on its way to being checked: the sheet for what it says, the tree for where it says it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.policy_file.mistakes import dotted
from bot.policy_file.problems import Problem, Severity
from bot.policy_file.schema import ActionSheet, ConditionSheet, PolicySheet, RuleSheet
from bot.policy_file.tree import Node

KeyPath = tuple[str | int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A policy with everything that it extends. ``pack`` is true for one that other policies extend and that need not be complete."""

    sheet: PolicySheet
    tree: Node
    pack: bool = False

    def rules(self) -> Iterator[tuple[KeyPath, RuleSheet]]:
        """Each rule with the path to it."""
        for name, rule in (self.sheet.rules or {}).items():
            yield ("rules", name), rule

    def conditions(self) -> Iterator[tuple[KeyPath, ConditionSheet]]:
        """Every ``when`` and ``unless`` with the path to it."""
        for path, rule in self.rules():
            if rule.when is not None:
                yield (*path, "when"), rule.when
            if rule.unless is not None:
                yield (*path, "unless"), rule.unless

    def actions(self) -> Iterator[tuple[KeyPath, RuleSheet, ActionSheet]]:
        """Every action with the path to it and the rule that asks for it."""
        for path, rule in self.rules():
            for number, action in enumerate(rule.do or ()):
                yield (*path, "do", number), rule, action

    def error(self, path: KeyPath, what: str, hint: str = "") -> Problem:
        """Something that keeps the policy out of force."""
        node = self.tree.find(path)
        return Problem(place=node.place, key=dotted(self.tree.written(path)), what=what, hint=hint)

    def key_error(self, path: KeyPath, what: str, hint: str = "") -> Problem:
        """The same, shown at the key instead of its value."""
        return Problem(place=self.tree.find(path).key, key=dotted(self.tree.written(path)), what=what, hint=hint)

    def warning(self, path: KeyPath, what: str, hint: str = "") -> Problem:
        """Something worth knowing, shown at the key."""
        place = self.tree.find(path).key
        return Problem(
            place=place, key=dotted(self.tree.written(path)), what=what, hint=hint, severity=Severity.WARNING
        )
