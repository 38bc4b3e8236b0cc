"""An encoder that knows a few words: the same interface as the trained network, and an answer that a test can foresee."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from bot.domain.reading import Label, Span, SpanRole, Utterance
from bot.reading.encoder import Understood

ROLES: Mapping[str, SpanRole] = {
    "Joe": SpanRole.PERSON_OTHER,
    "Anna Kowalski": SpanRole.PERSON_OTHER,
    "Francesca Moretti": SpanRole.PERSON_OTHER,
    "Theo": SpanRole.OWN_CHILD,
    "Dr Patel": SpanRole.CLINICIAN,
    "Linda": SpanRole.STAFF,
    "St Brendan's": SpanRole.FACILITY,
    "bypass": SpanRole.HEALTH,
    "chemo": SpanRole.HEALTH,
    "rehab": SpanRole.HEALTH,
    "asthma": SpanRole.HEALTH,
    "celery juice": SpanRole.REMEDY,
}
_WORDS = re.compile("|".join(rf"\b{re.escape(word)}\b" for word in sorted(ROLES, key=len, reverse=True)))
_MENTION = re.compile(r"@\w+")
SURE, UNDECIDED, UNLIKELY = 0.97, 0.3, 0.01


class FakeEncoder:
    """Third-party health information is a person or mention (also one in the context) beside a health word."""

    thresholds: Mapping[Label, float] = dict.fromkeys(Label, 0.6)

    def __init__(self, stubborn: frozenset[str] = frozenset()) -> None:
        #: Words that read as somebody's health information whatever stands beside them.
        self.stubborn = stubborn
        self.batches: list[list[Utterance]] = []

    def understand(self, utterances: Sequence[Utterance]) -> list[Understood]:
        self.batches.append(list(utterances))
        return [self._understood(said) for said in utterances]

    def _understood(self, said: Utterance) -> Understood:
        spans = tuple(Span(role=ROLES[m[0]], start=m.start(), end=m.end()) for m in _WORDS.finditer(said.text))
        roles = {span.role for span in spans}
        persons = {SpanRole.PERSON_OTHER, SpanRole.STAFF} & roles or _MENTION.search(said.text)
        named = bool(persons) or any(_WORDS.search(text) for _, text in said.context)
        health = SpanRole.HEALTH in roles
        sure = {
            Label.THIRD_PARTY_PHI: (named and health) or any(word in said.text for word in self.stubborn),
            Label.OWN_DEPENDENT: SpanRole.OWN_CHILD in roles and health,
            Label.PSEUDOSCIENCE: SpanRole.REMEDY in roles,
            Label.STAFF_CONFIRMS_PATIENT: named and health,
            Label.OWN_IDENTIFIER: "my number" in said.text,
        }
        probabilities = {label: SURE if sure.get(label) else UNLIKELY for label in Label}
        if "undecided" in said.text:
            probabilities[Label.OWN_IDENTIFIER] = UNDECIDED
        return Understood(probabilities=probabilities, spans=spans)
