"""The queue: ordered by need, changed by one person at a time, with a trail of everything."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from bot.domain.case import Case, CaseState, Verb
from bot.domain.decision import Action, ActionKind, Decision, Urgency
from bot.domain.errors import ChaperoneError, UnknownCaseError
from bot.service.store import Store, TrailEntry
from tests.contract.stores.backing import Backing
from tests.contract.stores.samples import LEASE, SANDBOX, later, make_case, make_decision, make_kept, numbered
from tests.factories import NOON, make_message, make_ref

OPEN = frozenset({CaseState.OPEN})
EVERY = frozenset(CaseState)


async def _open(store: Store, case: Case) -> None:
    message = make_message(ref=case.message)
    decision = make_decision(f"d-{case.id}", message=message, case=case.id, at=case.opened_at)
    await store.decisions.record(decision, case, make_kept(message), LEASE)


def _entry(verb: Verb, by: str, case: str = "c1", minutes: float = 0) -> TrailEntry:
    return TrailEntry(case=case, verb=verb, by=by, at=later(minutes=minutes), detail=f"by {by}")


def _restoring(case: Case) -> Decision:
    return make_decision("d-human", actions=(Action(kind=ActionKind.RESTORE),), case=case.id, at=later(minutes=1))


async def test_an_unknown_case_is_an_error(store: Store) -> None:
    with pytest.raises(UnknownCaseError, match="c9"):
        await store.cases.case("c9")


async def test_a_case_comes_out_as_it_went_in(store: Store) -> None:
    case = replace(
        make_case(),
        hidden=True,
        redactable=True,
        explanation="It names an illness.",
        permalink="https://chat.example/1",
        claimed_by="rev",
        acknowledged_at=later(microseconds=1),
        acknowledged_by="rev",
        problem="hide: no",
        language="es",
    )
    await _open(store, case)

    assert await store.cases.case("c1") == case


async def test_the_newest_case_about_a_message_is_found(store: Store) -> None:
    await _open(store, make_case("c2", opened_at=later(hours=2)))
    await _open(store, make_case("c1", opened_at=later(hours=1)))
    await _open(store, make_case("c3", message=numbered(2), opened_at=later(hours=3)))

    found = await store.cases.of_message(make_ref("1", thread="another thread"))

    assert found is not None
    assert found.id == "c2"
    assert await store.cases.of_message(make_ref("77")) is None


async def test_cases_are_found_by_when_they_were_opened(store: Store) -> None:
    new = make_case("new", opened_at=later(minutes=5), state=CaseState.UPHELD, closed_at=later(hours=1))
    first, old = make_case("first", opened_at=NOON), make_case("old", opened_at=later(minutes=-1))
    for number, case in enumerate((new, old, first)):
        await _open(store, replace(case, message=make_ref(str(number))))

    assert [case.id for case in await store.cases.opened_since(NOON)] == ["first", "new"]
    assert await store.cases.opened_since(later(hours=1)) == []


async def test_the_queue_is_urgent_first_then_appealed_then_oldest(store: Store) -> None:
    for case in (
        make_case("old", opened_at=later(hours=-9)),
        make_case("new", opened_at=NOON),
        make_case("appealed-new", opened_at=NOON, appealed_at=later(hours=2)),
        make_case("appealed-old", opened_at=later(hours=-1), appealed_at=later(hours=3)),
        make_case("soon", urgency=Urgency.SOON),
        make_case("now", urgency=Urgency.NOW, opened_at=later(hours=5)),
        make_case("old-too", opened_at=later(hours=-9)),
    ):
        await _open(store, case)

    listed = [case.id for case in await store.cases.listed(OPEN, 100)]

    assert listed == ["now", "soon", "appealed-old", "appealed-new", "old", "old-too", "new"]
    assert [case.id for case in await store.cases.listed(OPEN, 2)] == ["now", "soon"]


async def test_only_the_states_asked_for_are_listed(store: Store) -> None:
    await _open(store, make_case("c1"))
    await _open(store, make_case("c2", state=CaseState.UPHELD))

    assert [case.id for case in await store.cases.listed(frozenset({CaseState.UPHELD}), 9)] == ["c2"]
    assert [case.id for case in await store.cases.listed(EVERY, 9)] == ["c1", "c2"]
    assert await store.cases.listed(frozenset(), 9) == []


async def test_a_change_moves_the_case_through_the_queue(store: Store) -> None:
    await _open(store, make_case("c1"))
    await _open(store, make_case("c2", opened_at=later(hours=1)))
    before = await store.cases.case("c2")
    appealed = before.after(Verb.APPEAL, by="ana", at=later(hours=2))

    assert await store.cases.change(before, appealed, _entry(Verb.APPEAL, "ana", "c2"))

    assert [case.id for case in await store.cases.listed(OPEN, 9)] == ["c2", "c1"]
    closed = appealed.after(Verb.UPHOLD, by="rev", at=later(hours=3))
    assert await store.cases.change(appealed, closed, None)
    assert [case.id for case in await store.cases.listed(OPEN, 9)] == ["c1"]
    assert await store.cases.case("c2") == closed


async def test_a_humans_decision_is_recorded_with_the_change_and_due_at_once(store: Store) -> None:
    await _open(store, make_case())
    before = make_case()
    after = before.after(Verb.RESTORE, by="rev", at=later(minutes=1))

    assert await store.cases.change(before, after, _entry(Verb.RESTORE, "rev"), _restoring(before))

    assert await store.decisions.decision("d-human") == _restoring(before)
    assert [d.id for d in await store.decisions.due(SANDBOX, 9, later(minutes=1), LEASE)] == ["d-human"]
    assert [action.action.kind for action in await store.decisions.actions("d-human")] == [ActionKind.RESTORE]


async def test_nothing_is_written_where_somebody_else_was_first(store: Store) -> None:
    await _open(store, make_case())
    before = make_case()
    first = before.after(Verb.UPHOLD, by="rev", at=later(minutes=1))
    await store.cases.change(before, first, _entry(Verb.UPHOLD, "rev"))

    late = before.after(Verb.RESTORE, by="mod", at=later(minutes=2))
    assert not await store.cases.change(before, late, _entry(Verb.RESTORE, "mod"), _restoring(before))

    assert await store.cases.case("c1") == first
    assert await store.cases.trail("c1") == [_entry(Verb.UPHOLD, "rev")]
    assert await store.decisions.decision("d-human") is None


async def test_a_case_that_is_not_there_can_not_be_changed(store: Store) -> None:
    assert not await store.cases.change(make_case(), replace(make_case(), hidden=True), None, _restoring(make_case()))
    assert await store.decisions.decision("d-human") is None


async def test_of_many_who_change_at_once_one_wins(store: Store) -> None:
    await _open(store, make_case())
    before = make_case()
    names = [f"rev{number}" for number in range(8)]
    after = [before.after(Verb.UPHOLD, by=name, at=later(minutes=1)) for name in names]

    won = await asyncio.gather(
        *(store.cases.change(before, case, _entry(Verb.UPHOLD, name)) for name, case in zip(names, after, strict=True))
    )

    assert won.count(True) == 1
    winner = names[won.index(True)]
    assert (await store.cases.case("c1")).closed_by == winner
    assert [entry.by for entry in await store.cases.trail("c1")] == [winner]


async def test_the_trail_is_oldest_first_and_of_this_case_only(store: Store) -> None:
    await _open(store, make_case("c1"))
    await _open(store, make_case("c2"))
    steps = [
        _entry(Verb.OPEN, "late", minutes=9),
        _entry(Verb.OPEN, "early", minutes=1),
        _entry(Verb.OPEN, "elsewhere", "c2"),
        _entry(Verb.OPEN, "as early", minutes=1),
    ]
    for entry in steps:
        case = await store.cases.case(entry.case)
        assert await store.cases.change(case, case, entry)

    assert [entry.by for entry in await store.cases.trail("c1")] == ["early", "as early", "late"]
    assert await store.cases.trail("c1") == [steps[1], steps[3], steps[0]]
    assert await store.cases.trail("c9") == []


@pytest.mark.parametrize("broken", ["trail", "decisions", "actions"])
async def test_changing_is_all_or_nothing(backing: Backing, broken: str) -> None:
    store = backing.open()
    await _open(store, make_case())
    before = make_case()
    after = before.after(Verb.RESTORE, by="rev", at=later(minutes=1))
    await backing.execute(f"ALTER TABLE {broken} RENAME TO broken")

    with pytest.raises(ChaperoneError):
        await store.cases.change(before, after, _entry(Verb.RESTORE, "rev"), _restoring(before))

    await backing.execute(f"ALTER TABLE broken RENAME TO {broken}")
    assert await store.cases.case("c1") == before
    assert await store.cases.trail("c1") == []
    assert await store.decisions.decision("d-human") is None
