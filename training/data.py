"""Cases as examples: the windows of their token ids, the labels of the case, the role of each token."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.domain.reading import Label, SpanRole, Utterance
from bot.reading.encoding import Encoding, Window, heard
from bot.reading.normalise import normalise
from training.case import Case

LABELS = tuple(Label)
ROLES = tuple(SpanRole)
#: The role of a token outside the text, from which nothing is learned.
OUTSIDE = -100


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One window of a case. ``roles`` has one entry a token: 0 none, else 1 + place of the role in ROLES; OUTSIDE outside the text."""

    ids: tuple[int, ...]
    segments: tuple[int, ...]
    roles: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A case in one window or several, which together should say its ``labels``; ``weight`` is how much these count in training."""

    case: str
    parts: tuple[Part, ...]
    labels: tuple[float, ...]
    weight: float = 1.0

    @property
    def longest(self) -> int:
        """Tokens of the longest window."""
        return max(len(part.ids) for part in self.parts)


def utterance_of(case: Case) -> Utterance:
    """The case as it will be read: normalised, in its room, after its context where it does not speak for itself."""
    text = normalise(case.text).plain
    context = tuple((author == "same", normalise(said).plain) for author, said in case.context)
    return Utterance(text=text, room=case.room, author=case.author, context=heard(text, context))


def examples_of(cases: Iterable[tuple[Case, float]], encoding: Encoding) -> list[Example]:
    """Cases as examples, each with its weight."""
    return [_example(case, encoding, weight) for case, weight in cases]


def _example(case: Case, encoding: Encoding, weight: float) -> Example:
    text = normalise(case.text)

    def role(start: int, end: int) -> int:
        return _role(case, *text.to_source(start, end)) if end > start else 0

    def part(window: Window) -> Part:
        before, after = window.first, len(window.ids) - window.first - len(window.offsets)
        roles = (*[OUTSIDE] * before, *[role(*offset) for offset in window.offsets], *[OUTSIDE] * after)
        return Part(ids=window.ids, segments=window.segments, roles=roles)

    return Example(
        case=case.id,
        parts=tuple(part(window) for window in encoding.windows(utterance_of(case))),
        labels=tuple(float(label in case.labels) for label in LABELS),
        weight=weight,
    )


def _role(case: Case, start: int, end: int) -> int:
    inside = next((span for span in case.spans if span.start < end and start < span.end), None)
    return 0 if inside is None else 1 + ROLES.index(SpanRole(inside.role))
