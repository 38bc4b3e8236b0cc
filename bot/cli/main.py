"""The ``chaperone`` command."""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.metadata import version
from typing import Annotated

import typer
from rich.console import Console

from bot.domain.errors import ChaperoneError

#: Where each command lives. Only the module of the command that is called is imported: starting is what people wait for.
MODULES = {
    "run": "bot.cli.run",
    "try": "bot.cli.sandbox",
    "doctor": "bot.cli.connect",
    "manifest": "bot.cli.connect",
    "read": "bot.cli.reading",
    "decide": "bot.cli.reading",
    "cases": "bot.cli.cases",
    "person": "bot.cli.person",
    "policy": "bot.cli.policy",
    "keys": "bot.cli.upkeep",
    "db": "bot.cli.upkeep",
}


def application(command: str | None) -> typer.Typer:
    """The application with the module of ``command``; with all of them where there is no such command, to help."""
    app = typer.Typer(
        name="chaperone",
        help="A kind moderation bot for patient communities and medical practices. Start with: chaperone try",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
    )
    app.callback()(_whole)  # without one typer would take a single command for the whole application
    asked = [] if command == "--version" else dict.fromkeys(MODULES.values())
    for module in [MODULES[command]] if command in MODULES else asked:
        import_module(module).register(app)
    return app


def _say_version(asked: bool) -> None:
    if asked:
        typer.echo(f"chaperone {version('chaperone')}")
        raise typer.Exit


def _whole(
    which: Annotated[
        bool, typer.Option("--version", is_eager=True, help="Say which version this is.", callback=_say_version)
    ] = False,
) -> None:
    """What every command is given."""


def main() -> None:
    """Run a command. What a person can mend ends in one clear line and exit status 2, never in a traceback."""
    try:
        application(sys.argv[1] if len(sys.argv) > 1 else None)()
    except ChaperoneError as error:
        Console(stderr=True).print(str(error), style="red", markup=False, highlight=False, soft_wrap=True)
        sys.exit(2)
