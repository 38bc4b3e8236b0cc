"""The generated pages."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.domain.reading import Label
from bot.policy_file.fields import ASKABLE
from bot.policy_file.reference import reference_markdown, schema_json, write_reference
from bot.policy_file.resolve import SHIPPED
from bot.policy_file.schema import PolicySheet

REFERENCE = SHIPPED.parent / "docs" / "reference"


@pytest.mark.parametrize("name", ["policy.md", "policy.schema.json"])
def test_the_committed_pages_are_fresh(name: str, tmp_path: Path) -> None:
    """Where this fails: ``chaperone policy reference``."""
    write_reference(tmp_path)

    assert (REFERENCE / name).read_text(encoding="utf-8") == (tmp_path / name).read_text(encoding="utf-8")


def test_the_page_names_every_key_action_and_label() -> None:
    page = reference_markdown()

    for name in [*PolicySheet.model_fields, *ASKABLE, *Label]:
        assert f"`{name}`" in page


def test_every_key_is_explained() -> None:
    schema = json.loads(schema_json())
    parts = [schema, *(part for part in schema["$defs"].values() if "properties" in part)]

    for part in parts:
        for name, shape in part["properties"].items():
            assert shape.get("description"), name


@pytest.mark.parametrize("path", [*SHIPPED.glob("*.yaml"), *SHIPPED.glob("packs/*.yaml")], ids=lambda path: path.stem)
def test_editors_find_the_schema(path: Path) -> None:
    head = path.read_text(encoding="utf-8").split("\nrules:")[0]
    named = head.partition("$schema=")[2].splitlines()[0]

    assert (path.parent / named).resolve() == REFERENCE / "policy.schema.json"
