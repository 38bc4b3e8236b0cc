"""Variants of cases keep what a case says: its labels, and its spans on the words they mark."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from training.case import Case, Span
from training.vary import SHORTEST_POST, Variety, may_point_back

LEAK = Case(
    id="a-1",
    scene="a",
    text="my roommate Joe had a bypass",
    room="community",
    author="member",
    context=(),
    labels=("third_party_phi",),
    spans=(Span(role="person_other", start=12, end=15), Span(role="health", start=22, end=28)),
    kind="plain",
    why="",
)
CHATTER = [
    replace(LEAK, id=f"b-{number}", text=text, labels=(), spans=(), kind="chatter")
    for number, text in enumerate(["rain all day here", "who is bringing the cake", "the bus was late"])
]


def variants(case: Case) -> list[Case]:
    variety = Variety([LEAK, *CHATTER], random.Random(7))
    return [variety.vary(case) for _ in range(600)]


def test_spans_stay_on_the_words_they_mark() -> None:
    for variant in variants(LEAK):
        person, fact = (variant.text[span.start : span.end] for span in variant.spans)
        assert person == "Joe" or sorted(person) == sorted("Joe")
        assert sorted(fact) == sorted("bypass")


def test_labels_stay() -> None:
    assert {variant.labels for variant in variants(LEAK)} == {LEAK.labels}


def test_some_variants_lie_in_the_middle_of_a_long_message() -> None:
    long = [variant for variant in variants(LEAK) if len(variant.text) >= SHORTEST_POST]

    assert long
    assert any(variant.spans[0].start > 100 for variant in long)


def test_author_is_heard_before_only_where_the_case_can_be_about_nothing_said() -> None:
    alone, pointing = replace(LEAK, text="great meetup everyone", spans=()), replace(LEAK, text="it worked", spans=())

    assert {who for variant in variants(alone) for who, _ in variant.context} == {"same", "other"}
    assert {who for variant in variants(pointing) for who, _ in variant.context} == {"other"}


def test_real_context_is_left_alone() -> None:
    case = replace(LEAK, context=(("other", "who was that?"),))

    assert {variant.context for variant in variants(case)} == {case.context}


@pytest.mark.parametrize("text", ["she told them monday", "yes", "not since friday", "Same here", "that one"])
def test_words_that_may_point_back(text: str) -> None:
    assert may_point_back(text)


@pytest.mark.parametrize("text", ["great meetup yesterday everyone", "morning all", "who is bringing the cake"])
def test_words_that_stand_alone(text: str) -> None:
    assert not may_point_back(text)
