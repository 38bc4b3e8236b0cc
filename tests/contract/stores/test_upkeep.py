"""Erasing a person, forgetting what is old, opening and closing."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.case import CaseState, Verb
from bot.domain.decision import Action, ActionKind
from bot.domain.errors import ErasedError
from bot.domain.message import Author, Earlier, Message, PlatformName, RoomRef
from bot.domain.outcome import How, Outcome
from bot.service.store import Store, TrailEntry
from tests.contract.stores.samples import LEASE, SANDBOX, later, make_case, make_decision, make_kept, numbered
from tests.factories import MEMBER, NOON, ROOM, make_message, make_ref

BEN = Author(id="ben", name="Ben")
ELSEWHERE = RoomRef(platform=ROOM.platform, workspace="elsewhere", room="community")


async def _case(store: Store, name: str, message: Message) -> None:
    decision = make_decision(f"d-{name}", message=message, case=name)
    await store.decisions.record(decision, make_case(name, message=message), make_kept(message), LEASE)


async def _erase_ana(store: Store) -> int:
    return await store.erase_person(PlatformName.SANDBOX, "sandbox", "ana", by="rita", at=NOON)


async def test_an_erased_persons_texts_and_name_are_gone(store: Store) -> None:
    await _case(store, "c1", make_message())
    await store.inbox.put(numbered(2), NOON)
    await store.memory.remember_post(ROOM, "ana", "1", "digest", NOON)

    assert await _erase_ana(store) == 2

    with pytest.raises(ErasedError):
        await store.vault.kept("c1")
    assert await store.cases.trail("c1") == [TrailEntry(case="c1", verb=Verb.ERASE, by="rita", at=NOON)]
    assert await store.cases.case("c1") == replace(make_case(), author_name="")
    assert [case.author_name for case in await store.cases.listed(frozenset(CaseState), 9)] == [""]
    assert await store.inbox.waiting() == 0
    assert not await store.inbox.put(numbered(2), NOON)
    assert await store.inbox.take(SANDBOX, 9, later(days=1), LEASE) == []
    assert await store.memory.posts(ROOM, "ana", None, NOON, "-") == []
    assert await _erase_ana(store) == 0


async def test_a_case_of_an_erased_person_can_still_be_changed(store: Store) -> None:
    await _case(store, "c1", make_message())
    await _erase_ana(store)

    stale, now = make_case(), await store.cases.case("c1")
    assert not await store.cases.change(stale, replace(stale, hidden=True), None)
    assert await store.cases.change(now, replace(now, hidden=True), None)

    assert await store.cases.case("c1") == replace(now, hidden=True)


async def test_other_people_and_other_workspaces_stay(store: Store) -> None:
    bens = make_message(ref=make_ref("2"), author=BEN)
    hers_elsewhere = make_message(ref=make_ref("3", room=ELSEWHERE))
    await _case(store, "c2", bens)
    await _case(store, "c3", hers_elsewhere)
    for room in (ROOM, ELSEWHERE):
        await store.inbox.put(
            make_message(ref=make_ref("4", room=room), author=MEMBER if room is ELSEWHERE else BEN), NOON
        )
    await store.memory.remember_post(ELSEWHERE, "ana", "1", "digest", NOON)

    assert await _erase_ana(store) == 0

    assert await store.vault.kept("c2") == make_kept(bens)
    assert await store.vault.kept("c3") == make_kept(hers_elsewhere)
    assert {case.author_name for case in await store.cases.listed(frozenset(CaseState), 9)} == {"Ana", "Ben"}
    assert await store.inbox.waiting() == 2
    assert await store.memory.posts(ELSEWHERE, "ana", None, NOON, "-") == [NOON]


async def test_what_others_quote_of_an_erased_person_is_gone(store: Store) -> None:
    context = (Earlier(same_author=False, text="hers"), Earlier(same_author=True, text="his own"))
    hidden = replace(make_message("his", ref=make_ref("2"), author=BEN), context=context)
    waiting = replace(hidden, ref=make_ref("3"))
    elsewhere = replace(hidden, ref=make_ref("4", room=ELSEWHERE))
    await _case(store, "c2", hidden)
    await _case(store, "c4", elsewhere)
    await store.inbox.put(waiting, NOON)

    await _erase_ana(store)

    assert await store.vault.kept("c2") == make_kept(replace(hidden, context=context[1:]))
    assert await store.vault.kept("c4") == make_kept(elsewhere)
    assert await store.inbox.take(SANDBOX, 9, NOON, LEASE) == [replace(waiting, context=context[1:])]


async def test_what_is_old_and_done_is_pruned(store: Store) -> None:
    await store.inbox.finish("old", NOON)
    await store.inbox.finish("new", later(hours=1))
    await store.memory.remember_post(ROOM, "ana", "1", "digest", NOON)
    await store.memory.remember_post(ROOM, "ana", "2", "digest", later(hours=1))
    note = (Action(kind=ActionKind.NOTE),)
    for name, hours, strike in (("old", 0, 0.0), ("strike", 0, 2.0), ("new", 1, 1.0)):
        await store.decisions.record(
            make_decision(name, actions=note, at=later(hours=hours), strike=strike),
            None,
            make_kept(numbered(hours)),
            LEASE,
        )
        await store.decisions.done(f"{name}:note:", Outcome(how=How.PRIVATE), later(hours=hours))

    assert await store.decisions.strikes(ROOM, "ana", NOON, timedelta(days=99)) == pytest.approx(3.0, rel=0.01)
    assert await store.prune(later(hours=1), NOON) == 4  # the key, the post, the decision and the key of its message
    assert await store.decisions.decision("strike") is not None
    assert await store.prune(later(hours=1), later(hours=1)) == 1
    assert await store.prune(later(hours=1), later(hours=1)) == 0

    assert await store.decisions.decision("old") is None
    assert await store.decisions.actions("old") == []
    assert await store.decisions.decision("new") is not None
    assert await store.memory.posts(ROOM, "ana", None, NOON, "-") == [later(hours=1)]
    assert await store.decisions.strikes(ROOM, "ana", later(hours=1), timedelta(days=1)) == 1.0
    assert await store.inbox.put(numbered(0), later(hours=2))
    assert not await store.inbox.put(numbered(1), later(hours=2))


async def test_what_waits_has_a_case_or_is_still_to_be_done_is_never_pruned(store: Store) -> None:
    await store.inbox.put(numbered(9), NOON)
    await store.decisions.record(make_decision("to-do"), None, make_kept(), LEASE)
    await store.decisions.record(make_decision("with-case", actions=(), case="c1"), make_case(), make_kept(), LEASE)
    await store.decisions.record(make_decision("d1", actions=()), None, make_kept(), LEASE)

    await store.prune(later(days=99), later(days=99))

    assert await store.inbox.waiting() == 1
    for decision in ("to-do", "with-case", "d1"):  # the case says that it comes from d1
        assert await store.decisions.decision(decision) is not None
    assert await store.vault.kept("c1") == make_kept()


async def test_a_store_is_ready_and_can_be_closed_twice(store: Store) -> None:
    assert await store.ready()
    await store.close()
    await store.close()
