"""The ``chaperone`` command."""

from __future__ import annotations

import sys

import typer
from rich.console import Console

from bot.cli.cases import cases
from bot.cli.connect import doctor, manifest
from bot.cli.reading import decide_, read
from bot.cli.run import run, try_
from bot.cli.upkeep import db, keys
from bot.domain.errors import ChaperoneError

app = typer.Typer(
    name="chaperone",
    help="A kind moderation bot for patient communities and medical practices. Start with: chaperone try",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command("run")(run)
app.command("try")(try_)
app.command("doctor")(doctor)
app.command("manifest")(manifest)
app.command("read")(read)
app.command("decide")(decide_)
app.add_typer(cases, name="cases")
app.add_typer(keys, name="keys")
app.add_typer(db, name="db")


def main() -> None:
    """Run a command. What a person can mend ends in one clear line and exit status 2, never in a traceback."""
    try:
        app()
    except ChaperoneError as error:
        Console(stderr=True).print(str(error), style="red", markup=False, highlight=False)
        sys.exit(2)
