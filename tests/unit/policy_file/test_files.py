"""What can be read as a policy's file at all, and how its YAML is read and written."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import PolicyError
from bot.policy_file.load import load_policy
from bot.policy_file.tree import Plain, parse
from bot.policy_file.yaml_out import to_yaml
from tests.unit.policy_file.conftest import Check


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match="can't be read"):
        load_policy(tmp_path / "none.yaml")


def test_a_file_that_is_not_text(tmp_path: Path) -> None:
    (tmp_path / "p.yaml").write_bytes(b"name: \xff\xfe")

    with pytest.raises(PolicyError, match="not UTF-8"):
        load_policy(tmp_path / "p.yaml")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "the file is empty"),
        ("a: &x 1\nb: *x", "anchors"),
        ("a: !!python/name:os.system x", "tags"),
        ("[" * 100_000, "too big or too deep"),
        ("- " * 100_000, "too big or too deep"),
        ("? " * 100_000, "too big or too deep"),
        ("a: 1\n---\nb: 2", "second document"),
        ("{[a]: 1}", "a key must be a word"),
        ("name: a\nname: b", "name stands here twice"),
        ("- a", "must have keys below it"),
        ("hello", "must have keys below it"),
        ("name: 'open", "this quote is not closed"),
        ("name: @open", "a text can't start with @"),
        ("name: \x00", "not YAML"),
    ],
)
def test_files_that_are_no_policy(check: Check, text: str, problem: str) -> None:
    checked = check(text, start="")

    assert problem in checked.rendered()
    assert checked.policy is None


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("off", "off"),
        ("no", "no"),
        ("0800", 800),
        ("'0800'", "0800"),
        ("1.5", 1.5),
        ("true", True),
        ("~", None),
        ("2026-01-01", "2026-01-01"),
        ("1:30", "1:30"),
        ('"é\\n"', "é\n"),
    ],
)
def test_words_are_read_as_yaml_1_2(word: str, value: object) -> None:
    tree, problems = parse(f"a: [{word}]", "x")

    assert problems == []
    assert tree is not None
    assert tree.plain() == {"a": [value]}


@given(
    st.recursive(
        st.text() | st.integers(-(10**17), 10**17) | st.booleans() | st.none(),
        lambda inner: st.lists(inner, max_size=3),
    )
)
def test_what_is_written_reads_back_the_same(value: Plain) -> None:
    tree, problems = parse(to_yaml({"key: x": value}), "x")

    assert problems == []
    assert tree is not None
    assert tree.plain() == {"key: x": value}
