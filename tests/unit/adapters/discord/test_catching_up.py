"""Nothing is lost: what was said while nobody listened is read, in order, with roles, and edits too."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from bot.adapters.discord.client import ChaperoneClient
from tests.contract.discord_world import ROOM, DiscordDriver, connected, restarted
from tests.simulators.discord import ChannelType, Permission


def kept(driver: DiscordDriver) -> list[str]:
    return [message.typed.plain for message in driver.intake.kept]


@pytest.fixture
def no_wait_between_identifies(monkeypatch: pytest.MonkeyPatch) -> None:
    async def at_once(self: ChaperoneClient, shard_id: int | None, *, initial: bool = False) -> None:
        await asyncio.sleep(0)

    monkeypatch.setattr(ChaperoneClient, "before_identify_hook", at_once)


async def test_what_was_said_before_the_first_connection_since_the_bot_came_is_read(driver: DiscordDriver) -> None:
    for number in range(120):
        driver.sim.post(driver.users["ana"], driver.channels[ROOM], str(number))
    async with connected(driver):
        pass

    assert kept(driver) == [str(number) for number in range(120)]


async def test_threads_and_posts_are_read_in_order_with_the_room(driver: DiscordDriver) -> None:
    sim, ana, ben, room = driver.sim, driver.users["ana"], driver.users["ben"], driver.channels[ROOM]
    forum = sim.add_channel(driver.guild, "questions", ChannelType.FORUM)
    thread, hidden = sim.thread(ana, room, "open"), sim.thread(ana, room, "closed", private=True)
    for channel, text in ((room, "1"), (thread, "2"), (room, "3"), (hidden, "4"), (thread, "5")):
        sim.post(ben, channel, text)
    sim.post(ana, thread, "6")
    sim.rename(thread, "renamed", by=ben)
    post, _ = sim.forum_post(ana, forum, "A title", "7")
    sim.channels.set_thread_state(hidden, archived=True)
    sim.channels.set_thread_state(post, archived=True)
    async with connected(driver):
        pass

    assert kept(driver)[:9] == ["renamed", "closed", *"123456", "renamed"]
    assert kept(driver)[9:] == ["7"]
    assert [message.author.name for message in driver.intake.kept if message.typed.plain == "renamed"] == ["Ana", "Ben"]
    assert driver.intake.kept[-1].carried == ("A title",)


async def test_authors_of_missed_messages_have_their_roles(driver: DiscordDriver) -> None:
    role = driver.sim.add_role(driver.guild, "staff")
    driver.sim.set_roles(driver.users["ana"], driver.guild, role)
    driver.sim.post(driver.users["ana"], driver.channels[ROOM], "by staff")
    driver.sim.post(driver.users["ben"], driver.channels[ROOM], "has left")
    driver.sim.leave(driver.users["ben"], driver.guild)
    async with connected(driver):
        pass

    by_staff, left = driver.intake.kept
    assert "staff" in by_staff.author.platform_roles
    assert by_staff.author.joined_at is not None
    assert (left.author.name, left.author.platform_roles) == ("Ben", frozenset())


async def test_after_a_restart_only_what_is_new_or_edited_is_kept(driver: DiscordDriver) -> None:
    async with connected(driver):
        await driver.post("known")
        await driver.post("known too")
    driver.sim.edit(driver.posted[driver.intake.kept[0].ref.message], "edited meanwhile")
    driver.sim.post(driver.users["ben"], driver.channels[ROOM], "new")
    again = replace(driver, adapter=restarted(driver))
    async with connected(again):
        pass

    assert kept(driver) == ["known", "known too", "edited meanwhile", "new"]


async def test_an_edit_of_a_message_that_many_followed_is_found(driver: DiscordDriver) -> None:
    ana, room = driver.users["ana"], driver.channels[ROOM]
    old = driver.sim.post(ana, room, "old")
    for number in range(90):
        driver.sim.post(ana, room, str(number))
    async with connected(driver):
        pass
    driver.sim.edit(old, "old, but edited")
    async with connected(replace(driver, adapter=restarted(driver))):
        pass

    assert kept(driver)[-1] == "old, but edited"


async def test_room_that_the_bot_may_not_read_does_not_stop_the_others(driver: DiscordDriver) -> None:
    closed = driver.sim.add_channel(driver.guild, "aaa-closed")
    driver.sim.overwrite(closed, driver.sim.bot, deny=Permission.READ_MESSAGE_HISTORY)
    driver.sim.post(driver.users["ana"], closed, "unread")
    driver.sim.post(driver.users["ana"], driver.channels[ROOM], "read")
    async with connected(driver):
        pass

    assert kept(driver) == ["read"]


async def test_resumed_connection_misses_nothing_and_reads_no_history(world: DiscordDriver) -> None:
    await world.post("before")
    world.sim.gateway.close_all(4000)
    world.sim.post(world.users["ana"], world.channels[ROOM], "in the gap")
    await world.sim.until(lambda: "in the gap" in kept(world))

    assert world.sim.gateway.resumes
    assert world.intake.caught_up == 1


@pytest.mark.usefixtures("no_wait_between_identifies")
async def test_lost_session_is_followed_by_a_catch_up(world: DiscordDriver) -> None:
    await world.post("before")
    world.sim.gateway.invalidate(resumable=False)
    world.sim.post(world.users["ana"], world.channels[ROOM], "in the gap")
    await world.sim.until(lambda: world.intake.caught_up == 2)

    assert kept(world) == ["before", "in the gap"]


async def test_message_that_could_not_be_kept_is_read_again(world: DiscordDriver) -> None:
    world.intake.refuse_next = 1
    world.sim.post(world.users["ana"], world.channels[ROOM], "refused by the store")
    world.sim.post(world.users["ana"], world.channels[ROOM], "kept")
    await world.sim.until(lambda: world.intake.caught_up == 2)

    assert sorted(kept(world)) == ["kept", "refused by the store"]


async def test_catch_up_that_fails_is_tried_again(driver: DiscordDriver) -> None:
    driver.sim.post(driver.users["ana"], driver.channels[ROOM], "missed")
    driver.sim.fail_next("GET", r"/messages$", status=503)
    async with connected(driver):
        pass

    assert kept(driver) == ["missed"]


async def test_server_back_from_an_outage_is_caught_up(world: DiscordDriver) -> None:
    world.sim.outage(world.guild)
    world.sim.post(world.users["ana"], world.channels[ROOM], "during the outage")
    world.sim.outage(world.guild, down=False)
    await world.sim.until(lambda: world.intake.caught_up >= 2)

    assert "during the outage" in kept(world)
