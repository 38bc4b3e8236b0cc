"""The docs keep their word: links lead somewhere, policies load, commands and settings exist."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from ruamel.yaml import YAML
from typer.core import TyperGroup
from typer.main import get_command

from bot.adapters.discord.rights import RIGHTS, manifest
from bot.bootstrap.matching import shipped_matcher
from bot.cli.main import MODULES, application
from bot.cli.settings_page import settings_page
from bot.policy_file.examples import check_examples
from bot.policy_file.load import check_policy
from bot.settings import Settings
from tests.docs.pages import PAGES, ROOT, Page

Yaml = dict[str, "Yaml"] | list["Yaml"] | str | float | bool | None
YAML_1_2 = YAML(typ="safe", pure=True)
BASE = ROOT / "policies" / "patient-group.yaml"
DISCORD_PAGE = Page(ROOT / "docs" / "howto" / "discord.md")
SETTINGS_PAGE = ROOT / "docs" / "reference" / "settings.md"
#: A command stands alone, after a path, a sign of the shell, a Procfile's name or ``$(``.
_COMMAND = re.compile(r"""(?:^|[\s/=:"(])chaperone ([a-z](?:(?![|;&)#"]).)*)""")
_TRY = re.compile(r"^\s*scripts/try\b([^|;&#]*)")
_SETTING = re.compile(r"\b(?:(?:DISCORD|SLACK|CHAPERONE)_[A-Z_]*[A-Z]|DATABASE_URL|PORT|HOST)\b")
_SCRIPT = re.compile(r"(?:^|\s)(scripts/\w+)")
every_page = pytest.mark.parametrize("page", PAGES, ids=str)


@every_page
def test_links_lead_somewhere(page: Page) -> None:
    for link in page.links:
        path, _, anchor = link.partition("#")
        target = (page.path.parent / path).resolve() if path else page.path
        assert target.exists(), link
        if anchor:
            assert anchor in Page(target).anchors, link


@pytest.mark.parametrize("page", [page for page in PAGES if page.blocks("yaml policy", "yaml part")], ids=str)
def test_policies_load_and_their_examples_come_true(page: Page, tmp_path: Path) -> None:
    for number, policy in enumerate(_policies(page)):
        file = tmp_path / f"{number}.yaml"
        YAML_1_2.dump(policy, file)
        checked = check_policy(file)
        assert checked.rendered() == ""
        assert check_examples(checked, shipped_matcher()).problems == ()


def _policies(page: Page) -> Iterator[Yaml]:
    """A block marked ``yaml policy`` is a whole policy. One marked ``yaml part`` is laid over those before it, else over a shipped one."""
    said = YAML_1_2.load(BASE)
    for kind, body in page.marked("yaml policy", "yaml part"):
        written = YAML_1_2.load(body)
        said = written if kind == "yaml policy" else _laid_over(said, written)
        yield said


def _laid_over(base: Yaml, part: Yaml) -> Yaml:
    if isinstance(base, dict) and isinstance(part, dict):
        return {**base, **{key: _laid_over(base.get(key), value) for key, value in part.items()}}
    return part


@every_page
def test_yaml_blocks_are_marked(page: Page) -> None:
    """A block of YAML that nobody checks would go stale."""
    assert page.blocks("yaml", "yml") == []


@every_page
def test_commands_exist_with_these_options(page: Page) -> None:
    for words in _commands(page):
        assert words[0] in MODULES, words
        assert _unknown(words) == "", words


def _commands(page: Page) -> Iterator[list[str]]:
    for line in page.code:
        for rest in _COMMAND.findall(line):
            yield shlex.split(rest, comments=True)
        for rest in _TRY.findall(line):
            yield ["try", *shlex.split(rest)]


def _unknown(words: list[str]) -> str:
    """The first word of a command that its application does not know; empty where it knows them all."""
    command, rest = get_command(application(words[0])), list(words)
    while isinstance(command, TyperGroup) and rest:
        if rest[0] not in command.commands:
            return rest[0]
        command = command.commands[rest.pop(0)]
    options = {option for one in command.params for option in (*one.opts, *one.secondary_opts)} | {"--help"}
    return next((word for word in rest if word.startswith("-") and word.partition("=")[0] not in options), "")


def test_the_commands_are_found() -> None:
    assert len([words for page in PAGES for words in _commands(page)]) > 30


@pytest.mark.parametrize("words", ["cases burn", "run --olny web", "policy import nonsense FILE"])
def test_a_wrong_command_would_be_noticed(words: str) -> None:
    assert _unknown(words.split())


@every_page
def test_settings_exist(page: Page) -> None:
    known = {name.upper() for name in Settings.model_fields}
    assert {name for code in page.code for name in _SETTING.findall(code)} <= known


@every_page
def test_scripts_exist(page: Page) -> None:
    for script in (name for code in page.code for name in _SCRIPT.findall(code)):
        assert (ROOT / script).is_file(), script


def test_the_page_of_settings_is_fresh() -> None:
    """Where this fails: ``python -m bot.cli.settings_page > docs/reference/settings.md``."""
    assert SETTINGS_PAGE.read_text(encoding="utf-8") == settings_page()


def test_every_setting_is_explained() -> None:
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []


def test_discords_permissions_are_those_of_the_invite_link() -> None:
    [shown] = DISCORD_PAGE.blocks("json")
    assert json.loads(shown) == manifest(123456789012345678)
    for right in RIGHTS:
        optional = " (optional)" if right.optional else ""
        assert f"| {right.name}{optional} | {right.purpose} |" in DISCORD_PAGE.text
