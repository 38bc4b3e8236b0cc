"""What somebody wants from a practice, told by their words alone, in English and Spanish. A wrong guess costs a phone call, no more."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from enum import StrEnum


class Request(StrEnum):
    """What is asked for. Each has an answer of its own, the wording ``schedule_`` and this word."""

    CANCEL = "cancel"
    REFILL = "refill"
    REFERRAL = "referral"
    RESULTS = "results"
    RECORDS = "records"
    BILLING = "billing"
    FORM = "form"
    NEW_PATIENT = "new_patient"
    HOURS = "hours"
    DIRECTIONS = "directions"
    APPOINTMENT = "appointment"
    QUESTION = "question"


#: Whoever wants something of a practice says so early; a novel is not searched to its end.
MOST_WORDS = 400
_WORD = re.compile(r"\w+")
_TIME = r"(appointments?|appts?|visits?|slots?|citas?|turnos?|consultas?)"
_MEDICINE = (
    r"(meds?|medications?|medicines?|prescriptions?|scripts?|pills?|tablets?|inhalers?|insulin"
    r"|recetas?|medicinas?|medicamentos?|pastillas?)"
)
#: Looked for in this order; the first that stands in the words counts.
_SIGNS: tuple[tuple[Request, tuple[str, ...]], ...] = (
    (
        Request.CANCEL,
        (
            rf"(cancel\w*|resched\w*|rebook\w*|postpone\w*|call off|anular|aplazar|posponer|reprogram\w*)( \w+){{0,6}} {_TIME}",
            rf"(move|change|switch|cambiar|mover)( (my|our|the|his|her|their|mi|la|el|nuestra))? {_TIME}",
            r"can t make (it|my|our|the)|no puedo (ir|asistir|llegar) a (la|mi) cita|resched\w*|reprogram\w*",
        ),
    ),
    (
        Request.REFILL,
        (
            rf"(refill\w*|resurt\w*|repeat {_MEDICINE}|{_MEDICINE} (refills?|renewals?))",
            rf"(renew\w*|top up|another|new|more|renovar|surtir|nueva|repetir|otra)( \w+)? {_MEDICINE}|{_MEDICINE} nuev[oa]s?",
            rf"(run|runs|running|ran) (out|low)( of| on)?|out of( my| the)? {_MEDICINE}|se me (acab|termin)\w+",
        ),
    ),
    (Request.REFERRAL, (r"referr(al|als|ed)|refer me|derivaci\w+|derivarme|interconsulta|volante",)),
    (
        Request.RESULTS,
        (
            r"(test|lab|labs|blood|scan|biopsy|mri|ct|x ray|xray|pathology)( \w+)? (results?|reports?)",
            r"results? (are|is|be|back|ready|in|yet|from)|get( \w+)? results|resultados?",
        ),
    ),
    (
        Request.RECORDS,
        (
            r"(medical|health|my|our) records?|copy of( \w+)? (chart|file|records?)|portal (login|password|account)",
            r"historia clinica|historial|expediente",
        ),
    ),
    (
        Request.BILLING,
        (
            r"bills?|billing|invoices?|copays?|co pays?|insurance|how much|costs?|prices?|payment plan|facturas?|copagos?",
            r"seguro( medico)?|cuanto cuesta|precios?|presupuesto",
        ),
    ),
    (
        Request.FORM,
        (
            r"forms?|paperwork|fmla|certificates?|(sick|doctors?|doctor s|fit|school|work|medical) notes?|letter (for|to)",
            r"formularios?|certificados?|justificantes?|incapacidad|baja medica|carta para",
        ),
    ),
    (
        Request.NEW_PATIENT,
        (
            r"(taking|accepting|accept|see|seeing)( on)?( any)? new (patients?|people)|new patients?|register (with|as|at)|sign up as",
            r"pacientes? nuev[oa]s?|nuev[oa]s? pacientes?|darme de alta|inscribirme|registrarme",
        ),
    ),
    (
        Request.HOURS,
        (
            r"(opening|office|business|clinic|desk|phone) (hours?|times?)|what( \w+)? hours|hours of",
            r"(are|is|be)( \w+){0,3} (open|closed)|what time (do|does|are|is the)",
            r"(open|close|closed) (on|at|today|tomorrow|until|till|late)",
            r"horarios?|a que hora|abren|abierto|cierran|cerrado",
        ),
    ),
    (
        Request.DIRECTIONS,
        (
            r"where (are you|is (the|your) (clinic|office|practice|entrance|desk))|parking|directions to|how do i get (there|to)",
            r"(your|the clinic s|office) address|donde (estan|queda|esta la)|direccion de|estacionamiento|aparcar",
        ),
    ),
    (
        Request.APPOINTMENT,
        (
            rf"{_TIME}|book\w*|schedule\w*|check ?up|be seen|see me|get (me )?in|fit (me|us|him|her) in|see (the|a|my|dr|doctor)",
            r"agendar|reservar|pedir (hora|cita)|hueco|hora con",
        ),
    ),
)
_FINDERS = tuple((request, re.compile(rf"\b({'|'.join(signs)})\b")) for request, signs in _SIGNS)


def words_of(text: str) -> tuple[str, ...]:
    """The words of ``text`` without capitals, accents and punctuation."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return tuple(_WORD.findall("".join(letter for letter in plain if not unicodedata.combining(letter))))


def request_of(words: Sequence[str]) -> Request | None:
    """What is asked for; None where the words do not say."""
    text = " ".join(words[:MOST_WORDS])
    return next((request for request, finder in _FINDERS if finder.search(text)), None)
