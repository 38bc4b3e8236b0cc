"""Field types of the policy schema: what moderators may write short, and what it means."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Annotated, TypeVar

from pydantic import BeforeValidator, Field, GetJsonSchemaHandler, WithJsonSchema
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError

from bot.domain.decision import ActionKind
from bot.domain.policy import Mode
from bot.domain.reading import Label
from bot.policy_file.durations import PATTERN, parse_duration

T = TypeVar("T")
#: What a rule may ask for, and what it means. Restoring and reposting are for people.
ASKABLE: Mapping[ActionKind, str] = {
    ActionKind.PAGE: "Call the people on duty, at once.",
    ActionKind.REPLY: "Answer in the room, where everybody reads it.",
    ActionKind.HIDE: "Take the message out of the room; it goes to the queue, where a person can bring it back.",
    ActionKind.NOTE: "Tell the author in private, with buttons to ask for a review.",
    ActionKind.NUDGE: "Tell the author something in private; the message stays.",
    ActionKind.SCHEDULE: "Tell the author in private who can help, with phone number and link.",
    ActionKind.QUEUE: "Put the message into the queue for a person to look at; it stays.",
    ActionKind.NOTIFY: "Tell the team's room.",
    ActionKind.SLOW_DOWN: "Make members wait between messages, where the platform can.",
    ActionKind.TIME_OUT: "Keep the author from writing for a while, where the platform can.",
}
#: A name of a rule, a contact, a pack: it stands in logs and addresses.
NAME_PATTERN = r"^[a-z][a-z0-9_-]{0,63}$"
_MODE = re.compile(r"act\s+(\d{1,3})\s*%")


class OrOne:
    """In the JSON Schema: a list, or one value in its stead."""

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """The schema of the list, or that of its items."""
        schema = handler(core)
        return {"anyOf": [schema["items"], schema]}


def _custom(parse: Callable[[object], T]) -> Callable[[object], T]:
    """``parse`` whose ValueError is shown to the reader word by word."""

    def parsed(value: object) -> T:
        try:
            return parse(value)
        except ValueError as error:
            raise PydanticCustomError("plain", "{said}", {"said": str(error)}) from None

    return parsed


def _as_list(value: object) -> object:
    return [value] if isinstance(value, str) else value


def _as_levels(value: object) -> object:
    """Labels as a word, a list of words, or words with the probability from which each holds."""
    value = _as_list(value)
    return {label: None for label in value if isinstance(label, str)} if isinstance(value, list) else value


def _mode(value: object) -> tuple[Mode, float]:
    if isinstance(value, str):
        share = _MODE.fullmatch(value.strip())
        if share and 1 <= int(share[1]) <= 100:
            return Mode.ACT, int(share[1]) / 100
        if value.strip() in set(Mode):
            return Mode(value.strip()), 1.0
    raise ValueError("Write act, shadow, off, or a share such as act 20% (from 1% to 100%).")


def _asked_for(value: object) -> ActionKind:
    if isinstance(value, str) and value in ASKABLE:
        return ActionKind(value)
    raise PydanticCustomError("word", "{word}", {"word": str(value)[:40], "known": [str(kind) for kind in ASKABLE]})


#: Above 0: a threshold of 0 would hold for every message.
Probability = Annotated[float, Field(gt=0, le=1, allow_inf_nan=False)]
Name = Annotated[str, Field(pattern=NAME_PATTERN)]
Duration = Annotated[
    timedelta, BeforeValidator(_custom(parse_duration)), WithJsonSchema({"type": "string", "pattern": PATTERN})
]
ModeAndShare = Annotated[
    tuple[Mode, float],
    BeforeValidator(_custom(_mode)),
    WithJsonSchema({"type": "string", "pattern": r"^(act|shadow|off|act\s+\d{1,3}\s*%)$"}),
]
AskedFor = Annotated[
    ActionKind,
    BeforeValidator(_asked_for),
    WithJsonSchema({"type": "string", "enum": [str(kind) for kind in ASKABLE]}),
]
Listed = Annotated[tuple[T, ...], BeforeValidator(_as_list), OrOne()]
_LABEL_NAMES = {"type": "string", "enum": [str(label) for label in Label]}
Levels = Annotated[
    dict[Label, Probability | None],
    BeforeValidator(_as_levels),
    WithJsonSchema(
        {
            "anyOf": [
                _LABEL_NAMES,
                {"type": "array", "items": _LABEL_NAMES, "uniqueItems": True},
                {
                    "type": "object",
                    "propertyNames": _LABEL_NAMES,
                    "additionalProperties": {"type": ["number", "null"], "exclusiveMinimum": 0, "maximum": 1},
                },
            ]
        }
    ),
]
