"""``chaperone policy``: check, compare, keep and bring back policies."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, TypeVar

import typer
from rich.console import Console
from rich.table import Table

from bot.bootstrap.alarm import PolicyAlarm
from bot.bootstrap.keeping import open_store
from bot.bootstrap.logs import set_up_logs
from bot.bootstrap.matching import shipped_matcher
from bot.bootstrap.reading import shipped_reader
from bot.cli.lines import progress_bar
from bot.cli.policy_backtest import backtest
from bot.cli.policy_exchange import exports, imports
from bot.cli.policy_files import SINCE, Since, duration, usable
from bot.clock import SystemClock
from bot.domain.errors import ChaperoneError
from bot.policy_file.backtest import judgement
from bot.policy_file.diff import diff as differences
from bot.policy_file.examples import with_examples
from bot.policy_file.load import Checked, check_policy
from bot.policy_file.problems import Severity
from bot.policy_file.reference import write_reference
from bot.policy_file.source import PolicyFile
from bot.service.store import Store
from bot.service.track_record import Record, decided, records
from bot.settings import Settings, load_settings

policy = typer.Typer(help="Policies: check, diff, backtest, versions, rollback, import, push.", no_args_is_help=True)
_out = Console(highlight=False)
T = TypeVar("T")
_LEGEND = "Live: acted. On trial: only noted. Right and wrong: as people judged the cases."

_Policy = Annotated[Path, typer.Argument(help="A policy file.")]


@policy.command()
def check(
    files: Annotated[list[Path], typer.Argument(help="Policy files.", show_default=False)],
    examples: Annotated[bool, typer.Option(help="Run the policies' examples too.")] = True,
    with_reader: Annotated[
        bool, typer.Option("--with-reader", help="Let the model read the examples, instead of believing their labels.")
    ] = False,
) -> None:
    """Say everything that is wrong with policy files, all at once, and whether their examples come true."""
    matcher = shipped_matcher()
    reader = shipped_reader() if with_reader else None
    bad = 0
    with progress_bar() as progress:
        for file in progress.track(files, description="checking"):
            found, tried = with_examples(check_policy(file), matcher, reader) if examples else (check_policy(file), 0)
            bad += bool(found.errors)
            _report(file, found, tried)
    raise typer.Exit(1 if bad else 0)


def _report(file: Path, checked: Checked, tried: int) -> None:
    if checked.problems:
        _out.print(checked.rendered(), markup=False, soft_wrap=True)
    errors = len(checked.errors)
    warnings = sum(problem.severity is Severity.WARNING for problem in checked.problems)
    verdict = f"{_many(errors, 'error')}" if errors else "checks"
    more = [_many(warnings, "warning")] if warnings else []
    more += [f"{_many(tried, 'example')} tried"] if tried else []
    _out.print(
        f"{file}: {', '.join([verdict, *more])}", style="red" if errors else "green", markup=False, soft_wrap=True
    )


def _many(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


@policy.command()
def diff(before: _Policy, after: _Policy) -> None:
    """Say what differs between two policies, with all that they extend, key by key."""
    changes = differences(usable(before), usable(after))
    for change in changes:
        _out.print(str(change), markup=False, soft_wrap=True)
    if not changes:
        _out.print("Both say the same.")


@policy.command()
def versions(
    since: Since = SINCE,
    rules: Annotated[bool, typer.Option("--rules", help="Each rule on a line of its own.")] = False,
) -> None:
    """List the versions that were in force, newest first, and how they fared."""

    async def work(settings: Settings, store: Store) -> None:
        kept = await store.memory.policies()
        found = await decided(store, SystemClock().now() - duration(since))
        if not kept:
            _out.print("No version is kept yet: the bot has not run with this database.")
            return
        table = _version_table()
        for version in kept:
            own = records(pair for pair in found if pair[0].policy == version.hash)
            table.add_row(version.hash, f"{version.since:%Y-%m-%d %H:%M}", *_counts(_together(own)))
            for record in own if rules else ():
                table.add_row(f"  {record.rule}", "", *_counts(record))
        _out.print(table)
        instead = f", instead of {kept[0].instead_of}, which the file says" if kept[0].instead_of else ""
        _out.print(f"In force: {kept[0].hash}{instead}.", soft_wrap=True)
        _out.print(f"Counted over {since}. {_LEGEND}", soft_wrap=True)

    _with_store(work)


def _version_table() -> Table:
    table = Table(box=None, header_style="bold")
    for name in ("Version", "Since (UTC)"):
        table.add_column(name)
    for name in ("Live", "On trial", "Right", "Wrong", "Precision"):
        table.add_column(name, justify="right")
    return table


def _together(own: tuple[Record, ...]) -> Record:
    return Record(
        rule="",
        live=sum(record.live for record in own),
        shadow=sum(record.shadow for record in own),
        right=sum(record.right for record in own),
        wrong=sum(record.wrong for record in own),
    )


def _counts(record: Record) -> tuple[str, ...]:
    return (str(record.live), str(record.shadow), *judgement(record))


@policy.command()
def rollback(version: Annotated[str, typer.Argument(help="The version, as 'policy versions' prints it.")]) -> None:
    """Put a kept version back in force, until the policy file says something else than it says now."""

    async def work(settings: Settings, store: Store) -> None:
        source = PolicyFile(
            settings.chaperone_policy,
            memory=store.memory,
            clock=SystemClock(),
            matcher=shipped_matcher(),
            team=PolicyAlarm(),
        )
        await source.rollback(version)
        newest = await store.memory.newest_policy()
        _out.print(f"Version {version} is in force. A running bot follows within two seconds.")
        if newest is not None and newest.instead_of:
            _out.print(
                f"It stays until {settings.chaperone_policy} changes, or until you go back: "
                f"chaperone policy rollback {newest.instead_of}",
                soft_wrap=True,
            )

    _with_store(work)


@policy.command()
def reference(
    folder: Annotated[Path, typer.Argument(help="Where policy.md and policy.schema.json go.")] = Path("docs/reference"),
) -> None:
    """Write the language's reference page and its JSON Schema for editors."""
    try:
        write_reference(folder)
    except OSError:
        raise ChaperoneError(f"{folder} can't be written.") from None
    _out.print(f"Written: {folder / 'policy.md'} and {folder / 'policy.schema.json'}", soft_wrap=True)


def _with_store(work: Callable[[Settings, Store], Awaitable[T]]) -> T:
    settings = load_settings()
    set_up_logs(level="WARNING")

    async def run() -> T:
        store = await open_store(settings)
        try:
            return await work(settings, store)
        finally:
            await store.close()

    return asyncio.run(run())


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    policy.command("backtest")(backtest)
    policy.add_typer(imports, name="import")
    policy.add_typer(exports, name="push")
    app.add_typer(policy, name="policy")
