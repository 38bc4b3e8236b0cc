"""A moderator reads one plain sentence, and no word of the message is in it."""

from __future__ import annotations

import pytest

from bot.domain.reading import Label, Span, SpanRole
from bot.reading.explain import explain


def span(role: SpanRole, kind: str | None = None) -> Span:
    return Span(role=role, start=0, end=1, kind=kind)


@pytest.mark.parametrize("label", list(Label))
def test_every_label_has_a_sentence(label: Label) -> None:
    sentence = explain(label, ())

    assert sentence[0].isupper()
    assert sentence.endswith(".")
    assert sentence.count(".") == 1


def test_it_tells_whose_and_what() -> None:
    spans = (
        span(SpanRole.PERSON_OTHER),
        span(SpanRole.HEALTH),
        span(SpanRole.IDENTIFIER, "birth_date"),
        span(SpanRole.IDENTIFIER, "record"),
    )

    assert explain(Label.THIRD_PARTY_PHI, spans) == (
        "Names a person other than the author, with a date of birth and a medical record number, "
        "together with a diagnosis, a treatment or other health information."
    )


def test_it_tells_that_the_other_half_stands_in_earlier_messages() -> None:
    assert explain(Label.THIRD_PARTY_PHI, (span(SpanRole.HEALTH),), in_context=True) == (
        "Points to a person other than the author together with a diagnosis, a treatment or other health information, "
        "read with the messages before it."
    )


def test_it_names_the_kind_of_an_own_identifier() -> None:
    assert (
        explain(Label.OWN_IDENTIFIER, (span(SpanRole.IDENTIFIER, "ssn"),))
        == "Gives away a social security number of the author's own."
    )
