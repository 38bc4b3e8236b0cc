"""Filling the words of a policy."""

from __future__ import annotations

import pytest

from bot.domain.wording import Variable, fill

DESK = {Variable.CONTACT: "the front desk", Variable.LINK: "https://example.org/"}


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("{{ contact }} will help.", "The front desk will help."),
        ("Thank you! {{ contact }} will help.", "Thank you! The front desk will help."),
        ("¿Y ahora? ¡{{ contact }} te ayuda!", "¿Y ahora? ¡The front desk te ayuda!"),
        ("Hello\n{{ contact }} will help.", "Hello\nThe front desk will help."),
        ("Please ask {{ contact }}.", "Please ask the front desk."),
        ("Here: {{ contact }}.", "Here: the front desk."),
        ("{{ link }}", "https://example.org/"),
    ],
)
def test_a_contact_begins_with_a_capital_where_a_sentence_does(text: str, filled: str) -> None:
    assert fill(text, DESK) == filled


def test_a_line_without_any_value_is_left_out() -> None:
    assert fill("Ask {{ contact }}.\nPhone: {{ phone }}\nBye.", DESK) == "Ask the front desk.\nBye."


def test_a_value_that_looks_like_a_placeholder_stays() -> None:
    assert fill("Ask {{ contact }}.", {Variable.CONTACT: "{{ link }}", Variable.LINK: "x"}) == "Ask {{ link }}."
