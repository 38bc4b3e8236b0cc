"""``chaperone run`` and ``chaperone try``: what keeps them from starting, and the processes of the Procfile side by side."""

from __future__ import annotations

import shlex
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.domain.words import ButtonKind
from tests.e2e.messages import leak
from tests.e2e.on_slack import SlackScene, slack_scene
from tests.e2e.process import ROOT, BotProcess


@pytest.fixture
def taken() -> Iterator[str]:
    """A port that somebody else listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield str(server.getsockname()[1])


def over_http(scene: SlackScene) -> None:
    """From now on Slack sends events to the web process."""
    scene.bot.extra.pop("SLACK_APP_TOKEN")
    scene.bot.extra["SLACK_SIGNING_SECRET"] = scene.sim.world.app.signing_secret


def opened(folder: Path) -> list[str]:
    """The files that the bot made; its libraries' caches are hidden."""
    return [path.name for path in folder.iterdir() if not path.name.startswith(".")]


def clear_line(status: int, out: str, err: str) -> str:
    """The one line that was said, with exit status 2."""
    assert (status, out) == (2, "")
    [line] = err.splitlines()
    return line


async def test_a_port_in_use_is_named_before_anything_is_opened(tmp_path: Path, taken: str) -> None:
    bot = BotProcess(tmp_path, {"PORT": taken})

    line = clear_line(*await bot.command("run"))

    assert (
        line == f"Port {taken} of 127.0.0.1 can't be used: another program listens there. Choose another one with PORT."
    )
    assert opened(tmp_path) == []


@pytest.mark.parametrize(
    ("extra", "arguments", "named"),
    [
        ({"CHAPERONE_ADMINS": "rita"}, ["--only", "web"], "CHAPERONE_ADMINS is wrong"),
        ({}, [], "No platform is configured."),
        ({}, ["--only", "discord"], "DISCORD_TOKEN is missing"),
        ({"SLACK_BOT_TOKEN": "xoxb-1"}, ["--only", "worker"], "SLACK_APP_TOKEN is missing"),
    ],
)
async def test_a_wrong_setting_is_named_before_anything_is_opened(
    tmp_path: Path, extra: dict[str, str], arguments: list[str], named: str
) -> None:
    bot = BotProcess(tmp_path, {"DATABASE_URL": f"sqlite:///{tmp_path}/not-migrated.db", **extra})

    line = clear_line(*await bot.command("run", *arguments))

    assert line.startswith(named)


async def test_the_sandbox_says_how_to_choose_another_port(tmp_path: Path, taken: str) -> None:
    bot = BotProcess(tmp_path, {})

    line = clear_line(*await bot.command("try", "--port", taken, "--folder", str(tmp_path / "sandbox")))

    assert f"Port {taken} " in line
    assert line.endswith("Choose another one with --port.")
    assert opened(tmp_path) == []


async def test_a_folder_that_can_not_be_used_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    line = clear_line(*await BotProcess(tmp_path, {}).command("try", "--folder", str(tmp_path / "file" / "sandbox")))

    assert line.endswith("can't be used: Not a directory. Choose another folder with --folder.")


@pytest.mark.parametrize("left", [b"", b"cut off", b"\xff\xfe"])
async def test_a_sandbox_whose_key_is_damaged_says_which_file_and_what_to_do(tmp_path: Path, left: bytes) -> None:
    (tmp_path / "key").write_bytes(left)

    line = clear_line(*await BotProcess(tmp_path, {}).command("try", "--folder", str(tmp_path)))

    assert line.startswith(f"{tmp_path / 'key'} is damaged")
    assert "CHAPERONE_KEYS" not in line
    assert (tmp_path / "key").read_bytes() == left


@pytest.mark.parametrize("host", ["192.0.2.1", "no.such.host.invalid"])
async def test_a_host_that_is_not_this_machine_is_named(tmp_path: Path, host: str) -> None:
    bot = BotProcess(tmp_path, {"HOST": host})

    assert clear_line(*await bot.command("run", "--only", "web")).startswith(f"HOST is wrong: {host} ")


async def test_a_log_level_that_there_is_not_is_named(tmp_path: Path) -> None:
    status, _, err = await BotProcess(tmp_path, {}).command("run", "--log-level", "loud")

    assert (status, "'loud' is not one of" in err, "Traceback" in err) == (2, True, False)


async def test_slack_over_http_alone_would_hear_nothing(tmp_path: Path) -> None:
    async with slack_scene(tmp_path) as scene:
        over_http(scene)
        status, out, err = await scene.bot.command("run", "--only", "slack")

    assert "--only web" in clear_line(status, out, err)


async def test_the_processes_of_the_procfile_share_slack_over_http(tmp_path: Path) -> None:
    async with slack_scene(tmp_path) as scene:
        over_http(scene)
        transport = scene.sim.use_http(f"http://127.0.0.1:{scene.bot.port}/slack/events")
        web, worker = scene.bot, BotProcess(tmp_path, scene.bot.extra, key=scene.bot.key)
        await web.start(*procfile()["web"])
        await worker.start(*procfile()["worker"])
        try:
            await scene.until(lambda: web.times_caught_up and "slack_over_http" in web.log)
            assert await transport.verify_url("challenge")
            message = scene.say(scene.person(), leak())
            await scene.assert_done_once(message)
            case = await scene.case(message)
            assert leak() in await scene.press(scene.mo, ButtonKind.OPEN, case.id)
        finally:
            ended = [await process.stop() for process in (web, worker)]
        assert ended == [0, 0]


def procfile() -> dict[str, list[str]]:
    """What follows ``chaperone run`` for each process."""
    lines = (ROOT / "Procfile").read_text(encoding="utf-8").splitlines()
    commands = {name: shlex.split(command) for name, _, command in (line.partition(":") for line in lines)}
    return {name: words[2:] for name, words in commands.items() if words[:2] == ["chaperone", "run"]}
