"""How short forms look in the JSON Schema, so that an editor takes what the loader takes."""

from __future__ import annotations

from pydantic import GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from bot.policy_file.fields import ASKABLE


class OrMode:
    """A rule, or only its mode."""

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """The schema of the rule, or of a mode."""
        return {"anyOf": [{"enum": ["act", "shadow", "off"]}, handler(core)]}


class OrText:
    """Texts by language, or one in the policy's own language."""

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """The schema of the texts, or of one."""
        return {"anyOf": [{"type": "string"}, handler(core)]}


class ShortAction:
    """An action by its name, or its name with a wording, a duration or more below it."""

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """The schema of the short forms, which are what people write."""
        told = handler(core)
        forms = {
            str(kind): {"description": meaning, "anyOf": [{"type": ["string", "null"]}, told]}
            for kind, meaning in ASKABLE.items()
        }
        one = {
            "type": "object",
            "properties": forms,
            "additionalProperties": False,
            "minProperties": 1,
            "maxProperties": 1,
        }
        return {"anyOf": [{"enum": list(forms)}, one]}
