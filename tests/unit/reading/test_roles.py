"""Spans are tidied, joined with identifiers, and placed in the original text."""

from __future__ import annotations

import pytest

from bot.domain.reading import Span, SpanRole
from bot.reading.normalise import normalise
from bot.reading.roles import in_source, tidied, with_identifiers

PERSON, HEALTH, IDENTIFIER = SpanRole.PERSON_OTHER, SpanRole.HEALTH, SpanRole.IDENTIFIER


def span(text: str, phrase: str, role: SpanRole, kind: str | None = None) -> Span:
    start = text.index(phrase)
    return Span(role=role, start=start, end=start + len(phrase), kind=kind)


@pytest.mark.parametrize(
    ("text", "phrase", "role", "tidy"),
    [
        ("See Hollis from accounts", "Hollis from", PERSON, "Hollis"),
        ("so Art at the shed", "Art at the", PERSON, "Art"),
        ("for Bao-Long Trinh", "Bao", PERSON, "Bao-Long"),
        ("for Bao-Long Trinh", "Long Trinh", PERSON, "Bao-Long Trinh"),
        ("Ana's liver biopsy", "s liver biopsy", HEALTH, "liver biopsy"),
        ("Ana's 4cm mass", "4cm mass", HEALTH, "4cm mass"),
        ("go to the shop", "to the", PERSON, "to"),
    ],
)
def test_ends_are_tidied(text: str, phrase: str, role: SpanRole, tidy: str) -> None:
    assert [text[s.start : s.end] for s in tidied(text, [span(text, phrase, role)])] == [tidy]


def test_marks_alone_are_nobody() -> None:
    assert tidied(":blue_car:", [span(":blue_car:", "_", PERSON)]) == ()


def test_both_sources_of_an_identifier_become_one() -> None:
    text = "at 14 Larkfield Terrace, Ballinode, dob 3/4/1980"
    marked = [
        span(text, "Larkfield Terrace, Ballinode", IDENTIFIER),
        span(text, "dob 3/4/1980", IDENTIFIER),
        span(text, "at", HEALTH),
    ]
    known = [span(text, "14 Larkfield Terrace", IDENTIFIER, "address")]

    joined = with_identifiers(marked, known)

    assert [(text[s.start : s.end], s.kind) for s in joined] == [
        ("at", None),
        ("14 Larkfield Terrace, Ballinode", "address"),
        ("dob 3/4/1980", None),
    ]


def test_spans_fall_on_what_was_typed() -> None:
    text = normalise("her ch\u200bemo")

    (placed,) = in_source([span(text.plain, "chemo", HEALTH)], text)

    assert text.source[placed.start : placed.end] == "ch\u200bemo"
