"""``chaperone policy …`` as people run it: a process of its own, its exit status and what it prints."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.bootstrap.alarm import PolicyAlarm
from bot.bootstrap.matching import shipped_matcher
from bot.clock import SystemClock
from bot.domain.case import CaseState
from bot.policy_file.source import PolicyFile
from bot.stores.migrate import upgrade
from tests.e2e.process import ROOT, BotProcess
from tests.simulators.discord import DiscordSimulator, Permission
from tests.unit.service.past import keep

START = """\
name: Friends
team_room: moderators
rooms: [{match: moderators, kind: staff}, {match: "*", kind: community}]
"""
OIL = """\
rules:
  oil:
    when: {phrases: [snake oil], roles: [member]}
    do: [hide]
    examples: [{text: buy snake oil, then: [hide]}]
"""
WRONG_EXAMPLE = OIL.replace("buy snake oil", "buy olive oil")
MISTAKES = "rulez: {}\nlanguage: 5\n"


@dataclass
class Desk:
    """A folder with a policy in it, and the command."""

    bot: BotProcess

    @property
    def policy(self) -> Path:
        return self.bot.folder / "policy.yaml"

    def write(self, text: str, name: str = "policy.yaml") -> str:
        path = self.bot.folder / name
        path.write_text(START + text, encoding="utf-8")
        return str(path)

    async def run(self, *words: str) -> tuple[int, str, str]:
        return await self.bot.command("policy", *words)

    async def restarted(self) -> str:
        """The version in force once the bot has been started again."""
        async with self.bot.store() as store:
            source = PolicyFile(
                self.policy, memory=store.memory, clock=SystemClock(), matcher=shipped_matcher(), team=PolicyAlarm()
            )
            return (await source.start()).hash


@pytest.fixture
async def desk(tmp_path: Path) -> Desk:
    bot = BotProcess(tmp_path, {"CHAPERONE_POLICY": str(tmp_path / "policy.yaml")})
    await upgrade(bot.database)
    return Desk(bot)


async def test_check(desk: Desk) -> None:
    good, bad, untrue = desk.write(OIL), desk.write(MISTAKES, "bad.yaml"), desk.write(WRONG_EXAMPLE, "untrue.yaml")

    status, out, err = await desk.run("check", good)
    assert (status, out, err) == (0, f"{good}: checks, 5 examples tried\n", "")

    status, out, err = await desk.run("check", good, bad, untrue)
    assert (status, err) == (1, "")
    assert "Did you mean rules?" in out
    assert "bad.yaml:5:11: error: language: must be text" in out
    assert "untrue.yaml:8:16: error: rules.oil.examples[0]: this example fails: hide should happen" in out
    assert out.endswith("untrue.yaml: 1 error, 5 examples tried\n")


async def test_check_without_examples_and_with_the_reader(desk: Desk) -> None:
    untrue = desk.write(WRONG_EXAMPLE)

    assert (await desk.run("check", "--no-examples", untrue))[:2] == (0, f"{untrue}: checks\n")
    status, out, _ = await desk.run("check", "--with-reader", untrue)
    assert (status, "rules.oil.examples[0]" in out) == (1, True)


async def test_diff(desk: Desk) -> None:
    before, after = desk.write(OIL), desk.write(OIL.replace("[hide]", "[queue]", 1), "after.yaml")

    status, out, _ = await desk.run("diff", before, after)
    assert (status, out) == (0, '~ rules.oil.do: ["hide"] -> ["queue"]\n')

    status, out, err = await desk.run("diff", before, desk.write(MISTAKES, "bad.yaml"))
    assert (status, out) == (2, "")
    assert "language: must be text" in err


async def test_backtest(desk: Desk) -> None:
    desk.write("")
    tried = desk.write(OIL, "tried.yaml")
    assert "Nothing was decided within 30d" in (await desk.run("backtest", tried))[1]
    async with desk.bot.store() as store:
        await keep(store, 1, CaseState.UPHELD, at=datetime.now(UTC), text="buy snake oil")
        await keep(store, 2, CaseState.OPEN, at=datetime.now(UTC))

    status, out, err = await desk.run("backtest", tried, "--since", "1d")

    assert (status, err) == (0, "")
    assert "Of 2 kept messages, 1 would be newly hidden and 0 newly shown." in out
    assert [line.split() for line in out.splitlines() if line.strip().startswith("oil")] == [
        ["oil", "0", "1", "1", "0", "1", "0", "100%"]
    ]
    assert "leak " not in out.splitlines()[1]
    assert "rules matched nothing, before or after." in out
    assert "Cases newly hidden: c1." in out
    assert "- Messages that no rule matched at the time were not kept." in out
    assert "- 1 of 2 messages nobody has judged" in out

    status, _, err = await desk.run("backtest", tried, "--since", "soon")
    assert (status, "Write a number and a unit" in err) == (2, True)


async def test_versions_and_rollback(desk: Desk) -> None:
    assert "No version is kept yet" in (await desk.run("versions"))[1]
    desk.write(OIL)
    first = await desk.restarted()
    desk.write("")
    second = await desk.restarted()

    status, out, _ = await desk.run("rollback", first)
    assert (status, f"Version {first} is in force." in out) == (0, True)
    assert f"chaperone policy rollback {second}" in out
    assert await desk.restarted() == first
    status, out, err = await desk.run("rollback", "nope")
    assert (status, out, err) == (2, "", "There is no version nope.\n")

    status, out, _ = await desk.run("versions", "--rules")
    assert (status, [line.split()[0] for line in out.splitlines()[1:3]]) == (0, [first, second])
    assert f"In force: {first}, instead of {second}, which the file says." in out


async def test_versions_with_how_they_fared(desk: Desk) -> None:
    desk.write(OIL)
    version = await desk.restarted()
    async with desk.bot.store() as store:
        for number, state in enumerate((CaseState.UPHELD, CaseState.RESTORED, CaseState.OPEN)):
            await keep(store, number, state, at=datetime.now(UTC), policy=version)

    status, out, _ = await desk.run("versions", "--rules")

    counts = {line.split()[0]: line.split()[-5:] for line in out.splitlines()[1:4]}
    assert status == 0
    assert counts == {
        version: ["3", "3", "2", "2", "50%"],
        "leak": ["3", "0", "1", "1", "50%"],
        "trial": ["0", "3", "1", "1", "50%"],
    }


async def test_import_automod(desk: Desk) -> None:
    native = [
        {"name": "Cures", "trigger_type": 1, "trigger_metadata": {"keyword_filter": ["snake oil"]}, "actions": []},
        {"name": "Spam", "trigger_type": 3, "actions": []},
    ]
    file = desk.bot.folder / "automod.json"
    file.write_text(json.dumps(native), encoding="utf-8")

    status, out, err = await desk.run("import", "automod", str(file))
    assert (status, err) == (0, "Left out: Spam: spam\n")
    assert (await desk.run("check", desk.write(out, "imported.yaml")))[0] == 0

    file.write_text("{}", encoding="utf-8")
    assert (await desk.run("import", "automod", str(file)))[::2] == (2, "This is no list of Discord AutoMod rules.\n")


async def test_import_wordlist(desk: Desk) -> None:
    file, made = desk.bot.folder / "words.txt", desk.bot.folder / "made.yaml"
    file.write_text("snake oil\nx\n", encoding="utf-8")

    status, out, err = await desk.run("import", "wordlist", str(file), "-o", str(made))
    assert (status, out) == (0, "")
    assert "Left out: Word list: line 2, 'x', is too short; from 2 letters on it can be used\n1 rule is in" in err
    assert "snake oil" in made.read_text(encoding="utf-8")

    status, _, err = await desk.run("import", "wordlist", str(desk.bot.folder / "nothing.txt"))
    assert (status, "can't be read as text" in err) == (2, True)


async def test_push_discord(desk: Desk) -> None:
    desk.write("people: {staff: [team]}\n" + OIL)
    async with DiscordSimulator() as sim:
        guild = sim.add_guild("Patients", bot_permissions=int(Permission.VIEW_CHANNEL | Permission.MANAGE_GUILD))
        sim.add_channel(guild, "moderators")
        sim.add_role(guild, "team")
        desk.bot.extra |= {"DISCORD_TOKEN": sim.token, "DISCORD_API_BASE_URL": sim.api_url}

        status, out, err = await desk.run("push", "discord", "--show")
        assert (status, err, guild.rules) == (0, "AutoMod of Patients: would be 1 created.\n", {})
        assert json.loads(out)["create"][0]["trigger_metadata"]["keyword_filter"] == ["snake oil"]
        assert (await desk.run("push", "discord"))[::2] == (0, "AutoMod of Patients: 1 created.\n")
        assert len(guild.rules) == 1

        sim.set_bot_permissions(guild, int(Permission.VIEW_CHANNEL))
        status, _, err = await desk.run("push", "discord")
        assert (status, "Manage Server" in err) == (2, True)


async def test_push_discord_hands_over_the_version_in_force(desk: Desk) -> None:
    desk.write("people: {staff: [team]}\n" + OIL)
    first = await desk.restarted()
    desk.write("people: {staff: [team]}\n")
    await desk.restarted()
    await desk.run("rollback", first)
    async with DiscordSimulator() as sim:
        guild = sim.add_guild("Patients", bot_permissions=int(Permission.VIEW_CHANNEL | Permission.MANAGE_GUILD))
        sim.add_channel(guild, "moderators")
        sim.add_role(guild, "team")
        desk.bot.extra |= {"DISCORD_TOKEN": sim.token, "DISCORD_API_BASE_URL": sim.api_url}

        assert "would be 1 created" in (await desk.run("push", "discord", "--show"))[2]
        as_written = await desk.run("push", "discord", "--show", "--policy", str(desk.policy))
        assert "nothing to change" in as_written[2]


async def test_reference(desk: Desk) -> None:
    folder = desk.bot.folder / "reference"

    assert (await desk.run("reference", str(folder)))[0] == 0
    for name in ("policy.md", "policy.schema.json"):
        assert (folder / name).read_text(encoding="utf-8") == (ROOT / "docs" / "reference" / name).read_text(
            encoding="utf-8"
        )
    (desk.bot.folder / "file").touch()
    status, _, err = await desk.run("reference", str(desk.bot.folder / "file"))
    assert (status, "can't be written" in err) == (2, True)


async def test_doctor_shows_what_is_wrong_with_the_policy(desk: Desk) -> None:
    desk.write(OIL)
    version = await desk.restarted()
    desk.write(MISTAKES)

    status, out, _ = await desk.bot.command("doctor")
    assert status == 1
    assert f"has 2 mistakes; version {version} stays in force" in " ".join(out.split())
    assert "Did you mean rules?" in out
    assert "Platforms" in out

    desk.write("")
    await desk.run("rollback", version)
    out = (await desk.bot.command("doctor"))[1]
    assert f"version {version} was put in its place" in " ".join(out.split())
