"""One plain sentence for each finding, for a moderator.

Built from roles, kinds and the catalogue of claims alone: no word of the message is in it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.domain.claim import Claim
from bot.domain.reading import IdentifierKind, Label, Span, SpanRole

_KINDS: Mapping[str | None, str] = {
    IdentifierKind.PHONE: "a phone number",
    IdentifierKind.FAX: "a fax number",
    IdentifierKind.EMAIL: "an e-mail address",
    IdentifierKind.SSN: "a social security number",
    IdentifierKind.NATIONAL_INSURANCE: "a national insurance number",
    IdentifierKind.NHS_NUMBER: "an NHS number",
    IdentifierKind.RECORD: "a medical record number",
    IdentifierKind.PLAN: "a health plan number",
    IdentifierKind.ACCOUNT: "an account number",
    IdentifierKind.CARD: "a payment card number",
    IdentifierKind.LICENCE: "a licence number",
    IdentifierKind.VEHICLE: "a vehicle's plate or number",
    IdentifierKind.DEVICE: "a device's serial number",
    IdentifierKind.IP: "a network address",
    IdentifierKind.URL: "the address of a personal page",
    IdentifierKind.DATE: "a full date",
    IdentifierKind.BIRTH_DATE: "a date of birth",
    IdentifierKind.ADDRESS: "an address",
    IdentifierKind.AGE: "an age over 89",
    IdentifierKind.ROOM: "a room or bed number",
    IdentifierKind.NUMBER: "a number spelled out",
}
_SENTENCES = {
    Label.OWN_DEPENDENT: "Names the author's own child or dependent together with health information.",
    Label.PSEUDOSCIENCE: "Promotes a health claim that the evidence contradicts.",
    Label.SOLICITATION: "Sells, advertises or recruits.",
    Label.MEDICAL_QUESTION: "Asks for advice that needs a clinician who knows the person.",
    Label.SCHEDULING_REQUEST: "Asks for an appointment, a refill, a referral or something else from the desk.",
    Label.EMERGENCY: "Describes what may be an acute danger to life right now.",
    Label.SELF_HARM: "Speaks of suicide or of hurting oneself.",
    Label.BULLYING: "Insults, threatens, mocks or shuts out a person or a group.",
    Label.NEGATIVE_FEEDBACK: "Complains about a practice, its people or its service.",
    Label.STAFF_ADVICE: "A member of staff gives personal medical advice where patients read it.",
    Label.STAFF_CONFIRMS_PATIENT: "A member of staff confirms that a particular person is a patient, or tells of their care.",
}


def explain(label: Label, spans: Sequence[Span], *, in_context: bool = False, claim: Claim | None = None) -> str:
    """What the finding of ``label`` with these ``spans`` means. ``in_context``: its other half stands in earlier messages.

    ``claim`` is the one of the catalogue that it promotes.
    """
    if label is Label.THIRD_PARTY_PHI:
        return _somebody_else(spans, in_context=in_context)
    if label is Label.OWN_IDENTIFIER:
        kinds = _kinds(spans)
        return (
            f"Gives away {_listed(kinds)} of the author's own."
            if kinds
            else "Gives away an identifier of the author's own."
        )
    if claim is not None:
        return f"Promotes a claim that the evidence contradicts: {claim.said}"
    if label is Label.PSEUDOSCIENCE and any(span.role is SpanRole.REMEDY for span in spans):
        return "Promotes a remedy for something that the evidence says it does not help, or that is dangerous."
    return _SENTENCES[label]


def _somebody_else(spans: Sequence[Span], *, in_context: bool) -> str:
    roles = {span.role for span in spans}
    who = (
        "Names a person other than the author"
        if SpanRole.PERSON_OTHER in roles
        else "Points to a person other than the author"
    )
    kinds = _kinds(spans)
    if kinds:
        who += f", with {_listed(kinds)},"
    if SpanRole.HEALTH in roles:
        what = "together with a diagnosis, a treatment or other health information"
    else:
        what = "together with information about their health or care"
    return f"{who} {what}{', read with the messages before it' if in_context else ''}."


def _kinds(spans: Sequence[Span]) -> list[str]:
    found = dict.fromkeys(span.kind for span in spans if span.role is SpanRole.IDENTIFIER)
    return [_KINDS[kind] for kind in found if kind in _KINDS]


def _listed(kinds: Sequence[str]) -> str:
    return kinds[0] if len(kinds) == 1 else f"{', '.join(kinds[:-1])} and {kinds[-1]}"
