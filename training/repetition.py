"""What is known already is repeated less often, so that the time goes to what is not.

Choosing what to learn from by its loss is an old idea (Jiang et al. 2019, "Accelerating Deep Learning by Focusing on the Biggest Losers");
here what is left out is made up for by weight, so that the sum that is learned from stays the same on average.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator

from training.case import Case

#: A case is known when its loss, the sum over all labels, was below this when it was last read.
KNOWN = 0.05
#: One known case in so many is repeated, and counts for as many.
SPARED = 3
#: In the first round nothing is known.
ALL_UNTIL = 1


class Repetition:
    """Chooses what a round learns from."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._losses: dict[str, float] = {}

    def chosen(self, cases: Iterable[Case], epoch: int) -> Iterator[tuple[Case, float]]:
        """The cases of round ``epoch`` (from 1), each with the weight it counts with."""
        for case in cases:
            if epoch <= ALL_UNTIL or self._losses.get(case.id, KNOWN) >= KNOWN:
                yield case, 1.0
            elif self._chance.random() < 1 / SPARED:
                yield case, float(SPARED)

    def read(self, cases: Iterable[str], losses: Iterable[float]) -> None:
        """Note the losses that cases had, by their ids."""
        self._losses.update(zip(cases, losses, strict=True))
