"""Fresh variants of cases for every epoch: other names in the same roles, small slips of the finger, other talk before them.

The labels stay: a label never depends on which name it is, nor on what strangers said before on another matter. So the model learns the
part a name plays, not the name, and holds nobody to account for the words of others.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from training.case import Case, Span

#: Roles whose names may stand for one another. Public figures and animals keep theirs: there the name is the point.
SWAPPED = frozenset({"person_other", "own_child", "clinician"})
#: How often a case is varied, and how often a letter of a varied case slips.
VARIED = 0.5
SLIP = 0.006
#: How often a case without context gets strangers' words before it, and how long these are at most, in characters.
INTERRUPTED = 0.2
LONGEST_INTERRUPTION = 240


class Variety:
    """Makes variants with the names that the training cases hold."""

    def __init__(self, cases: Sequence[Case], chance: random.Random) -> None:
        self._chance = chance
        self._said = [case.text for case in cases if len(case.text) <= LONGEST_INTERRUPTION]
        self._pools: dict[tuple[str, int], list[str]] = defaultdict(list)
        for case in cases:
            for span in case.spans:
                words = case.text[span.start : span.end]
                self._pools[self._sort(span.role, words)].append(words)

    def vary(self, case: Case) -> Case:
        """The case itself, or a variant of it."""
        if self._chance.random() < INTERRUPTED and not case.context:
            case = replace(case, context=self._interruption())
        if self._chance.random() > VARIED:
            return case
        swapped = self._swap(case)
        return self._slip(swapped) if case.kind != "evasion" else swapped

    def _interruption(self) -> tuple[tuple[str, str], ...]:
        """One to three things that others said elsewhere."""
        return tuple(("other", self._chance.choice(self._said)) for _ in range(self._chance.randint(1, 3)))

    def _swap(self, case: Case) -> Case:
        """Other words in the spans that may be swapped; the same words get the same stand-in."""
        stand_ins: dict[str, str] = {}
        pieces: list[str] = []
        spans: list[Span] = []
        at = length = 0
        for span in sorted(case.spans, key=lambda span: span.start):
            if span.start < at:
                return case
            words = case.text[span.start : span.end]
            new = words
            if span.role in SWAPPED and not words.startswith(("@", "<")):
                pool = self._pools[self._sort(span.role, words)]
                new = stand_ins.setdefault(words.lower(), self._chance.choice(pool))
            before = case.text[at : span.start]
            start = length + len(before)
            pieces += [before, new]
            spans.append(Span(role=span.role, start=start, end=start + len(new)))
            at, length = span.end, start + len(new)
        pieces.append(case.text[at:])
        return replace(case, text="".join(pieces), spans=tuple(spans))

    def _slip(self, case: Case) -> Case:
        """Two neighbouring letters change places here and there; lengths and so the spans stay."""
        letters = list(case.text)
        for index in range(len(letters) - 1):
            if self._chance.random() < SLIP and letters[index].isalpha() and letters[index + 1].isalpha():
                letters[index], letters[index + 1] = letters[index + 1], letters[index]
        return replace(case, text="".join(letters))

    @staticmethod
    def _sort(role: str, words: str) -> tuple[str, int]:
        """Words stand in for words of the same role and about the same length: "Joe" for "Ana", not for a whole clause."""
        return role, min(len(words.split()), 4)
