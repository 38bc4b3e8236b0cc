"""What leaks is replaced by neutral words, and what does not leak stays."""

from __future__ import annotations

import pytest

from bot.domain.reading import Label, Span, SpanRole
from bot.reading.redact import redacted, redactions

PHI = {Label.THIRD_PARTY_PHI}


def spans(text: str, marked: dict[str, SpanRole | str]) -> tuple[Span, ...]:
    """Spans of the first place of each phrase; a string is the kind of an identifier."""
    found = []
    for phrase, role in marked.items():
        start = text.index(phrase)
        is_role = isinstance(role, SpanRole)
        found.append(
            Span(
                role=SpanRole(role) if is_role else SpanRole.IDENTIFIER,
                start=start,
                end=start + len(phrase),
                kind=None if is_role else str(role),
            )
        )
    return tuple(found)


PERSON, CHILD, HEALTH = SpanRole.PERSON_OTHER, SpanRole.OWN_CHILD, SpanRole.HEALTH
CLINICIAN, FACILITY = SpanRole.CLINICIAN, SpanRole.FACILITY


@pytest.mark.parametrize(
    ("text", "marked", "left"),
    [
        (
            "my roommate Joe was so brave after his bypass",
            {"Joe": PERSON},
            "my roommate [someone] was so brave after his bypass",
        ),
        (
            "Anna Kowalski is in rehab. Anna's fine, thanks Dr Patel",
            {"Anna Kowalski": PERSON, "Dr Patel": CLINICIAN},
            "[someone] is in rehab. [someone]'s fine, thanks Dr Patel",
        ),
        ("my aunt Joan had chemo, my aunt is tired", {"my aunt Joan": PERSON}, "[someone] had chemo, my aunt is tired"),
        ("joy has MS and I jump for joy", {"joy": PERSON}, "[someone] has MS and I jump for joy"),
        (
            "Joe, dob 3/4/1980, 555-0142",
            {"Joe": PERSON, "3/4/1980": "birth_date", "555-0142": "phone"},
            "[someone], dob [date], [phone number]",
        ),
        (
            "my neighbour Karen Whitfield from 12 Elm Street has MS, write to 9 Oak Lane",
            {"Karen Whitfield": PERSON, "12 Elm Street": "address", "9 Oak Lane": "address"},
            "my neighbour [someone] has MS, write to [address]",
        ),
        ("@coach_lenny five years clear", {}, "[someone] five years clear"),
        (
            "<@U012AB3> is back on chemo, says @drpatel",
            {"@drpatel": CLINICIAN},
            "[someone] is back on chemo, says @drpatel",
        ),
        (
            "@here mail me at jo@example.com about Joe",
            {"Joe": PERSON, "jo@example.com": "email"},
            "@here mail me at [e-mail address] about [someone]",
        ),
        (
            "the man from St Brendan's on 3 May died",
            {"St Brendan's": FACILITY, "3 May": "date"},
            "the man from [a place] on [date] died",
        ),
        ("Joe is at St Brendan's", {"Joe": PERSON, "St Brendan's": FACILITY}, "[someone] is at St Brendan's"),
        ("something odd 77/A", {"77/A": "unheard of"}, "something odd [private detail]"),
    ],
)
def test_other_peoples_details_go(text: str, marked: dict[str, SpanRole | str], left: str) -> None:
    assert redacted(text, redactions(text, spans(text, marked), PHI)) == left


def test_an_own_child_goes_only_where_it_leaks() -> None:
    text = "Theo's asthma, and Joe's"
    known = spans(text, {"Theo": CHILD, "Joe": PERSON})

    assert redacted(text, redactions(text, known, {Label.OWN_DEPENDENT})) == "[someone]'s asthma, and Joe's"
    assert redacted(text, redactions(text, known, PHI)) == "Theo's asthma, and [someone]'s"


def test_of_the_authors_own_only_identifiers_go() -> None:
    text = "Joe and I: MRN 12345"

    assert (
        redacted(text, redactions(text, spans(text, {"Joe": PERSON, "12345": "record"}), {Label.OWN_IDENTIFIER}))
        == "Joe and I: MRN [number]"
    )


def test_nothing_goes_where_nothing_leaks() -> None:
    text = "Joe, 555-0142"

    assert redactions(text, spans(text, {"Joe": PERSON, "555-0142": "phone"}), {Label.PSEUDOSCIENCE}) == ()


@pytest.mark.parametrize(
    ("widened", "left"),
    [
        (0, "[someone] saw Dr Patel at Mercy for chemo with Grzegorz"),
        (1, "[someone] saw [someone] at [a place] for chemo with Grzegorz"),
        (2, "[someone] saw [someone] at [a place] for [health information] with Grzegorz"),
        (3, "[someone] saw [someone] at [a place] for [health information] with [someone]"),
    ],
)
def test_each_step_takes_out_more(widened: int, left: str) -> None:
    text = "Joe saw Dr Patel at Mercy for chemo with Grzegorz"
    known = spans(text, {"Joe": PERSON, "Dr Patel": CLINICIAN, "Mercy": FACILITY, "chemo": HEALTH})

    assert redacted(text, redactions(text, known, PHI, widened=widened)) == left


def test_overlapping_details_become_one() -> None:
    text = "Joe Bloggs 3 May 1980"
    known = (*spans(text, {"Joe Bloggs 3": PERSON}), *spans(text, {"3 May 1980": "date"}))

    assert redacted(text, redactions(text, known, PHI)) == "[someone]"


def test_parts_of_one_name_are_replaced_once() -> None:
    text = "for Bao-Long Trinh and Judas Tadeo"
    known = (
        *spans(text, {"Bao": PERSON, "Long": PERSON, "Trinh": PERSON}),
        *spans(text, {"Judas": PERSON, "Tadeo": PERSON}),
    )

    assert redacted(text, redactions(text, known, PHI)) == "for [someone] and [someone]"
