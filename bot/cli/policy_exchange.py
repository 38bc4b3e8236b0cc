"""``chaperone policy import`` and ``chaperone policy push``: rules from other bots, and rules into Discord's native AutoMod."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bot.bootstrap.automod import Pushed, push_automod
from bot.bootstrap.keeping import open_store
from bot.cli.policy_files import text_of, write_text
from bot.domain.errors import PolicyError
from bot.policy_file.archive import in_force
from bot.policy_file.automod_import import import_automod
from bot.policy_file.load import load_policy
from bot.policy_file.rulewriter import Imported
from bot.policy_file.wordlist_import import import_wordlist
from bot.settings import Settings, load_settings

imports = typer.Typer(help="Bring over rules of other bots, all on trial.", no_args_is_help=True)
exports = typer.Typer(help="Hand over what is certain to a platform.", no_args_is_help=True)
_out = Console(highlight=False)
_err = Console(stderr=True, highlight=False)

_File = Annotated[Path, typer.Argument(help="The file to bring over.")]
_Into = Annotated[Path | None, typer.Option("-o", "--output", help="Write here instead of to the screen.")]


@imports.command()
def automod(file: _File, output: _Into = None) -> None:
    """Turn Discord's native AutoMod rules (the JSON of GET /guilds/ID/auto-moderation/rules) into rules of a policy."""
    _write(import_automod(text_of(file)), output)


@imports.command()
def wordlist(file: _File, output: _Into = None) -> None:
    """Turn a word list of Red-DiscordBot or Zeppelin, or a plain one with a phrase a line, into rules of a policy."""
    _write(import_wordlist(text_of(file)), output)


def _write(imported: Imported, output: Path | None) -> None:
    _say_left_out(imported.left_out)
    if not imported.rules:
        raise PolicyError("There is nothing in it that could become a rule.")
    if output is None:
        print(imported.text, end="")
        return
    write_text(output, imported.text)
    many = "1 rule is" if len(imported.rules) == 1 else f"{len(imported.rules)} rules are"
    _err.print(f"{many} in {output}, on trial (shadow). Copy it into your policy.", markup=False, soft_wrap=True)


def _say_left_out(left_out: Sequence[str]) -> None:
    for line in left_out:
        _err.print(f"Left out: {line}", style="yellow", markup=False, soft_wrap=True)


@exports.command()
def discord(
    show: Annotated[bool, typer.Option("--show", help="Only print what would be sent.")] = False,
    server: Annotated[str | None, typer.Option(help="The server's id or name, where the bot is in several.")] = None,
    policy: Annotated[
        Path | None, typer.Option(help="The policy to hand over; by default the version in force.")
    ] = None,
) -> None:
    """Put phrases and patterns of hiding rules into Discord's AutoMod, which blocks before anybody reads.

    Rules that others made there stay as they are.
    """
    settings = load_settings()
    pushed = asyncio.run(_push(settings, policy, server, show=show))
    if show:
        print(json.dumps(pushed.plan(), indent=2, ensure_ascii=False))
    _say_left_out(pushed.push.left_out)
    _err.print(_sum(pushed, show=show), markup=False)


async def _push(settings: Settings, policy: Path | None, server: str | None, *, show: bool) -> Pushed:
    if policy is not None:
        return await push_automod(settings, load_policy(policy), server, show=show)
    store = await open_store(settings)
    try:
        live = await in_force(
            store.memory, settings.chaperone_policy
        )  # after a rollback that is not what the file says
        return await push_automod(settings, live, server, show=show)
    finally:
        await store.close()


def _sum(pushed: Pushed, *, show: bool) -> str:
    push = pushed.push
    counts = (("created", len(push.create)), ("replaced", len(push.replace)), ("deleted", len(push.delete)))
    done = ", ".join(f"{number} {what}" for what, number in counts if number) or "nothing to change"
    return f"AutoMod of {pushed.server}: {'would be ' if show else ''}{done}."
