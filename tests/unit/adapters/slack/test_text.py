"""Slack's markup: what members read, where it came from, and the way back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.slack.text import Names, decode, encode, mentioned, split, without_calls
from bot.domain.text import redact_source

NAMES = Names(users={"U1": "Ana", "U2": "B & C"}, channels={"C1": "patients"})
MARKUP = st.lists(
    st.one_of(
        st.text(max_size=8).map(encode),
        st.sampled_from(
            [
                *("<@U1>", "<@U9|zed>", "<#C1|>", "<#C1|patients>", "<!here>", "<!subteam^S1|@nurses>"),
                *("<https://a.example>", "<https://a.example/?x=1&amp;y=2|see>", "<mailto:a@b.example|a@b.example>"),
                *("<tel:+1555|+1555>", "\n", " "),
            ]
        ),
    ),
    max_size=12,
).map("".join)


@pytest.mark.parametrize(
    ("source", "plain"),
    [
        ("A &amp; B &lt; C &gt; D", "A & B < C > D"),
        ("&amp;lt; is not decoded twice", "&lt; is not decoded twice"),
        ("hi <@U1>, <@U2> and <@U9>", "hi @Ana, @B & C and @U9"),
        ("<@U9|zed>", "@zed"),
        ("in <#C1> or <#C2|help> or <#C3|>", "in #patients or #help or #C3"),
        ("<!here> <!channel|@channel> <!subteam^S1|@nurses> <!subteam^S2>", "@here @channel @nurses @subteam"),
        ("<!date^1392734382^{date}|18 Feb>", "18 Feb"),
        ("<https://a.example/x?a=1&amp;b=2>", "https://a.example/x?a=1&b=2"),
        ("<https://a.example|read this>", "read this (https://a.example)"),
        ("<https://a.example|a.example>", "https://a.example"),
        ("<mailto:ana@b.example|ana@b.example>", "ana@b.example"),
        ("<tel:+15550100|555-0100>", "555-0100 (+15550100)"),
        ("a < b", "a < b"),
        ("", ""),
    ],
)
def test_markup_reads_as_members_see_it(source: str, plain: str) -> None:
    assert decode(source, NAMES).plain == plain


def test_a_redaction_takes_out_the_whole_reference() -> None:
    decoded = decode("call <tel:+1555|Joe at +1555> &amp; ask", NAMES)
    at = decoded.plain.index("Joe")

    assert redact_source(decoded, [(at, at + 3, "[someone]")]) == "call [someone] &amp; ask"


@given(st.text())
def test_encoding_and_decoding_give_the_same_text(text: str) -> None:
    assert decode(encode(text)).plain == text


@given(MARKUP)
def test_every_character_knows_where_it_came_from(source: str) -> None:
    decoded = decode(source, NAMES)
    ranges = [decoded.to_source(i, i + 1) for i in range(len(decoded.plain))]

    assert ranges == sorted(ranges)
    for char, (start, end) in zip(decoded.plain, ranges, strict=True):
        assert char in decode(source[start:end], NAMES).plain
    assert decoded.to_source(0, len(decoded.plain)) == (0, len(source)) or not decoded.plain


@given(MARKUP, st.integers(min_value=45, max_value=90))
def test_splitting_loses_nothing_and_cuts_no_reference(source: str, limit: int) -> None:
    parts = split(source, limit)

    assert "".join(parts) == source
    assert all(len(part) <= limit for part in parts)
    assert "".join(decode(part, NAMES).plain for part in parts) == decode(source, NAMES).plain


@given(MARKUP)
def test_nobody_is_called_twice(source: str) -> None:
    quiet = without_calls(source, NAMES)

    assert "<@" not in quiet
    assert "<!" not in quiet
    assert mentioned(quiet) == frozenset()


def test_links_survive_the_quieting() -> None:
    assert (
        without_calls("<!here> see <https://a.example|this> <@U2>", NAMES)
        == "@here see <https://a.example|this> @B &amp; C"
    )
