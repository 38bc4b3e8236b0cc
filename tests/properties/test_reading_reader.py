"""Whatever is written, it is read without an exception, spans lie inside, and the same text reads the same twice."""

from __future__ import annotations

from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.reading import Utterance
from bot.reading.identifiers import Identifiers
from bot.reading.reader import ChaperoneReader
from tests.fakes.encoder import FakeEncoder
from tests.fuzz import fuzzed, opened_reader, wrong_with

_PIECES = st.sampled_from(
    [
        *(
            "Joe",
            "Anna Kowalski",
            "@lenny",
            "chemo",
            "bypass",
            "c h e m o",
            "ch\u200bemo",
            "555-0142",
            "dob 3/4/1980",
            "St Brendan's",
        ),
        *(
            "SSN 719-55-0136",
            "jo@example.com",
            "undecided",
            " ",
            "\n",
            "||",
            "&amp;",
            "celery juice",
            "one two three four five six",
        ),
        "*Fran*_cesca_ *Mor*_etti_",
    ]
)
#: Texts that the trained network reads here; bench/fuzz_reading.py reads 100,000.
_BY_THE_NETWORK = 150


@cache
def reader() -> ChaperoneReader:
    return ChaperoneReader(FakeEncoder(), Identifiers())


@settings(deadline=None)
@given(
    st.lists(_PIECES | st.text(max_size=8), max_size=12).map(" ".join),
    st.sampled_from(["community", "practice", "staff"]),
)
def test_any_text_is_read(text: str, room: str) -> None:
    said = Utterance(text=text, room=room, author="staff", context=((False, text[::-1]),))

    assert wrong_with(reader(), said) is None


def test_mutated_lines_of_the_corpus_are_read() -> None:
    assert [fault for said in fuzzed(seed=4, count=2_000) if (fault := wrong_with(reader(), said))] == []


def test_the_shipped_reader_reads_them_too() -> None:
    shipped = opened_reader()

    assert [fault for said in fuzzed(seed=7, count=_BY_THE_NETWORK) if (fault := wrong_with(shipped, said))] == []
