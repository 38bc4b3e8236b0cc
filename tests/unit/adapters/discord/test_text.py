"""Cutting and decoding text."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.discord.markup import decoded
from bot.adapters.discord.rights import RIGHTS, Task, manifest, permissions
from bot.adapters.discord.view import parts
from tests.contract.discord_world import GRANTED

MARKUP = st.lists(
    st.one_of(
        st.text(max_size=10),
        st.sampled_from(
            ["<@123456789012345678>", "<@!123456789012345678>", "<#123456789012345678>", "<a:x_y:123456789012345678>"]
        ),
    )
).map("".join)


@given(st.text(alphabet="ab \n", max_size=300), st.integers(min_value=2, max_value=50))
def test_pieces_fit_and_lose_only_space(text: str, size: int) -> None:
    pieces = parts(text, size)

    assert all(len(piece) <= size for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(text.split())


def test_pieces_are_cut_between_lines_before_words() -> None:
    assert parts("one two\nthree four", 14) == ["one two", "three four"]
    assert parts("onetwothreefour", 10) == ["onetwothre", "efour"]


@given(MARKUP)
def test_every_decoded_character_comes_from_its_markup(text: str) -> None:
    typed = decoded(text, lambda kind, snowflake: "Ana")

    assert typed.source == text
    for at, character in enumerate(typed.plain):
        origin = text[slice(*typed.to_source(at, at + 1))]
        assert origin == character or (origin.startswith("<") and origin.endswith(">"))


def test_what_is_not_known_stays_as_typed() -> None:
    assert decoded("hi <@123456789012345678>", lambda kind, snowflake: None).plain == "hi <@123456789012345678>"


def test_invite_asks_for_what_the_code_uses_and_no_more() -> None:
    used = {right.name for task in Task for right in task.value}

    assert {right.name for right in RIGHTS} - used == {"Mention Everyone"}
    assert permissions().value == int(GRANTED)
    assert manifest(1)["permissions"] == int(GRANTED)
    assert "client_id=1" in str(manifest(1)["invite"])
