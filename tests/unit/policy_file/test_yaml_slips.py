"""What a moderator reads when a file is no YAML: the slip in plain words, at its place."""

from __future__ import annotations

import pytest

from bot.policy_file.tree import parse

TAB, QUOTE, COLON, COLUMN = (
    "a tab stands here",
    "this quote is not closed",
    "there is a second colon on this line",
    "this line starts in the wrong column",
)
NO_SPACE, NO_COLON, COMMA = (
    "a space is missing after this colon",
    "a colon is missing on this line",
    "a comma is missing before this",
)


STAR, REMARK = "a * must stand in quotes", "what follows # is only a remark here"


@pytest.mark.parametrize(
    ("text", "place", "what"),
    [
        ("rooms:\n  - {match: *, kind: community}\n", "2:13", STAR),
        ("phrases: [*cure*, b]\n", "1:11", STAR),
        ("people: {staff: [@nurses]}\n", "1:18", "a text can't start with @"),
        ("name: `x`\n", "1:7", "a text can't start with `"),
        ("```yaml\nname: x\n```\n", "1:1", "this line is no part of a policy"),
        ("a: [#general]\nb: c\n", "1:5", REMARK),
        ("a:\n  - {match: #general, kind: x}\n", "2:13", REMARK),
        ("team_room: #moderators\nname: x\n", "1:12", REMARK),
        ("a:\n - #moderators\nb: c\n", "2:4", REMARK),
        ("a: ['#b', c\nb: c\n", "1:4", "this [ is not closed"),
        ("name: x\n\trules: a\n", "2:1", TAB),
        ("rules:\n  a:\n\t  mode: off\n", "3:1", TAB),
        ("rooms:\n-\t{match: a}\n", "2:2", TAB),
        ("name:Friends\nlanguage: en\n", "1:5", NO_SPACE),
        ("name: a\nlanguage:en\ncountry: US\n", "2:9", NO_SPACE),
        ("people:\n  staff:[a]\n  # they\n  moderators: [b]\n", "2:8", NO_SPACE),
        ("name Friends\nlanguage: en\n", "1:1", NO_COLON),
        ("name: a\nlanguage en\n", "2:1", NO_COLON),
        ("name: Friends: of the River\n", "1:14", COLON),
        ("rules:\n - text: a: b\n", "2:11", COLON),
        ("rooms: [{match: a: b}]\n", "1:18", COLON),
        ('name: "xc\nlanguage: en\n', "1:7", QUOTE),
        ("a:\n  name: 'abc\n  language: en\nx: 'a'\n", "2:9", QUOTE),
        ('"name: x\nb: "c"\n', "1:1", QUOTE),
        ('a: 1\n"na\nme": x\n', "2:1", QUOTE),
        ("name: 'two\n  lines'\n language: en\n", "3:2", COLUMN),
        ("name: 'it's me'\nlanguage: en\n", "1:11", "the text goes on after its closing quote"),
        ("name: a\nrules: [a, b\nlanguage: en\n", "2:8", "this [ is not closed"),
        ("rooms:\n  - {match: a, kind: b\n  - {match: c, kind: d}\n", "2:5", "this { is not closed"),
        ("rules: {a: [b}\n", "1:12", "this [ is not closed"),
        ("people: {staff: [a]}]\nname: x\n", "1:21", "this ] closes nothing"),
        ("]", "1:1", "this ] closes nothing"),
        ('a: {match: "a" kind: b}\n', "1:16", COMMA),
        ("a: ['x' 'y']\n", "1:9", COMMA),
        ("a: {b: c d: e}\n", "1:11", COMMA),
        ("name: a\n  language: en\n", "2:3", COLUMN),
        ("people:\n  staff: [a]\n moderators: [b]\n", "3:2", COLUMN),
        ("rooms:\n  - match: a\n\n    kind: b\n   platform: c\n", "5:4", COLUMN),
        ("rooms:\n  - a\n  b: c\n", "3:3", "a key stands among items with a dash"),
        ("name: a\n- b\n", "2:1", "an item with a dash stands among keys"),
        ("name: 'a\\d'\nx: \"a\\d\"\n", "2:6", "this is not YAML (found unknown escape character)"),
        ("name: 'a'\nx: a: b\nname: c", "2:5", COLON),
    ],
)
def test_a_slip_is_named_at_its_place(text: str, place: str, what: str) -> None:
    tree, [problem] = parse(text, "f")

    assert tree is None
    assert (str(problem.place), problem.what) == (f"f:{place}", what)
    assert problem.hint


def test_the_columns_that_would_fit_are_named() -> None:
    _, [problem] = parse("rooms:\n  - match: a\n    kind: b\n   platform: c\n", "f")

    assert "1 or 3 or 5 fits" in problem.hint


def test_what_was_wrong_before_it_is_told_too() -> None:
    _, problems = parse("a: 1\na: 2\nb: 'x\n", "f")

    assert [problem.what for problem in problems] == ["a stands here twice", QUOTE]


def test_a_remark_after_nothing_is_one() -> None:
    tree, problems = parse("name: # to be found\nrules: #all of them\n  a: off # for now\n", "f")

    assert tree is not None
    assert problems == []
