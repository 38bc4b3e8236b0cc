"""``chaperone run``."""

from __future__ import annotations

import asyncio
from enum import StrEnum
from typing import Annotated

import typer

from bot.bootstrap.connecting import Share
from bot.bootstrap.live import run_bot
from bot.bootstrap.logs import set_up_logs
from bot.bootstrap.serving import must_be_free
from bot.settings import load_settings


class LogLevel(StrEnum):
    """From which weight on a log line is written."""

    DEBUG = "DEBUG"
    INFO = "INFO"
    WARNING = "WARNING"
    ERROR = "ERROR"


def run(
    only: Annotated[Share, typer.Option(help="What this process runs; for a Procfile.")] = Share.ALL,
    log_level: Annotated[
        LogLevel, typer.Option(case_sensitive=False, help="The least that is logged.")
    ] = LogLevel.INFO,
) -> None:
    """Run the bot on every configured platform, with the web console."""
    settings = load_settings()
    set_up_logs(level=log_level)
    if only in (Share.ALL, Share.WEB):
        must_be_free(settings.host, settings.port, "PORT")
    asyncio.run(run_bot(settings, only, log_level=log_level))


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("run")(run)
