"""The JSON Schema and the reference page of the policy language, both from the models."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from bot.domain.reading import Label
from bot.domain.wording import Variable
from bot.policy_file import care_sheet, schema
from bot.policy_file.durations import PATTERN
from bot.policy_file.fields import ASKABLE, NAME_PATTERN
from bot.policy_file.resolve import SHIPPED, packs

JsonSchema = Mapping[str, Any]
_TITLE = "Chaperone policy"
#: The parts of the language in the order of the page, with the key under which each stands.
_PARTS: tuple[tuple[str, type[BaseModel]], ...] = (
    ("The file", schema.PolicySheet),
    ("rooms", schema.RoomSheet),
    ("people", schema.PeopleSheet),
    ("contacts", schema.ContactSheet),
    ("answers", care_sheet.AnswersSheet),
    ("on_call", care_sheet.OnCallSheet),
    ("help_lines", care_sheet.HelpLinesSheet),
    ("rules", schema.RuleSheet),
    ("when, unless", schema.ConditionSheet),
    ("repetition", schema.RepetitionSheet),
    ("do", schema.ActionSheet),
    ("examples", schema.ExampleSheet),
    ("context", schema.EarlierSheet),
)
_VARIABLES: Mapping[Variable, str] = {
    Variable.GROUP: "the community's name",
    Variable.ROOM: "the room's name",
    Variable.CASE: "the case's id",
    Variable.LABELS: "the labels of the case or, without any, the rules that acted, for the team",
    Variable.CONTACT: "the contact's name",
    Variable.PHONE: "its phone number",
    Variable.LINK: "its scheduling page",
    Variable.HOURS: "when somebody is there",
    Variable.PROVIDERS: "who works there",
    Variable.LOCATION: "where it is",
    Variable.SLOTS: "its next free times that are booked by phone",
    Variable.DAY: "a day, in the wordings about hours and free times",
    Variable.TIME: "a time of day, in the same",
    Variable.ZONE: "the place whose clock that is, in the same",
    Variable.EMERGENCY_NUMBER: "the country's emergency number",
    Variable.CRISIS_LINE: "the country's crisis line",
    Variable.MESSAGE_LINK: "the address of the message, for those who may read it",
    Variable.PROBLEM: "what the bot could not do, for the team",
    Variable.KNOWN: "what is known of the health claim that a message promotes, in one sentence; for rules about pseudoscience",
    Variable.SOURCE: "who says so, with the title and address of the page; empty where the claim is not a known one",
}
_INTRO = """# The policy language

This page is made from the program's own models by `chaperone policy reference`. Do not edit it by hand.

A policy is one YAML file. It starts from packs (`extends`) and changes what it needs, rule by rule and key by key. Under every
policy lies the pack `safety`, whose two rules can be worded anew but not switched off: somebody in danger is heard at once, and
nothing hides their message before a person has seen it. A message is never hidden for being a complaint.

Wherever the page says "keys", a section below lists them. Durations are a number and a unit: `30s`, `10m`, `2h`, `7d`, `4w`.
Where a list is asked for, one value alone will do.
"""


def write_reference(folder: Path) -> None:
    """Write ``policy.md`` and ``policy.schema.json`` into ``folder``. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "policy.md").write_text(reference_markdown(), encoding="utf-8")
    (folder / "policy.schema.json").write_text(schema_json(), encoding="utf-8")


def schema_json() -> str:
    """The JSON Schema of a policy file, for editors."""
    made = schema.PolicySheet.model_json_schema()
    made = {"$schema": "https://json-schema.org/draft/2020-12/schema", **made, "title": _TITLE}
    return json.dumps(_quiet(made), indent=2, ensure_ascii=False) + "\n"


def reference_markdown() -> str:
    """The reference page."""
    parts = [_INTRO, *(_part(title, model) for title, model in _PARTS), _actions(), _labels(), _variables(), _packs()]
    return "\n".join(parts)


def _part(title: str, model: type[BaseModel]) -> str:
    made = model.model_json_schema()
    keys = made["properties"].items()
    rows = [f"| `{name}` | {_kind(shape, made)} | {shape.get('description', '')} |" for name, shape in keys]
    return "\n".join([f"## {title}", "", _prose(model), "", "| key | value | meaning |", "|---|---|---|", *rows, ""])


def _prose(model: type[BaseModel]) -> str:
    return (model.__doc__ or "").replace("``", "`").strip()


def _kind(shape: JsonSchema, made: JsonSchema) -> str:
    """What may be written, in words."""
    if "$ref" in shape:
        target = made["$defs"][shape["$ref"].rsplit("/", 1)[1]]
        return _kind(target, made) if "enum" in target else "keys"
    if "anyOf" in shape:
        options = [option for option in shape["anyOf"] if option.get("type") != "null"]
        lists = [option["items"] for option in options if option.get("type") == "array"]
        kinds = [_kind(option, made) for option in options if option.get("type") != "array" and option not in lists]
        kinds += [
            f"{_kind(item, made)}, or a list" if item in options else f"a list: {_kind(item, made)}" for item in lists
        ]
        return " or ".join(dict.fromkeys(kinds))
    if "enum" in shape or "const" in shape:
        return _words(shape.get("enum") or [shape["const"]])
    return _basic(shape, made)


def _basic(shape: JsonSchema, made: JsonSchema) -> str:
    match shape.get("type"):
        case "array":
            return f"a list: {_kind(shape['items'], made)}"
        case "object" if "propertyNames" in shape or "additionalProperties" in shape:
            return "`name: value`"
        case "number" | "integer":
            return " ".join(["number", *_bounds(shape)])
        case "boolean":
            return "`true` or `false`"
        case "string":
            return _PATTERNS.get(shape.get("pattern", ""), "text")
    return "keys"


_PATTERNS = {
    PATTERN: "duration",
    NAME_PATTERN: "name",
    r"^(act|shadow|off|act\s+\d{1,3}\s*%)$": "`act`, `shadow`, `off` or `act 20%`",
    "^[A-Z]{2}$": "two capital letters",
    "^[a-z]{2}$": "two small letters",
}


def _words(words: list[str]) -> str:
    for name, all_of_them in (("a label", set(Label)), ("an action", set(ASKABLE))):
        if all_of_them == set(words):
            return name
    return ", ".join(f"`{word}`" for word in words)


def _bounds(shape: JsonSchema) -> Iterator[str]:
    if "minimum" in shape and "maximum" in shape:
        yield f"from {shape['minimum']:g} to {shape['maximum']:g}"
    elif "maximum" in shape:
        yield f"above {shape['exclusiveMinimum']:g}, up to {shape['maximum']:g}"


def _actions() -> str:
    rows = [f"| `{kind}` | {meaning} |" for kind, meaning in ASKABLE.items()]
    return "\n".join(["## Actions", "", "| action | what it does |", "|---|---|", *rows, ""])


def _labels() -> str:
    names = ", ".join(f"`{label}`" for label in Label)
    return f"## Labels\n\n{names}\n"


def _variables() -> str:
    rows = [f"| `{{{{ {name} }}}}` | {_VARIABLES[name]} |" for name in Variable]
    intro = "A wording may name these, and no others. None of them holds anything of a message."
    return "\n".join(["## Variables", "", intro, "", "| variable | what it becomes |", "|---|---|", *rows, ""])


def _packs() -> str:
    rows = [f"- `{name}`: {_first_comment(name)}" for name in packs(None)]
    return "\n".join(["## Packs that ship", "", *rows, ""])


def _first_comment(pack: str) -> str:
    first = (SHIPPED / "packs" / f"{pack}.yaml").read_text(encoding="utf-8").splitlines()[0]
    return first.removeprefix("#").strip()


def _quiet(made: object) -> object:
    """Without the titles that pydantic makes up of field names, which editors would show as explanations."""
    if isinstance(made, dict):
        return {
            key: _quiet(value)
            for key, value in made.items()
            if not (key == "title" and isinstance(value, str) and value != _TITLE)
        }
    return [_quiet(item) for item in made] if isinstance(made, list) else made
