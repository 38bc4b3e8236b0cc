"""``chaperone policy backtest``: what a policy would have done to what was kept."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from bot.bootstrap.keeping import open_store
from bot.bootstrap.logs import set_up_logs
from bot.bootstrap.matching import shipped_matcher
from bot.bootstrap.reading import shipped_reader
from bot.cli.lines import progress_bar
from bot.cli.policy_files import SINCE, Since, duration
from bot.clock import SystemClock
from bot.domain.policy import Policy
from bot.policy_file.archive import Archive, asks_for_the_unknown, gather, in_force
from bot.policy_file.backtest import Backtest, table
from bot.policy_file.backtest import backtest as compare
from bot.policy_file.load import load_policy
from bot.service.understand import Understanding
from bot.settings import Settings, load_settings

_out = Console(highlight=False)
#: So many cases are named of each kind of change.
MOST_NAMED = 20
#: Spaces between the columns of a table.
_GAP = 2


def backtest(
    file: Annotated[Path, typer.Argument(help="The policy to try.")],
    since: Since = SINCE,
) -> None:
    """Say what a policy would have done to what was kept, against the one in force, with people's verdicts as the truth."""
    tried = load_policy(file)
    set_up_logs(level="WARNING")
    after = SystemClock().now() - duration(since)
    live, archive = asyncio.run(_gathered(load_settings(), tried, after))
    if not archive.past:
        _out.print(f"Nothing was decided within {since}, so there is nothing to try {file} on.", soft_wrap=True)
        return
    result = compare(live, tried, archive.past, shipped_matcher())
    _out.print(f"{file} ({tried.hash}) against {live.hash}, which is in force:", soft_wrap=True)
    _print_rows(result)
    for line in [*_changes(result, archive), "", "What can't be known:", *_unknown(result, archive, (live, tried))]:
        _out.print(line, markup=False, soft_wrap=True)


async def _gathered(settings: Settings, tried: Policy, since: datetime) -> tuple[Policy, Archive]:
    store = await open_store(settings)
    understanding = Understanding(shipped_reader(), budget=settings.chaperone_read_budget)
    try:
        live = await in_force(store.memory, settings.chaperone_policy)
        with progress_bar() as progress:
            task = progress.add_task("reading", total=None)
            archive = await gather(
                store, since, tried, understanding, lambda n, all_: progress.update(task, completed=n, total=all_)
            )
    finally:
        await store.close()
    return live, archive


def _print_rows(result: Backtest) -> None:
    """The rules that matched anything, before or after."""
    matched = tuple(row for row in result.rows if row.matched_before or row.matched_after)
    if matched:
        _print_table(table(replace(result, rows=matched)))
    idle = len(result.rows) - len(matched)
    if idle:
        _out.print(f"{idle} of {len(result.rows)} rules matched nothing, before or after.")


def _print_table(rows: Sequence[Sequence[str]]) -> None:
    """Wider than the screen where it must be, so that no rule's name is cut."""
    head, *body = rows
    shown = Table(box=None, header_style="bold")
    least = 0
    for name, *cells in zip(head, *body, strict=True):
        width = max(map(len, (*name.split(), *cells)))
        shown.add_column(name, justify="left" if name == head[0] else "right", min_width=width)
        least += width + _GAP
    for row in body:
        shown.add_row(*row)
    _out.print(shown, width=max(_out.width, least), crop=False)


def _changes(result: Backtest, archive: Archive) -> Iterator[str]:
    yield f"Of {result.messages} kept messages, {len(result.newly_hidden)} would be newly hidden and {len(result.newly_shown)} newly shown."
    for what, keys in (("newly hidden", result.newly_hidden), ("newly shown", result.newly_shown)):
        cases = [archive.cases[key] for key in keys if key in archive.cases]
        if cases:
            rest = f" and {len(cases) - MOST_NAMED} more" if len(cases) > MOST_NAMED else ""
            yield f"Cases {what}: {', '.join(cases[:MOST_NAMED])}{rest}. Look at one with 'chaperone cases show'."


def _unknown(result: Backtest, archive: Archive, policies: tuple[Policy, Policy]) -> Iterator[str]:
    """What the table does not show, in plain words."""
    live, tried = policies
    unknown = archive.unknown
    judged = sum(one.verdict is not None for one in archive.past)
    if not live.keep_readings:
        yield "- Messages that no rule matched at the time were not kept. What the new policy would do to those nobody knows."
    for number, why in (
        (unknown.never_kept, "had no case, so only their labels were kept, not their text"),
        (unknown.erased, "have been erased; only their labels are left"),
        (unknown.sealed, "can't be opened with any key in CHAPERONE_KEYS; only their labels are left"),
        (unknown.unread, "could not be read anew; the labels of the day count"),
        (result.unjudged, "lack the text in which the new policy looks for words"),
        (len(archive.past) - judged, "nobody has judged, so they count neither as right nor as wrong"),
    ):
        if number:
            yield f"- {number} of {len(archive.past)} messages {why}."
    if unknown.never_kept or unknown.erased or unknown.sealed:
        yield "- Without text, the author's role is not known either (taken for a member), nor is a room's name without a case."
    asking = sorted({*asks_for_the_unknown(live), *asks_for_the_unknown(tried)})
    if asking:
        yield (
            f"- First posts, age of membership, repetition and strikes are not kept; rules that ask for them: {', '.join(asking)}."
        )
