"""Reading on past mistakes: what the schema refuses is reported and left out, so that the rest can be checked in the same go."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from pydantic import ValidationError

from bot.policy_file.mistakes import mistakes
from bot.policy_file.problems import Problem
from bot.policy_file.schema import PolicySheet
from bot.policy_file.tree import Node

#: Leaving a part out can bring a mistake to light that it hid; more rounds than this no file needs.
_ROUNDS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Salvaged:
    """The tree and sheet of what is sound, and what was wrong with the rest. Without a sheet nothing could be saved."""

    tree: Node
    problems: tuple[Problem, ...]
    sheet: PolicySheet | None


def salvage(tree: Node) -> Salvaged:
    """As much of ``tree`` as the schema takes."""
    problems: list[Problem] = []
    for _ in range(_ROUNDS):
        try:
            return Salvaged(tree=tree, problems=tuple(problems), sheet=PolicySheet.model_validate(tree.plain()))
        except ValidationError as error:
            problems += independent(mistakes(error, tree), [problem.key for problem in problems])
            details = error.errors(include_url=False, include_input=False, include_context=False)
            paths = dict.fromkeys(tuple(step for step in detail["loc"] if step != "[key]") for detail in details)
            for path in reversed(paths):  # from the end, so that what is left out moves nothing that is still to go
                tree = _without(tree, path) or replace(tree, value={})
    return Salvaged(tree=tree, problems=tuple(problems), sheet=None)


def independent(problems: Iterable[Problem], known: Sequence[str]) -> list[Problem]:
    """The problems that are not mere consequences: neither within nor around a key that is known to be wrong."""
    return [
        problem
        for problem in problems
        if not any(_within(problem.key, key) or _within(key, problem.key) for key in known)
    ]


def _within(key: str, around: str) -> bool:
    return key == around or key.startswith((f"{around}.", f"{around}["))


def _without(node: Node, path: Sequence[str | int]) -> Node | None:
    """The node without what stands at ``path``; None where the node itself has to go."""
    if not path:
        return None
    step = path[0]
    if isinstance(step, int) and step < len(node.items):
        kept = _without(node.items[step], path[1:])
        return replace(node, value=(*node.items[:step], *((kept,) if kept else ()), *node.items[step + 1 :]))
    if isinstance(step, int):
        return None
    if step in node.entries:
        return _with_entry(node, step, _without(node.entries[step], path[1:]))
    if any(item.value == step for item in node.items):
        return replace(node, value=tuple(item for item in node.items if item.value != step))
    if len(node.entries) == 1:
        [(name, only)] = node.entries.items()
        return _with_entry(node, name, _without(only, path)) if only.entries else None
    return None


def _with_entry(node: Node, name: str, kept: Node | None) -> Node:
    entries = {key: entry for key, entry in node.entries.items() if key != name or kept is not None}
    return replace(node, value={**entries, **({name: kept} if kept is not None else {})})
