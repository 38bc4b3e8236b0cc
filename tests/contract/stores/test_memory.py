"""Small things to remember: watermarks, who said what again, policies."""

from __future__ import annotations

import asyncio

from bot.domain.message import PlatformName, RoomRef
from bot.service.store import PolicyVersion, Store
from tests.contract.stores.samples import later
from tests.factories import NOON, ROOM

NEXT_ROOM = RoomRef(platform=ROOM.platform, workspace=ROOM.workspace, room="next")
ELSEWHERE = RoomRef(platform=ROOM.platform, workspace="elsewhere", room=ROOM.room)
ON_SLACK = RoomRef(platform=PlatformName.SLACK, workspace=ROOM.workspace, room=ROOM.room)


async def test_a_room_never_read_has_no_watermark(store: Store) -> None:
    assert await store.memory.watermark(ROOM) is None


async def test_watermarks_go_forward_and_never_back(store: Store) -> None:
    for position in ("0010", "0009", "0012", "0011"):
        await store.memory.advance(ROOM, position)

    assert await store.memory.watermark(ROOM) == "0012"
    for other in (NEXT_ROOM, ELSEWHERE, ON_SLACK):
        assert await store.memory.watermark(other) is None


async def test_positions_sort_as_bytes_do_and_not_as_dictionaries(store: Store) -> None:
    await store.memory.advance(ROOM, "a1")
    await store.memory.advance(ROOM, "B2")

    assert await store.memory.watermark(ROOM) == "a1"


async def test_watermarks_advanced_at_once_end_at_the_furthest(store: Store) -> None:
    await asyncio.gather(*(store.memory.advance(ROOM, f"{place:04}") for place in (3, 9, 1, 7, 5, 8, 2)))

    assert await store.memory.watermark(ROOM) == "0009"


async def test_posts_are_found_by_words_in_the_whole_workspace(store: Store) -> None:
    await store.memory.remember_post(NEXT_ROOM, "ana", "2", "same", later(minutes=2))
    await store.memory.remember_post(ROOM, "ana", "1", "same", later(minutes=1))
    await store.memory.remember_post(ROOM, "ana", "3", "other", later(minutes=3))
    await store.memory.remember_post(ROOM, "ben", "4", "same", NOON)
    await store.memory.remember_post(ELSEWHERE, "ana", "5", "same", NOON)
    await store.memory.remember_post(ON_SLACK, "ana", "6", "same", NOON)

    assert await store.memory.posts(ROOM, "ana", "same", NOON, "-") == [later(minutes=1), later(minutes=2)]
    assert await store.memory.posts(ROOM, "ana", None, NOON, "-") == [later(minutes=m) for m in (1, 2, 3)]
    assert await store.memory.posts(ROOM, "ana", "same", NOON, "1") == [later(minutes=2)]
    assert await store.memory.posts(ROOM, "ana", None, later(minutes=3), "-") == [later(minutes=3)]


async def test_of_a_message_said_anew_only_the_last_words_count(store: Store) -> None:
    await store.memory.remember_post(ROOM, "ana", "1", "first", NOON)
    await store.memory.remember_post(ROOM, "ana", "1", "first", NOON)
    await store.memory.remember_post(ROOM, "ana", "1", "second", later(minutes=1))

    assert await store.memory.posts(ROOM, "ana", "first", NOON, "-") == []
    assert await store.memory.posts(ROOM, "ana", None, NOON, "-") == [later(minutes=1)]


async def test_policies_are_newest_first_and_kept_once(store: Store) -> None:
    first, second = (PolicyVersion(hash=h, source=f"name: {h}", since=NOON) for h in ("h1", "h2"))
    again = PolicyVersion(hash="h1", source="name: h1", since=later(hours=1))

    assert await store.memory.policies() == []
    for version in (first, second, second):
        await store.memory.keep_policy(version)
    assert await store.memory.policies() == [second, first]
    await store.memory.keep_policy(again)

    assert await store.memory.policies() == [again, second]


async def test_the_newest_policy_is_the_one_kept_last(store: Store) -> None:
    first, second = (PolicyVersion(hash=h, source=f"name: {h}", since=NOON) for h in ("h1", "h2"))
    back = PolicyVersion(hash="h1", source="name: h1", since=later(hours=-1), instead_of="h2")

    assert await store.memory.newest_policy() is None
    for version in (first, second, back):
        await store.memory.keep_policy(version)
        assert await store.memory.newest_policy() == version


async def test_a_policy_kept_again_is_no_longer_there_instead_of_another(store: Store) -> None:
    back = PolicyVersion(hash="h1", source="name: h1", since=NOON, instead_of="h2")
    plain = PolicyVersion(hash="h1", source="name: h1", since=later(hours=1))

    for version in (back, plain):
        await store.memory.keep_policy(version)

    assert await store.memory.policies() == [plain]
