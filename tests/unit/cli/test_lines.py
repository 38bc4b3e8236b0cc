"""Cases in, answers out, whatever stands in a line."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cli.lines import BadLine, GuideCase, answer, parse

GOOD = {"id": "c1", "text": "hello", "room": "community", "author": "member"}


def echo(cases: Sequence[GuideCase]) -> Iterable[dict[str, Any]]:
    return [{"id": case.id} for case in cases]


def answers(text: str) -> list[dict[str, Any]]:
    out = io.StringIO()
    answer(io.StringIO(text), out, echo)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_answers_come_in_order_and_bad_lines_in_their_places() -> None:
    lines = [json.dumps({**GOOD, "id": f"c{n}"}) for n in range(40)]
    lines[17] = "{not json"

    said = answers("\n".join(lines))

    assert [reply.get("id") for reply in said] == [None if n == 17 else f"c{n}" for n in range(40)]
    assert said[17]["line"] == 18


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("[1, 2]", "the line: must be a JSON object in braces"),
        ('{"id": 5, "text": "hi", "room": "staff", "author": "staff"}', "id: must be a text in quotes"),
        ('{"id": "c1", "room": "staff", "author": "staff"}', "text: is missing"),
    ],
)
def test_what_is_wrong_with_a_line_is_said_in_plain_words(line: str, why: str) -> None:
    assert answers(line) == [{"error": why, "line": 1}]


def test_what_the_guide_has_besides_is_ignored() -> None:
    [reply] = answers(json.dumps({**GOOD, "labels": ["third_party_phi"], "why": "…", "context": []}))

    assert reply == {"id": "c1"}


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"room": "kitchen"}, "room: Input should be 'community', 'practice' or 'staff'"),
        ({"author": 7}, "author: Input should be 'member', 'staff' or 'moderator'"),
        ({"text": None}, "text: must be a text in quotes"),
        ({"context": [{"author": "me", "text": "x"}]}, "context.0.author: Input should be 'same' or 'other'"),
        ({"text": "Joe \ud800"}, "not text: half a surrogate pair is no character"),
        ({"context": [{"author": "same", "text": "\udc00"}]}, "not text: half a surrogate pair is no character"),
    ],
)
def test_a_bad_line_says_where_and_what(change: dict[str, Any], error: str) -> None:
    parsed = parse(3, json.dumps({**GOOD, **change}))

    assert parsed == BadLine(line=3, error=error)


@pytest.mark.parametrize("line", ["[" * 100_000, '{"id": ' + "9" * 5000 + "}"])
def test_what_no_machine_can_read_is_a_bad_line_too(line: str) -> None:
    assert answers(f"{line}\n{json.dumps(GOOD)}") == [{"error": "not JSON that can be read", "line": 1}, {"id": "c1"}]


@given(st.text(max_size=60))
def test_any_line_is_a_case_or_a_bad_line_that_does_not_repeat_it(line: str) -> None:
    parsed = parse(1, line)

    assert isinstance(parsed, BadLine)
    assert len(line) < 8 or line not in parsed.error


def test_empty_lines_are_passed_over() -> None:
    assert answers(f"\n{json.dumps(GOOD)}\n\n") == [{"id": "c1"}]
