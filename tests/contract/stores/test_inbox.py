"""Messages that wait: kept once, taken by one, finished for good."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from bot.domain.message import Attachment, Author, Earlier, PlatformName
from bot.domain.text import MappedText
from bot.service.store import Store
from tests.contract.stores.samples import LEASE, SANDBOX, SLACK, SLACK_ROOM, later, numbered
from tests.factories import NOON, make_message, make_ref


async def test_what_is_delivered_twice_is_kept_once(store: Store) -> None:
    message = make_message()

    assert await store.inbox.put(message, NOON)
    assert not await store.inbox.put(message, later(seconds=5))
    assert await store.inbox.waiting() == 1


async def test_of_many_deliveries_at_once_one_is_kept(store: Store) -> None:
    kept = await asyncio.gather(*(store.inbox.put(make_message(), NOON) for _ in range(8)))

    assert sorted(kept) == [False] * 7 + [True]
    assert await store.inbox.waiting() == 1


async def test_a_new_revision_is_a_message_of_its_own(store: Store) -> None:
    assert await store.inbox.put(make_message(revision="1"), NOON)
    assert await store.inbox.put(make_message(revision="2"), NOON)
    assert await store.inbox.waiting() == 2


async def test_a_finished_message_is_not_kept_again(store: Store) -> None:
    message = make_message()
    await store.inbox.put(message, NOON)

    await store.inbox.finish(message.key, NOON)

    assert await store.inbox.waiting() == 0
    assert not await store.inbox.put(message, NOON)
    assert await store.inbox.take(SANDBOX, 9, later(days=1), LEASE) == []


async def test_a_message_finished_before_it_came_is_known_when_it_comes(store: Store) -> None:
    message = make_message()
    await store.inbox.finish(message.key, NOON)
    await store.inbox.finish(message.key, NOON)

    assert not await store.inbox.put(message, NOON)
    assert await store.inbox.waiting() == 0


async def test_messages_come_out_as_they_went_in(store: Store) -> None:
    message = make_message(
        author=Author(
            id="ana", name="Ana \u00d1", platform_roles=frozenset({"a", "b"}), joined_at=later(days=-3), locale="es-MX"
        )
    )
    rich = type(message)(
        ref=make_ref("2", thread="1"),
        revision="7",
        author=message.author,
        typed=MappedText(source="&amp; \U0001f600", plain="& \U0001f600", origins=((0, 5), (5, 6), (6, 7))),
        sent_at=later(microseconds=123456),
        edited_at=later(seconds=1),
        reply_to=make_ref("1"),
        context=(Earlier(same_author=False, text="before"),),
        carried=("title",),
        attachments=(Attachment(id="f", words="scan.png"),),
        answered_by_staff=True,
    )
    await store.inbox.put(rich, NOON)

    assert await store.inbox.take(SANDBOX, 9, NOON, LEASE) == [rich]


async def test_half_a_surrogate_pair_is_no_way_to_stay_unread(store: Store) -> None:
    assert await store.inbox.put(make_message("Joe \ud83d has cancer"), NOON)

    [taken] = await store.inbox.take(SANDBOX, 9, NOON, LEASE)
    assert taken.text.startswith("Joe ")
    assert taken.text.endswith(" has cancer")
    assert len(taken.text) == len("Joe \ud83d has cancer")


async def test_the_oldest_are_taken_first_and_no_more_than_asked_for(store: Store) -> None:
    for number, waited in ((1, 5), (2, 9), (3, 9), (4, 1)):
        await store.inbox.put(numbered(number), later(seconds=-waited))

    first = await store.inbox.take(SANDBOX, 3, NOON, LEASE)
    rest = await store.inbox.take(SANDBOX, 3, NOON, LEASE)

    assert [message.ref.message for message in (*first, *rest)] == ["2", "3", "1", "4"]


async def test_only_messages_of_the_platforms_asked_for_are_taken(store: Store) -> None:
    await store.inbox.put(numbered(1), NOON)
    await store.inbox.put(numbered(2, room=SLACK_ROOM), NOON)

    assert [m.ref.message for m in await store.inbox.take(SLACK, 9, NOON, LEASE)] == ["2"]
    assert await store.inbox.take(frozenset(), 9, NOON, LEASE) == []


async def test_what_is_taken_waits_again_once_its_lease_is_over(store: Store) -> None:
    await store.inbox.put(make_message(), NOON)
    assert len(await store.inbox.take(SANDBOX, 9, NOON, LEASE)) == 1

    assert await store.inbox.take(SANDBOX, 9, NOON + LEASE - timedelta(microseconds=1), LEASE) == []
    assert len(await store.inbox.take(SANDBOX, 9, NOON + LEASE, LEASE)) == 1
    assert await store.inbox.waiting() == 1


async def test_takers_at_once_get_each_message_once(store: Store) -> None:
    for number in range(30):
        await store.inbox.put(numbered(number), NOON)

    batches = await asyncio.gather(*(store.inbox.take(SANDBOX, 5, NOON, LEASE) for _ in range(10)))

    taken = [message.ref.message for batch in batches for message in batch]
    assert sorted(taken, key=int) == [str(number) for number in range(30)]


async def test_broken_leases_make_the_platforms_messages_wait_again(store: Store) -> None:
    await store.inbox.put(numbered(1), NOON)
    await store.inbox.put(numbered(2, room=SLACK_ROOM), NOON)
    await store.inbox.take(frozenset(PlatformName), 9, NOON, LEASE)

    await store.break_leases(SLACK)

    assert [m.ref.message for m in await store.inbox.take(frozenset(PlatformName), 9, NOON, LEASE)] == ["2"]
