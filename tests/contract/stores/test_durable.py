"""What only a store on a database has to keep to: it lasts, it is sealed, and it survives what happens around it."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import replace

import pytest
from structlog.testing import capture_logs

from bot.domain.case import CaseState
from bot.domain.errors import ChaperoneError, VaultError
from bot.domain.message import Author, PlatformName
from bot.domain.outcome import ActionState
from bot.service.store import PolicyVersion
from bot.stores.engine import StoreError
from bot.stores.keyring import Keyring
from bot.stores.sql import SqlStore
from tests.contract.stores.backing import KEY, Backing
from tests.contract.stores.samples import LEASE, SANDBOX, later, make_case, make_decision, make_kept, numbered
from tests.factories import NOON, ROOM, make_message, make_ref

CANARY = "Zebulon-has-syphilis"
NAME = "Xanthippe Canaryname"
PLANTED = make_message(CANARY, author=Author(id="ana", name=NAME))


async def _fill(store: SqlStore) -> None:
    await store.inbox.put(PLANTED, NOON)
    await store.decisions.record(
        make_decision(message=PLANTED, case="c1"), make_case(message=PLANTED), make_kept(PLANTED), LEASE
    )
    await store.inbox.put(make_message(CANARY, ref=make_ref("2"), author=PLANTED.author), NOON)
    await store.memory.advance(ROOM, "0001")
    await store.memory.remember_post(ROOM, "ana", "1", "digest", NOON)
    await store.memory.keep_policy(PolicyVersion(hash="h1", source="name: x", since=NOON))


async def test_everything_is_there_after_closing_and_opening(backing: Backing) -> None:
    first = backing.open()
    await _fill(first)
    await first.decisions.tried("d1:hide:", NOON)
    await first.close()

    second = backing.open()
    assert [m.text for m in await second.inbox.take(SANDBOX, 9, NOON, LEASE)] == [CANARY]
    assert (await second.decisions.actions("d1"))[0].state is ActionState.TRIED
    assert await second.cases.case("c1") == make_case(message=PLANTED)
    assert await second.vault.kept("c1") == make_kept(PLANTED)
    assert await second.memory.watermark(ROOM) == "0001"
    assert await second.memory.posts(ROOM, "ana", "digest", NOON, "-") == [NOON]
    assert [version.hash for version in await second.memory.policies()] == ["h1"]


async def test_text_and_names_are_never_in_the_clear(backing: Backing) -> None:
    store = backing.open()
    await _fill(store)

    raw = await backing.raw()
    assert b"sandbox:sandbox:community:1" in raw
    for planted in (CANARY, NAME, NAME.split(maxsplit=1)[0]):
        assert planted.encode() not in raw


async def test_what_is_erased_is_not_even_there_sealed(backing: Backing) -> None:
    store = backing.open()
    await _fill(store)
    query = "SELECT sealed FROM inbox UNION ALL SELECT sealed FROM vault UNION ALL SELECT sealed_name FROM cases"
    sealed = [value for (value,) in await backing.rows(query) if isinstance(value, bytes)]
    assert len(sealed) == 3
    before = await backing.raw()
    assert all(value[-32:] in before for value in sealed)

    await store.erase_person(PlatformName.SANDBOX, "sandbox", "ana", by="rita", at=NOON)

    assert [value for (value,) in await backing.rows(query) if value is not None] == []
    raw = await backing.raw()
    assert not [value for value in sealed if value[-32:] in raw]


async def test_one_erased_text_leaves_the_file_at_once(backing: Backing) -> None:
    store = backing.open()
    await _fill(store)
    [(sealed,)] = await backing.rows("SELECT sealed FROM vault")
    assert isinstance(sealed, bytes)

    await store.vault.erase("c1", "rita", NOON)

    assert await backing.rows("SELECT sealed FROM vault") == []
    assert sealed[-32:] not in await backing.raw()


async def test_keys_rotate(backing: Backing) -> None:
    new = Keyring.new_key()
    await _fill(backing.open(KEY))

    both = backing.open(new, KEY)
    assert (await both.vault.kept("c1")).message.text == CANARY
    await both.inbox.put(numbered(3), NOON)
    assert await both.vault.reseal() == 3

    only_new = backing.open(new)
    assert (await only_new.vault.kept("c1")).message.text == CANARY
    assert (await only_new.cases.case("c1")).author_name == NAME
    assert len(await only_new.inbox.take(SANDBOX, 9, NOON, LEASE)) == 2
    with pytest.raises(VaultError):
        await backing.open(KEY).vault.kept("c1")


async def test_resealing_many_reaches_all(backing: Backing) -> None:
    new, store = Keyring.new_key(), backing.open()
    for number in range(450):
        await store.inbox.put(numbered(number), NOON)

    assert await backing.open(new, KEY).vault.reseal() == 450
    assert len(await backing.open(new).inbox.take(SANDBOX, 999, NOON, LEASE)) == 450


async def test_without_the_key_the_queue_goes_on_and_says_so(backing: Backing) -> None:
    new = Keyring.new_key()
    await _fill(backing.open(KEY))
    store = backing.open(new)
    await store.inbox.put(numbered(3), later(seconds=1))

    with capture_logs() as logs:
        taken = await store.inbox.take(SANDBOX, 9, later(seconds=1), LEASE)
        [case] = await store.cases.listed(frozenset({CaseState.OPEN}), 9)

    assert [message.ref.message for message in taken] == ["3"]
    assert (case.id, case.author_name) == ("c1", "")
    assert [entry["action"] for entry in logs] == ["inbox_sealed", "name_sealed"]
    assert await store.inbox.waiting() == 2
    with pytest.raises(VaultError):
        await store.vault.kept("c1")
    assert await store.cases.change(case, replace(case, hidden=True), None)
    assert (await backing.open(KEY).cases.case("c1")).author_name == NAME


async def test_what_opens_with_no_key_keeps_nobody_waiting(backing: Backing) -> None:
    new = Keyring.new_key()
    old, store = backing.open(KEY), backing.open(new)
    for number in range(5):
        await old.inbox.put(numbered(number), NOON)
    await store.inbox.put(numbered(9), later(seconds=1))

    taken = await store.inbox.take(SANDBOX, 1, later(seconds=1), LEASE)

    assert [message.ref.message for message in taken] == ["9"]
    assert await store.inbox.take(SANDBOX, 9, later(seconds=2), LEASE) == []
    assert len(await backing.open(new, KEY).inbox.take(SANDBOX, 9, later(hours=2), LEASE)) == 6


async def test_resealing_and_erasing_say_what_does_not_open(backing: Backing) -> None:
    new = Keyring.new_key()
    await _fill(backing.open(KEY))
    store = backing.open(new)
    await store.inbox.put(numbered(3), NOON)

    with pytest.raises(VaultError, match="3 texts or names"):
        await store.vault.reseal()
    with pytest.raises(VaultError, match="2 texts of others"):
        await store.erase_person(PlatformName.SANDBOX, "sandbox", "somebody else", by="rita", at=NOON)
    await store.erase_person(PlatformName.SANDBOX, "sandbox", "ana", by="rita", at=NOON)
    assert await store.inbox.waiting() == 0


async def test_a_text_moved_to_another_case_does_not_open(backing: Backing) -> None:
    store = backing.open()
    for case in ("c1", "c2"):
        await store.decisions.record(make_decision(f"d-{case}", case=case), make_case(case), make_kept(), LEASE)

    await backing.execute("UPDATE vault SET sealed = (SELECT sealed FROM vault WHERE case_id = 'c1')")

    assert await store.vault.kept("c1") == make_kept()
    with pytest.raises(VaultError):
        await store.vault.kept("c2")


async def test_two_processes_share_the_work(backing: Backing) -> None:
    one, other = backing.open(), backing.open()
    for number in range(20):
        await one.inbox.put(numbered(number), NOON)

    batches = await asyncio.gather(*(store.inbox.take(SANDBOX, 3, NOON, LEASE) for store in (one, other) * 5))

    taken = [message.ref.message for batch in batches for message in batch]
    assert sorted(taken, key=int) == [str(number) for number in range(20)]


async def test_two_processes_write_at_once_and_neither_is_turned_away(backing: Backing) -> None:
    stores = [backing.open(), backing.open()]

    await asyncio.gather(
        *(
            stores[number % 2].decisions.record(
                make_decision(f"d{number}", case=f"c{number}"),
                make_case(f"c{number}"),
                make_kept(numbered(number)),
                LEASE,
            )
            for number in range(30)
        )
    )

    assert len(await stores[0].cases.listed(frozenset({CaseState.OPEN}), 99)) == 30


async def test_connections_come_back_from_failures_and_interruptions(backing: Backing) -> None:
    store = backing.open()
    await backing.execute("ALTER TABLE vault RENAME TO broken")
    for _ in range(15):
        with pytest.raises(StoreError):
            await store.decisions.record(make_decision(case="c1"), make_case(), make_kept(), LEASE)
    await backing.execute("ALTER TABLE broken RENAME TO vault")
    for patience in range(30):
        with suppress(TimeoutError, ChaperoneError):
            async with asyncio.timeout(patience / 10_000):
                await store.decisions.record(
                    make_decision(f"d{patience}", case=f"c{patience}"), make_case(f"c{patience}"), make_kept(), LEASE
                )

    async with asyncio.timeout(10):
        assert all(await asyncio.gather(*(store.ready() for _ in range(30))))
        for number in range(30):
            decision, case = await store.decisions.decision(f"d{number}"), await _listed(store, f"c{number}")
            assert (decision is None) == (case is None)


async def _listed(store: SqlStore, case: str) -> str | None:
    listed = {found.id for found in await store.cases.listed(frozenset(CaseState), 99)}
    return case if case in listed else None


async def test_an_error_says_nothing_of_what_was_to_be_written(backing: Backing) -> None:
    store = backing.open()
    await backing.execute("DROP TABLE vault")

    with pytest.raises(StoreError) as caught:
        await store.decisions.record(make_decision(case="c1"), make_case(message=PLANTED), make_kept(PLANTED), LEASE)

    assert caught.value.__suppress_context__
    for error in (caught.value, caught.value.__context__):
        assert CANARY not in str(error)
        assert NAME not in str(error)


async def test_a_database_without_its_tables_is_not_ready(backing: Backing) -> None:
    store = backing.open()
    await backing.execute("DELETE FROM alembic_version")
    assert not await store.ready()
    await backing.execute("DROP TABLE alembic_version")
    assert not await store.ready()
