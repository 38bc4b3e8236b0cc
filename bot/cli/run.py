"""``chaperone run`` and ``chaperone try``."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bot.bootstrap.connecting import Share
from bot.bootstrap.opening import SANDBOX_FOLDER, SANDBOX_POLICY
from bot.bootstrap.whole import LOOPBACK, must_be_free, run_bot, run_sandbox
from bot.cli.logs import set_up_logs
from bot.settings import load_settings

_screen = Console(stderr=True)


def run(
    only: Annotated[Share, typer.Option(help="What this process runs; for a Procfile.")] = Share.ALL,
    log_level: Annotated[str, typer.Option(help="DEBUG, INFO, WARNING or ERROR.")] = "INFO",
) -> None:
    """Run the bot on every configured platform, with the web console."""
    settings = load_settings()
    set_up_logs(level=log_level.upper())
    if only in (Share.ALL, Share.WEB):
        must_be_free(settings.host, settings.port, "PORT")
    asyncio.run(run_bot(settings, only))


def try_(
    port: Annotated[int, typer.Option(min=1, max=65535, help="The port to listen on.")] = 8000,
    policy: Annotated[Path, typer.Option(help="The policy to try.", exists=True, dir_okay=False)] = SANDBOX_POLICY,
    folder: Annotated[Path, typer.Option(help="Where the sandbox keeps its database and key.")] = SANDBOX_FOLDER,
) -> None:
    """Open the sandbox in a browser: no token, no network, nothing leaves this computer."""
    set_up_logs(level="WARNING")
    must_be_free(LOOPBACK, port, "--port")
    _screen.print(f"Chaperone's sandbox: [bold]http://127.0.0.1:{port}[/bold]  (Ctrl-C ends it)")
    asyncio.run(run_sandbox(port, policy, folder))


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("run")(run)
    app.command("try")(try_)
