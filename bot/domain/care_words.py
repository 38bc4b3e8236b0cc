"""When somebody is there and when a slot is free, in words: the desk's own clock, the author's language."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.care import ALWAYS, Contact, FreeSlot, next_open, open_until
from bot.domain.policy import Policy
from bot.domain.wording import Variable, fill, template

#: English-speaking countries that write the time with am and pm.
_TWELVE_HOURS = frozenset({"US", "CA", "AU", "NZ", "IN", "PH"})


def hours_sentence(contact: Contact, at: datetime, policy: Policy, language: str) -> str:
    """When somebody is there, such as "Somebody will be there tomorrow from 8:00 (Berlin time)." Empty where nobody knows."""
    until = open_until(contact, at)
    if until is not None:
        key = "hours_always" if until - at >= ALWAYS else "hours_now"
        return _said(key, until, contact, policy, language)
    opens = next_open(contact, at)
    return "" if opens is None else _said(_when(opens, at, contact), opens, contact, policy, language)


def slot_words(slot: FreeSlot, contact: Contact, policy: Policy, language: str) -> str:
    """A free slot as a button's label: day, time and place."""
    said = _said("slot_time", slot.start, contact, policy, language)
    return f"{said} · {slot.place}" if slot.place else said


def _when(opens: datetime, at: datetime, contact: Contact) -> str:
    zone = ZoneInfo(contact.time_zone)
    days = (opens.astimezone(zone).date() - at.astimezone(zone).date()) / timedelta(days=1)
    return {0: "hours_today", 1: "hours_tomorrow"}.get(int(days), "hours_day")


def _said(key: str, moment: datetime, contact: Contact, policy: Policy, language: str) -> str:
    local = moment.astimezone(ZoneInfo(contact.time_zone))
    values = {
        Variable.DAY: _day(local, policy, language),
        Variable.TIME: _time(local, policy, language),
        Variable.ZONE: contact.time_zone.rpartition("/")[2].replace("_", " "),
    }
    return fill(template(policy, key, language) or "{{ day }}, {{ time }}", values)


def _day(local: datetime, policy: Policy, language: str) -> str:
    weekdays, months = _names(policy, "weekdays", language), _names(policy, "months", language)
    if len(weekdays) != 7 or len(months) != 12:
        return local.date().isoformat()
    return f"{weekdays[local.weekday()]} {local.day} {months[local.month - 1]}"


def _names(policy: Policy, key: str, language: str) -> list[str]:
    return [name.strip() for name in (template(policy, key, language) or "").split(",")]


def _time(local: datetime, policy: Policy, language: str) -> str:
    if language != "en" or policy.country not in _TWELVE_HOURS:
        return f"{local.hour}:{local:%M}"
    half = "am" if local.hour < 12 else "pm"
    return f"{local.hour % 12 or 12}:{local:%M} {half}"
