"""What is asked for, by its words."""

from __future__ import annotations

import pytest

from bot.domain.requests import Request, request_of, words_of

ASKED = [
    (Request.CANCEL, "I need to cancel my appointment on Tuesday"),
    (Request.CANCEL, "can I move my visit to Friday?"),
    (Request.CANCEL, "Tengo que cancelar la cita del martes"),
    (Request.REFILL, "how do I get a refill, the pharmacy says there is none left"),
    (Request.REFILL, "I ran out of my inhaler"),
    (Request.REFILL, "Necesito una receta nueva"),
    (Request.REFILL, "se me acabó el jarabe"),
    (Request.REFERRAL, "can someone send a referral to dermatology"),
    (Request.REFERRAL, "necesito una derivación"),
    (Request.RESULTS, "when will the blood test results be back"),
    (Request.RESULTS, "¿ya están los resultados?"),
    (Request.RECORDS, "how can I get a copy of my chart"),
    (Request.BILLING, "do you take Aetna insurance"),
    (Request.BILLING, "¿Cuánto cuesta una visita?"),
    (Request.FORM, "who signs FMLA paperwork"),
    (Request.FORM, "necesito un justificante"),
    (Request.NEW_PATIENT, "are you accepting new patients"),
    (Request.NEW_PATIENT, "¿aceptan pacientes nuevos?"),
    (Request.HOURS, "Are you guys open on Saturday?"),
    (Request.HOURS, "what time do you close"),
    (Request.HOURS, "¿A qué hora abren mañana?"),
    (Request.DIRECTIONS, "where is the clinic, and is there parking"),
    (Request.DIRECTIONS, "¿dónde están?"),
    (Request.APPOINTMENT, "I'd like to book something for next week"),
    (Request.APPOINTMENT, "can Dr. Lee see me today"),
    (Request.APPOINTMENT, "quiero pedir cita con la doctora"),
]


@pytest.mark.parametrize(("request_kind", "text"), ASKED)
def test_each_request_is_told_by_its_words(request_kind: Request, text: str) -> None:
    assert request_of(words_of(text)) is request_kind


@pytest.mark.parametrize("text", ["", "hello everybody", "what's the number of the desk?", "gracias a todos"])
def test_other_words_say_nothing(text: str) -> None:
    assert request_of(words_of(text)) is None


def test_words_lose_capitals_accents_and_marks() -> None:
    assert words_of("¿Cuándo ABREN, Señor Müller? X-ray!") == ("cuando", "abren", "senor", "muller", "x", "ray")


def test_a_novel_is_not_searched_to_its_end() -> None:
    assert request_of(words_of("so " * 100_000 + "refill")) is None
