"""What the doctor finds without a platform, and that it changes nothing."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.bootstrap.alarm import PolicyAlarm
from bot.bootstrap.checkup import MODEL, examine
from bot.bootstrap.matching import shipped_matcher
from bot.clock import SystemClock
from bot.domain.case import CaseState
from bot.policy_file.load import load_policy
from bot.policy_file.source import PolicyFile
from bot.service.ports import Check
from bot.settings import Settings
from bot.stores.keyring import Keyring
from bot.stores.migrate import upgrade
from bot.stores.sql import SqlStore
from tests.unit.service.past import keep

POLICY = """\
name: Friends
team_room: moderators
rooms: [{match: moderators, kind: staff}, {match: "*", kind: community}]
"""
MIGRATE = "chaperone db upgrade"


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """A folder with a policy; its database comes into being when it is migrated."""

    folder: Path
    key: str

    @property
    def policy(self) -> Path:
        return self.folder / "policy.yaml"

    @property
    def database(self) -> Path:
        return self.folder / "bot.db"

    @property
    def url(self) -> str:
        return f"sqlite:///{self.database}"

    def files(self) -> dict[str, str]:
        """Every file by name with a digest of what it holds and the time at which it was written."""
        return {
            path.name: f"{hashlib.sha256(path.read_bytes()).hexdigest()} {path.stat().st_mtime_ns}"
            for path in sorted(self.folder.iterdir())
        }

    async def examined(self, *keys: str, model: Path = MODEL, **others: object) -> dict[str, Check]:
        """What is found, by subject."""
        settings = Settings.model_validate(
            {
                "database_url": self.url,
                "chaperone_policy": self.policy,
                "chaperone_keys": [SecretStr(key) for key in keys or (self.key,)],
                **others,
            }
        )
        return {check.subject: check for check in await examine(settings, model=model)}

    @asynccontextmanager
    async def store(self) -> AsyncIterator[SqlStore]:
        store = SqlStore.open(self.url, Keyring.from_texts([self.key]))
        try:
            yield store
        finally:
            await store.close()

    async def start(self) -> str:
        """As a start of the bot does: put the policy in force; its hash."""
        async with self.store() as store:
            return (await self.source(store).start()).hash

    def source(self, store: SqlStore) -> PolicyFile:
        return PolicyFile(
            self.policy, memory=store.memory, clock=SystemClock(), matcher=shipped_matcher(), team=PolicyAlarm()
        )


@pytest.fixture
def fresh(tmp_path: Path) -> Machine:
    machine = Machine(folder=tmp_path, key=Keyring.new_key())
    machine.policy.write_text(POLICY, encoding="utf-8")
    return machine


@pytest.fixture
async def machine(fresh: Machine) -> Machine:
    await upgrade(fresh.url)
    return fresh


async def test_on_a_fresh_machine_no_file_is_begun(fresh: Machine) -> None:
    before = fresh.files()
    found = await fresh.examined()

    assert fresh.files() == before
    assert (found["Database"].ok, found["Database"].finding) == (False, "not migrated")
    assert MIGRATE in found["Database"].remedy
    assert found["Policy"].ok
    assert found["Platforms"].remedy.startswith("Set DISCORD_TOKEN")


async def test_an_empty_file_is_no_database_and_stays_empty(fresh: Machine) -> None:
    fresh.database.touch()
    before = fresh.files()

    assert MIGRATE in (await fresh.examined())["Database"].remedy
    assert fresh.files() == before


async def test_what_is_no_database_is_told(fresh: Machine) -> None:
    fresh.database.write_text("no database " * 100, encoding="utf-8")
    before = fresh.files()
    found = (await fresh.examined())["Database"]

    assert (found.ok, found.finding) == (False, "does not answer")
    assert fresh.files() == before


async def test_a_database_in_use_is_left_as_it_is_and_no_version_is_kept(machine: Machine) -> None:
    async with machine.store() as store:
        await keep(store, 1, CaseState.OPEN)
        await machine.source(store).start()
        machine.policy.write_text(POLICY.replace("Friends", "River"), encoding="utf-8")
        before, versions = machine.files(), await store.memory.policies()
        found = await machine.examined()

        assert {name: what for name, what in machine.files().items() if not name.endswith("-shm")} == {
            name: what for name, what in before.items() if not name.endswith("-shm")
        }
        assert await store.memory.policies() == versions
    assert found["Database"].ok
    assert "bot.db-wal" in before


async def test_an_idle_database_is_left_as_it_is(machine: Machine) -> None:
    await machine.start()
    before = machine.files()
    found = await machine.examined()

    assert machine.files() == before
    assert set(before) == {"bot.db", "policy.yaml"}
    assert found["Database"].ok


async def test_the_file_is_compared_with_the_version_in_force(machine: Machine) -> None:
    assert (await machine.examined())["Policy"].finding.endswith("checks; the first start puts it in force")

    first = await machine.start()
    assert (await machine.examined())["Policy"].finding.endswith(f"checks and is in force: version {first}")

    machine.policy.write_text(POLICY.replace("Friends", "River"), encoding="utf-8")
    assert f"it differs from version {first}" in (await machine.examined())["Policy"].finding

    await machine.start()
    async with machine.store() as store:
        await machine.source(store).rollback(first)
    assert f"version {first} was put in its place" in (await machine.examined())["Policy"].finding


async def test_a_policy_whose_examples_fail_is_shown_with_what_stays_in_force(machine: Machine) -> None:
    first = await machine.start()
    untrue = "rules: {a: {when: {phrases: [snake oil]}, do: [queue], examples: [{text: olive oil, then: [queue]}]}}\n"
    machine.policy.write_text(POLICY + untrue, encoding="utf-8")
    found = (await machine.examined())["Policy"]

    assert not found.ok
    assert found.finding.endswith(f"has 1 mistake; version {first} stays in force")
    assert "rules.a.examples[0]: this example fails" in found.remedy
    assert await machine.start() == first


async def test_a_policy_with_a_mistake_is_shown_with_what_stays_in_force(machine: Machine) -> None:
    first = await machine.start()
    machine.policy.write_text(POLICY + "langauge: en\n", encoding="utf-8")
    found = (await machine.examined())["Policy"]

    assert (found.ok, found.finding) == (False, f"{machine.policy} has 1 mistake; version {first} stays in force")
    assert "langauge" in found.remedy


@pytest.mark.parametrize("keys", [[], ["hunter2"]])
async def test_without_a_usable_key_everything_else_is_looked_at(machine: Machine, keys: list[str]) -> None:
    found = await machine.examined(chaperone_keys=keys)

    assert not found["Key"].ok
    assert "chaperone keys new" in found["Key"].remedy
    assert found["Database"].ok
    assert "Vault" not in found
    assert "Platforms" in found


async def test_a_key_that_does_not_open_what_is_kept_is_told(machine: Machine) -> None:
    assert (await machine.examined())["Vault"].finding == "nothing is kept yet"
    async with machine.store() as store:
        await keep(store, 1, CaseState.OPEN)
        await keep(store, 2, CaseState.OPEN)
    new = Keyring.new_key()

    assert (await machine.examined(new, machine.key))["Vault"].ok
    found = (await machine.examined(new))["Vault"]
    assert (found.ok, found.finding) == (False, "4 of 4 kept texts and names open with no key in CHAPERONE_KEYS")
    assert "behind the first one" in found.remedy


async def test_a_model_that_was_changed_is_told(fresh: Machine, tmp_path_factory: pytest.TempPathFactory) -> None:
    assert (await fresh.examined())["Reading model"].finding == "intact"

    copy = tmp_path_factory.mktemp("model") / "model"
    shutil.copytree(MODEL, copy)
    with (copy / "model.onnx").open("r+b") as weights:
        weights.truncate(1000)
    found = (await fresh.examined(model=copy))["Reading model"]
    assert (found.ok, found.finding) == (False, "is not the one that was shipped")

    (copy / "model.onnx").unlink()
    assert not (await fresh.examined(model=copy))["Reading model"].ok


async def test_settings_that_a_start_would_refuse_are_told(fresh: Machine) -> None:
    found = await fresh.examined(
        chaperone_admins=[SecretStr("rita:short")], chaperone_webhooks=[SecretStr("plain http")]
    )

    assert "CHAPERONE_ADMINS" in found["Web console"].remedy
    assert "name=https://" in found["Webhooks"].remedy
    assert not found["Web console"].ok
    assert not found["Webhooks"].ok


async def test_a_webhook_that_only_the_policy_knows_is_told(fresh: Machine) -> None:
    fresh.policy.write_text(POLICY + "on_call: [{webhook: duty, wait: 5m}]\n", encoding="utf-8")
    assert load_policy(fresh.policy).on_call
    found = (await fresh.examined())["Webhooks"]

    assert (found.ok, "duty" in found.finding) == (False, True)
    assert (await fresh.examined(chaperone_webhooks=[SecretStr("duty=https://duty.example/")]))["Webhooks"].ok


async def test_half_of_slacks_settings_do_not_end_the_examination(fresh: Machine) -> None:
    found = await fresh.examined(slack_app_token=SecretStr("xapp-1"))

    assert "SLACK_BOT_TOKEN is missing" in found["Slack"].remedy
