"""``chaperone person``: what is kept of one person, and erasing it. For whoever answers for the members' privacy."""

from __future__ import annotations

import asyncio
import getpass
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.console import Console

from bot.bootstrap.keeping import open_store
from bot.clock import SystemClock
from bot.domain.case import Case
from bot.domain.decision import Decision
from bot.domain.errors import ErasedError, VaultError
from bot.domain.message import PlatformName, RoomRef
from bot.service.review import Review
from bot.service.store import Store
from bot.settings import load_settings

person = typer.Typer(help="What is kept of one person: export, erase.", no_args_is_help=True)
_err = Console(stderr=True, highlight=False)
_ALWAYS = datetime(1970, 1, 1, tzinfo=UTC)

_Platform = Annotated[PlatformName, typer.Argument(help="Where they are.")]
_Workspace = Annotated[str, typer.Argument(help="Slack's workspace (T…) or the Discord server's number.")]
_Person = Annotated[
    str, typer.Argument(metavar="ID", help="Their id there, not their name: U… on Slack, a number on Discord.")
]
_By = Annotated[str, typer.Option(help="Who you are, for the log.", default_factory=getpass.getuser)]


@person.command()
def export(platform: _Platform, workspace: _Workspace, id_: _Person, by: _By) -> None:
    """Print a person's cases with their text and log, and the decisions about them, one JSON object a line.

    Each look at a text is logged.
    """
    cases, decisions = asyncio.run(_export(RoomRef(platform=platform, workspace=workspace, room=""), id_, by))
    _err.print(f"Kept of {id_}: {cases} cases, {decisions} decisions.", markup=False)


@person.command()
def erase(
    platform: _Platform,
    workspace: _Workspace,
    id_: _Person,
    by: _By,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Erase what a person wrote, their name in cases, and when they posted. Ids, decisions and logs stay."""
    if not yes:
        typer.confirm(f"Erase for good what {id_} wrote?", abort=True, err=True)
    texts = asyncio.run(_erase(platform, workspace, id_, by))
    _err.print(
        f"Texts erased: {texts}; and what others said before a message that has a case. Logs and backups are yours to clean.",
        soft_wrap=True,
    )


async def _export(workspace: RoomRef, id_: str, by: str) -> tuple[int, int]:
    async with _opened_store() as store:
        review = Review(store, SystemClock(), asyncio.Event())
        here = (workspace.platform, workspace.workspace, id_)
        cases = [
            case
            for case in await store.cases.opened_since(_ALWAYS)
            if (case.message.room.platform, case.message.room.workspace, case.author) == here
        ]
        for case in cases:
            print(json.dumps(await _of_case(review, case, by), ensure_ascii=False))
        decisions = await store.decisions.by_author(workspace, id_, _ALWAYS)
        for decision in decisions:
            print(json.dumps(_of_decision(decision), ensure_ascii=False))
    return len(cases), len(decisions)


async def _of_case(review: Review, case: Case, by: str) -> dict[str, object]:
    text, problem = None, None
    try:
        text = (await review.look(case, by, "for an export")).message.text
    except (ErasedError, VaultError) as error:
        problem = str(error)
    return {
        "case": case.id,
        "room": case.room_name,
        "name": case.author_name,
        "opened_at": case.opened_at.isoformat(),
        "state": case.state,
        "reason": case.reason,
        "labels": case.labels,
        "explanation": case.explanation,
        "text": text,
        "problem": problem,
        "log": [f"{entry.at.isoformat()} {entry.by} {entry.verb}" for entry in await review.trail(case.id)],
    }


def _of_decision(decision: Decision) -> dict[str, object]:
    return {
        "decision": decision.id,
        "case": decision.case,
        "decided_at": decision.decided_at.isoformat(),
        "by": decision.by or decision.source,
        "labels": decision.labels,
        "rules": [match.id for match in decision.rules],
        "actions": [action.kind for action in decision.actions],
        "policy": decision.policy,
    }


async def _erase(platform: PlatformName, workspace: str, id_: str, by: str) -> int:
    async with _opened_store() as store:
        return await store.erase_person(platform, workspace, id_, by=by, at=SystemClock().now())


@asynccontextmanager
async def _opened_store() -> AsyncIterator[Store]:
    store = await open_store(load_settings())
    try:
        yield store
    finally:
        await store.close()


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.add_typer(person, name="person")
