"""Importing Discord's native AutoMod rules. Source of the format: Discord's API reference, "Auto Moderation"."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter, ValidationError

from bot.domain.errors import PolicyError
from bot.policy_file.rulewriter import Imported, RuleWriter
from bot.policy_file.tree import Plain
from bot.policy_file.wordlist_import import fitting, numbered

KEYWORD, SPAM, PRESET, MENTIONS, PROFILE = 1, 3, 4, 5, 6
BLOCK, ALERT, TIME_OUT, NO_INTERACTION = 1, 2, 3, 4
_KINDS = {SPAM: "spam", PRESET: "Discord's own word lists", MENTIONS: "many mentions", PROFILE: "member profiles"}
_ACTIONS = {
    TIME_OUT: "a time-out that does not say how long",
    NO_INTERACTION: "the action that keeps a member from interacting",
}
Texts = Annotated[tuple[str, ...], BeforeValidator(lambda value: value or ())]


class _Loose(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class Trigger(_Loose):
    """What an AutoMod rule looks for."""

    keyword_filter: Texts = ()
    regex_patterns: Texts = ()
    allow_list: Texts = ()


class ActionData(_Loose):
    """Details of an AutoMod action."""

    duration_seconds: int | None = None


class NativeAction(_Loose):
    """What an AutoMod rule does."""

    type: int
    metadata: Annotated[ActionData, BeforeValidator(lambda value: value or {})] = Field(default_factory=ActionData)


class NativeRule(_Loose):
    """An AutoMod rule as Discord gives it."""

    id: str = ""
    name: str
    creator_id: str = ""
    trigger_type: int
    trigger_metadata: Annotated[Trigger, BeforeValidator(lambda value: value or {})] = Field(default_factory=Trigger)
    actions: tuple[NativeAction, ...] = ()
    enabled: bool = True
    exempt_roles: tuple[str, ...] = ()
    exempt_channels: tuple[str, ...] = ()


_RULES = TypeAdapter(tuple[NativeRule, ...])


def import_automod(text: str) -> Imported:
    """Rules for what ``GET /guilds/{guild}/auto-moderation/rules`` answered. Raises PolicyError where it is no such answer."""
    writer = RuleWriter()
    for rule in native_rules(text):
        if rule.trigger_type == KEYWORD:
            _keywords(writer, rule)
        else:
            writer.leave_out(f"{rule.name}: {_KINDS.get(rule.trigger_type, 'an unknown kind of rule')}")
    return writer.result()


def native_rules(text: str) -> Sequence[NativeRule]:
    """The AutoMod rules in Discord's answer. Raises PolicyError."""
    try:
        return _RULES.validate_python(json.loads(text))
    except (ValidationError, ValueError, RecursionError):
        raise PolicyError("This is no list of Discord AutoMod rules.") from None


def _keywords(writer: RuleWriter, rule: NativeRule) -> None:
    do = _actions(writer, rule)
    more: dict[str, Plain] = {} if rule.enabled else {"mode": "off"}
    trigger = rule.trigger_metadata
    if trigger.allow_list:
        more["unless"] = {"phrases": list(trigger.allow_list)}
        writer.leave_out(f"{rule.name}: an allowed word now lets the whole message pass, not only the word")
    elif rule.exempt_channels:
        more["unless"] = {"rooms": list(rule.exempt_channels)}
    if trigger.allow_list and rule.exempt_channels:
        writer.leave_out(f"{rule.name}: exempt channels, beside the allowed words")
    if rule.exempt_roles:
        writer.leave_out(f"{rule.name}: exempt roles; use roles: and people: instead")
    patterns = trigger.regex_patterns
    words = fitting(writer, rule.name, numbered(trigger.keyword_filter))
    writer.add(rule.name, rule.name, "phrases", words, do, **more)
    writer.add(f"{rule.name} patterns" if words else rule.name, rule.name, "patterns", patterns, do, **more)


def _actions(writer: RuleWriter, rule: NativeRule) -> list[Plain]:
    do: list[Plain] = []
    for action in rule.actions:
        if action.type == BLOCK:
            do += ["hide", {"note": "note_words"}]
        elif action.type == ALERT:
            do.append("notify")
        elif action.type == TIME_OUT and action.metadata.duration_seconds:
            do.append({"time_out": f"{max(1, action.metadata.duration_seconds // 60)}m"})
        else:
            writer.leave_out(f"{rule.name}: {_ACTIONS.get(action.type, 'an unknown kind of action')}")
    return do or ["queue"]
