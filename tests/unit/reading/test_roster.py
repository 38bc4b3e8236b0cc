"""The roster knows members from staff, and says nothing where it can't."""

from __future__ import annotations

import pytest

from bot.domain.reading import Span, SpanRole
from bot.reading.roster import Roster

ROSTER = Roster(
    members=frozenset({"Joan Fitzgibbon", "coach_lenny", "Kim Park", "Sam Hill"}),
    staff=frozenset({"Dr Linda Osei", "Kim Novak", "Theresa"}),
)


@pytest.mark.parametrize(
    ("name", "role", "known_as"),
    [
        ("Joan Fitzgibbon", SpanRole.CLINICIAN, SpanRole.PERSON_OTHER),
        ("coach_lenny", SpanRole.STAFF, SpanRole.PERSON_OTHER),
        ("@coach_lenny", SpanRole.STAFF, SpanRole.PERSON_OTHER),
        ("Linda", SpanRole.PERSON_OTHER, SpanRole.STAFF),
        ("Dr Linda Osei", SpanRole.PERSON_OTHER, SpanRole.STAFF),
        ("THERESA", SpanRole.PERSON_OTHER, SpanRole.STAFF),
        ("Kim", SpanRole.PERSON_OTHER, SpanRole.PERSON_OTHER),
        ("nurse Joan", SpanRole.CLINICIAN, SpanRole.CLINICIAN),
        ("Linda Brown", SpanRole.PERSON_OTHER, SpanRole.PERSON_OTHER),
        ("Linda", SpanRole.PUBLIC_FIGURE, SpanRole.PUBLIC_FIGURE),
        ("...", SpanRole.PERSON_OTHER, SpanRole.PERSON_OTHER),
    ],
)
def test_a_name_gets_the_role_the_roster_knows(name: str, role: SpanRole, known_as: SpanRole) -> None:
    text = f"well, {name} said so"
    span = Span(role=role, start=6, end=6 + len(name))

    assert [placed.role for placed in ROSTER.placed(text, [span])] == [known_as]
