"""From what the schema refuses to Problems that a moderator understands."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from bot.policy_file.fields import NAME_PATTERN
from bot.policy_file.problems import Problem, did_you_mean
from bot.policy_file.schema import PolicySheet
from bot.policy_file.tree import Node

_QUOTED = re.compile(r"'([^']*)'")
_KEY = "[key]"
_NUMBER = re.compile(r"(\d+(?:[.,]\d+)?)\s*(%?)")
#: What was expected, by the schema's name for the mistake; braces take from its context.
_EXPECTED: Mapping[str, tuple[str, str]] = {
    "missing": ("is missing", ""),
    "string_type": ("must be text", "Put it in quotes."),
    "string_too_short": ("must not be empty", ""),
    "string_too_long": ("is too long", "At most {max_length} characters."),
    "bool_type": ("must be true or false", ""),
    "bool_parsing": ("must be true or false", ""),
    "int_type": ("must be a whole number", ""),
    "int_parsing": ("must be a whole number", ""),
    "int_from_float": ("must be a whole number", ""),
    "float_type": ("must be a number", ""),
    "float_parsing": ("must be a number", ""),
    "finite_number": ("must be a number", ""),
    "greater_than": ("is too small", "It must be more than {gt}."),
    "greater_than_equal": ("is too small", "It must be at least {ge}."),
    "less_than_equal": ("is too big", "It must be at most {le}."),
    "tuple_type": ("must be a list", "Start each item with a dash, or write [one, two]."),
    "dict_type": ("must have keys below it", "Write key: value, further in than this line."),
    "model_type": ("must have keys below it", "Write key: value, further in than this line."),
}
_OF_NUMBERS = ("float_parsing", "float_type", "less_than_equal")
_NAMED = "Write a name in small letters, such as note_mine: here, and note_mine: with the text under wordings:."
_MEANT = {
    NAME_PATTERN: "Use small letters, digits, - and _; start with a letter.",
    "^[A-Z]{2}$": "Two capital letters, such as US or ES.",
    "^[a-z]{2}$": "Two small letters, such as en or es.",
}


def mistakes(error: ValidationError, root: Node) -> Iterator[Problem]:
    """One Problem for each thing that the schema refuses in ``root``."""
    for detail in error.errors(include_url=False, include_input=True):
        path = tuple(step for step in detail["loc"] if step != _KEY)
        what, hint = _explain(detail, path)
        node = root.find(path)
        at_key = detail["type"] in ("extra_forbidden", "missing") or _KEY in detail["loc"]
        place = node.key if at_key else node.place
        yield Problem(place=place, key=dotted(root.written(path)), what=what, hint=hint)


def dotted(path: tuple[str | int, ...]) -> str:
    """``rules.leaks.do[0].note``; the schema's own word for an action is left out."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}"
    return text.removeprefix(".").removesuffix(".action")


def _explain(detail: ErrorDetails, path: tuple[str | int, ...]) -> tuple[str, str]:
    kind, context = detail["type"], detail.get("ctx", {})
    match kind:
        case "extra_forbidden":
            return "there is no such key", did_you_mean(str(path[-1]), _keys(path[:-1]))
        case "word":
            return f"{context['word']!r} is not known", did_you_mean(context["word"], context["known"])
        case "enum" | "literal_error":
            word = str(path[-1] if _KEY in detail["loc"] else detail["input"])[:40]
            return f"{word!r} is not known", did_you_mean(word, _QUOTED.findall(str(context["expected"])))
        case "plain":
            return "is not understood", str(context["said"])
        case "string_pattern_mismatch":
            named = path[-1] == "wording"
            return (
                ("must be the name of a wording", _NAMED)
                if named
                else ("is not understood", _MEANT[context["pattern"]])
            )
    if kind in ("dict_type", "model_type") and isinstance(detail["input"], list):
        return "must have keys below it, not a list", "Take the dashes away: write key: value below this line."
    what, hint = _EXPECTED.get(kind, ("is not understood", str(detail["msg"])))
    usual = hint.format_map({name: _number(value) for name, value in context.items()})
    return what, (_share(detail["input"], path) or usual) if kind in _OF_NUMBERS else usual


def _share(value: object, path: tuple[str | int, ...]) -> str:
    """What to write in place of a percentage, or of a number with a comma; empty for all else."""
    found = _NUMBER.fullmatch(str(value).strip())
    if not found or path[-1] in ("strikes", "strikes_at_least", "priority"):
        return ""
    number = float(found[1].replace(",", "."))
    if found[2] or 2 <= number <= 100:
        return f"Write {number / 100:g}: {number:g}% is {number / 100:g}, and 1 is the most."
    return f"Write {number:g}, with a point." if number <= 1 else ""


def _number(value: object) -> object:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _keys(path: tuple[str | int, ...]) -> list[str]:
    """The keys that the part of the schema at ``path`` knows."""
    model: type[BaseModel] = PolicySheet
    for step in path:
        if isinstance(step, str) and step in model.model_fields:
            model = _model_in(model.model_fields[step].annotation) or model
    return [name for name in model.model_fields if name != "action"]


def _model_in(annotation: object) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for part in get_args(annotation) if (found := _model_in(part))), None)
