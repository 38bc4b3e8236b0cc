"""The front door: a file becomes a Policy, or a list of what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from bot.domain.errors import PolicyError
from bot.domain.policy import Policy
from bot.policy_file.care_check import care
from bot.policy_file.convert import to_policy
from bot.policy_file.cries import cries_for_help
from bot.policy_file.draft import Draft, KeyPath
from bot.policy_file.laws import laws
from bot.policy_file.mistakes import dotted
from bot.policy_file.place_check import surroundings
from bot.policy_file.problems import Problem, Severity, render
from bot.policy_file.resolve import Resolver
from bot.policy_file.salvage import independent, salvage
from bot.policy_file.schema import PolicySheet
from bot.policy_file.sense import rules_make_sense
from bot.policy_file.tree import Node
from bot.policy_file.wording_check import wordings

_CHECKS: tuple[Callable[[Draft], Iterable[Problem]], ...] = (
    laws,
    rules_make_sense,
    surroundings,
    cries_for_help,
    care,
    wordings,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What came of checking a file: the policy where it can be used, and every problem, warnings too."""

    problems: tuple[Problem, ...]
    policy: Policy | None = None
    sheet: PolicySheet | None = None
    tree: Node | None = None

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems that keep the policy out of force."""
        return tuple(problem for problem in self.problems if problem.severity is Severity.ERROR)

    def problem(self, path: KeyPath, what: str, hint: str = "") -> Problem:
        """Something that only trying the policy brought to light. Raises ValueError where the file could not even be read."""
        if self.tree is None:
            raise ValueError("a policy that was checked has a tree")
        return Problem(place=self.tree.find(path).place, key=dotted(path), what=what, hint=hint)

    def rendered(self) -> str:
        """All problems as text, in the order of their places."""
        return render(self.problems)


def check_policy(path: Path) -> Checked:
    """Everything that can be said about the policy at ``path`` without running its examples. Never raises.

    A file in a folder called ``packs`` need not be complete.
    """
    resolver = Resolver()
    return _checked(resolver, resolver.file(path), pack=path.resolve().parent.name == "packs")


def check_resolved(text: str, name: str) -> Checked:
    """The same for the text that is kept of each version, where everything it extended is written out."""
    resolver = Resolver()
    return _checked(resolver, resolver.text(text, name, None), pack=False)


def load_policy(path: Path) -> Policy:
    """The policy at ``path``. Raises PolicyError with every error, rendered."""
    return _or_raise(check_policy(path))


def load_resolved(text: str, name: str) -> Policy:
    """The policy of a kept version. Raises PolicyError with every error, rendered."""
    return _or_raise(check_resolved(text, name))


def _or_raise(checked: Checked) -> Policy:
    if checked.policy is None:
        raise PolicyError(render(checked.errors))
    return checked.policy


def _as_overridden(problem: Problem, tree: Node) -> Problem:
    """The problem; where a pack's rule is meant that the policy changes, it says so: the name may have been taken by chance."""
    section, _, rest = problem.key.partition(".")
    if section != "rules":
        return problem
    changed = tree.find((section, rest.partition(".")[0])).key
    if changed.file == problem.place.file:
        return problem
    also = f"The pack has a rule of this name, which {changed} changes. If it is meant to be another rule, give it another name."
    return replace(problem, hint=f"{problem.hint} {also}".strip())


def _checked(resolver: Resolver, tree: Node | None, *, pack: bool) -> Checked:
    problems = resolver.problems
    if tree is None or not resolver.whole:
        return Checked(problems=tuple(problems), tree=tree)
    saved = salvage(tree)
    problems = [*problems, *independent(saved.problems, [problem.key for problem in problems])]
    if saved.sheet is None:
        return Checked(problems=tuple(problems), tree=tree)
    draft = Draft(sheet=saved.sheet, tree=saved.tree, pack=pack)
    found = [_as_overridden(problem, saved.tree) for check in _CHECKS for problem in check(draft)]
    problems += independent(found, [problem.key for problem in problems])
    usable = not any(problem.severity is Severity.ERROR for problem in problems)
    policy = to_policy(saved.sheet) if usable else None
    return Checked(problems=tuple(problems), policy=policy, sheet=saved.sheet, tree=saved.tree)
