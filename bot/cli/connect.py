"""``chaperone doctor`` and ``chaperone manifest``."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from enum import StrEnum
from textwrap import indent
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from bot.adapters.discord import rights
from bot.adapters.slack.manifest import manifest as slack_manifest
from bot.bootstrap.checkup import examine
from bot.bootstrap.logs import set_up_logs
from bot.domain.errors import SettingsError
from bot.service.ports import Check
from bot.settings import load_settings

_out = Console(highlight=False)


class Platforms(StrEnum):
    """What a manifest can be made for."""

    SLACK = "slack"
    DISCORD = "discord"


def doctor() -> None:
    """Connect with the configured tokens and say what works, what is missing, and how to grant it."""
    settings = load_settings()
    set_up_logs(level="ERROR")  # what is wrong is printed as a check
    checks = asyncio.run(examine(settings))
    print_checks(checks)
    raise typer.Exit(0 if all(check.ok for check in checks) else 1)


def manifest(
    platform: Annotated[Platforms, typer.Argument(help="slack or discord.")],
    application_id: Annotated[
        int | None, typer.Option(min=1, help="Discord: the application's id, from the developer portal.")
    ] = None,
    public_url: Annotated[str | None, typer.Option(help="Slack over HTTP: the web process's https address.")] = None,
) -> None:
    """Print Slack's app manifest, or Discord's invite link with exactly the permissions and intents that the bot uses."""
    if platform is Platforms.SLACK:
        if public_url is not None and not public_url.startswith("https://"):
            raise SettingsError(
                "--public-url is wrong: Slack calls https addresses only. It looks like https://chaperone.example.org."
            )
        print(json.dumps(slack_manifest(public_url), indent=2))
    elif application_id is None:
        raise SettingsError(
            "Discord's invite link needs --application-id: developer portal, your application, General Information."
        )
    else:
        print(json.dumps(rights.manifest(application_id), indent=2))


def print_checks(checks: Sequence[Check]) -> None:
    """One line a check, with the remedy under what is missing."""
    for check in checks:
        mark = "[green]✓[/green]" if check.ok else "[red]✗[/red]"
        _out.print(f"{mark} [bold]{escape(check.subject)}[/bold]  {escape(check.finding)}", soft_wrap=True)
        if not check.ok and check.remedy:
            _out.print(indent(check.remedy, "    "), markup=False, soft_wrap=True)


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("doctor")(doctor)
    app.command("manifest")(manifest)
