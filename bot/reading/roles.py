"""Spans of a message: where they stand, whose they are, how several sources of them are joined."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from bot.domain.reading import Span, SpanRole
from bot.domain.text import MappedText

_APOSTROPHES = frozenset("'’")
_GENITIVE = re.compile("s ")
_PERSONS = frozenset({SpanRole.PERSON_OTHER, SpanRole.OWN_CHILD, SpanRole.CLINICIAN, SpanRole.STAFF})
_TAIL = re.compile(r"[\s,]+(?:from|at|in|on|of|the|is|was|has|had|with|who|and|to|for)?$")
_JOINED_BEFORE = re.compile(r"(?<![^\W_])[A-Z][^\W_]*[-'’]$")
_JOINED_AFTER = re.compile(r"-[A-Z][^\W\d_]+")
_LONGEST_PART = 30


def overlap(one: Span, other: Span) -> bool:
    """Whether both cover a character."""
    return one.start < other.end and other.start < one.end


def tidied(text: str, spans: Iterable[Span]) -> tuple[Span, ...]:
    """Spans without what the encoder drags along at their ends; those without a letter or digit are dropped."""
    trimmed = (_trimmed(text, span) for span in spans)
    return tuple(span for span in trimmed if any(c.isalnum() for c in text[span.start : span.end]))


def _trimmed(text: str, span: Span) -> Span:
    start, end = span.start, span.end
    if text[start - 1 : start] in _APOSTROPHES and _GENITIVE.match(text, start):
        start += len("s ")
    if span.role in _PERSONS:
        while (tail := _TAIL.search(text, start, end)) and tail.start() > start:
            end = tail.start()
        # A name is whole: "Bao" of "Bao-Long".
        before, after = (
            _JOINED_BEFORE.search(text, max(0, start - _LONGEST_PART), start),
            _JOINED_AFTER.match(text, end),
        )
        start, end = before.start() if before else start, after.end() if after else end
    return replace(span, start=start, end=end)


def of_roles(spans: Iterable[Span], *roles: SpanRole) -> tuple[Span, ...]:
    """The spans that play one of ``roles``."""
    return tuple(span for span in spans if span.role in roles)


def with_identifiers(spans: Sequence[Span], identifiers: Sequence[Span]) -> tuple[Span, ...]:
    """The encoder's ``spans`` and the recognised ``identifiers``; where both mark one, the wider range with the known kind."""
    marked = of_roles(spans, SpanRole.IDENTIFIER)
    joined = [
        _widened(identifier, [span for span in marked if overlap(span, identifier)]) for identifier in identifiers
    ]
    alone = [span for span in spans if span not in marked or not any(overlap(span, known) for known in identifiers)]
    return tuple(sorted([*alone, *joined], key=lambda span: (span.start, span.end)))


def _widened(identifier: Span, marked: Sequence[Span]) -> Span:
    return replace(
        identifier,
        start=min([identifier.start, *(span.start for span in marked)]),
        end=max([identifier.end, *(span.end for span in marked)]),
    )


def in_source(spans: Iterable[Span], text: MappedText) -> tuple[Span, ...]:
    """The spans of ``text.plain`` where they stand in ``text.source``."""
    placed = ((span, text.to_source(span.start, span.end)) for span in spans)
    return tuple(replace(span, start=start, end=end) for span, (start, end) in placed)
