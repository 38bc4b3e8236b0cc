"""Text whose every character knows where it came from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class MappedText:
    """``plain`` is ``source`` decoded; ``origins[i]`` is the (start, end) in ``source`` that became ``plain[i]``.

    ``origins`` is None where both are the same text. Offsets are in characters, ends are exclusive.
    """

    source: str
    plain: str
    origins: tuple[tuple[int, int], ...] | None = None

    def __post_init__(self) -> None:
        """Raise ValueError where the map does not cover the plain text."""
        covered = len(self.source) if self.origins is None else len(self.origins)
        if covered != len(self.plain):
            raise ValueError("the offset map must have one entry for each plain character")

    @classmethod
    def same(cls, text: str) -> MappedText:
        """Text that was not decoded at all."""
        return cls(source=text, plain=text)

    def to_source(self, start: int, end: int) -> tuple[int, int]:
        """Where ``plain[start:end]`` stands in ``source``; empty ranges stay empty."""
        if self.origins is None:
            return start, end
        if start >= end:
            at = self.origins[start][0] if start < len(self.origins) else len(self.source)
            return at, at
        touched = self.origins[start:end]
        return min(first for first, _ in touched), max(last for _, last in touched)

    def then(self, following: MappedText) -> MappedText:
        """This map followed by one whose source is this map's plain text."""
        if following.source != self.plain:
            raise ValueError("the second map must start from the first one's plain text")
        if following.origins is None:
            return self
        origins = tuple(self.to_source(first, last) for first, last in following.origins)
        return MappedText(source=self.source, plain=following.plain, origins=origins)


def redact_source(text: MappedText, replacements: Iterable[tuple[int, int, str]]) -> str:
    """``text.source`` with ranges of ``text.plain`` replaced; ranges outside the plain text are left out."""
    within = [
        (start, min(end, len(text.plain)), words) for start, end, words in replacements if start < len(text.plain)
    ]
    return replace_ranges(text.source, [(*text.to_source(start, end), words) for start, end, words in within])


def replace_ranges(text: str, replacements: Iterable[tuple[int, int, str]]) -> str:
    """``text`` with each (start, end, new words) replaced; of ranges that overlap, the one starting first is widened."""
    merged: list[tuple[int, int, str]] = []
    for start, end, words in sorted(replacements):
        if merged and start < merged[-1][1]:
            first, last, kept = merged[-1]
            merged[-1] = (first, max(last, end), kept)
        else:
            merged.append((start, end, words))
    pieces: list[str] = []
    at = 0
    for start, end, words in merged:
        pieces += [text[at:start], words]
        at = end
    return "".join([*pieces, text[at:]])
