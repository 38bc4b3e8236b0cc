"""``chaperone doctor`` as people run it: what it prints, its exit status, and that it leaves everything as it was."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.e2e.on_discord import discord_scene
from tests.e2e.on_slack import SlackScene, slack_scene
from tests.e2e.process import POLICY, BotProcess, free_port
from tests.simulators.publisher import publishing, slot


@pytest.fixture
async def slack(tmp_path: Path) -> AsyncIterator[SlackScene]:
    async with slack_scene(tmp_path) as scene:
        yield scene


async def doctor(bot: BotProcess) -> tuple[int, list[str]]:
    """Exit status and lines."""
    status, out, err = await bot.command("doctor")
    assert err == ""
    return status, out.splitlines()


async def test_all_is_well(slack: SlackScene) -> None:
    before = slack.bot.written
    status, lines = await doctor(slack.bot)

    assert [line for line in lines if not line.startswith("✓")] == []
    assert status == 0
    assert slack.bot.written == before
    assert {"✓ Slack hiding  with an admin's token", "✓ Slack team room  #moderators"} <= set(lines)


async def test_a_fresh_machine_stays_fresh(tmp_path: Path) -> None:
    status, lines = await doctor(BotProcess(tmp_path, {}))

    assert status == 1
    assert BotProcess(tmp_path, {}).written == b""
    assert lines[lines.index("✗ Database  not migrated") + 1].startswith("    Run 'chaperone db upgrade'")


async def test_a_token_that_is_refused_does_not_hide_the_other_platform(
    slack: SlackScene, tmp_path_factory: pytest.TempPathFactory
) -> None:
    async with discord_scene(tmp_path_factory.mktemp("discord")) as discord:
        refused = {"SLACK_BOT_TOKEN": "xoxb-wrong"}
        both = BotProcess(slack.bot.folder, slack.bot.extra | discord.bot.extra | refused, key=slack.bot.key)
        status, lines = await doctor(both)
        assert status == 1
        assert any("SLACK_BOT_TOKEN is wrong" in line for line in lines)
        assert "✓ Message Content intent  switched on" in lines

        both.extra |= {"SLACK_BOT_TOKEN": slack.bot.extra["SLACK_BOT_TOKEN"], "DISCORD_TOKEN": "wrong"}
        status, lines = await doctor(both)
        assert status == 1
        assert any("Discord refuses DISCORD_TOKEN" in line for line in lines)
        assert "✓ Slack scopes  all that are needed" in lines


async def test_every_publisher_is_asked_once_and_shown(tmp_path: Path) -> None:
    async with publishing() as publisher:
        publisher.published = datetime.now(UTC).isoformat()
        publisher.publish([slot(f"2999-01-0{day}T09:00:00Z") for day in (1, 2, 3)])
        publisher.files |= {"/full": publisher.files["/$bulk-publish"].replace("/slots.", "/none."), "/none.ndjson": ""}
        publisher.files["/page"] = "<html>Book online</html>"
        paths = {"good": "$bulk-publish", "full": "full", "page": "page", "gone": "gone"}
        addresses = {name: f"{publisher.address}/{path}" for name, path in paths.items()}
        addresses["silent"] = f"http://127.0.0.1:{free_port()}/$bulk-publish"
        policy = tmp_path / "policy.yaml"
        policy.write_text(POLICY.read_text(encoding="utf-8") + "".join(map(desk, addresses, addresses.values())))
        bot = BotProcess(tmp_path, {"CHAPERONE_POLICY": str(policy)})
        before = bot.written
        status, lines = await doctor(bot)

    assert status == 1
    assert bot.written == before
    assert [line for line in lines if "Free times" in line] == [
        "✓ Free times of desk good  3 free times, fresh",
        "✓ Free times of desk full  answers, but has no free time",
        "✗ Free times of desk page  what it sends is no manifest (JSONDecodeError)",
        "✗ Free times of desk gone  its manifest answers HTTP 404",
        "✗ Free times of desk silent  its manifest gives no answer (ClientConnectorError)",
    ]
    assert sum(line.startswith("    Look at slots: of ") for line in lines) == 3
    assert [publisher.asked[f"/{path}"] for path in paths.values()] == [1, 1, 1, 1]


def desk(name: str, slots: str) -> str:
    """A desk as it stands under ``contacts``, with its publisher."""
    link = "https://book.example.org/"
    return f'  {name}: {{name: desk {name}, link: "{link}", time_zone: UTC, slots: "{slots}"}}\n'
