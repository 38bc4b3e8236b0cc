"""Fresh variants of cases for every epoch: other names in the same roles, slips of the finger, other talk before them and around them.

The labels stay: a label never depends on which name it is, nor on what was said before on another matter. So the model learns the part a
name plays, not the name, holds no words to account for what others said or their author said of something else, and finds what matters in
the middle of a long message.
"""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from training.case import Case, Span

#: Roles whose names may stand for one another. Public figures and animals keep theirs: there the name is the point.
SWAPPED = frozenset({"person_other", "own_child", "clinician"})
#: How often a case is varied, and how often a letter of a varied case slips.
VARIED = 0.5
SLIP = 0.006
#: How often a case without context gets words on another matter before it, and how long these are at most, in characters.
INTERRUPTED = 0.25
LONGEST_INTERRUPTION = 240
#: How often a case without context is put into a long message of ordinary talk, and how long that becomes, in characters. Few cases of the
#: corpus are long, many posts in forums are.
LENGTHENED = 0.04
SHORTEST_POST, LONGEST_POST = 300, 1200
#: Between the sentences of such a message.
_BREAKS = (" ", " ", ". ", "\n", "\n\n")
#: Words that may point back to what the same author said before, which then is no other matter.
_BACK = re.compile(
    r"\b(?:s?he|they|him|hers?|his|them|theirs?|it|its|this|that|these|those|one|ones|same|too|also|again|so|and|but|because|yes|yeah|yep"
    r"|no|nope|not)\b",
    re.IGNORECASE,
)


def may_point_back(text: str) -> bool:
    """Whether ``text`` may be about what was said before it."""
    return _BACK.search(text) is not None


class Variety:
    """Makes variants with the names that the training cases hold."""

    def __init__(self, cases: Sequence[Case], chance: random.Random) -> None:
        self._chance = chance
        self._said = [case.text for case in cases if len(case.text) <= LONGEST_INTERRUPTION]
        self._ordinary = [case.text for case in cases if case.kind == "chatter" and not case.context]
        self._pools: dict[tuple[str, int], list[str]] = defaultdict(list)
        for case in cases:
            for span in case.spans:
                words = case.text[span.start : span.end]
                self._pools[self._sort(span.role, words)].append(words)

    def vary(self, case: Case) -> Case:
        """The case itself, or a variant of it."""
        if not case.context:
            case = self._surrounded(case)
        if self._chance.random() > VARIED:
            return case
        swapped = self._swap(case)
        return self._slip(swapped) if case.kind != "evasion" else swapped

    def _surrounded(self, case: Case) -> Case:
        """The case, or in the middle of a long message, or after words on another matter."""
        chance = self._chance.random()
        if chance < LENGTHENED and self._ordinary:
            return self._lengthened(case)
        if chance < LENGTHENED + INTERRUPTED:
            return replace(case, context=self._interruption(case))
        return case

    def _lengthened(self, case: Case) -> Case:
        """The case somewhere in a long message of ordinary talk."""
        length = self._chance.randint(SHORTEST_POST, LONGEST_POST)
        before, after = "", ""
        while len(before) + len(case.text) + len(after) < length:
            said, pause = self._chance.choice(self._ordinary), self._chance.choice(_BREAKS)
            if self._chance.random() < 0.5:
                before = said + pause + before
            else:
                after = after + pause + said
        spans = (replace(s, start=s.start + len(before), end=s.end + len(before)) for s in case.spans)
        return replace(case, text=before + case.text + after, spans=tuple(spans))

    def _interruption(self, case: Case) -> tuple[tuple[str, str], ...]:
        """One to three things that were said elsewhere: by others, or by the author too where the case can't be about them."""
        authors = ("other",) if may_point_back(case.text) else ("other", "same")
        times = self._chance.randint(1, 3)
        return tuple((self._chance.choice(authors), self._chance.choice(self._said)) for _ in range(times))

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
