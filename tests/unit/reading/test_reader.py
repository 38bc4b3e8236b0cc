"""The reader joins the encoder's answer, the identifiers and the undone disguise into one Reading of the original text."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace

import pytest

from bot.domain.reading import Label, Reading, Span, SpanRole, Utterance
from bot.reading.claims import Claims, ClaimSheet
from bot.reading.encoder import Understood
from bot.reading.identifiers import Identifiers
from bot.reading.reader import ChaperoneReader
from bot.reading.redact import redacted
from tests.fakes.encoder import UNDECIDED, FakeEncoder


@pytest.fixture(scope="module")
def identifiers() -> Identifiers:
    return Identifiers()


@pytest.fixture
def encoder() -> FakeEncoder:
    return FakeEncoder()


@pytest.fixture
def reader(encoder: FakeEncoder, identifiers: Identifiers) -> ChaperoneReader:
    return ChaperoneReader(encoder, identifiers)


def say(
    text: str, *, room: str = "community", author: str = "member", context: tuple[tuple[bool, str], ...] = ()
) -> Utterance:
    return Utterance(text=text, room=room, author=author, context=context)


def read(reader: ChaperoneReader, text: str, room: str = "community", author: str = "member") -> Reading:
    return reader.read([say(text, room=room, author=author)])[0]


def words(text: str, spans: tuple[Span, ...], role: SpanRole) -> list[str]:
    return [text[span.start : span.end] for span in spans if span.role is role]


def test_a_finding_tells_whose_and_what_in_the_original_text(reader: ChaperoneReader) -> None:
    text = "roomie *Fran*_cesca_ *Mor*_etti_ finished ch\u200bemo on 3 May 2021"

    finding = read(reader, text).finding(Label.THIRD_PARTY_PHI)

    assert finding is not None
    assert words(text, finding.spans, SpanRole.PERSON_OTHER) == ["Fran*_cesca_ *Mor*_etti"]
    assert words(text, finding.spans, SpanRole.HEALTH) == ["ch\u200bemo"]
    assert [span.kind for span in finding.spans if span.role is SpanRole.IDENTIFIER] == ["date"]
    assert "Names a person other than the author" in finding.explanation


def test_the_redacted_version_covers_what_was_typed_and_reads_clean(
    reader: ChaperoneReader, encoder: FakeEncoder
) -> None:
    text = "pray for *Fran*_cesca_ *Mor*_etti_, ch\u200bemo again. Call 555-0142"

    reading = read(reader, text)

    assert redacted(text, reading.redactions) == "pray for *[someone]_, ch\u200bemo again. Call [phone number]"
    assert encoder.batches[-1][0].text == "pray for [someone], chemo again. Call [phone number]"


def test_where_redacting_names_is_not_enough_more_goes(identifiers: Identifiers) -> None:
    reader = ChaperoneReader(FakeEncoder(stubborn=frozenset({"chemo"})), identifiers)
    text = "Joe has chemo at St Brendan's"

    assert redacted(text, read(reader, text).redactions) == "[someone] has [health information] at [a place]"


def test_where_nothing_helps_there_is_no_redacted_version(identifiers: Identifiers) -> None:
    encoder = FakeEncoder(stubborn=frozenset({"has"}))
    reader = ChaperoneReader(encoder, identifiers)

    reading = read(reader, "Joe has chemo")

    assert reading.redactions == ()
    assert reading.finding(Label.THIRD_PARTY_PHI) is not None
    read_again = [batch[0].text for batch in encoder.batches[1:]]
    assert read_again == ["[someone] has chemo", "[someone] has [health information]"], "nothing is read twice"


def test_a_person_in_an_earlier_message_counts(reader: ChaperoneReader) -> None:
    reading = reader.read([say("back in rehab since Monday", context=((False, "anyone heard from Anna Kowalski?"),))])[
        0
    ]

    finding = reading.finding(Label.THIRD_PARTY_PHI)

    assert finding is not None
    assert "read with the messages before it" in finding.explanation
    # The name stands where it can't be redacted, so the health information goes.
    assert redacted("back in rehab since Monday", reading.redactions) == "back in [health information] since Monday"


def test_a_mention_stands_for_the_person(reader: ChaperoneReader) -> None:
    text = "@lenny ringing the bell after chemo"

    finding = read(reader, text).finding(Label.THIRD_PARTY_PHI)

    assert finding is not None
    assert words(text, finding.spans, SpanRole.PERSON_OTHER) == ["@lenny"]


@pytest.mark.parametrize(
    ("room", "author", "holds"),
    [
        ("practice", "staff", True),
        ("staff", "staff", False),
        ("practice", "member", False),
        ("practice", "moderator", False),
    ],
)
def test_only_staff_where_patients_read_confirms_a_patient(
    reader: ChaperoneReader, room: str, author: str, holds: bool
) -> None:
    reading = read(reader, "Joe had his bypass", room, author)

    assert (reading.probability(Label.STAFF_CONFIRMS_PATIENT) > 0) is holds
    assert (reading.finding(Label.STAFF_CONFIRMS_PATIENT) is not None) is holds


def test_a_hard_identifier_decides_where_the_encoder_can_not(reader: ChaperoneReader) -> None:
    reading = read(reader, "undecided, but here: SSN 719-55-0136")

    finding = reading.finding(Label.OWN_IDENTIFIER)

    assert finding is not None
    assert finding.probability == reading.threshold(Label.OWN_IDENTIFIER)
    assert finding.explanation == "Gives away a social security number of the author's own."


@pytest.mark.parametrize(
    "text", ["undecided: the desk is on 555-0142", "so sure: 719-55-0136", "undecided, Joe had chemo, SSN 719-55-0136"]
)
def test_it_decides_nothing_else(reader: ChaperoneReader, text: str) -> None:
    assert read(reader, text).probability(Label.OWN_IDENTIFIER) <= UNDECIDED


def test_findings_begin_at_half_the_threshold(reader: ChaperoneReader) -> None:
    reading = read(reader, "undecided, plain words")

    assert [finding.label for finding in reading.findings] == [Label.OWN_IDENTIFIER]
    assert set(reading.probabilities) == set(Label)
    assert reading.labels == ()


def test_pseudoscience_names_its_remedy_and_claim(encoder: FakeEncoder, identifiers: Identifiers) -> None:
    claim = ClaimSheet(
        id="celery-juice",
        aliases=("celery juice",),
        claim="Celery juice cures.",
        known={"en": "It does not."},
        authority="Example",
        title="Juices",
    )
    reader = ChaperoneReader(encoder, identifiers, claims=Claims([claim]))
    text = "c3lery juice, celery juice cured me"

    finding = read(reader, text).finding(Label.PSEUDOSCIENCE)

    assert finding is not None
    assert "celery juice" in words(text, finding.spans, SpanRole.REMEDY)
    assert finding.claim == claim.meant
    assert finding.explanation == "Promotes a claim that the evidence contradicts: Celery juice cures."


def test_the_roster_tells_staff_from_members(encoder: FakeEncoder, identifiers: Identifiers) -> None:
    reader = ChaperoneReader(encoder, identifiers)
    text = "Joe explained the bypass"

    [unknown, known] = reader.read([say(text), replace(say(text), staff=frozenset({"Joe Bloggs"}))])

    assert words(text, unknown.spans, SpanRole.STAFF) == []
    assert words(text, known.spans, SpanRole.STAFF) == ["Joe"]


def test_broken_identifiers_leave_the_encoders_findings(encoder: FakeEncoder, caplog: pytest.LogCaptureFixture) -> None:
    class Broken:
        def find(self, text: str) -> tuple[Span, ...]:
            raise ValueError(text)

    reader = ChaperoneReader(encoder, Broken())
    with caplog.at_level(logging.DEBUG):
        reading = read(reader, "Joe had a bypass")

    assert reading.faults == ("identifiers",)
    assert reading.finding(Label.THIRD_PARTY_PHI) is not None
    assert "bypass" not in caplog.text


def test_a_broken_encoder_is_not_hidden(identifiers: Identifiers) -> None:
    class Broken(FakeEncoder):
        def understand(self, utterances: Sequence[Utterance]) -> list[Understood]:
            raise RuntimeError

    with pytest.raises(RuntimeError):
        read(ChaperoneReader(Broken(), identifiers), "hello")


def test_all_messages_go_through_the_encoder_together(reader: ChaperoneReader, encoder: FakeEncoder) -> None:
    readings = reader.read([say("hello"), say("Joe had a bypass"), say("c h e m o")])

    assert len(readings) == 3
    assert [said.text for said in encoder.batches[0]] == ["hello", "Joe had a bypass", "chemo"]
    assert len(encoder.batches) == 2


def test_nothing_to_read_is_fine(reader: ChaperoneReader) -> None:
    assert reader.read([]) == []


def test_the_longest_message_is_read_to_its_end(reader: ChaperoneReader) -> None:
    text = "lorem ipsum dolor " * 2_220 + "Joe had a bypass"

    finding = read(reader, text).finding(Label.THIRD_PARTY_PHI)

    assert finding is not None
    assert words(text, finding.spans, SpanRole.PERSON_OTHER) == ["Joe"]
