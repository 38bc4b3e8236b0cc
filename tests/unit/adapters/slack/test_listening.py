"""What reaches the intake, over the unmodified Bolt, from the simulated workspace."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.adapters.slack.people import HURRY
from bot.domain.words import Words
from tests.contract.slack_world import SlackDriver
from tests.simulators.slack import SlackSimulator


async def test_who_the_author_is_comes_along(slack: SlackDriver) -> None:
    slack.sim.world.add_user_group("nurses", [slack.users["ana"]])
    slack.users["ana"].is_owner = True

    author = (await slack.post("hello")).author

    group = next(iter(slack.sim.world.user_groups))
    assert (author.id, author.name, author.locale) == (slack.users["ana"].id, "Ana", "en-GB")
    assert author.platform_roles == {"nurses", group, "owner"}
    assert author.picture is not None


@pytest.mark.parametrize("shared", [True, False])
async def test_who_is_an_admin_elsewhere_is_none_here(slack: SlackDriver, shared: bool) -> None:
    zoe = slack.sim.world.add_user("zoe", is_admin=True, is_stranger=not shared, of_another_team=shared)
    slack.channels["patients"].members.append(zoe.id)

    message = await slack.delivered(slack.sim.post(zoe, slack.channels["patients"], "hello"))

    assert (message.author.name, message.author.platform_roles) == ("zoe", frozenset())


async def test_admin_of_a_grid_is_one_in_each_of_its_workspaces(slack: SlackDriver) -> None:
    ana = slack.users["ana"]
    ana.is_admin, ana.teams = True, ["T0000OTHER", ana.team_id]
    ana.team_id = "T0000OTHER"

    author = (await slack.post("hello")).author

    assert author.platform_roles == {"admin"}


async def test_a_file_from_slack_connect_is_looked_up(slack: SlackDriver) -> None:
    zoe = slack.sim.world.add_user("zoe", is_stranger=True)
    room = slack.channels["patients"]
    room.members.append(zoe.id)
    file = slack.sim.world.add_file(zoe, "scan.txt", b"x", file_access="check_file_info")

    message = await slack.delivered(slack.sim.post(zoe, room, "look", files=[file]))

    assert [(attachment.words, attachment.unread) for attachment in message.attachments] == [("scan.txt", False)]


async def test_a_strangers_file_that_cannot_be_looked_up_is_marked_unread(slack: SlackDriver) -> None:
    zoe = slack.sim.world.add_user("zoe", is_stranger=True)
    room = slack.channels["patients"]
    room.members.append(zoe.id)
    file = slack.sim.world.add_file(zoe, "scan.txt", b"x", file_access="check_file_info")
    slack.sim.fail_next("files.info", error="file_not_found")

    message = await slack.delivered(slack.sim.post(zoe, room, "look", files=[file]))

    assert [attachment.unread for attachment in message.attachments] == [True]


async def test_people_are_asked_for_once_however_much_they_write(slack: SlackDriver) -> None:
    for n in range(5):
        slack.sim.post(slack.users["ana"], slack.channels["patients"], f"message {n}")
    await slack.sim.settle()

    assert len(slack.intake.accepted) == 5
    assert len(slack.sim.calls_of("users.info")) == 1
    assert len(slack.sim.calls_of("usergroups.list")) == 1


TROUBLES: tuple[Callable[[SlackSimulator], None], ...] = (
    lambda sim: sim.fail_next("users.info", status=503),
    lambda sim: sim.fail_next("users.info", error="user_not_found"),
    lambda sim: sim.fail_next("users.info", retry_after=30),
    lambda sim: sim.fail_next("users.info", delay_s=HURRY + 0.3),
)


@pytest.mark.parametrize("trouble", TROUBLES, ids=("down", "unknown", "limited", "slow"))
async def test_a_message_is_not_lost_for_its_authors_name(
    slack: SlackDriver, trouble: Callable[[SlackSimulator], None]
) -> None:
    trouble(slack.sim)

    message = await slack.post("hello")

    assert message.author.name == slack.users["ana"].id


async def test_an_event_is_acknowledged_only_after_it_was_kept(slack: SlackDriver) -> None:
    slack.intake.refuse_next = 1
    posted = slack.sim.post(slack.users["ana"], slack.channels["patients"], "hello")
    assert slack.intake.accepted == []

    await slack.delivered(posted)
    await slack.sim.settle()

    [delivery] = [d for d in slack.sim.deliveries if d.event.get("ts") == posted.ts]
    assert delivery.outcomes == ["timeout", "acked"]


async def test_a_message_delivered_twice_is_kept_once(slack: SlackDriver) -> None:
    slack.sim.duplicate_next()
    await slack.post("hello")
    await slack.sim.settle()

    assert len(slack.intake.accepted) == 2
    assert len(slack.intake.kept) == 1


async def test_an_edit_is_kept_and_a_link_preview_is_not(slack: SlackDriver) -> None:
    message = await slack.post("see https://example.org/x")
    posted = slack.posted[message.ref.message]
    slack.sim.unfurl(posted, "https://example.org/x")
    slack.sim.edit(posted, "never mind")
    await slack.sim.settle()

    assert [kept.typed.plain for kept in slack.intake.kept] == ["see https://example.org/x", "never mind"]
    assert len({kept.ref.key for kept in slack.intake.kept}) == 1


async def test_what_bots_and_slack_itself_say_is_left_alone(slack: SlackDriver, words: Words) -> None:
    message = await slack.post("hello")
    await slack.adapter.platform.answer(message.ref, words, again=False)
    await slack.adapter.platform.restore(message, "hello", words, again=False)
    slack.sim.bot_message(slack.channels["patients"], "reminder")
    slack.sim.join(slack.sim.world.add_user("cleo"), slack.channels["patients"])
    await slack.sim.settle()

    assert [kept.typed.plain for kept in slack.intake.kept] == ["hello"]


async def test_a_me_message_and_a_broadcast_reply_are_read(slack: SlackDriver) -> None:
    first = await slack.post("hello")
    ben, room = slack.users["ben"], slack.channels["patients"]
    await slack.delivered(slack.sim.thread_broadcast(ben, room, "welcome", first.ref.message))
    await slack.delivered(slack.sim.me_message(ben, room, "waves"))

    assert [kept.typed.plain for kept in slack.intake.kept] == ["hello", "welcome", "waves"]


@pytest.mark.parametrize("replies", [0, 1])
async def test_a_deletion_is_told(slack: SlackDriver, replies: int) -> None:
    message = await slack.post("hello")
    posted = slack.posted[message.ref.message]
    for _ in range(replies):  # a thread's parent leaves a tombstone
        slack.sim.post(slack.users["ben"], slack.channels["patients"], "hi", thread_ts=posted.ts)
    slack.sim.delete(posted)
    await slack.sim.settle()

    assert [gone.key for gone in slack.intake.vanished] == [message.ref.key]


async def test_events_that_are_not_used_are_acknowledged(slack: SlackDriver) -> None:
    delivery = slack.sim.send_event({"type": "team_rename", "name": "New", "event_ts": "1.2"})
    await slack.sim.settle()

    assert delivery.outcomes == ["acked"]


async def test_a_renamed_room_is_known_by_its_new_name(slack: SlackDriver) -> None:
    room = slack.channels["patients"]
    slack.sim.send_event({"type": "channel_rename", "channel": {"id": room.id, "name": "friends"}, "event_ts": "1.2"})
    await slack.sim.settle()

    assert (await slack.post("hello")).room_name == "friends"


@pytest.mark.parametrize("kind", ["channel", "group"])
async def test_a_room_that_was_deleted_is_gone_with_its_messages(slack: SlackDriver, kind: str) -> None:
    room = slack.channels["patients"]
    slack.sim.send_event({"type": f"{kind}_deleted", "channel": room.id, "event_ts": "1.2"})
    await slack.sim.settle()

    assert [gone.room for gone in slack.intake.emptied] == [room.id]


async def test_a_room_whose_name_is_not_to_be_had_costs_no_message(slack: SlackDriver) -> None:
    room = slack.sim.world.add_channel("new", [slack.users["ana"]])
    slack.sim.fail_next("conversations.info", status=503)

    message = await slack.delivered(slack.sim.post(slack.users["ana"], room, "hello"))

    await slack.sim.settle()
    assert message.room_name == "new"
    assert [kept.typed.plain for kept in slack.intake.kept] == ["hello"]
