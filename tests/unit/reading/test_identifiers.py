"""Each kind of identifier: what it finds, and what is near it and left alone."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from itertools import pairwise

import pytest

from bot.reading.identifiers import Identifiers

HITS = [
    ("phone", "call me on (206) 555-0142 please", "(206) 555-0142"),
    ("phone", "206-555-0142 ext 12 or email", "206-555-0142 ext 12"),
    ("phone", "her cell is 2065550142", "2065550142"),
    ("phone", "+44 7700 900318 whatsapp", "+44 7700 900318"),
    ("phone", "Mobile 07700 900571, ta", "07700 900571"),
    ("phone", "ring 01632 960447 after six", "01632 960447"),
    ("phone", "joignable au 06 12 34 56 78 le soir", "06 12 34 56 78"),
    ("phone", "my number is 555-0146", "555-0146"),
    ("fax", "Fax: (555) 555-0177", "(555) 555-0177"),
    ("email", "write to fola.adeyinka@example.org now", "fola.adeyinka@example.org"),
    ("email", "c.papadimitriou@inbox.example, thanks", "c.papadimitriou@inbox.example"),
    ("email", "it's marta [dot] wisniewska [at] mail [dot] example", "marta [dot] wisniewska [at] mail [dot] example"),
    ("email", "sorrel dot nightjar at mail dot example", "sorrel dot nightjar at mail dot example"),
    ("ssn", "SSN 719-55-0136", "719-55-0136"),
    ("ssn", "ssn is 219099999", "219099999"),
    ("ssn", "last four of my social: 0136", "0136"),
    ("national_insurance", "NI number QQ 12 34 56 C", "QQ 12 34 56 C"),
    ("nhs_number", "NHS no 999 012 3447", "999 012 3447"),
    ("nhs_number", "she is 943 476 5919 on the sheet", "943 476 5919"),
    ("card", "card 4929 5550 1182 0047", "4929 5550 1182 0047"),
    ("card", "it is 4111111111111111", "4111111111111111"),
    ("account", "IBAN GB82 WEST 1234 5698 7654 32", "GB82 WEST 1234 5698 7654 32"),
    ("account", "acct #50917 again", "50917"),
    ("account", "claim number AA-4417-20965", "AA-4417-20965"),
    ("record", "MRN 0048813, thanks", "0048813"),
    ("record", "hosp no RK4471902", "RK4471902"),
    ("record", "hospital no. K 550 2187", "K 550 2187"),
    ("record", "Chart #77120-B", "77120-B"),
    ("record", "transplant ID LT-55-20931", "LT-55-20931"),
    ("plan", "member ID is WQH882041773", "WQH882041773"),
    ("plan", "insurance, it's ID ZQM 5550 7731 02", "ZQM 5550 7731 02"),
    ("plan", "my card says 1EG4-TE5-MK73", "1EG4-TE5-MK73"),
    ("licence", "driving licence MORGA657054SM9IJ", "MORGA657054SM9IJ"),
    ("licence", "passport no 533380006", "533380006"),
    ("vehicle", "she drives AB51 CDE", "AB51 CDE"),
    ("vehicle", "VIN 1HGBH41JXMN109186", "1HGBH41JXMN109186"),
    ("vehicle", "number plate 7ABC123", "7ABC123"),
    ("device", "pump serial no NG2284517H", "NG2284517H"),
    ("phone", "my phone number is 415-555-0137, call me any time", "415-555-0137"),
    ("phone", "new phone no: 07700 900123", "07700 900123"),
    ("device", "hub is 00:1B:44:11:3A:B7", "00:1B:44:11:3A:B7"),
    ("ip", "logged in from 203.0.113.42 again", "203.0.113.42"),
    ("url", "see https://facebook.com/anna.kowalski.9, sad", "https://facebook.com/anna.kowalski.9"),
    ("url", "www.hospital.example/patients/4471", "www.hospital.example/patients/4471"),
    ("date", "seen on 30.11.1993 there", "30.11.1993"),
    ("date", "on 2024-02-17 we went", "2024-02-17"),
    ("date", "admitted 3 May 2021 with", "3 May 2021"),
    ("date", "back January 9 1970, then", "January 9 1970"),
    ("date", "the third of March nineteen fifty", "third of March nineteen fifty"),
    ("date", "since May 5th she", "May 5th"),
    ("date", "le 14 juillet 1988", "14 juillet 1988"),
    ("date", "discharged 11/2, BKA left", "11/2"),
    ("birth_date", "DOB 30/01/2016", "30/01/2016"),
    ("birth_date", "born 21 June 1964.", "21 June 1964"),
    ("birth_date", "dob march 3 1949, member", "march 3 1949"),
    ("birth_date", "d.o.b. 030349", "030349"),
    (
        "birth_date",
        "dob is zero nine, twenty three, nineteen eighty one",
        "zero nine, twenty three, nineteen eighty one",
    ),
    ("address", "I live at 14 Larkfield Terrace, Ballinode", "14 Larkfield Terrace, Ballinode"),
    ("address", "1190 Copper Mesa Rd, Unit 7, Tularosa NM 88352", "1190 Copper Mesa Rd, Unit 7, Tularosa NM 88352"),
    ("address", "Flat 6, 21 Gantry Quay, Leith", "Flat 6, 21 Gantry Quay, Leith"),
    ("address", "round 221b baker street tonight", "221b baker street"),
    ("address", "Lindenstraße 12a in Köln", "Lindenstraße 12a"),
    ("address", "12 rue des Lilas, Lyon", "12 rue des Lilas"),
    ("address", "Calle Mayor, 14 en Lugo", "Calle Mayor, 14"),
    ("address", "PO Box 4471", "PO Box 4471"),
    ("address", "they're in SW9 0ZZ", "SW9 0ZZ"),
    ("address", "twenty-two Elderflower Rise, BS99 1ZZ", "twenty-two Elderflower Rise, BS99 1ZZ"),
    ("room", "she is in room 212 now", "room 212"),
    ("room", "Ward 12B, bed 4", "Ward 12B, bed 4"),
    ("age", "he is 94 years old", "94 years old"),
    ("age", "Gran turned 103", "103"),
    ("age", "for her 92nd birthday", "92nd birthday"),
    ("age", "ninety-four years old", "ninety-four years old"),
    ("phone", "ring five five five, oh one four two", "five five five, oh one four two"),
    ("phone", "zero one six 3 two, 960 double 4 1", "zero one six 3 two, 960 double 4 1"),
]

NEAR_MISSES = [
    "BP 120/80, pulse 72, HbA1c 8.9, sats 97%, CRP 143, TSH 0.02",
    "400-1000 mg a day, 5-10 ml, 1.5 x 10^9, 10,000 steps, 2.5mg x 3",
    "version 1.2.24 is out, ratio 1:10, score 7-0, chapter 3.4",
    "in March 2021, since 1984, in the 90s, next May, a march of 3 miles, may 5 people come?",
    "24/7 care, on 24/7 now, 1/2 a tablet, on 1/2 a tablet, 9/10 pain, 3/4 cup",
    "at 3am, 10:30, 14.05, half past nine, in 2 hours",
    "95 years ago, 95% sure, 96 bpm, turned 90 degrees, 100 people, she's 98 on air, aged 34, 89 years old",
    "dm @coach_lenny or @jo, see https://www.nhs.uk/conditions/asthma and example.com",
    "bed 10 hours a day, room 2 of us, ward 9am, bedroom 3, a 2 bed flat",
    "12 hour drive, 5 minute walk, 20 miles down the road, 1 in the park, see 2 Dr Patel, 3 from St Mary's",
    "member of 12 groups, plan B, policy change 2, insurance sucks, case closed, chart music, record low 5",
    "C6 L5 S1, T3N1M0, p53, CD4 200, SCN1A, covid19, 5-HT3, B12",
    "one two three go, one of two, five or six, two thousand steps, nine nine",
    "the first of many, second of all, third time lucky, april showers, second opinion",
    "my car is at 40, register for it, taking 2 tags, plates of 3",
    "dot dot dot, connect the dots, at the dot",
    "",
]


@pytest.fixture(scope="module")
def identifiers() -> Identifiers:
    return Identifiers()


@pytest.mark.parametrize(("kind", "text", "value"), HITS)
def test_it_is_found_where_it_stands(identifiers: Identifiers, kind: str, text: str, value: str) -> None:
    found = [(span.kind, text[span.start : span.end]) for span in identifiers.find(text)]

    assert found == [(kind, value)]


@pytest.mark.parametrize("text", NEAR_MISSES)
def test_what_only_looks_like_one_is_left_alone(identifiers: Identifiers, text: str) -> None:
    assert [(span.kind, text[span.start : span.end]) for span in identifiers.find(text)] == []


def test_several_in_one_text_stand_in_order_and_apart(identifiers: Identifiers) -> None:
    text = "Constance, dob march 3 1949, member id XJB44710092, 14 Larkfield Terrace, cell (206) 555-0142"

    found = identifiers.find(text)

    assert [span.kind for span in found] == ["birth_date", "plan", "address", "phone"]
    assert all(one.end <= other.start for one, other in pairwise(found))


@pytest.mark.parametrize(
    "piece",
    [
        "a.-",
        "a@b.c ",
        "1 ",
        "a@b.",
        "1.1.",
        "(1",
        "1 Aa ",
        "one ",
        "flat 1 ",
        "no no no ",
        "member ",
        "1-",
        "May ",
        "dot ",
        "1 a a ",
        "00:",
    ],
)
def test_the_longest_message_takes_no_more_than_a_moment(identifiers: Identifiers, piece: str) -> None:
    text = (piece * 40_000)[:39_990] + " a@b.co"
    began = time.perf_counter()

    identifiers.find(text)

    assert time.perf_counter() - began < 5


def test_an_address_after_a_long_run_is_found_at_once(identifiers: Identifiers) -> None:
    began = time.perf_counter()

    assert identifiers.find("a." * 20_000 + "a@b.co")

    assert time.perf_counter() - began < 5


def test_nothing_is_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)

    assert [span.kind for span in Identifiers().find("jo@mail.example.co.uk and 10.0.0.1")] == ["email", "ip"]


def test_presidio_comes_without_spacy_and_stays_importable() -> None:
    check = (
        "import sys; from bot.reading.identifiers import Identifiers; Identifiers();"
        "assert 'spacy' not in sys.modules; assert 'presidio_analyzer' not in sys.modules;"
        "import presidio_analyzer; assert presidio_analyzer.PatternRecognizer"
    )

    done = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
