"""What was missed: messages, edits, replies in threads, within the limits that Slack sets."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.message import Message, Room, RoomRef
from tests.contract.slack_world import SharedClock, SlackDriver, connected, make_driver, settings_for
from tests.simulators.slack import ManualClock, SlackSimulator


async def missed(driver: SlackDriver, after: Message | None) -> list[Message]:
    platform = driver.adapter.platform
    room = Room(ref=driver.room, name="patients")
    return [m async for m in platform.missed(room, platform.position(after) if after else None)]


async def test_where_it_never_listened_it_does_not_dig_up_the_past(slack: SlackDriver) -> None:
    await slack.post("hello")

    assert await missed(slack, None) == []


async def test_in_a_new_room_it_reads_on_from_its_own_coming(slack: SlackDriver) -> None:
    ben, room = slack.users["ben"], slack.sim.world.add_channel("new", slack.users.values(), with_bot=False)
    slack.sim.post(ben, room, "before")
    slack.sim.join(slack.sim.world.bot, room)
    slack.sim.post(ben, room, "after")
    await slack.sim.settle()
    ref = RoomRef(platform=slack.room.platform, workspace=slack.room.workspace, room=room.id)

    found = [m async for m in slack.adapter.platform.missed(Room(ref=ref, name="new"), None)]

    assert [m.typed.plain for m in found] == ["after"]


async def test_edits_near_the_watermark_and_new_replies_are_found_in_order(slack: SlackDriver) -> None:
    old = await slack.post("old")
    thread = await slack.post("a thread")
    last = await slack.post("last")
    slack.sim.edit(slack.posted[old.ref.message], "old, but edited")
    ben, room = slack.users["ben"], slack.channels["patients"]
    slack.posted[old.ref.message].edited = {"user": ben.id, "ts": "9999999999.000000"}
    slack.sim.post(ben, room, "a reply", thread_ts=thread.ref.message)
    slack.sim.bot_message(room, "reminder")
    slack.sim.post(ben, room, "the newest")
    await slack.sim.settle()

    found = await missed(slack, last)

    assert [m.typed.plain for m in found] == ["old, but edited", "a reply", "the newest"]
    assert [m.ref.thread for m in found] == [None, thread.ref.message, None]
    assert found[0].revision == "9999999999.000000"
    assert {m.room_name for m in found} == {"patients"}


async def test_an_edit_in_the_very_second_of_the_watermark_is_found(slack: SlackDriver) -> None:
    last = await slack.post("last")
    second = last.ref.message.partition(".")[0]
    slack.sim.edit(slack.posted[last.ref.message], "last, but edited")
    slack.posted[last.ref.message].edited = {"user": slack.users["ana"].id, "ts": f"{second}.000000"}
    await slack.sim.settle()

    assert [m.typed.plain for m in await missed(slack, last)] == ["last, but edited"]


async def test_an_edit_of_an_older_reply_is_found(slack: SlackDriver) -> None:
    ben, room = slack.users["ben"], slack.channels["patients"]
    thread = await slack.post("a thread")
    reply = slack.sim.post(ben, room, "a reply", thread_ts=thread.ref.message)
    slack.sim.post(ben, room, "another reply", thread_ts=thread.ref.message)
    last = await slack.post("last")
    slack.sim.edit(reply, "a reply, but edited")
    reply.edited = {"user": ben.id, "ts": "9999999999.000000"}
    await slack.sim.settle()

    found = await missed(slack, last)

    assert [(m.typed.plain, m.ref.thread) for m in found] == [("a reply, but edited", thread.ref.message)]


async def test_a_reply_and_an_edit_a_page_before_the_watermark_are_found(slack: SlackDriver) -> None:
    ben, room = slack.users["ben"], slack.channels["patients"]
    thread, old = await slack.post("a thread"), await slack.post("old")
    for number in range(150):
        slack.sim.post(ben, room, str(number))
    last = await slack.post("last")
    slack.sim.post(ben, room, "a reply", thread_ts=thread.ref.message)
    slack.sim.edit(slack.posted[old.ref.message], "old, but edited")
    slack.posted[old.ref.message].edited = {"user": ben.id, "ts": "9999999999.000000"}
    await slack.sim.settle()

    assert [m.typed.plain for m in await missed(slack, last)] == ["old, but edited", "a reply"]


async def test_its_coming_is_found_behind_many_messages(slack: SlackDriver) -> None:
    ben, room = slack.users["ben"], slack.sim.world.add_channel("busy", slack.users.values(), with_bot=False)
    for number in range(230):
        slack.sim.post(ben, room, f"before {number}")
    slack.sim.join(slack.sim.world.bot, room)
    slack.sim.post(ben, room, "after")
    await slack.sim.settle()
    ref = RoomRef(platform=slack.room.platform, workspace=slack.room.workspace, room=room.id)

    found = [m async for m in slack.adapter.platform.missed(Room(ref=ref, name="busy"), None)]

    assert [m.typed.plain for m in found] == ["after"]


async def test_many_pages_are_read(slack: SlackDriver) -> None:
    first = await slack.post("first")
    for n in range(450):
        slack.sim.post(slack.users["ben"], slack.channels["patients"], str(n))
    await slack.sim.settle(20)

    assert [m.typed.plain for m in await missed(slack, first)] == [str(n) for n in range(450)]


async def test_a_channel_whose_history_is_refused_does_not_stop_the_others(slack: SlackDriver) -> None:
    message = await slack.post("hello")
    slack.sim.fail_next("conversations.history", error="missing_scope")

    assert await missed(slack, message) == []


async def test_an_app_outside_the_marketplace_reads_fifteen_messages_a_minute_and_loses_none() -> None:
    clock = ManualClock()
    async with SlackSimulator(clock=clock) as sim:
        driver = make_driver(sim, settings_for(sim), clock=SharedClock(clock))
        async with connected(driver):
            first = await driver.post("first")
            for n in range(40):
                sim.post(driver.users["ben"], driver.channels["patients"], str(n))
            await sim.settle()
            sim.limits.outside_marketplace = True
            before = clock()

            assert [m.typed.plain for m in await missed(driver, first)] == [str(n) for n in range(40)]
            assert timedelta(minutes=2) <= clock() - before <= timedelta(minutes=5)
