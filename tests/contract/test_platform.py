"""One suite over every platform: the sandbox, Slack and Discord on their simulators with the unmodified client libraries."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager

import pytest

from bot.domain.errors import ForbiddenError, GoneError, TemporaryPlatformError
from bot.domain.outcome import How
from bot.domain.words import Button, ButtonKind, Words
from bot.service.ports import Platform
from tests.contract.discord_world import discord_world
from tests.contract.driver import Driver
from tests.contract.sandbox_world import sandbox_world
from tests.contract.slack_world import slack_world

World = tuple[Platform, Driver]
WORLDS: dict[str, Callable[[], AbstractAsyncContextManager[World]]] = {
    "sandbox": sandbox_world,
    "slack": slack_world,
    "discord": discord_world,
}
TEAM = "moderators"


@pytest.fixture(params=list(WORLDS.values()), ids=list(WORLDS))
async def world(request: pytest.FixtureRequest) -> AsyncIterator[World]:
    async with request.param() as made:
        yield made


def words(text: str = "We have hidden your message.", key: str = "decision:note:") -> Words:
    button = Button(kind=ButtonKind.APPEAL, case="c0ffee", label="Ask for a review")
    return Words(key=key, text=text, buttons=(button,))


async def test_a_message_is_understood_as_it_was_typed(world: World) -> None:
    platform, driver = world
    message = await driver.post("Tom & Jerry <3")

    assert message.typed.plain == "Tom & Jerry <3"
    assert message.ref.room.platform is platform.name
    assert message.sent_at.tzinfo is not None


async def test_a_room_is_found_by_name_or_not_at_all(world: World) -> None:
    platform, driver = world
    near = (await driver.post("hello")).ref.room

    assert await platform.has_room(TEAM, near)
    assert await platform.has_room(f"#{TEAM}", near)
    assert await platform.has_room(near.room, near)
    assert not await platform.has_room("moderatros", near)


async def test_hiding_takes_the_message_out_of_the_room(world: World) -> None:
    platform, driver = world
    message = await driver.post("Joe has cancer")

    assert await platform.hide(message.ref, reason="Case c0ffee", again=False) in (How.DELETED, How.TOMBSTONED)
    assert not await driver.visible(message.ref)


async def test_hiding_twice_is_harmless(world: World) -> None:
    platform, driver = world
    message = await driver.post("Joe has cancer")
    await platform.hide(message.ref, reason="Case c0ffee", again=False)

    assert await platform.hide(message.ref, reason="Case c0ffee", again=True) is How.ALREADY


async def test_hiding_without_permission_is_forbidden_and_leaves_the_message(world: World) -> None:
    platform, driver = world
    message = await driver.post("Joe has cancer")
    await driver.forbid_hiding()

    with pytest.raises(ForbiddenError):
        await platform.hide(message.ref, reason="Case c0ffee", again=False)
    assert await driver.visible(message.ref)


async def test_a_platform_in_trouble_is_a_temporary_error_and_later_it_works(world: World) -> None:
    platform, driver = world
    message = await driver.post("Joe has cancer")
    await driver.fail_next(1)

    try:
        await platform.hide(message.ref, reason="Case c0ffee", again=False)
    except TemporaryPlatformError:
        await platform.hide(message.ref, reason="Case c0ffee", again=True)
    assert not await driver.visible(message.ref)


async def test_a_private_note_is_read_by_its_author_alone(world: World) -> None:
    platform, driver = world
    message = await driver.post("Joe has cancer")

    await platform.tell(message.author.id, message.ref.room, words(), in_room=False, again=False)

    assert [text for text in await driver.private_texts("ana") if "hidden your message" in text]
    assert not [text for text in await driver.room_texts("patients") if "hidden your message" in text]


async def test_a_private_note_is_not_told_twice(world: World) -> None:
    platform, driver = world
    message = await driver.post("Joe has cancer")

    for again in (False, True):
        await platform.tell(message.author.id, message.ref.room, words(), in_room=False, again=again)

    assert len([text for text in await driver.private_texts("ana") if "hidden your message" in text]) == 1


async def test_with_closed_dms_the_room_does_not_learn_what_it_is_about(world: World) -> None:
    platform, driver = world
    message = await driver.post("Joe has cancer")
    await driver.close_dms("ana")

    outcome = await platform.tell(message.author.id, message.ref.room, words(), in_room=False, again=False)

    assert outcome.how is How.IN_ROOM
    assert not [text for text in await driver.room_texts("patients") if "hidden your message" in text]


async def test_the_team_reads_in_its_own_room_once(world: World) -> None:
    platform, driver = world
    message = await driver.post("Joe has cancer")

    for again in (False, True):
        await platform.post(TEAM, message.ref, words("A message waits for you.", "decision:notify:"), again=again)

    assert len([text for text in await driver.room_texts(TEAM) if "waits for you" in text]) == 1


async def test_a_team_room_that_is_not_there_is_gone(world: World) -> None:
    platform, driver = world
    message = await driver.post("Joe has cancer")

    with pytest.raises(GoneError):
        await platform.post("no-such-room", message.ref, words(), again=False)


async def test_an_answer_stands_in_the_room_once(world: World) -> None:
    platform, driver = world
    message = await driver.post("my chest hurts")

    for again in (False, True):
        await platform.answer(message.ref, words("Please call 911 now.", "decision:reply:"), again=again)

    assert len([text for text in await driver.room_texts("patients") if "call 911" in text]) == 1


async def test_restoring_brings_the_words_back_once(world: World) -> None:
    platform, driver = world
    message = await driver.post("Tom & Jerry <3 @here")
    await platform.hide(message.ref, reason="Case c0ffee", again=False)

    for again in (False, True):
        outcome = await platform.restore(
            message, message.typed.source, words("Restored by the moderators.", "human:restore:"), again=again
        )

    assert outcome.posted is not None
    assert len([text for text in await driver.room_texts("patients") if "Tom & Jerry <3" in text]) == 1


async def test_a_long_message_is_restored_whole(world: World) -> None:
    platform, driver = world
    long = " ".join(f"word{n}" for n in range(400))
    message = await driver.post(long[:1900])
    await platform.hide(message.ref, reason="Case c0ffee", again=False)

    await platform.restore(message, long, words("Restored.", "human:restore:"), again=False)

    everything = " ".join(await driver.room_texts("patients"))
    assert all(f"word{n}" in everything for n in range(400))


async def test_what_was_missed_is_read_from_history_in_order(world: World) -> None:
    platform, driver = world
    first = await driver.post("one")
    second, third = await driver.post("two"), await driver.post("three")
    [room] = [room for room in await platform.rooms() if room.ref == first.ref.room]

    missed = [message async for message in platform.missed(room, platform.position(first))]

    fresh = [message for message in missed if message.ref.message in (second.ref.message, third.ref.message)]
    assert [message.typed.plain for message in fresh] == ["two", "three"]
    assert [message.key for message in fresh] == [second.key, third.key]
    assert platform.position(first) < platform.position(second) < platform.position(third)


async def test_the_check_says_something_of_hiding(world: World) -> None:
    platform, _ = world
    checks = await platform.check()

    assert checks
    assert all(check.ok or check.remedy for check in checks)
