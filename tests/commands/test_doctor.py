"""``chaperone doctor`` as people run it: what it prints, its exit status, and that it leaves everything as it was."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.e2e.on_discord import discord_scene
from tests.e2e.on_slack import SlackScene, slack_scene
from tests.e2e.process import BotProcess


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
