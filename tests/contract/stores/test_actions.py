"""Actions: due when their time has come, for one at a time, until they are settled."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from bot.domain.decision import Action, ActionKind
from bot.domain.outcome import ActionState, How, Outcome
from bot.service.store import Store
from tests.contract.stores.samples import (
    HIDE_AND_NOTE,
    LEASE,
    SANDBOX,
    SLACK,
    SLACK_ROOM,
    later,
    make_decision,
    make_kept,
    numbered,
)
from tests.factories import NOON, make_ref

HIDE, NOTE = "d1:hide:", "d1:note:"


async def _record(store: Store, *ids: str) -> None:
    for number, name in enumerate(ids, start=1):
        message = numbered(number)
        await store.decisions.record(make_decision(name, message=message), None, make_kept(message), LEASE)


async def _due(store: Store, **by: float) -> list[str]:
    return [decision.id for decision in await store.decisions.due(SANDBOX, 9, later(**by), LEASE)]


async def test_actions_are_planned_in_the_order_of_doing(store: Store) -> None:
    pages = tuple(Action(kind=ActionKind.NOTIFY, destination=place) for place in ("billing", "ward"))
    decision = make_decision(actions=(*pages, *HIDE_AND_NOTE))
    await store.decisions.record(decision, None, make_kept(), LEASE)

    planned = await store.decisions.actions("d1")

    assert [action.action for action in planned] == [*pages, *HIDE_AND_NOTE]
    assert len({action.key for action in planned}) == 4
    assert {(action.state, action.attempts, action.due_at, action.decision.id) for action in planned} == {
        (ActionState.PLANNED, 0, NOON, "d1")
    }


async def test_who_recorded_a_decision_has_it_alone_until_the_lease_is_over(store: Store) -> None:
    await _record(store, "d1")

    assert await _due(store, seconds=119) == []
    assert await _due(store, minutes=2) == ["d1"]
    assert await _due(store, minutes=3) == []
    assert await _due(store, minutes=4) == ["d1"]


async def test_a_decision_given_back_is_due_for_anybody(store: Store) -> None:
    await _record(store, "d1")

    await store.decisions.release("d1")

    assert await _due(store) == ["d1"]


async def test_a_decision_with_nothing_left_to_do_is_never_due(store: Store) -> None:
    await _record(store, "d1")
    await store.decisions.done(HIDE, Outcome(how=How.DELETED), NOON)
    assert await _due(store, minutes=2) == ["d1"]

    await store.decisions.failed(NOTE, "no", NOON)

    assert await _due(store, days=1) == []


async def test_a_decision_that_asks_for_nothing_is_never_due(store: Store) -> None:
    await store.decisions.record(make_decision(actions=()), None, make_kept(), LEASE)

    assert await _due(store, days=1) == []
    assert await store.decisions.actions("d1") == []


async def test_an_action_that_was_begun_is_still_to_be_done(store: Store) -> None:
    await _record(store, "d1")
    await store.decisions.tried(HIDE, NOON)
    await store.decisions.tried(HIDE, NOON)
    await store.decisions.done(NOTE, Outcome(how=How.PRIVATE), NOON)

    hide, note = await store.decisions.actions("d1")
    assert (hide.state, hide.attempts, note.attempts) == (ActionState.TRIED, 2, 0)
    assert await _due(store, minutes=2) == ["d1"]


async def test_what_is_postponed_is_due_then(store: Store) -> None:
    await _record(store, "d1")
    for key in (HIDE, NOTE):
        await store.decisions.postpone(key, later(minutes=10), "rate limited")
    await store.decisions.release("d1")

    hide, _ = await store.decisions.actions("d1")
    assert (hide.state, hide.due_at, hide.problem) == (ActionState.PLANNED, later(minutes=10), "rate limited")
    assert await _due(store, seconds=599) == []
    assert await _due(store, minutes=10) == ["d1"]


async def test_outcomes_and_problems_are_remembered(store: Store) -> None:
    await _record(store, "d1")
    outcome = Outcome(how=How.TOMBSTONED, posted=make_ref("9", thread="8"))
    await store.decisions.postpone(HIDE, NOON, "busy")

    await store.decisions.done(HIDE, outcome, NOON)
    await store.decisions.failed(NOTE, "closed", NOON)

    hide, note = await store.decisions.actions("d1")
    assert (hide.state, hide.outcome, hide.problem) == (ActionState.DONE, outcome, None)
    assert (note.state, note.outcome, note.problem) == (ActionState.FAILED, None, "closed")


async def test_a_settled_action_stays_settled_but_done_is_believed(store: Store) -> None:
    await _record(store, "d1")
    await store.decisions.done(HIDE, Outcome(how=How.DELETED), NOON)
    await store.decisions.failed(NOTE, "closed", NOON)
    settled = await store.decisions.actions("d1")

    for key in (HIDE, NOTE):
        await store.decisions.tried(key, NOON)
        await store.decisions.postpone(key, later(hours=1), "late")
        await store.decisions.failed(key, "late", NOON)
    assert await store.decisions.actions("d1") == settled

    await store.decisions.done(NOTE, Outcome(how=How.PRIVATE), NOON)
    _, note = await store.decisions.actions("d1")
    assert (note.state, note.outcome, note.problem) == (ActionState.DONE, Outcome(how=How.PRIVATE), None)


async def test_an_action_that_is_not_there_changes_nothing(store: Store) -> None:
    await _record(store, "d1")
    before = await store.decisions.actions("d1")

    for key in ("d9:hide:", "d1:page:"):
        await store.decisions.tried(key, NOON)
        await store.decisions.done(key, Outcome(how=How.DELETED), NOON)
        await store.decisions.postpone(key, NOON, "")
        await store.decisions.failed(key, "", NOON)
    await store.decisions.release("d9")

    assert await store.decisions.actions("d1") == before


async def test_the_oldest_are_due_first_and_no_more_than_asked_for(store: Store) -> None:
    for name, hours in (("d3", 3), ("d1", 1), ("d2", 2)):
        decision = make_decision(name, message=numbered(hours), at=later(hours=hours))
        await store.decisions.record(decision, None, make_kept(numbered(hours)), LEASE)

    first = await store.decisions.due(SANDBOX, 2, later(hours=9), LEASE)
    rest = await store.decisions.due(SANDBOX, 2, later(hours=9), LEASE)

    assert [decision.id for decision in (*first, *rest)] == ["d1", "d2", "d3"]


async def test_only_decisions_on_the_platforms_asked_for_are_due(store: Store) -> None:
    message = numbered(2, room=SLACK_ROOM)
    await _record(store, "d1")
    await store.decisions.record(make_decision("d2", message=message), None, make_kept(message), timedelta())

    assert [d.id for d in await store.decisions.due(SLACK, 9, later(hours=1), LEASE)] == ["d2"]
    assert await store.decisions.due(frozenset(), 9, later(hours=1), LEASE) == []


async def test_workers_at_once_get_each_decision_once(store: Store) -> None:
    ids = [f"d{number}" for number in range(20)]
    await _record(store, *ids)

    batches = await asyncio.gather(*(store.decisions.due(SANDBOX, 4, NOON + LEASE, LEASE) for _ in range(10)))

    assert sorted(decision.id for batch in batches for decision in batch) == sorted(ids)


async def test_attempts_counted_at_once_all_count(store: Store) -> None:
    await _record(store, "d1")

    await asyncio.gather(*(store.decisions.tried(HIDE, NOON) for _ in range(10)))

    assert (await store.decisions.actions("d1"))[0].attempts == 10


async def test_broken_leases_make_the_platforms_decisions_due(store: Store) -> None:
    await _record(store, "d1")

    await store.break_leases(SLACK)
    assert await _due(store) == []
    await store.break_leases(SANDBOX)

    assert await _due(store) == ["d1"]


async def test_to_queue_is_done_by_being_recorded(store: Store) -> None:
    decision = make_decision(actions=(Action(kind=ActionKind.QUEUE), Action(kind=ActionKind.NOTE)))
    await store.decisions.record(decision, None, make_kept(), LEASE)

    queued, note = await store.decisions.actions("d1")

    assert (queued.state, queued.outcome) == (ActionState.DONE, Outcome(how=How.QUEUED))
    assert note.state is ActionState.PLANNED


async def test_a_decision_that_only_queues_is_never_due(store: Store) -> None:
    decision = make_decision(actions=(Action(kind=ActionKind.QUEUE),))
    await store.decisions.record(decision, None, make_kept(), LEASE)

    assert await _due(store, hours=1) == []
