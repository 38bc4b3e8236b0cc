"""The words and buttons of each action: what members read in private, what staff read in their room."""

from __future__ import annotations

from bot.domain.case import Case, CaseReason
from bot.domain.decision import Action, ActionKind, Decision, Urgency
from bot.domain.policy import Contact, Policy
from bot.domain.wording import Variable, fill, template
from bot.domain.words import Button, ButtonKind, Link, Words

#: Used where an action names no wording of its own.
_DEFAULT_WORDING = {
    ActionKind.NOTE: "note",
    ActionKind.NUDGE: "nudge",
    ActionKind.REPLY: "reply",
    ActionKind.SCHEDULE: "schedule",
    ActionKind.NOTIFY: "notify",
    ActionKind.PAGE: "page",
    ActionKind.RESTORE: "restored_message",
    ActionKind.REPOST: "reposted_message",
}
PLEASE_DELETE = "please_delete"


def words_for(key: str, decision: Decision, action: Action, case: Case | None, policy: Policy) -> Words:
    """What ``action`` says, in the author's language where a member reads it, in the policy's where staff do."""
    contact = _contact(policy, action.destination)
    values = _values(policy, case, contact)
    language = policy.language if action.kind in (ActionKind.NOTIFY, ActionKind.PAGE) else decision.language
    name = action.wording or _DEFAULT_WORDING[action.kind]
    text = template(policy, name, language) or template(policy, _DEFAULT_WORDING[action.kind], language) or ""
    return Words(
        key=key,
        text=fill(text, values),
        buttons=_buttons(action, case, policy, language),
        links=_links(action, contact, policy, language),
        urgent=action.kind is ActionKind.PAGE or action.urgency is Urgency.NOW,
    )


def please_delete(key: str, decision: Decision, case: Case | None, policy: Policy) -> Words:
    """What the author is told where only they can delete the message."""
    text = template(policy, PLEASE_DELETE, decision.language) or ""
    return Words(
        key=key, text=fill(text, _values(policy, case, None)), buttons=_author_buttons(case, policy, decision.language)
    )


def _contact(policy: Policy, destination: str) -> Contact | None:
    named = [contact for contact in policy.contacts if contact.id == destination]
    return next(iter([*named, *policy.contacts]), None)


def _links(action: Action, contact: Contact | None, policy: Policy, language: str) -> tuple[Link, ...]:
    if action.kind is not ActionKind.SCHEDULE or contact is None or not contact.link:
        return ()
    return (Link(url=contact.link, label=_label(policy, "button_book", language)),)


def _values(policy: Policy, case: Case | None, contact: Contact | None) -> dict[Variable, str]:
    values = {Variable.GROUP: policy.name}
    if case is not None:
        values |= {
            Variable.CASE: case.id,
            Variable.ROOM: case.room_name,
            Variable.LABELS: ", ".join(label.replace("_", " ") for label in case.labels),
            Variable.MESSAGE_LINK: case.permalink or "",
            Variable.PROBLEM: case.problem or "",
        }
    if contact is not None:
        values |= {Variable.CONTACT: contact.name, Variable.PHONE: contact.phone, Variable.LINK: contact.link}
    return values


def _buttons(action: Action, case: Case | None, policy: Policy, language: str) -> tuple[Button, ...]:
    if case is None:
        return ()
    if action.kind is ActionKind.NOTE:
        return _author_buttons(case, policy, language)
    if action.kind is ActionKind.PAGE:
        return _row(case, policy, language, ButtonKind.ACKNOWLEDGE, ButtonKind.OPEN)
    if action.kind is ActionKind.NOTIFY and case.reason is not CaseReason.COMPLAINT:
        return _row(case, policy, language, ButtonKind.OPEN, ButtonKind.RESTORE, ButtonKind.UPHOLD)
    return _row(case, policy, language, ButtonKind.OPEN) if action.kind is ActionKind.NOTIFY else ()


def _author_buttons(case: Case | None, policy: Policy, language: str) -> tuple[Button, ...]:
    """One click posts the redacted version, one click asks for a review; neither once the case is closed."""
    if case is None or case.closed_at is not None:
        return ()
    kinds = (ButtonKind.REPOST, ButtonKind.APPEAL) if case.redactable else (ButtonKind.APPEAL,)
    return _row(case, policy, language, *kinds)


def _row(case: Case, policy: Policy, language: str, *kinds: ButtonKind) -> tuple[Button, ...]:
    return tuple(Button(kind=kind, case=case.id, label=_label(policy, f"button_{kind}", language)) for kind in kinds)


def _label(policy: Policy, key: str, language: str) -> str:
    return template(policy, key, language) or key.removeprefix("button_").replace("_", " ").capitalize()
