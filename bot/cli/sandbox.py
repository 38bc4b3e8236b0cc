"""``chaperone try``."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bot.bootstrap.logs import set_up_logs
from bot.bootstrap.sandbox import LOOPBACK, SANDBOX_FOLDER, SANDBOX_POLICY, run_sandbox
from bot.bootstrap.serving import must_be_free

_screen = Console(stderr=True)


def try_(
    port: Annotated[int, typer.Option(min=1, max=65535, help="The port to listen on.")] = 8000,
    policy: Annotated[Path, typer.Option(help="The policy to try.", exists=True, dir_okay=False)] = SANDBOX_POLICY,
    folder: Annotated[Path, typer.Option(help="Where the sandbox keeps its database and key.")] = SANDBOX_FOLDER,
) -> None:
    """Open the sandbox in a browser: no token, no network, nothing leaves this computer."""
    set_up_logs(level="WARNING")
    must_be_free(LOOPBACK, port, "--port")

    def say_where() -> None:
        _screen.print(f"Chaperone's sandbox: [bold]http://127.0.0.1:{port}[/bold]  (Ctrl-C ends it)")

    asyncio.run(run_sandbox(port, policy, folder, say_where))


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("try")(try_)
