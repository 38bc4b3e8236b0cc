"""The reader: disguise undone, the encoder's labels and roles, the identifiers, joined into findings and a redacted version."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Protocol

import structlog

from bot.domain.claim import Claim
from bot.domain.reading import Finding, Label, Reading, Redaction, Span, SpanRole, Utterance
from bot.domain.text import MappedText
from bot.reading.claims import Claims
from bot.reading.encoder import Understood
from bot.reading.encoding import heard
from bot.reading.explain import explain
from bot.reading.normalise import normalise
from bot.reading.redact import LEAKS, WIDEST, redacted, redactions
from bot.reading.roles import in_source, of_roles, tidied, with_identifiers
from bot.reading.roster import Roster

_log = structlog.get_logger(__name__)

#: Only staff can do these, and only where patients read.
STAFF_LABELS = frozenset({Label.STAFF_ADVICE, Label.STAFF_CONFIRMS_PATIENT})
#: Identifiers that stand for one person alone and are never a business's. Where the encoder can't decide about own_identifier, one of
#: these decides.
HARD_KINDS = frozenset({"ssn", "national_insurance", "nhs_number", "card", "record", "plan", "birth_date"})
#: Undecided means: from this part of the threshold up to it.
_UNDECIDED = 0.25
#: A finding is worth a rule's attention from this part of the threshold on: a rule may ask a human earlier than the default.
_WORTH = 0.5
_SPEAKS_OF_STAFF = "staff"
_MENTION = re.compile(r"<@[^>\s]{1,80}>|(?<![\w@.])@\w[\w.-]*")

#: The roles that make up each finding; a label without any has no spans.
_PARTS: Mapping[Label, frozenset[SpanRole]] = {
    Label.THIRD_PARTY_PHI: frozenset({SpanRole.PERSON_OTHER, SpanRole.HEALTH, SpanRole.IDENTIFIER, SpanRole.FACILITY}),
    Label.OWN_DEPENDENT: frozenset({SpanRole.OWN_CHILD, SpanRole.HEALTH}),
    Label.OWN_IDENTIFIER: frozenset({SpanRole.IDENTIFIER}),
    Label.PSEUDOSCIENCE: frozenset({SpanRole.REMEDY, SpanRole.HEALTH}),
    Label.SOLICITATION: frozenset({SpanRole.REMEDY}),
    Label.MEDICAL_QUESTION: frozenset({SpanRole.HEALTH, SpanRole.REMEDY}),
    Label.EMERGENCY: frozenset({SpanRole.HEALTH}),
    Label.BULLYING: frozenset({SpanRole.PERSON_OTHER}),
    Label.NEGATIVE_FEEDBACK: frozenset({SpanRole.CLINICIAN, SpanRole.STAFF, SpanRole.FACILITY}),
    Label.STAFF_ADVICE: frozenset({SpanRole.HEALTH, SpanRole.REMEDY}),
    Label.STAFF_CONFIRMS_PATIENT: frozenset({SpanRole.PERSON_OTHER, SpanRole.HEALTH, SpanRole.IDENTIFIER}),
}


class Understander(Protocol):
    """The network, or what stands in for it. ``thresholds`` are its defaults for each label."""

    @property
    def thresholds(self) -> Mapping[Label, float]:
        """From which probability on each label holds."""
        ...

    def understand(self, utterances: Sequence[Utterance]) -> Sequence[Understood]:
        """One answer for each utterance; spans are of its text."""
        ...


class IdentifierFinder(Protocol):
    """Finds direct identifiers."""

    def find(self, text: str) -> Sequence[Span]:
        """Spans of ``text`` in order; none overlap."""
        ...


@dataclass(slots=True, kw_only=True)
class _Draft:
    """One message on its way to a Reading; spans and cuts are of the plain text."""

    said: Utterance
    text: MappedText
    probabilities: dict[Label, float]
    spans: tuple[Span, ...]
    faults: tuple[str, ...] = ()
    cuts: tuple[Redaction, ...] = ()
    leaks: frozenset[Label] = field(default=frozenset())


class ChaperoneReader:
    """Implements the service's Reader port."""

    def __init__(
        self,
        encoder: Understander,
        identifiers: IdentifierFinder,
        *,
        claims: Claims | None = None,
    ) -> None:
        self._encoder = encoder
        self._identifiers = identifiers
        self._claims = claims
        self._thresholds = MappingProxyType({label: encoder.thresholds.get(label, 0.5) for label in Label})

    def read(self, utterances: Sequence[Utterance]) -> list[Reading]:
        """One Reading for each utterance, in order; all go through the encoder together. Whatever the encoder raises comes through."""
        texts = [normalise(said.text) for said in utterances]
        plain = [_undisguised(said, text) for said, text in zip(utterances, texts, strict=True)]
        understood = self._encoder.understand(plain) if plain else []
        drafts = [self._draft(*parts) for parts in zip(plain, texts, understood, strict=True)]
        for draft in drafts:
            draft.leaks = frozenset(
                label for label in LEAKS if draft.probabilities[label] >= self._thresholds[label] * _WORTH
            )
            draft.cuts = redactions(draft.text.plain, draft.spans, draft.leaks)
        self._widen(drafts)
        return [self._reading(draft) for draft in drafts]

    def _draft(self, said: Utterance, text: MappedText, understood: Understood) -> _Draft:
        faults: tuple[str, ...] = ()
        identifiers: Sequence[Span] = ()
        try:
            identifiers = self._identifiers.find(text.plain)
        except Exception as error:  # whatever a recogniser raises, what the encoder found still counts
            # The type only: a detector's own words may quote the message.
            _log.warning("identifiers failed", action="identifiers_failed", error=type(error).__name__)
            faults = ("identifiers",)
        spans = with_identifiers(tidied(text.plain, understood.spans), identifiers)
        if said.members or said.staff:
            spans = Roster(members=said.members, staff=said.staff).placed(text.plain, spans)
        probabilities = {label: understood.probabilities.get(label, 0.0) for label in Label}
        draft = _Draft(said=said, text=text, probabilities=probabilities, spans=spans, faults=faults)
        self._settle(draft)
        return draft

    def _settle(self, draft: _Draft) -> None:
        """What is known for certain corrects what the encoder believes."""
        said, p = draft.said, draft.probabilities
        if said.author != _SPEAKS_OF_STAFF or said.room == _SPEAKS_OF_STAFF:
            p.update(dict.fromkeys(STAFF_LABELS, 0.0))
        threshold = self._thresholds[Label.OWN_IDENTIFIER]
        undecided = threshold * _UNDECIDED <= p[Label.OWN_IDENTIFIER] < threshold
        of_another = p[Label.THIRD_PARTY_PHI] >= self._thresholds[Label.THIRD_PARTY_PHI]
        if undecided and not of_another and any(span.kind in HARD_KINDS for span in draft.spans):
            p[Label.OWN_IDENTIFIER] = threshold

    def _widen(self, drafts: Sequence[_Draft]) -> None:
        """Read redacted texts again; while one still reads as somebody's health information, take out more, or offer none."""
        threshold = self._thresholds[Label.THIRD_PARTY_PHI]
        leaking = [draft for draft in drafts if draft.probabilities[Label.THIRD_PARTY_PHI] >= threshold]
        wider = {id(draft): _ever_wider(draft) for draft in leaking}
        while leaking:
            for draft in leaking:
                draft.cuts = next(wider[id(draft)], ())
            leaking = self._still_leaking([draft for draft in leaking if draft.cuts], threshold)

    def _still_leaking(self, drafts: Sequence[_Draft], threshold: float) -> list[_Draft]:
        """Those whose redacted text still reads as third_party_phi."""
        if not drafts:
            return []
        again = self._encoder.understand([replace(d.said, text=redacted(d.text.plain, d.cuts)) for d in drafts])
        return [
            draft
            for draft, understood in zip(drafts, again, strict=True)
            if understood.probabilities.get(Label.THIRD_PARTY_PHI, 0.0) >= threshold
        ]

    def _reading(self, draft: _Draft) -> Reading:
        p = draft.probabilities
        worth = [label for label in Label if p[label] > 0 and p[label] >= self._thresholds[label] * _WORTH]
        return Reading(
            findings=tuple(self._finding(draft, label) for label in worth),
            probabilities=MappingProxyType(p),
            thresholds=self._thresholds,
            spans=in_source(draft.spans, draft.text),
            redactions=tuple(
                Redaction(start=start, end=end, words=cut.words)
                for cut in draft.cuts
                for start, end in [draft.text.to_source(cut.start, cut.end)]
            ),
            faults=draft.faults,
        )

    def _finding(self, draft: _Draft, label: Label) -> Finding:
        spans = _parts(draft, label)
        whole = label is not Label.THIRD_PARTY_PHI or of_roles(spans, SpanRole.PERSON_OTHER, SpanRole.IDENTIFIER)
        claim = self._claim(draft) if label is Label.PSEUDOSCIENCE else None
        return Finding(
            label=label,
            probability=draft.probabilities[label],
            spans=in_source(spans, draft.text),
            explanation=explain(label, spans, in_context=not whole and bool(draft.said.context), claim=claim),
            claim=claim,
        )

    def _claim(self, draft: _Draft) -> Claim | None:
        """The catalogue's claim: in the message, else in the latest message before it that has one."""
        if self._claims is None:
            return None
        remedies = of_roles(draft.spans, SpanRole.REMEDY)
        earlier = (self._claims.match(text) for _, text in reversed(draft.said.context))
        return self._claims.match(draft.text.plain, remedies) or next((claim for claim in earlier if claim), None)


def _ever_wider(draft: _Draft) -> Iterator[tuple[Redaction, ...]]:
    """Redactions that take out more and more; each differs from the one before."""
    last: tuple[Redaction, ...] = ()
    for widened in range(WIDEST + 1):
        cuts = redactions(draft.text.plain, draft.spans, draft.leaks, widened=widened)
        if cuts != last:
            yield cuts
        last = cuts


def _undisguised(said: Utterance, text: MappedText) -> Utterance:
    """As the encoder reads it: plain, and after what was said before it where it does not speak for itself."""
    before = heard(text.plain, said.context)
    return replace(said, text=text.plain, context=tuple((same, normalise(earlier).plain) for same, earlier in before))


def _parts(draft: _Draft, label: Label) -> tuple[Span, ...]:
    """The spans that make up the finding; a mention stands for the person where nothing else does."""
    spans = of_roles(draft.spans, *_PARTS.get(label, frozenset()))
    if label is Label.THIRD_PARTY_PHI and not of_roles(spans, SpanRole.PERSON_OTHER):
        mentions = (found.span() for found in _MENTION.finditer(draft.text.plain))
        spans += tuple(Span(role=SpanRole.PERSON_OTHER, start=start, end=end) for start, end in mentions)
    return tuple(sorted(spans, key=lambda span: (span.start, span.end)))
