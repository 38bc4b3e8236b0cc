"""Decisions: recorded once, all or nothing, and read again."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.case import CaseState
from bot.domain.decision import Source, Urgency
from bot.domain.errors import ChaperoneError, UnknownCaseError
from bot.domain.message import Author, PlatformName, RoomRef
from bot.domain.outcome import ActionState
from bot.service.store import Store
from tests.contract.stores.backing import Backing
from tests.contract.stores.samples import LEASE, SANDBOX, later, make_case, make_decision, make_kept, numbered
from tests.factories import NOON, ROOM, make_message

HALF_LIFE = timedelta(days=30)


async def test_a_decision_comes_out_as_it_went_in_and_finishes_its_message(store: Store) -> None:
    message = make_message()
    await store.inbox.put(message, NOON)
    decision = make_decision(case="c1")

    assert await store.decisions.record(decision, make_case(), make_kept(), LEASE)

    assert await store.decisions.decision("d1") == decision
    assert await store.cases.case("c1") == make_case()
    assert await store.vault.kept("c1") == make_kept()
    assert await store.inbox.waiting() == 0
    assert not await store.inbox.put(message, NOON)


async def test_a_persons_decision_leaves_the_message_in_the_inbox_alone(store: Store) -> None:
    await store.inbox.put(make_message(), NOON)
    reported = replace(make_decision(case="c1"), source=Source.HUMAN, by="rev")

    assert await store.decisions.record(reported, make_case(), make_kept(), LEASE)

    assert await store.inbox.waiting() == 1
    assert await store.vault.kept("c1") == make_kept()


async def test_a_decision_without_a_case_keeps_no_text(store: Store) -> None:
    assert await store.decisions.record(make_decision(), None, make_kept(), LEASE)

    assert await store.decisions.decision("d1") == make_decision()
    with pytest.raises(UnknownCaseError):
        await store.vault.kept("c1")


async def test_an_unknown_decision_is_none_and_has_no_actions(store: Store) -> None:
    assert await store.decisions.decision("d9") is None
    assert await store.decisions.actions("d9") == []


async def test_a_decision_recorded_already_only_finishes_the_message(store: Store) -> None:
    await store.decisions.record(make_decision(), None, make_kept(), LEASE)
    again = numbered(2)
    await store.inbox.put(again, NOON)

    assert not await store.decisions.record(make_decision(strike=9.0), make_case(), make_kept(again), LEASE)

    assert await store.decisions.decision("d1") == make_decision()
    assert await store.inbox.waiting() == 0
    with pytest.raises(UnknownCaseError):
        await store.cases.case("c1")


async def test_of_many_who_record_at_once_one_does(store: Store) -> None:
    recorded = await asyncio.gather(
        *(store.decisions.record(make_decision(case="c1"), make_case(), make_kept(), LEASE) for _ in range(8))
    )

    assert sorted(recorded) == [False] * 7 + [True]
    assert len(await store.decisions.actions("d1")) == 2


async def test_a_case_that_exists_is_left_as_it_is(store: Store) -> None:
    await store.decisions.record(make_decision("d1", case="c1"), make_case(), make_kept(), LEASE)

    other = make_case(urgency=Urgency.NOW)
    assert await store.decisions.record(make_decision("d2", case="c1"), other, make_kept(make_message("new")), LEASE)

    assert await store.cases.case("c1") == make_case()
    assert await store.vault.kept("c1") == make_kept()


@pytest.mark.parametrize("broken", ["decisions", "actions", "cases", "vault"])
async def test_recording_is_all_or_nothing(backing: Backing, broken: str) -> None:
    store = backing.open()
    await store.inbox.put(make_message(), NOON)
    await backing.execute(f"ALTER TABLE {broken} RENAME TO broken")

    with pytest.raises(ChaperoneError):
        await store.decisions.record(make_decision(case="c1"), make_case(), make_kept(), LEASE)

    await backing.execute(f"ALTER TABLE broken RENAME TO {broken}")
    assert await store.inbox.waiting() == 1
    assert await store.decisions.decision("d1") is None
    assert await store.cases.of_message(make_message().ref) is None
    assert await backing.rows("SELECT 1 FROM actions UNION ALL SELECT 1 FROM vault") == []
    assert await store.decisions.record(make_decision(case="c1"), make_case(), make_kept(), LEASE)


async def test_decisions_of_a_message_are_oldest_first_whatever_the_revision(store: Store) -> None:
    first, second = make_message(revision="1"), make_message(revision="2")
    await store.decisions.record(make_decision("d2", message=second, at=later(hours=1)), None, make_kept(second), LEASE)
    await store.decisions.record(make_decision("d1", message=first), None, make_kept(first), LEASE)
    await store.decisions.record(make_decision("d3", message=numbered(3)), None, make_kept(numbered(3)), LEASE)

    assert [decision.id for decision in await store.decisions.of_message(first.ref)] == ["d1", "d2"]


async def test_recent_decisions_are_those_since_then_oldest_first(store: Store) -> None:
    for name, hours in (("d3", 3), ("d1", 1), ("d2", 2)):
        await store.decisions.record(make_decision(name, at=later(hours=hours)), None, make_kept(), LEASE)

    assert [decision.id for decision in await store.decisions.recent(later(hours=2))] == ["d2", "d3"]


async def test_the_decisions_about_an_author_are_those_of_the_whole_workspace_since_then(store: Store) -> None:
    for name, hours, author in (("d3", 3, "ana"), ("d1", 1, "ana"), ("d2", 2, "ana"), ("d4", 4, "ben")):
        message = replace(numbered(hours), author=Author(id=author, name=author))
        decision = make_decision(name, message=message, at=later(hours=hours))
        await store.decisions.record(decision, None, make_kept(message), LEASE)

    async def found(workspace: str) -> list[str]:
        room = RoomRef(platform=PlatformName.SANDBOX, workspace=workspace, room="another")
        return [decision.id for decision in await store.decisions.by_author(room, "ana", later(hours=2))]

    assert await found("sandbox") == ["d2", "d3"]
    assert await found("other") == []


async def test_actions_are_counted_by_kind_and_by_how_far_they_are(store: Store) -> None:
    await store.decisions.record(make_decision("d1", at=NOON), None, make_kept(), LEASE)
    await store.decisions.record(make_decision("d2", at=later(hours=2)), None, make_kept(), LEASE)
    [first, *_] = await store.decisions.actions("d2")
    await store.decisions.tried(first.key, later(hours=2))

    counted = await store.decisions.tally(later(hours=1))

    assert counted[first.action.kind, ActionState.TRIED] == 1
    assert sum(counted.values()) == len(await store.decisions.actions("d2"))
    assert await store.decisions.tally(later(hours=3)) == {}


@pytest.mark.parametrize(("state", "counted"), [("open", 2.0), ("upheld", 2.0), ("restored", 0.0), ("reposted", 2.0)])
async def test_a_decision_whose_message_was_brought_back_counts_no_strike(
    store: Store, state: str, counted: float
) -> None:
    case = make_case(state=CaseState(state))
    await store.decisions.record(make_decision(case="c1", strike=2.0), case, make_kept(), LEASE)

    assert await store.decisions.strikes(ROOM, "ana", NOON, HALF_LIFE) == counted


async def test_strikes_halve_with_every_half_life(store: Store) -> None:
    for name, days, strike in (("d1", 0, 4.0), ("d2", 30, 1.0), ("d3", 45, 0.0)):
        await store.decisions.record(make_decision(name, at=later(days=days), strike=strike), None, make_kept(), LEASE)

    assert await store.decisions.strikes(ROOM, "ana", NOON, HALF_LIFE) == pytest.approx(4 + 2)
    assert await store.decisions.strikes(ROOM, "ana", later(days=30), HALF_LIFE) == pytest.approx(2 + 1)
    assert await store.decisions.strikes(ROOM, "ana", later(days=60), HALF_LIFE) == pytest.approx(1 + 0.5)


async def test_strikes_count_in_every_room_of_the_workspace_and_nowhere_else(store: Store) -> None:
    await store.decisions.record(make_decision(strike=2.0), None, make_kept(), LEASE)

    async def strikes(workspace: str, platform: PlatformName, author: str) -> float:
        room = RoomRef(platform=platform, workspace=workspace, room="another")
        return await store.decisions.strikes(room, author, NOON, HALF_LIFE)

    assert await strikes("sandbox", PlatformName.SANDBOX, "ana") == 2.0
    assert await strikes("other", PlatformName.SANDBOX, "ana") == 0
    assert await strikes("sandbox", PlatformName.SLACK, "ana") == 0
    assert await strikes("sandbox", PlatformName.SANDBOX, "ben") == 0


async def test_the_author_in_a_decision_is_whom_its_strikes_count_against(store: Store) -> None:
    message = make_message(author=Author(id="ben", name="Ben"))
    await store.decisions.record(make_decision(message=message, strike=1.0), None, make_kept(message), LEASE)

    assert await store.decisions.strikes(ROOM, "ben", NOON, HALF_LIFE) == 1.0
    assert await store.decisions.due(SANDBOX, 9, NOON + LEASE, LEASE) == [make_decision(message=message, strike=1.0)]
