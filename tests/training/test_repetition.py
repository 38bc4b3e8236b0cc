"""What is known is repeated less often, and counts for as much."""

from __future__ import annotations

import random

from training.case import Case
from training.repetition import ALL_UNTIL, KNOWN, SPARED, Repetition

CASES = [
    Case(
        id=f"case-{number}",
        scene="case",
        text="hello",
        room="community",
        author="member",
        context=(),
        labels=(),
        spans=(),
        kind="chatter",
        why="a greeting",
    )
    for number in range(3_000)
]
LATER = ALL_UNTIL + 1


def _after_reading(loss: float) -> Repetition:
    repetition = Repetition(random.Random(1))
    repetition.read([case.id for case in CASES], [loss] * len(CASES))
    return repetition


def test_the_first_rounds_leave_nothing_out() -> None:
    """Whatever the losses, everything is learned from at first."""
    assert len(list(_after_reading(0.0).chosen(CASES, ALL_UNTIL))) == len(CASES)


def test_what_is_not_known_is_always_repeated() -> None:
    """A case with a loss, and one that was never read, come every time and count once."""
    assert [weight for _, weight in _after_reading(KNOWN).chosen(CASES, LATER)] == [1.0] * len(CASES)
    assert len(list(Repetition(random.Random(1)).chosen(CASES, LATER))) == len(CASES)


def test_what_is_known_comes_seldom_and_counts_for_as_much() -> None:
    """One in so many of the known cases; all weights together stay about what they were."""
    chosen = list(_after_reading(0.0).chosen(CASES, LATER))

    assert 0.85 < len(chosen) * SPARED / len(CASES) < 1.15
    assert {weight for _, weight in chosen} == {float(SPARED)}
