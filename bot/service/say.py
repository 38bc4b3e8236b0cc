"""The words and buttons of each action: what members read in private, what staff read in their room."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from bot.domain.care import Contact, FreeSlot
from bot.domain.care_words import hours_sentence, slot_words
from bot.domain.case import Case, CaseReason
from bot.domain.decision import Action, ActionKind, Decision, Source, Urgency
from bot.domain.on_call import step, step_of
from bot.domain.policy import Policy
from bot.domain.wording import Variable, fill, template
from bot.domain.words import Button, ButtonKind, Link, Remark, Remarks, Words

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
_KNOCK, _SHOW = "knock", "button_show"
#: What is known of a claim that is not in the catalogue.
_UNLISTED = "claim_unlisted"
#: Said where a policy has no words, or none of them can be filled: an empty message helps nobody. True of whatever is told.
_LAST_WORDS = {
    ActionKind.NOTE: "Hello! The moderators have news about a message of yours. Please ask them about it.",
    ActionKind.NUDGE: "Hello! A friendly word: others can read your message and may share it. You can edit it whenever you like.",
    ActionKind.REPLY: "Thank you for writing. If somebody may be in danger, please call your local emergency number now.",
    ActionKind.SCHEDULE: "Thank you for asking. Somebody at the practice can answer this best. Please get in touch with them.",
    ActionKind.NOTIFY: "There is something in the queue for you to look at.",
    ActionKind.PAGE: "URGENT: somebody may need help right now. Please look at the queue at once.",
    ActionKind.RESTORE: "Brought back by the moderators.",
    ActionKind.REPOST: "Shared again without the private parts.",
    ActionKind.HIDE: "Hello! Please delete your latest message. Only you can do that here.",
}
#: So many free slots are offered.
MOST_SLOTS = 3
#: What these buttons do, in other words than their own, to a message that stands where it is.
_WHERE_IT_STANDS = {ButtonKind.RESTORE: "fine", ButtonKind.UPHOLD: "hide"}
_TO_THE_TEAM = frozenset({ActionKind.NOTIFY, ActionKind.PAGE})


def words_for(
    key: str,
    decision: Decision,
    action: Action,
    case: Case | None,
    policy: Policy,
    *,
    at: datetime,
    slots: Sequence[FreeSlot] = (),
) -> Words:
    """What ``action`` says at ``at``, in the author's language where a member reads it, in the policy's where staff do."""
    contact = contact_of(policy, action) or _first(policy)
    language = policy.language if action.kind in _TO_THE_TEAM else decision.language
    values = _values(policy, case, decision, language) | _contact_values(contact, at, policy, language, slots)
    general = _DEFAULT_WORDING[action.kind]
    # a rule's own words can be said in general ones; an outcome can't, for these would say something else
    names = [action.wording or general, *([general] if decision.source is Source.BOT else [])]
    return Words(
        key=key,
        text=_text(policy, names, language, values) or _LAST_WORDS[action.kind],
        buttons=_buttons(action, case, policy, language),
        links=_links(action, contact, policy, language, slots),
        urgent=action.kind is ActionKind.PAGE or action.urgency is Urgency.NOW,
        call=step(policy.on_call, step_of(action) or 0).mention if action.kind is ActionKind.PAGE else (),
        knock=_remark(policy, _KNOCK, language),
        show=_label(policy, _SHOW, language),
    )


def please_delete(key: str, decision: Decision, case: Case | None, policy: Policy) -> Words:
    """What the author is told where only they can delete the message."""
    language = decision.language
    text = (
        _text(policy, [PLEASE_DELETE], language, _values(policy, case, decision, language))
        or _LAST_WORDS[ActionKind.HIDE]
    )
    # no redacted version as long as the message stands: it would stand beside it
    whole = None if case is None else replace(case, redactable=False)
    return Words(
        key=key,
        text=text,
        buttons=_author_buttons(whole, policy, language),
        knock=_remark(policy, _KNOCK, language),
        show=_label(policy, _SHOW, language),
    )


def language_for(policy: Policy, locale: str | None) -> str:
    """The language of a person's ``locale`` ("es-ES"); the policy's where none is known."""
    return (locale or policy.language).split("-")[0]


def remarks_for(policy: Policy, locale: str | None) -> Remarks:
    """The small texts for a person with this ``locale``, none of them empty; in the policy's language where none is known."""
    language = language_for(policy, locale)
    return {remark: _remark(policy, remark, language) for remark in Remark}


def _remark(policy: Policy, key: str, language: str) -> str:
    """One that may be read by anybody, so nothing but the community's name can be filled in."""
    return _text(policy, [key], language, {Variable.GROUP: policy.name}) or _by_its_key(key)


def _text(policy: Policy, names: Sequence[str], language: str, values: Mapping[Variable, str]) -> str:
    """The first of these wordings that says something; empty where none does."""
    texts = (fill(template(policy, name, language) or "", values) for name in names)
    return next((text for text in texts if text), "")


def contact_of(policy: Policy, action: Action) -> Contact | None:
    """The desk that answers; None where the action is no answer or the directory is empty. One that is gone is stood in for."""
    if action.kind is not ActionKind.SCHEDULE:
        return None
    return next((one for one in policy.contacts if one.id == action.destination), _first(policy))


def _first(policy: Policy) -> Contact | None:
    return policy.contacts[0] if policy.contacts else None


def _links(
    action: Action, contact: Contact | None, policy: Policy, language: str, slots: Sequence[FreeSlot]
) -> tuple[Link, ...]:
    """The free slots, then the plain link, which is never missing where there is one."""
    if action.kind is not ActionKind.SCHEDULE or contact is None:
        return ()
    free = [Link(url=slot.link, label=slot_words(slot, contact, policy, language)) for slot in slots if slot.link]
    plain = [Link(url=contact.link, label=_label(policy, "button_book", language))] if contact.link else []
    return (*free, *plain)


def _values(policy: Policy, case: Case | None, decision: Decision, language: str) -> dict[Variable, str]:
    claim = decision.claim
    values = {
        Variable.KNOWN: claim.known_in(language) if claim else template(policy, _UNLISTED, language) or "",
        Variable.SOURCE: claim.source if claim else "",
        Variable.GROUP: policy.name,
        Variable.EMERGENCY_NUMBER: policy.help_lines.emergency,
        Variable.CRISIS_LINE: policy.help_lines.crisis,
    }
    if case is not None:
        values |= {
            Variable.CASE: case.id,
            Variable.ROOM: case.room_name,
            Variable.LABELS: ", ".join(label.replace("_", " ") for label in case.labels) or _rules(policy, decision),
            Variable.MESSAGE_LINK: case.permalink or "",
            Variable.PROBLEM: case.problem or "",
        }
    return values


def _rules(policy: Policy, decision: Decision) -> str:
    """What the rules that acted are for: one that looks for words may act where no label is seen."""
    acted = {match.id for match in decision.rules if match.live}
    return ", ".join(rule.title or rule.id.replace("_", " ") for rule in policy.rules if rule.id in acted)


def _contact_values(
    contact: Contact | None, at: datetime, policy: Policy, language: str, slots: Sequence[FreeSlot]
) -> dict[Variable, str]:
    if contact is None:
        return {}
    by_phone = [f"{slot_words(slot, contact, policy, language)}: {slot.phone}" for slot in slots if not slot.link]
    return {
        Variable.CONTACT: contact.name,
        Variable.PHONE: contact.phone,
        Variable.LINK: contact.link,
        Variable.HOURS: hours_sentence(contact, at, policy, language),
        Variable.PROVIDERS: ", ".join(contact.providers),
        Variable.LOCATION: "; ".join(contact.locations),
        Variable.SLOTS: "; ".join(by_phone),
    }


def _buttons(action: Action, case: Case | None, policy: Policy, language: str) -> tuple[Button, ...]:
    if case is None:
        return ()
    if action.kind is ActionKind.NOTE:
        return _author_buttons(case, policy, language)
    if action.kind is ActionKind.PAGE:
        return _row(case, policy, language, ButtonKind.ACKNOWLEDGE, ButtonKind.OPEN)
    if action.kind is ActionKind.NOTIFY and case.reason is not CaseReason.COMPLAINT:
        return (*_row(case, policy, language, ButtonKind.OPEN), *review_buttons(case, policy, language))
    return _row(case, policy, language, ButtonKind.OPEN) if action.kind is ActionKind.NOTIFY else ()


def review_buttons(case: Case, policy: Policy, language: str) -> tuple[Button, ...]:
    """What a reviewer can do with a case that they have opened."""
    return _row(case, policy, language, ButtonKind.RESTORE, ButtonKind.UPHOLD)


def doing(kind: ButtonKind, case: Case) -> str:
    """What a button does to the case as it stands, as its wordings are called: nobody should hide by "Keep it hidden"."""
    return kind if case.hidden else _WHERE_IT_STANDS.get(kind, kind)


def _author_buttons(case: Case | None, policy: Policy, language: str) -> tuple[Button, ...]:
    """One click posts the redacted version, one click asks for a review; neither once the case is closed."""
    if case is None or case.closed_at is not None:
        return ()
    kinds = (ButtonKind.REPOST, ButtonKind.APPEAL) if case.redactable else (ButtonKind.APPEAL,)
    return _row(case, policy, language, *kinds)


def _row(case: Case, policy: Policy, language: str, *kinds: ButtonKind) -> tuple[Button, ...]:
    return tuple(
        Button(kind=kind, case=case.id, label=_label(policy, f"button_{doing(kind, case)}", language)) for kind in kinds
    )


def _label(policy: Policy, key: str, language: str) -> str:
    return template(policy, key, language) or _by_its_key(key)


def _by_its_key(key: str) -> str:
    return key.removeprefix("button_").replace("_", " ").capitalize()
