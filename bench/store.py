"""How long each call of the durable store takes on SQLite: ``python -m bench.store [events]`` prints milliseconds, p50 and p95."""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Awaitable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import quantiles
from typing import TypeVar

from bot.domain.case import Case, CaseReason, CaseState, Verb
from bot.domain.decision import Action, ActionKind, Decision, Urgency
from bot.domain.message import Author, Message, MessageRef, PlatformName, RoomRef
from bot.domain.outcome import How, Outcome
from bot.domain.text import MappedText
from bot.service.store import Kept, TrailEntry
from bot.stores.keyring import Keyring
from bot.stores.migrate import upgrade
from bot.stores.sql import SqlStore

T = TypeVar("T")

ROOM = RoomRef(platform=PlatformName.SANDBOX, workspace="w", room="r")
HERE = frozenset({PlatformName.SANDBOX})
LEASE = timedelta(minutes=2)
EVENTS = 1000


class Stopwatch:
    """Times awaited calls by name."""

    def __init__(self) -> None:
        self._took: dict[str, list[float]] = defaultdict(list)

    async def time(self, name: str, call: Awaitable[T]) -> T:
        """Await the call and note how long it took."""
        start = time.perf_counter()
        result = await call
        self._took[name].append((time.perf_counter() - start) * 1000)
        return result

    def report(self) -> None:
        """Print what was noted."""
        for name, took in self._took.items():
            steps = quantiles(took, n=20)
            sys.stdout.write(f"{name:<14} p50 {steps[9]:6.2f} ms   p95 {steps[18]:6.2f} ms\n")


def a_leak(number: int) -> tuple[Message, Decision, Case]:
    """A message, what was decided, and its case."""
    at = datetime.now(UTC)
    message = Message(
        ref=MessageRef(room=ROOM, message=str(number)),
        revision="1",
        author=Author(id=f"u{number % 50}", name="Ana"),
        typed=MappedText.same("My neighbour told me about her results yesterday. " * 4),
        sent_at=at,
    )
    decision = Decision(
        id=f"d{number}",
        message=message.ref,
        revision="1",
        author=message.author.id,
        policy="p",
        decided_at=at,
        case=f"c{number}",
        actions=(Action(kind=ActionKind.HIDE), Action(kind=ActionKind.NOTE)),
        strike=1.0,
    )
    case = Case(
        id=f"c{number}",
        decision=decision.id,
        message=message.ref,
        room_name="patients",
        author=message.author.id,
        author_name="Ana",
        reason=CaseReason.HIDDEN,
        labels=(),
        urgency=Urgency.ROUTINE,
        opened_at=at,
    )
    return message, decision, case


async def one_event(store: SqlStore, watch: Stopwatch, number: int) -> None:
    """A leak, from the platform's event to the reviewer."""
    message, decision, case = a_leak(number)
    at = decision.decided_at
    await watch.time("put", store.inbox.put(message, at))
    await watch.time("take", store.inbox.take(HERE, 16, at, LEASE))
    await watch.time("of_message", store.decisions.of_message(message.ref))
    await watch.time("posts", store.memory.posts(ROOM, message.author.id, "x", at - timedelta(days=7), "-"))
    await watch.time("remember_post", store.memory.remember_post(ROOM, message.author.id, str(number), "x", at))
    await watch.time("strikes", store.decisions.strikes(ROOM, message.author.id, at, timedelta(days=30)))
    await watch.time("record", store.decisions.record(decision, case, Kept(message=message), LEASE))
    await watch.time("tried", store.decisions.tried(f"d{number}:hide:", at))
    await watch.time("done", store.decisions.done(f"d{number}:hide:", Outcome(how=How.DELETED), at))
    await store.decisions.done(f"d{number}:note:", Outcome(how=How.PRIVATE), at)
    await watch.time("release", store.decisions.release(decision.id))
    await watch.time("due", store.decisions.due(HERE, 16, at, LEASE))
    await watch.time("listed", store.cases.listed(frozenset({CaseState.OPEN}), 100))
    entry = TrailEntry(case=case.id, verb=Verb.UPHOLD, by="rev", at=at)
    await watch.time("change", store.cases.change(case, case.after(Verb.UPHOLD, by="rev", at=at), entry))


async def main(events: int) -> None:
    """One event after the other, in a file that is thrown away."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'bench.db'}"
        await upgrade(url)
        store, watch = SqlStore.open(url, Keyring.from_texts([Keyring.new_key()])), Stopwatch()
        for number in range(events):
            await one_event(store, watch, number)
        await store.close()
    watch.report()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else EVENTS))
