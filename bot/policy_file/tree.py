"""A YAML text as a tree whose every node knows its place. Plain values only: no tags, no code, bounded in size."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

import yaml

from bot.policy_file.problems import Place, Problem
from bot.policy_file.yaml_slips import find_slip, remark_instead

Scalar = str | int | float | bool | None
Plain = Scalar | list["Plain"] | dict[str, "Plain"]
#: A word list of 10,000 phrases fits.
MOST_NODES = 100_000
DEEPEST = 24
#: What word processors make of quotes.
CURLY = ("“", "”", "„", "‘", "‚")
_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_INT = re.compile(r"[-+]?[0-9]{1,18}")
_FLOAT = re.compile(r"[-+]?(\.[0-9]{1,40}|[0-9]{1,40}(\.[0-9]{0,40})?)([eE][-+]?[0-9]{1,3})?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A value with its place; ``key`` is where its key stands, for a list item the place of the item.

    ``number`` is where an item stands in its list as it was written, even when others have been left out since.
    """

    value: Scalar | Mapping[str, Node] | tuple[Node, ...]
    place: Place
    key: Place
    number: int | None = None

    @property
    def entries(self) -> Mapping[str, Node]:
        """The entries of a mapping; none where it is something else."""
        return self.value if isinstance(self.value, Mapping) else {}

    @property
    def items(self) -> tuple[Node, ...]:
        """The items of a list; none where it is something else."""
        return self.value if isinstance(self.value, tuple) else ()

    def plain(self) -> Plain:
        """The bare value."""
        if isinstance(self.value, Mapping):
            return {name: node.plain() for name, node in self.value.items()}
        if isinstance(self.value, tuple):
            return [node.plain() for node in self.value]
        return self.value

    def find(self, path: Sequence[str | int]) -> Node:
        """The node at ``path``, or the last one on the way to it that exists."""
        here = self
        for step in path:
            following = here._child(step)
            if following is None:
                return here
            here = following
        return here

    def written(self, path: Sequence[str | int]) -> tuple[str | int, ...]:
        """The path with items numbered as they were written."""
        here = self
        steps: list[str | int] = []
        for step in path:
            following = here._child(step)
            if following is None:
                break
            here = following
            steps.append(step if here.number is None or isinstance(step, str) else here.number)
        return (*steps, *path[len(steps) :])

    def _child(self, step: str | int) -> Node | None:
        if isinstance(step, int):
            return self.items[step] if step < len(self.items) else None
        if step in self.entries:
            return self.entries[step]
        only = next(iter(self.entries.values())) if len(self.entries) == 1 else None
        if only is not None and step in only.entries:
            return only.entries[step]
        return next((item for item in self.items if item.value == step), None)


def parse(text: str, file: str) -> tuple[Node | None, list[Problem]]:
    """The tree of ``text``, or None with what is wrong with it. Never raises, whatever the text is."""
    builder, lines = _Builder(file), text.splitlines()
    last: yaml.ScalarEvent | None = None
    try:
        for event in yaml.parse(text, Loader=yaml.CBaseLoader):
            builder.take(event)
            if isinstance(event, yaml.ScalarEvent) and event.value == "" and event.end_mark is not None:
                builder.note_remark(lines, event.end_mark.line, event.end_mark.column)
            if builder.full:
                break
            last = event if isinstance(event, yaml.ScalarEvent) else last
    except yaml.MarkedYAMLError as error:
        return None, [*builder.problems, _syntax(text, file, error, last)]
    except (yaml.YAMLError, ValueError) as error:
        return None, [*builder.problems, _not_yaml(Place(file=file), type(error).__name__)]
    if builder.root is None and not builder.problems:
        return None, [Problem(place=Place(file=file), key="", what="the file is empty")]
    return (None if builder.problems else builder.root), builder.problems


def _syntax(text: str, file: str, error: yaml.MarkedYAMLError, last: yaml.ScalarEvent | None) -> Problem:
    slip = find_slip(text, error, last)
    if slip is None:
        return _not_yaml(_at(error.problem_mark or error.context_mark, file), error.problem or "")
    place = Place(file=file, line=slip.line + 1, column=slip.column + 1)
    return Problem(place=place, key="", what=slip.what, hint=slip.hint)


def _not_yaml(place: Place, why: str) -> Problem:
    reason = f" ({' '.join(why.split())})" if why else ""
    return Problem(
        place=place,
        key="",
        what=f"this is not YAML{reason}",
        hint="Look at the spaces at the start of the line, colons and quotes.",
    )


class _Mark(Protocol):
    """Where the parser was, counted from 0."""

    line: int
    column: int


def _at(mark: _Mark | None, file: str) -> Place:
    return Place(file=file, line=mark.line + 1, column=mark.column + 1) if mark else Place(file=file)


@dataclass(slots=True)
class _Open:
    """A mapping or list whose end has not come yet. ``name`` is the key that waits for its value."""

    place: Place
    key: Place
    entries: dict[str, Node] | None
    items: list[Node] = field(default_factory=list)
    name: str | None = None
    name_place: Place | None = None

    def close(self) -> Node:
        value = tuple(self.items) if self.entries is None else self.entries
        return Node(value=value, place=self.place, key=self.key)


class _Builder:
    """Turns the parser's events into Nodes, within bounds and without recursion, so that no nesting is too deep for it."""

    def __init__(self, file: str) -> None:
        self.problems: list[Problem] = []
        self.root: Node | None = None
        self.full = False
        self._file = file
        self._open: list[_Open] = []
        self._count = 0

    def take(self, event: yaml.Event) -> None:
        """The next event."""
        place = _at(event.start_mark, self._file)
        match event:
            case yaml.DocumentStartEvent() if self.root is not None:
                self._wrong(place, "a second document begins here", "Write one policy a file, without --- in it.")
            case yaml.AliasEvent():
                self._wrong(
                    place, "anchors (&, *) have no meaning in a policy", "Put the text in quotes, if it is one."
                )
                self._put(Node(value=None, place=place, key=place), "")
            case yaml.ScalarEvent():
                self._note_tag(event.tag, place)
                plain = event.implicit[0] and event.tag is None
                if plain and event.value.startswith(CURLY):
                    self._wrong(place, "these quotes mean nothing here", "Use straight ones: \" or '.")
                value = _resolved(event.value) if plain else event.value
                self._put(Node(value=value, place=place, key=place), event.value)
            case yaml.CollectionStartEvent():
                self._note_tag(event.tag, place)
                self._start(place, mapping=isinstance(event, yaml.MappingStartEvent))
            case yaml.CollectionEndEvent():
                self._put(self._open.pop().close(), None)

    def note_remark(self, lines: Sequence[str], line: int, column: int) -> None:
        """Told where the parser found nothing, and where that is."""
        slip = remark_instead(lines, line, column)
        if slip is not None:
            place = Place(file=self._file, line=line + 1, column=slip.column + 1)
            self._wrong(place, slip.what, slip.hint)

    def _start(self, place: Place, *, mapping: bool) -> None:
        above = self._open[-1] if self._open else None
        if above is not None and above.entries is not None and above.name is None:
            self._wrong(place, "a key must be a word")
        key = above.name_place if above is not None and above.name_place is not None else place
        self._open.append(_Open(place=place, key=key, entries={} if mapping else None))
        if len(self._open) > DEEPEST:
            self._too_much(place)

    def _put(self, node: Node, word: str | None) -> None:
        """Put a finished node where it belongs: a key waits for its value. ``word`` is what a scalar was written as."""
        self._count += 1
        if self._count > MOST_NODES:
            self._too_much(node.place)
        if not self._open:
            self.root = node
            return
        above = self._open[-1]
        if above.entries is None:
            above.items.append(replace(node, number=len(above.items)))
        elif above.name is None:
            above.name, above.name_place = word or "", node.place
        else:
            self._put_entry(above, above.name, replace(node, key=above.name_place or node.place))

    def _put_entry(self, above: _Open, name: str, node: Node) -> None:
        entries = above.entries if above.entries is not None else {}
        if name in entries:
            self._wrong(
                node.key, f"{name[:40]} stands here twice", f"The first one is on line {entries[name].key.line}."
            )
        entries[name] = node
        above.name = above.name_place = None

    def _note_tag(self, tag: str | None, place: Place) -> None:
        if tag not in (None, "!"):
            self._wrong(place, "tags (!) have no meaning in a policy", "Put the text in quotes, if it is one.")

    def _too_much(self, place: Place) -> None:
        self.full = True
        self._wrong(place, "the file is too big or too deep", f"At most {MOST_NODES} values, {DEEPEST} deep.")

    def _wrong(self, place: Place, what: str, hint: str = "") -> None:
        self.problems.append(Problem(place=place, key="", what=what, hint=hint))


def _resolved(word: str) -> Scalar:
    """A plain word as YAML 1.2's core schema reads it, so that ``off`` and ``no`` are words."""
    if word in _NULL:
        return None
    if word.lower() in ("true", "false"):
        return word.lower() == "true"
    if _INT.fullmatch(word):
        return int(word)
    return float(word) if _FLOAT.fullmatch(word) else word
