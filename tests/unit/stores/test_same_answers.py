"""The durable store and the reference store, asked the same in the same order, answer the same."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TypeVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from bot.domain.case import Case, CaseState, Verb
from bot.domain.decision import Action, Decision, Urgency
from bot.domain.errors import ChaperoneError
from bot.domain.message import Message, MessageRef, PlatformName, RoomRef
from bot.domain.outcome import How, Outcome, PlannedAction
from bot.service.store import Kept, PolicyVersion, Store, TrailEntry
from bot.stores.keyring import Keyring
from bot.stores.memory import MemoryStore
from bot.stores.migrate import upgrade
from bot.stores.schema import metadata
from bot.stores.sql import SqlStore
from tests.factories import NOON
from tests.unit.stores.drawn import (
    AUTHORS,
    CASES,
    DECISIONS,
    ROOMS,
    a_case,
    a_decision,
    actions,
    authors,
    keys,
    leases,
    limits,
    messages,
    platforms,
    positions,
    refs,
    rooms,
    some_time,
)

T = TypeVar("T")

STEPS = ("tried", "done", "postpone", "failed", "release")
LONG_AGO = NOON - timedelta(days=99)


class Durable:
    """The durable store, emptied for each conversation: a new one would have to learn all its statements again."""

    def __init__(self, file: Path) -> None:
        self.runner = asyncio.Runner()
        self._file = file
        self.runner.run(upgrade(f"sqlite:///{file}"))
        self.store = SqlStore.open(f"sqlite:///{file}", Keyring.from_texts([Keyring.new_key()]))

    def empty(self) -> None:
        with closing(sqlite3.connect(self._file)) as connection, connection:
            for table in reversed(metadata.sorted_tables):
                connection.execute(str(table.delete()))

    def close(self) -> None:
        self.runner.run(self.store.close())
        self.runner.close()


class SameAnswers(RuleBasedStateMachine):
    """Asks both stores."""

    durable: Durable

    def __init__(self) -> None:
        super().__init__()
        self.durable.empty()
        self._reference = MemoryStore()
        self._now = NOON
        self._seen: list[Case] = []

    def teardown(self) -> None:
        self.everything()

    def same(self, ask: Callable[[Store], Awaitable[T]]) -> T | str:
        wanted, found = (
            self.durable.runner.run(_answer(ask, store)) for store in (self._reference, self.durable.store)
        )
        assert found == wanted
        return wanted

    @rule(steps=st.integers(1, 4))
    def time_goes_by(self, steps: int) -> None:
        self._now += timedelta(seconds=30 * steps)

    @rule(message=messages, by=some_time)
    def put(self, message: Message, by: timedelta) -> None:
        self.same(lambda store: store.inbox.put(message, self._now + by))

    @rule(where=platforms, limit=limits, lease=leases)
    def take(self, where: frozenset[PlatformName], limit: int, lease: timedelta) -> None:
        self.same(lambda store: store.inbox.take(where, limit, self._now, lease))

    @rule(message=messages)
    def finish(self, message: Message) -> None:
        self.same(lambda store: store.inbox.finish(message.key, self._now))

    @rule(message=messages, do=actions, lease=leases, by=some_time, data=st.data())
    def record(
        self, message: Message, do: tuple[Action, ...], lease: timedelta, by: timedelta, data: st.DataObject
    ) -> None:
        name, case = data.draw(st.sampled_from(DECISIONS)), data.draw(st.sampled_from([None, *CASES]))
        decision = a_decision(name, message.ref, message.author.id, do, self._now + by)
        decision = replace(decision, case=case, strike=data.draw(st.sampled_from([0.0, 1.0, 2.5])))
        opened = a_case(case, decision, message, data.draw(st.sampled_from(Urgency))) if case else None
        self._seen += [opened] if opened else []
        self.same(lambda store: store.decisions.record(decision, opened, Kept(message=message), lease))

    @rule(where=platforms, limit=limits, lease=leases)
    def due(self, where: frozenset[PlatformName], limit: int, lease: timedelta) -> None:
        self.same(lambda store: store.decisions.due(where, limit, self._now, lease))

    @rule(key=keys, by=some_time, taken=st.lists(st.sampled_from(STEPS), min_size=1, max_size=4))
    def act(self, key: str, by: timedelta, taken: list[str]) -> None:
        outcome = Outcome(how=How.POSTED, posted=MessageRef(room=ROOMS[0], message="9"))
        steps: dict[str, Callable[[Store], Awaitable[None]]] = {
            "tried": lambda store: store.decisions.tried(key, self._now),
            "done": lambda store: store.decisions.done(key, outcome, self._now),
            "postpone": lambda store: store.decisions.postpone(key, self._now + by, "busy"),
            "failed": lambda store: store.decisions.failed(key, "no", self._now),
            "release": lambda store: store.decisions.release(key.split(":", maxsplit=1)[0]),
        }
        for step in taken:
            self.same(steps[step])
        self.same(partial(_actions, key.split(":", maxsplit=1)[0]))

    @rule(case=st.sampled_from(CASES), verb=st.sampled_from(Verb), do=actions, stale=st.booleans(), by=some_time)
    def change(self, case: str, verb: Verb, do: tuple[Action, ...], stale: bool, by: timedelta) -> None:
        known = [seen for seen in self._seen if seen.id == case]
        before = known[0] if stale and known else self.same(lambda store: store.cases.case(case))
        if not isinstance(before, Case) or not before.allows(verb):
            return
        at = self._now + by
        after = before.after(verb, by="rev", at=at)
        entry = TrailEntry(case=case, verb=verb, by="rev", at=at)
        self._seen.append(after)
        decision = replace(a_decision("h1", before.message, before.author, do, at), case=case) if do else None
        self.same(lambda store: store.cases.change(before, after, entry, decision))

    @rule(case=st.sampled_from(CASES), ago=some_time, which=st.sampled_from(["one", "older", "reseal"]))
    def vault(self, case: str, ago: timedelta, which: str) -> None:
        if which == "one":
            self.same(lambda store: store.vault.erase(case, "rita", NOON))
        elif which == "older":
            self.same(lambda store: store.vault.erase_older(self._now - ago, "chaperone", NOON))
        else:
            self.same(lambda store: store.vault.reseal())

    @rule(room=rooms, position=positions, version=st.sampled_from("pqr"))
    def remember(self, room: RoomRef, position: str, version: str) -> None:
        self.same(lambda store: store.memory.advance(room, position))
        self.same(lambda store: store.memory.keep_policy(PolicyVersion(hash=version, source="", since=self._now)))

    @rule(ref=refs, author=authors, digest=st.sampled_from("xy"), by=some_time)
    def post(self, ref: MessageRef, author: str, digest: str, by: timedelta) -> None:
        self.same(lambda store: store.memory.remember_post(ref.room, author, ref.message, digest, self._now + by))

    @rule(room=rooms, author=authors, digest=st.sampled_from([None, "x"]), ago=some_time, but=st.sampled_from("12"))
    def posts(self, room: RoomRef, author: str, digest: str | None, ago: timedelta, but: str) -> None:
        self.same(lambda store: store.memory.posts(room, author, digest, self._now - ago, but))

    @rule(
        where=platforms, room=rooms, author=authors, ago=some_time, which=st.sampled_from(["leases", "erase", "prune"])
    )
    def upkeep(self, where: frozenset[PlatformName], room: RoomRef, author: str, ago: timedelta, which: str) -> None:
        if which == "leases":
            self.same(lambda store: store.break_leases(where))
        elif which == "erase":
            self.same(lambda store: store.erase_person(room.platform, room.workspace, author, by="rita", at=NOON))
        else:
            self.same(lambda store: store.prune(self._now - ago, self._now - 2 * ago))

    @rule()
    def everything(self) -> None:
        self.same(lambda store: store.inbox.waiting())
        self.same(lambda store: store.decisions.recent(LONG_AGO))
        self.same(lambda store: store.decisions.tally(LONG_AGO))
        self.same(lambda store: store.cases.listed(frozenset(CaseState), 99))
        self.same(lambda store: store.memory.policies())
        for room in ROOMS:
            self._room(room)
        for name in DECISIONS:
            self.same(partial(_actions, name))
        for case in CASES:
            self.same(partial(_kept, case))
            self.same(partial(_trail, case))

    def _room(self, room: RoomRef) -> None:
        self.same(lambda store: store.memory.watermark(room))
        self.same(lambda store: store.decisions.of_message(MessageRef(room=room, message="1")))
        self.same(lambda store: store.cases.of_message(MessageRef(room=room, message="1")))
        for author in AUTHORS:
            self.same(partial(_by_author, room, author))
            self.same(partial(_strikes, room, author, self._now))


async def _answer(ask: Callable[[Store], Awaitable[T]], store: Store) -> T | str:
    try:
        return await ask(store)
    except ChaperoneError as error:
        return type(error).__name__


async def _actions(name: str, store: Store) -> Sequence[PlannedAction]:
    return await store.decisions.actions(name)


async def _kept(case: str, store: Store) -> Kept:
    return await store.vault.kept(case)


async def _trail(case: str, store: Store) -> Sequence[TrailEntry]:
    return await store.cases.trail(case)


async def _by_author(room: RoomRef, author: str, store: Store) -> Sequence[Decision]:
    return await store.decisions.by_author(room, author, LONG_AGO)


async def _strikes(room: RoomRef, author: str, at: datetime, store: Store) -> float:
    return round(await store.decisions.strikes(room, author, at, timedelta(seconds=60)), 9)


@pytest.fixture
def durable(tmp_path: Path) -> Iterator[Durable]:
    durable = Durable(tmp_path / "store.db")
    yield durable
    durable.close()


def test_both_stores_give_the_same_answers(durable: Durable) -> None:
    SameAnswers.durable = durable

    run_state_machine_as_test(
        SameAnswers,
        settings=settings(
            max_examples=12,
            stateful_step_count=80,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            database=None,
        ),
    )
