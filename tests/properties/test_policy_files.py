"""Whatever stands in a file: extending is associative, and nothing but PolicyError ever comes of it."""

from __future__ import annotations

import json
from contextlib import suppress
from functools import reduce
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.errors import PolicyError
from bot.policy_file.layers import overlay, settle
from bot.policy_file.load import check_policy, load_policy
from bot.policy_file.resolve import SHIPPED
from bot.policy_file.tree import Node, Plain, parse

VALUES: st.SearchStrategy[Plain] = st.none() | st.integers(0, 9) | st.sampled_from(["act", "off", "x"])
NAMES = st.sampled_from(["a", "b", "c"])
CONDITIONS = st.dictionaries(st.sampled_from(["phrases", "links"]), st.lists(NAMES, max_size=2), max_size=2)
RULE = st.sampled_from(["shadow", "off", None]) | st.fixed_dictionaries(
    {},
    optional={
        "when": CONDITIONS,
        "unless": CONDITIONS,
        "do": st.lists(NAMES, max_size=2) | NAMES | st.dictionaries(NAMES, NAMES, max_size=2),
        "priority": VALUES,
        "mode": st.sampled_from(["act", None]),
        "examples": st.lists(NAMES, max_size=2),
    },
)
LAYERS = st.fixed_dictionaries(
    {},
    optional={
        "name": st.none() | NAMES,
        "language": st.sampled_from(["en", "es"]),
        "people": st.fixed_dictionaries({}, optional={"staff": st.lists(NAMES), "moderators": st.lists(NAMES)}),
        "rooms": st.lists(NAMES, max_size=2),
        "contacts": st.dictionaries(NAMES, st.fixed_dictionaries({}, optional={"phone": NAMES, "link": NAMES})),
        "wordings": st.dictionaries(NAMES, NAMES | st.dictionaries(st.sampled_from(["en", "es"]), NAMES)),
        "rules": st.none() | st.dictionaries(NAMES, RULE, max_size=3),
    },
)


def layer(value: object) -> Node:
    root, problems = parse(json.dumps(value), "x")
    assert root is not None, problems
    return settle(root)


def laid(*layers: Node) -> Plain:
    return reduce(overlay, layers).plain()


@given(LAYERS, LAYERS, LAYERS)
def test_extending_and_overriding_is_associative(a: object, b: object, c: object) -> None:
    one, two, three = layer(a), layer(b), layer(c)

    assert laid(overlay(one, two), three) == laid(one, overlay(two, three))


@given(LAYERS)
def test_an_empty_policy_changes_nothing(a: object) -> None:
    empty = layer({})

    assert laid(layer(a), empty) == laid(empty, layer(a)) == layer(a).plain()


@given(LAYERS)
def test_settling_twice_is_settling_once(a: object) -> None:
    assert settle(layer(a)).plain() == layer(a).plain()


SHIPPED_FILES = sorted([*SHIPPED.glob("*.yaml"), *SHIPPED.glob("packs/*.yaml")])
SHIPPED_TEXTS = [path.read_text(encoding="utf-8") for path in SHIPPED_FILES]
PIECES = st.sampled_from(
    [
        "{",
        "}",
        "[",
        "]",
        ": ",
        "- ",
        "\n",
        "\n  ",
        "'",
        '"',
        "&a ",
        "*a",
        "!!x ",
        "null",
        "0.5",
        "off",
        "\t",
        "{{",
        "é",
        "\x00",
        "\ud800",
    ]
)


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """A shipped policy with some pieces cut out, put in, or doubled."""
    text = draw(st.sampled_from(SHIPPED_TEXTS))
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(text)))
        length = draw(st.integers(0, 40))
        piece = draw(PIECES | st.just(text[at : at + length] * 2))
        text = text[:at] + piece + text[at + length :]
    return text


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("policy") / "policy.yaml"


def load(path: Path, text: str) -> None:
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    with suppress(PolicyError):
        load_policy(path)
    check_policy(path).rendered()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(mutated())
def test_a_mangled_policy_raises_nothing_but_policy_errors(path: Path, text: str) -> None:
    load(path, text)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text())
def test_any_text_raises_nothing_but_policy_errors(path: Path, text: str) -> None:
    load(path, text)


KEYS = st.sampled_from(
    [
        "name",
        "rules",
        "rooms",
        "wordings",
        "contacts",
        "people",
        "extends",
        "when",
        "do",
        "labels",
        "a",
        "hide",
        "note",
        "examples",
    ]
)
TREES = st.recursive(
    VALUES | st.sampled_from(["*", "(", "note", "hide", "emergency", "safety", "{{ x }}"]) | st.floats(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=25,
)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(KEYS, TREES, max_size=6))
def test_any_structure_raises_nothing_but_policy_errors(path: Path, value: dict[str, object]) -> None:
    load(path, json.dumps(value))
