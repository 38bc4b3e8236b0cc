"""The vault: what is erased is gone, what is kept opens."""

from __future__ import annotations

import asyncio
from datetime import datetime

import pytest

from bot.domain.case import CaseState, Verb
from bot.domain.errors import ErasedError, UnknownCaseError
from bot.service.store import Store, TrailEntry
from tests.contract.stores.samples import LEASE, later, make_case, make_decision, make_kept, numbered
from tests.factories import NOON, make_message


async def _keep(store: Store, case: str, at: datetime = NOON, *, closed: bool = False) -> None:
    message = make_message(f"text of {case}")
    opened = make_case(case, state=CaseState.UPHELD if closed else CaseState.OPEN, closed_at=at if closed else None)
    await store.decisions.record(make_decision(f"d-{case}", case=case, at=at), opened, make_kept(message), LEASE)


async def test_texts_are_kept_under_their_case(store: Store) -> None:
    await _keep(store, "c1")
    await _keep(store, "c2")

    assert await store.vault.kept("c1") == make_kept(make_message("text of c1"))
    assert await store.vault.kept("c2") == make_kept(make_message("text of c2"))


async def test_a_case_that_is_not_there_has_no_text(store: Store) -> None:
    with pytest.raises(UnknownCaseError):
        await store.vault.kept("c9")


async def test_an_erased_text_is_gone_and_its_case_stays(store: Store) -> None:
    await _keep(store, "c1")
    await _keep(store, "c2")

    assert await store.vault.erase("c1", "rita", NOON)
    assert not await store.vault.erase("c1", "omar", NOON)
    assert not await store.vault.erase("c9", "rita", NOON)

    with pytest.raises(ErasedError):
        await store.vault.kept("c1")
    assert await store.cases.trail("c1") == [TrailEntry(case="c1", verb=Verb.ERASE, by="rita", at=NOON)]
    assert (await store.cases.case("c1")).id == "c1"
    assert (await store.vault.kept("c2")).message.text == "text of c2"


async def test_old_texts_of_closed_cases_are_erased_and_no_others(store: Store) -> None:
    await _keep(store, "old-closed", closed=True)
    await _keep(store, "old-open")
    await _keep(store, "new-closed", later(hours=1), closed=True)

    assert await store.vault.erase_older(later(hours=1), "chaperone", NOON) == 1
    assert await store.vault.erase_older(later(hours=1), "chaperone", NOON) == 0

    with pytest.raises(ErasedError):
        await store.vault.kept("old-closed")
    assert [entry.by for entry in await store.cases.trail("old-closed")] == ["chaperone"]
    assert await store.cases.trail("old-open") == []
    assert (await store.vault.kept("old-open")).message.text == "text of old-open"
    assert (await store.vault.kept("new-closed")).message.text == "text of new-closed"


async def test_resealing_counts_every_text_and_changes_none(store: Store) -> None:
    await _keep(store, "c1")
    await _keep(store, "c2")
    await store.inbox.put(numbered(7), NOON)

    assert await store.vault.reseal() == 3

    assert (await store.vault.kept("c1")).message.text == "text of c1"
    assert (await store.cases.case("c1")).author_name == "Ana"


async def test_what_is_finished_while_resealing_stays_finished(store: Store) -> None:
    messages = [numbered(number) for number in range(100)]
    for message in messages:
        await store.inbox.put(message, NOON)

    async def finish_one_by_one() -> None:
        for message in messages:
            await store.inbox.finish(message.key, NOON)

    await asyncio.gather(finish_one_by_one(), *(store.vault.reseal() for _ in range(3)))

    assert await store.inbox.waiting() == 0


async def test_erasing_and_resealing_at_once_leaves_the_erased_erased(store: Store) -> None:
    for number in range(10):
        await _keep(store, f"c{number}")

    await asyncio.gather(*(store.vault.erase(f"c{number}", "rita", NOON) for number in range(10)), store.vault.reseal())

    assert await store.vault.reseal() == 0
