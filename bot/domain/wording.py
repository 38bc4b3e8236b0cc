"""Choosing and filling the words of a policy. Variables are a fixed set, and none of them can hold message text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum

from bot.domain.policy import Policy


class Variable(StrEnum):
    """What a wording may name in double braces."""

    GROUP = "group"
    ROOM = "room"
    CASE = "case"
    LABELS = "labels"
    CONTACT = "contact"
    PHONE = "phone"
    LINK = "link"
    HOURS = "hours"
    PROVIDERS = "providers"
    LOCATION = "location"
    SLOTS = "slots"
    DAY = "day"
    TIME = "time"
    ZONE = "zone"
    EMERGENCY_NUMBER = "emergency_number"
    CRISIS_LINE = "crisis_line"
    MESSAGE_LINK = "message_link"
    PROBLEM = "problem"
    KNOWN = "known"
    SOURCE = "source"


#: ``{{ name }}``; spaces are free.
PLACEHOLDER = re.compile(r"\{\{\s*(\w+)\s*\}\}")
#: What stands before the first word of a sentence, in English and Spanish.
_SENTENCE_BEGINS = re.compile(r"(?:^|[.!?])[\s¡¿]*$")
#: A language that every shipped wording has.
LAST_RESORT = "en"


def template(policy: Policy, key: str, language: str) -> str | None:
    """The policy's text for ``key`` in ``language``, else in the policy's own language, else in English; None where there is none."""
    texts = policy.wordings.get(key, {})
    return next((texts[tongue] for tongue in (language, policy.language, LAST_RESORT) if tongue in texts), None)


def fill(text: str, values: Mapping[Variable, str]) -> str:
    """``text`` with each placeholder replaced, in one pass: a value that looks like a placeholder stays as it is.

    A line whose only placeholders are all without a value is left out, so that a desk without a phone number leaves no hole. A contact,
    such as "the front desk", begins with a capital where a sentence does.
    """
    kept = []
    for line in text.splitlines():
        names = PLACEHOLDER.findall(line)
        if names and not any(values.get(Variable(name)) for name in names):
            continue
        kept.append(PLACEHOLDER.sub(lambda found: _value(found, values), line))
    return "\n".join(kept).strip()


def _value(placeholder: re.Match[str], values: Mapping[Variable, str]) -> str:
    name = Variable(placeholder[1])
    value = values.get(name, "")
    begins = _SENTENCE_BEGINS.search(placeholder.string, 0, placeholder.start()) is not None
    return value[:1].upper() + value[1:] if begins and name is Variable.CONTACT else value
