"""A Reading: what the bot understood of a message. It knows nothing of policies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from bot.domain.claim import Claim


class Label(StrEnum):
    """What a message does, as the labelling guide defines it."""

    THIRD_PARTY_PHI = "third_party_phi"
    OWN_DEPENDENT = "own_dependent"
    OWN_IDENTIFIER = "own_identifier"
    PSEUDOSCIENCE = "pseudoscience"
    SOLICITATION = "solicitation"
    MEDICAL_QUESTION = "medical_question"
    SCHEDULING_REQUEST = "scheduling_request"
    EMERGENCY = "emergency"
    SELF_HARM = "self_harm"
    BULLYING = "bullying"
    NEGATIVE_FEEDBACK = "negative_feedback"
    STAFF_ADVICE = "staff_advice"
    STAFF_CONFIRMS_PATIENT = "staff_confirms_patient"


#: Somebody's life may be in danger: a human hears first, and nothing is hidden before.
DANGER = frozenset({Label.EMERGENCY, Label.SELF_HARM})


class SpanRole(StrEnum):
    """What a stretch of text is in the message."""

    PERSON_OTHER = "person_other"
    PERSON_SELF = "person_self"
    OWN_CHILD = "own_child"
    CLINICIAN = "clinician"
    STAFF = "staff"
    PUBLIC_FIGURE = "public_figure"
    ANIMAL = "animal"
    HEALTH = "health"
    REMEDY = "remedy"
    IDENTIFIER = "identifier"
    FACILITY = "facility"


class IdentifierKind(StrEnum):
    """Which of HIPAA's identifiers a number, date or address is (45 CFR 164.514(b)(2)), and those of other countries that equal them."""

    PHONE = "phone"
    FAX = "fax"
    EMAIL = "email"
    SSN = "ssn"
    NATIONAL_INSURANCE = "national_insurance"
    NHS_NUMBER = "nhs_number"
    RECORD = "record"
    PLAN = "plan"
    ACCOUNT = "account"
    CARD = "card"
    LICENCE = "licence"
    VEHICLE = "vehicle"
    DEVICE = "device"
    IP = "ip"
    URL = "url"
    DATE = "date"
    BIRTH_DATE = "birth_date"
    ADDRESS = "address"
    AGE = "age"
    ROOM = "room"
    NUMBER = "number"


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Characters ``start`` to ``end`` (exclusive) of the message's text. ``kind`` is an IdentifierKind, where it is one."""

    role: SpanRole
    start: int
    end: int
    kind: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Redaction:
    """Characters ``start`` to ``end`` (exclusive) of the message's text, to be replaced by ``words``, such as "[someone]"."""

    start: int
    end: int
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One label that a detector found. ``probability`` is calibrated, 0 to 1; ``explanation`` is one sentence without message text.

    ``claim`` is the known one that is promoted.
    """

    label: Label
    probability: float
    spans: tuple[Span, ...]
    explanation: str
    claim: Claim | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """All that was understood of one message.

    ``probabilities`` has every label; ``findings`` those worth a rule's attention; ``redactions`` take out what
    leaks.
    ``thresholds`` are the reader's own defaults: where a rule names none, a label holds from there on.
    ``faults`` names each detector that failed or ran out of time: such a message counts as unread.
    """

    findings: tuple[Finding, ...] = ()
    probabilities: Mapping[Label, float] = field(default_factory=lambda: MappingProxyType({}))
    thresholds: Mapping[Label, float] = field(default_factory=lambda: MappingProxyType({}))
    spans: tuple[Span, ...] = ()
    redactions: tuple[Redaction, ...] = ()
    faults: tuple[str, ...] = ()

    def probability(self, label: Label) -> float:
        """How sure the reader is of ``label``, 0 to 1."""
        return self.probabilities.get(label, 0.0)

    def threshold(self, label: Label) -> float:
        """From which probability on ``label`` holds by default."""
        return self.thresholds.get(label, 0.5)

    @property
    def labels(self) -> tuple[Label, ...]:
        """The labels that hold at the default thresholds, in the guide's order."""
        return tuple(label for label in Label if self.probability(label) >= self.threshold(label))

    def finding(self, label: Label) -> Finding | None:
        """The finding of ``label``, if there is one."""
        return next((finding for finding in self.findings if finding.label is label), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Utterance:
    """What a reader is given: the text, who speaks where, and what was said just before (oldest first).

    ``members`` and ``staff`` are names of people known there whom the text may speak of.
    """

    text: str
    room: str
    author: str
    context: tuple[tuple[bool, str], ...] = ()
    members: frozenset[str] = frozenset()
    staff: frozenset[str] = frozenset()
