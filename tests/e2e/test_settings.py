"""What a missing or wrong setting looks like: one clear line that names it, no traceback, and not exit status 0."""

from __future__ import annotations

import shutil
import socket
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import pytest_asyncio

from tests.e2e.base import Scene
from tests.e2e.on_discord import DiscordScene, discord_scene
from tests.e2e.on_slack import SlackScene, slack_scene
from tests.e2e.process import BotProcess

pytestmark = pytest.mark.asyncio(loop_scope="module")

#: Longer than this, a line is not read.
LONGEST = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Worlds:
    """Both platforms, none with a running bot."""

    slack: SlackScene
    discord: DiscordScene


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrong:
    """A start that can't succeed: with ``settings`` in place of good ones (an empty one is missing). ``says`` is in the line.

    ``{folder}`` stands for the test's own folder.
    """

    says: str
    settings: Mapping[str, str] = field(default_factory=dict)
    slack: bool = False
    words: tuple[str, ...] = ()
    before: Callable[[Worlds], None] = lambda worlds: None


def refuse_socket_mode(worlds: Worlds) -> None:
    worlds.slack.sim.world.settings.socket_mode_enabled = False


def refuse_message_content(worlds: Worlds) -> None:
    worlds.discord.sim.application.message_content = False


WRONG: Mapping[str, Wrong] = {
    "no platform": Wrong(says="DISCORD_TOKEN", settings={"DISCORD_TOKEN": ""}),
    "discord not configured": Wrong(says="DISCORD_TOKEN", settings={"DISCORD_TOKEN": ""}, words=("--only", "discord")),
    "discord token refused": Wrong(says="DISCORD_TOKEN", settings={"DISCORD_TOKEN": "wrong"}),
    "message content not granted": Wrong(says="Message Content", before=refuse_message_content),
    "slack bot token refused": Wrong(slack=True, says="SLACK_BOT_TOKEN", settings={"SLACK_BOT_TOKEN": "xoxb-wrong"}),
    "slack app token missing": Wrong(slack=True, says="SLACK_APP_TOKEN", settings={"SLACK_APP_TOKEN": ""}),
    "slack app token refused": Wrong(slack=True, says="SLACK_APP_TOKEN", settings={"SLACK_APP_TOKEN": "xapp-wrong"}),
    "slack switched socket mode off": Wrong(slack=True, says="Socket Mode", before=refuse_socket_mode),
    "no key": Wrong(says="CHAPERONE_KEYS", settings={"CHAPERONE_KEYS": ""}),
    "bad key": Wrong(says="CHAPERONE_KEYS", settings={"CHAPERONE_KEYS": "hunter2"}),
    "database not migrated": Wrong(says="db upgrade", settings={"DATABASE_URL": "sqlite:///{folder}/new.db"}),
    "no such kind of database": Wrong(says="DATABASE_URL", settings={"DATABASE_URL": "mongodb://host/name"}),
    "database away": Wrong(says="DATABASE_URL", settings={"DATABASE_URL": "postgresql://ana:ana@127.0.0.1:1/none"}),
    "no folder for the database": Wrong(says="DATABASE_URL", settings={"DATABASE_URL": "sqlite:///{folder}/no/new.db"}),
    "no policy file": Wrong(says="CHAPERONE_POLICY", settings={"CHAPERONE_POLICY": "no-such.yaml"}),
    "port is no number": Wrong(says="PORT", settings={"PORT": "http"}),
    "bad admins": Wrong(says="CHAPERONE_ADMINS", settings={"CHAPERONE_ADMINS": "rita"}),
    "bad webhook": Wrong(says="CHAPERONE_WEBHOOKS", settings={"CHAPERONE_WEBHOOKS": "night"}),
    "bad address": Wrong(says="CHAPERONE_URL", settings={"CHAPERONE_URL": "chaperone.example.org"}),
    "bad budget": Wrong(says="CHAPERONE_READ_BUDGET", settings={"CHAPERONE_READ_BUDGET": "-1"}),
}


def bot_in(folder: Path, scene: Scene, extra: Mapping[str, str]) -> BotProcess:
    """A bot for the scene with an empty database of its own, which remembers no earlier policy."""
    shutil.copy(scene.bot.folder / "bot.db", folder / "bot.db")
    return BotProcess(folder, {**scene.bot.extra, **extra}, key=scene.bot.key)


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def worlds(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Worlds]:
    folder = tmp_path_factory.mktemp
    async with slack_scene(folder("slack")) as slack, discord_scene(folder("discord")) as discord:
        yield Worlds(slack=slack, discord=discord)


def assert_one_clear_line(status: int, out: str, err: str, says: str) -> None:
    """Logs are JSON; what a person reads is the one other line."""
    lines = [line for line in (out + err).splitlines() if line.strip() and not line.startswith("{")]
    assert "Traceback" not in out + err
    assert status not in (0, -9), out + err
    assert lines, "nothing was said"
    assert says.lower() in " ".join(lines).lower()
    assert len(" ".join(lines)) <= LONGEST


@pytest.mark.parametrize("wrong", WRONG.values(), ids=[name.replace(" ", "-") for name in WRONG])
async def test_wrong_setting_is_named_in_one_clear_line(worlds: Worlds, wrong: Wrong, tmp_path: Path) -> None:
    scene = worlds.slack if wrong.slack else worlds.discord
    settings = {name: value.format(folder=tmp_path) for name, value in wrong.settings.items()}
    bot = bot_in(tmp_path, scene, settings)
    wrong.before(worlds)

    status, out, err = await bot.command("run", *wrong.words)

    assert_one_clear_line(status, out, err, wrong.says)


async def test_port_in_use_is_named(worlds: Worlds, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        bot = bot_in(tmp_path, worlds.discord, {"PORT": port})

        status, out, err = await bot.command("run", "--only", "web")

    assert_one_clear_line(status, out, err, port)


async def test_policy_with_a_mistake_says_where(worlds: Worlds, tmp_path: Path) -> None:
    policy = tmp_path / "policy.yaml"
    policy.write_text("name: River Practice\nlangauge: en\n", encoding="utf-8")
    bot = bot_in(tmp_path, worlds.discord, {"CHAPERONE_POLICY": str(policy)})

    status, out, err = await bot.command("run", "--only", "web")

    assert "Traceback" not in out + err
    assert (status != 0, "langauge" in err) == (True, True)
