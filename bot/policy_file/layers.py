"""Laying one policy over another: the later one overrides rule by rule and key by key. Associative, so packs may extend packs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from bot.domain.wording import LAST_RESORT
from bot.policy_file.tree import Node

#: A rule that changes one of these no longer promises what the pack's examples say.
_BEHAVIOUR = frozenset({"when", "unless", "do"})


def overlay(base: Node, over: Node) -> Node:
    """``over`` laid over ``base``. Both are layers as ``settle`` leaves them."""
    return _by_key(base, over, lambda name, old, new: _SECTIONS.get(name, _newest)(old, new))


def settle(layer: Node) -> Node:
    """The layer with short forms written out, and without keys that have no value, so that overlaying is associative."""
    entries = {name: node for name, node in layer.entries.items() if node.value is not None}
    named = str(entries["language"].value) if "language" in entries else ""
    language = named if len(named) == 2 else LAST_RESORT
    if "wordings" in entries:
        entries["wordings"] = _each(entries["wordings"], lambda node: _in_language(node, language))
    if "rules" in entries:
        entries["rules"] = _each(entries["rules"], _settle_rule)
    return replace(layer, value=entries)


def _each(section: Node, change: Callable[[Node], Node]) -> Node:
    if not isinstance(section.value, Mapping):
        return section
    return replace(
        section, value={name: change(node) for name, node in section.entries.items() if node.value is not None}
    )


def _in_language(node: Node, language: str) -> Node:
    return replace(node, value={language: node}) if isinstance(node.value, str) else node


def _settle_rule(node: Node) -> Node:
    if isinstance(node.value, str):
        return replace(node, value={"mode": node})
    if not isinstance(node.value, Mapping):
        return node
    entries = {name: entry for name, entry in node.entries.items() if entry.value is not None}
    if entries.keys() & _BEHAVIOUR and "examples" not in entries:
        entries["examples"] = Node(value=(), place=node.place, key=node.key)
    if "do" in entries:
        entries["do"] = _in_a_list(entries["do"])
    return replace(node, value=entries)


def _in_a_list(do: Node) -> Node:
    """One action, a word or with its wording below it, is a list of one. Two keys are two actions that lack their dashes."""
    return replace(do, value=(do,)) if isinstance(do.value, str) or len(do.entries) == 1 else do


def _newest(base: Node, over: Node) -> Node:
    return over


def _by_key(base: Node, over: Node, join: Callable[[str, Node, Node], Node]) -> Node:
    entries = dict(base.entries)
    for name, node in over.entries.items():
        entries[name] = join(name, entries[name], node) if name in entries else node
    return replace(over, value=entries)


def _flat(base: Node, over: Node) -> Node:
    return _by_key(base, over, lambda _, old, new: new)


def _two_deep(base: Node, over: Node) -> Node:
    return _by_key(base, over, lambda _, old, new: _flat(old, new))


def _first_ours(base: Node, over: Node) -> Node:
    return replace(over, value=(*over.items, *base.items))


#: How each section is joined; a key that is not named here is simply replaced.
_SECTIONS: Mapping[str, Callable[[Node, Node], Node]] = {
    "people": _flat,
    "rooms": _first_ours,
    "contacts": _two_deep,
    "wordings": _two_deep,
    "rules": _two_deep,
}
