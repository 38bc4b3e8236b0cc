"""Words of a phrase that stand near one another in a text, in any order and with other endings: "oil pulling" in "they oil pull daily"."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

_WORD = re.compile(r"[^\W_]+")
_ENDING = re.compile(r"(?<=...)(?:ings?|ie[sd]|e[sd]?|s)$")
#: Words that say nothing of what a phrase is about.
_SMALL = frozenset(
    "a an the of and or in on to for from with by is are was it its this that my your you they them not no don dont can cant want "
    "know".split()
)
#: So many other words may stand between those of a phrase.
REACH = 2


def content(phrase: str) -> frozenset[str]:
    """The words that matter in ``phrase``, without their endings; empty where fewer than two matter: one alone says too little."""
    words = frozenset(_stem(word) for word in _WORD.findall(phrase.lower()) if len(word) > 1 and word not in _SMALL)
    return words if len(words) > 1 else frozenset()


class LooseWords:
    """A text in which phrases are looked for."""

    def __init__(self, text: str) -> None:
        self._found = [(_stem(found[0].lower()), found.start(), found.end()) for found in _WORD.finditer(text)]
        self._places: defaultdict[str, list[int]] = defaultdict(list)
        for place, (stem, _, _) in enumerate(self._found):
            self._places[stem].append(place)

    def span(self, words: frozenset[str]) -> tuple[int, int] | None:
        """Characters from the first to the last of ``words`` where all stand together, within REACH; None where they nowhere do."""
        if not words or not words <= self._places.keys():
            return None
        rarest = min(words, key=lambda word: (len(self._places[word]), word))
        for place in self._places[rarest]:
            near = [_nearest(self._places[word], place) for word in words]
            if max(near) - min(near) < len(words) + REACH:
                return self._found[min(near)][1], self._found[max(near)][2]
        return None


def _nearest(places: Sequence[int], to: int) -> int:
    return min(places, key=lambda place: abs(place - to))


def _stem(word: str) -> str:
    return _ENDING.sub("", word)
