"""Edits of a text that keep, for each character that is left, where it came from."""

from __future__ import annotations

from collections.abc import Iterable

from bot.domain.text import MappedText

#: Characters ``start`` to ``end`` (exclusive) become ``words``. Edits of one pass are sorted and do not overlap.
Edit = tuple[int, int, str]


def edited(text: str, edits: Iterable[Edit]) -> MappedText:
    """``text`` after ``edits``. An edit that keeps the length maps letter to letter; any other maps to its whole range."""
    pieces: list[str] = []
    origins: list[tuple[int, int]] = []
    at = 0
    for start, end, words in edits:
        pieces += [text[at:start], words]
        origins += [(place, place + 1) for place in range(at, start)]
        if len(words) == end - start:
            origins += [(place, place + 1) for place in range(start, end)]
        else:
            origins += [(start, end)] * len(words)
        at = end
    pieces.append(text[at:])
    origins += [(place, place + 1) for place in range(at, len(text))]
    plain = "".join(pieces)
    return MappedText.same(text) if plain == text else MappedText(source=text, plain=plain, origins=tuple(origins))


def outside(edits: Iterable[Edit], protected: Iterable[tuple[int, int]]) -> list[Edit]:
    """The edits that touch none of the ``protected`` ranges; both come sorted."""
    ranges = iter(protected)
    first, last = next(ranges, (0, -1))
    kept: list[Edit] = []
    for edit in edits:
        while last != -1 and last <= edit[0]:
            first, last = next(ranges, (0, -1))
        if last == -1 or edit[1] <= first:
            kept.append(edit)
    return kept
