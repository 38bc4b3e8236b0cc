"""The linter of tone: what the bot must not say to people, in English and Spanish."""

from __future__ import annotations

import re
from collections.abc import Iterator

_REMEDIES = (
    r"mg|dos(e|es|is)|pills?|tablets?|ibuprofen|aspirin|paracetamol|acetaminophen|antibiotics?|supplements?|vitamins?|herbs?",
    r"pastillas?|medicinas?|medicamentos?|ibuprofeno|aspirina|antibióticos?|vitaminas?|hierbas?",
)
_TREATMENT = r"(dose|medicines?|medication|meds|pills?|tablets?|treatment|insulin|drugs?)"
_ADVICE = (
    rf"(take|try|use|drink|eat|avoid)\b[^.\n]{{0,30}}\b({_REMEDIES[0]})",
    rf"(stop|start|keep|double|lower|raise|reduce|increase|skip)( on)?( taking)? (your|the|a) {_TREATMENT}",
    r"(you (probably )?have|it('s| is) (probably|likely)|this is (probably )?(normal|harmless|nothing|an infection))",
    rf"(toma|tome|prueba|pruebe|usa|use|deja de tomar|deje de tomar|evita|evite)\b[^.\n]{{0,30}}\b({_REMEDIES[1]})",
    r"(probablemente (tienes|tiene|es)|es normal que|no es nada)",
)
_SHAME = (
    r"(shame|ashamed|stupid|idiot|ignorant|irresponsible|careless|selfish|guilty|forbidden|misinformation)",
    r"(offend(er|ed)|violat(e|ed|es|ing|ion)|punish(ed|ment)?|your fault|(last|final) warning|how dare)",
    r"you (broke|break|failed|must not|should know|should have known|ought to|will be (banned|removed|kicked))",
    r"(vergüenza|estúpid[oa]|idiota|ignorante|irresponsable|egoísta|culpable|prohibido|infracción)",
    r"((tu|su) culpa|infringi\w*|castig\w*|última advertencia|serás expulsad[oa])",
)
_REPEAT = (
    r"you(r message)? (wrote|said|posted|says|read)\s*[:\"“«']",
    r"your (message|words)\s*[:“«\"]",
    r"(escribiste|dijiste|tu mensaje( dice)?)\s*[:\"“«]",
)
REPEATS = ("repeats the message", "Others may read along. Say what kind of thing it was, not the thing.")


def _any_of(parts: tuple[str, ...], end: str = r"\b") -> re.Pattern[str]:
    return re.compile("|".join(rf"\b{part}{end}" for part in parts), re.IGNORECASE)


_LINTS = (
    (_any_of(_ADVICE), ("gives advice", "The bot never advises. Lead to a person who may.")),
    (_any_of(_SHAME), ("puts the reader to shame", "Say what happened and what they can do now, without blame.")),
    (_any_of(_REPEAT, ""), REPEATS),
)


def faults_of_tone(text: str) -> Iterator[tuple[str, str]]:
    """What is wrong with the tone of ``text``, and what to do instead."""
    yield from (fault for pattern, fault in _LINTS if pattern.search(text))
