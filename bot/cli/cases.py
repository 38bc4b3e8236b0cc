"""``chaperone cases``: the queue in a terminal."""

from __future__ import annotations

import asyncio
import getpass
from collections.abc import Awaitable, Callable, Sequence
from typing import Annotated, TypeVar

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Column, Table

from bot.bootstrap.keeping import open_store
from bot.clock import SystemClock
from bot.domain.case import Case, CaseState
from bot.domain.decision import Urgency
from bot.domain.errors import ErasedError
from bot.domain.on_call import answered_after
from bot.service.review import Review
from bot.service.store import TrailEntry
from bot.settings import load_settings

cases = typer.Typer(help="The queue: list, show, restore, uphold, erase.", no_args_is_help=True)
_out = Console()
T = TypeVar("T")
#: Letters of a case's id, which stays whole however narrow the window is: people type it again.
_ID = 12

_CaseId = Annotated[str, typer.Argument(help="The case's id, as 'cases list' prints it.")]
_By = Annotated[str, typer.Option(help="Who you are, for the log.", default_factory=getpass.getuser)]


@cases.command("list")
def list_(all_: Annotated[bool, typer.Option("--all", help="Closed cases too.")] = False) -> None:
    """What waits for a decision, most urgent first."""
    states = frozenset(CaseState) if all_ else frozenset({CaseState.OPEN})
    found = _with_review(lambda review: review.queue(states))
    texts = (Column(title, overflow="fold") for title in ("State", "Why", "Labels", "Room", "Since (UTC)", "Message"))
    table = Table(Column("Case", no_wrap=True, min_width=_ID), *texts, box=None, header_style="bold")
    for case in found:
        style = "red" if case.urgency is Urgency.NOW else ""
        since = f"{case.opened_at:%Y-%m-%d %H:%M}"
        table.add_row(
            case.id,
            case.state,
            case.reason,
            ", ".join(case.labels).replace("_", " "),
            escape(case.room_name),
            since,
            _where(case),
            style=style,
        )
    _out.print(table if found else "Nothing waits. Thank you.")


@cases.command()
def show(case: _CaseId, by: _By) -> None:
    """Open a case with its text. The opening is logged. Of an erased text, what is left: labels, and who did what."""
    found, text, trail = _with_review(lambda review: _opened(review, case, by))
    _out.print(
        f"[bold]Case {found.id}[/bold]  {found.state}  {found.reason}  in {escape(found.room_name)}, {_where(found)}"
    )
    _out.print(f"Labels: {', '.join(found.labels) or 'none'}", soft_wrap=True)
    _out.print(found.why, markup=False, highlight=False)
    _out.print(text, markup=False, highlight=False)
    if answered := answered_after(found):
        _out.print(f"Answered after {answered}.", markup=False, highlight=False)
    for entry in trail:
        _out.print(f"{entry.at:%Y-%m-%d %H:%M}  {entry.by}  {entry.verb} {entry.detail}", markup=False)


async def _opened(review: Review, case: str, by: str) -> tuple[Case, str, Sequence[TrailEntry]]:
    """The case, its text or that it is erased, and its trail."""
    try:
        found, kept = await review.open(case, by)
    except ErasedError as error:
        return await review.case(case), str(error), await review.trail(case)
    return found, kept.message.text, await review.trail(case)


@cases.command()
def restore(case: _CaseId, by: _By) -> None:
    """Bring the message back; where it was never hidden, let it stand."""
    _report(_with_review(lambda review: review.restore(case, by)))


@cases.command()
def uphold(case: _CaseId, by: _By) -> None:
    """Agree with hiding; where it is not hidden yet, hide it."""
    _report(_with_review(lambda review: review.uphold(case, by)))


@cases.command()
def erase(case: _CaseId, by: _By, yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False) -> None:
    """Erase the text of a case for good, as somebody whom it names may ask. What is hidden can't be brought back then."""
    if not yes:
        typer.confirm(f"Erase the text of case {case} for good?", abort=True, err=True)
    erased = _with_review(lambda review: review.erase(case, by))
    _out.print(f"The text of case {case} is erased." if erased else f"Case {case} has no text any more.")


def _report(case: Case) -> None:
    _out.print(f"Case {case.id} is {case.state}. The running bot does the rest.")


def _where(case: Case) -> str:
    return "hidden" if case.hidden else "visible"


def _with_review(work: Callable[[Review], Awaitable[T]]) -> T:
    async def run() -> T:
        store = await open_store(load_settings())
        try:
            return await work(Review(store, SystemClock(), asyncio.Event()))
        finally:
            await store.close()

    return asyncio.run(run())


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.add_typer(cases, name="cases")
