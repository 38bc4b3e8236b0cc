"""What the bot does in rooms: hiding, answering, calling the team, slowing down, timing out, and what it is refused."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.errors import ForbiddenError, GoneError, PlatformError, TemporaryPlatformError
from bot.domain.message import Message
from bot.domain.outcome import How
from bot.domain.words import ButtonKind
from tests.contract.discord_world import GRANTED, ROOM, TEAM_ROOM, DiscordDriver
from tests.simulators.discord import ChannelType, Permission
from tests.unit.adapters.discord.said import custom_ids, words


async def hide(world: DiscordDriver, message: Message) -> How:
    return await world.adapter.platform.hide(message.ref, reason="Case c0ffee", again=False)


async def test_hiding_leaves_its_reason_in_the_audit_log(world: DiscordDriver) -> None:
    await hide(world, await world.post("Joe has cancer"))

    assert world.guild.audit_log[-1].reason == "Case c0ffee"


async def test_long_reason_is_cut_to_the_size_of_its_header(world: DiscordDriver) -> None:
    message = await world.post("Joe has cancer")
    await world.adapter.platform.hide(message.ref, reason="Fälle und Gründe " * 100, again=False)

    reason = world.guild.audit_log[-1].reason
    assert reason is not None
    assert reason.startswith("Fälle und Gründe Fälle")
    assert not await world.visible(message.ref)


async def test_refusal_names_the_permission_and_is_not_repeated(world: DiscordDriver) -> None:
    first, second = await world.post("one"), await world.post("two")
    await world.forbid_hiding()
    for message in (first, second):
        with pytest.raises(ForbiddenError, match="Missing: Manage Messages"):
            await hide(world, message)

    assert world.sim.invalid_requests == 1


async def test_permission_granted_again_works_at_once(world: DiscordDriver) -> None:
    message = await world.post("one")
    await world.forbid_hiding()
    with pytest.raises(ForbiddenError):
        await hide(world, message)
    world.sim.set_bot_permissions(world.guild, int(GRANTED))
    await world.post("a later event, so that the change has arrived")

    assert await hide(world, message) is How.DELETED


async def test_channel_that_is_gone_hides_as_well(world: DiscordDriver) -> None:
    message = await world.post("one")
    world.sim.delete_channel(world.channels[ROOM])

    assert await hide(world, message) is How.ALREADY


async def test_message_in_an_archived_thread_is_hidden(world: DiscordDriver) -> None:
    thread = world.sim.thread(world.users["ana"], world.channels[ROOM], "old")
    message = await world.delivered(world.sim.post(world.users["ana"], thread, "Joe has cancer"))
    world.sim.fail_next("DELETE", r"/messages/", status=400, code=50083)

    assert await hide(world, message) is How.DELETED
    assert world.sim.calls_to("PATCH", f"/channels/{thread.id}$")[0].body == {"archived": False}


async def test_hidden_forum_post_loses_its_title_and_gets_it_back(world: DiscordDriver) -> None:
    forum = world.sim.add_channel(world.guild, "questions", ChannelType.FORUM)
    post, opening = world.sim.forum_post(world.users["ana"], forum, "My mother's results", "look")
    message = await world.delivered(opening)
    await hide(world, message)
    covered = post.name
    restored = await world.adapter.platform.restore(message, "look", words("Restored."), again=False)

    assert covered == "[…]"
    assert post.name == "My mother's results"
    assert restored.posted is not None
    assert restored.posted.thread == str(post.id)


async def test_title_that_can_not_be_covered_is_a_matter_for_a_person(world: DiscordDriver) -> None:
    forum = world.sim.add_channel(world.guild, "questions", ChannelType.FORUM)
    _, opening = world.sim.forum_post(world.users["ana"], forum, "My mother's results", "look")
    message = await world.delivered(opening)
    world.sim.set_bot_permissions(world.guild, GRANTED & ~Permission.MANAGE_THREADS)

    with pytest.raises(ForbiddenError, match=r"title of its post still stands.*Manage Threads"):
        await hide(world, message)
    assert not await world.visible(message.ref)


async def test_hidden_title_of_a_thread_is_covered_and_so_is_what_discord_says_of_it(world: DiscordDriver) -> None:
    await world.post("my news", "ben")
    source = world.sim.history(world.channels[ROOM])[0]
    thread = world.sim.thread(world.users["ana"], world.channels[ROOM], "Joe's cancer", source=source)
    world.sim.channels.set_thread_state(thread, archived=True)
    title = await world.sim.until(lambda: next((m for m in world.intake.accepted if m.author.name == "Ana"), None))
    how = [await hide(world, title), await hide(world, title)]
    shown = [thread.name, *(message.content for message in world.sim.history(world.channels[ROOM]))]
    await world.adapter.platform.restore(title, title.typed.source, words("Restored."), again=False)

    assert how == [How.DELETED, How.DELETED]
    assert shown == ["[…]", "my news"]
    assert thread.name == "Joe's cancer"


async def test_notice_of_a_new_title_that_nobody_can_delete_is_a_matter_for_a_person(world: DiscordDriver) -> None:
    thread = world.sim.thread(world.users["ana"], world.channels[ROOM], "side talk")
    await world.sim.until(lambda: world.intake.accepted)
    world.sim.rename(thread, "Joe's cancer")
    title = (await world.sim.until(lambda: world.intake.accepted[1:]))[0]

    with pytest.raises(ForbiddenError, match=r"notice of it still stands.*deleting the whole thread"):
        await hide(world, title)
    assert thread.name == "[…]"


async def test_answer_to_a_title_stands_in_its_thread_once(world: DiscordDriver) -> None:
    thread = world.sim.thread(world.users["ana"], world.channels[ROOM], "my chest hurts")
    title = (await world.sim.until(lambda: world.intake.accepted))[0]
    for again in (False, True):
        await world.adapter.platform.answer(title.ref, words("Call 911"), again=again)

    assert [posted.content for posted in world.sim.history(thread)] == ["Call 911"]


async def test_answer_replies_and_calls_only_the_one_who_asked(world: DiscordDriver) -> None:
    message = await world.post("my chest hurts")
    outcome = await world.adapter.platform.answer(message.ref, words("@everyone call 911"), again=False)
    posted = world.sim.history(world.channels[ROOM])[-1]

    assert outcome.posted is not None
    assert outcome.posted.message == str(posted.id)
    assert posted.reference is not None
    assert posted.reference["message_id"] == message.ref.message
    assert posted.content == "@everyone call 911"
    assert [user.username for user in posted.mentions] == ["ana"]
    assert not posted.mention_everyone


async def test_answer_to_a_message_that_is_gone(world: DiscordDriver) -> None:
    message = await world.post("my chest hurts")
    world.sim.delete(world.posted[message.ref.message])

    with pytest.raises(GoneError):
        await world.adapter.platform.answer(message.ref, words("Call 911"), again=False)


async def test_answer_in_a_thread_stands_in_the_thread(world: DiscordDriver) -> None:
    thread = world.sim.thread(world.users["ana"], world.channels[ROOM], "side talk")
    message = await world.delivered(world.sim.post(world.users["ana"], thread, "my chest hurts"))
    for again in (False, True):
        await world.adapter.platform.answer(message.ref, words("Call 911"), again=again)

    assert [posted.content for posted in world.sim.history(thread)] == ["my chest hurts", "Call 911"]


@pytest.mark.parametrize("by_id", [True, False])
async def test_team_room_by_id_or_name(world: DiscordDriver, by_id: bool) -> None:
    message = await world.post("Joe has cancer")
    room = str(world.channels[TEAM_ROOM].id) if by_id else f"#{TEAM_ROOM}"
    kinds = (ButtonKind.OPEN, ButtonKind.RESTORE)
    await world.adapter.platform.post(room, message.ref, words("A case", kinds=kinds), again=False)

    [posted] = world.sim.history(world.channels[TEAM_ROOM])
    assert posted.content == "A case"
    assert custom_ids(posted) == ["chaperone:open:c0ffee", "chaperone:restore:c0ffee"]


async def test_urgent_words_call_those_on_call_or_everybody_who_is_there(world: DiscordDriver) -> None:
    role = world.sim.add_role(world.guild, "on-call")
    world.sim.set_role(
        world.guild, world.sim.bot_role(world.guild), permissions=int(GRANTED | Permission.MENTION_EVERYONE)
    )
    message = await world.post("I can't go on")
    platform, ben = world.adapter.platform, world.users["ben"]
    on_call = words("Danger", "page:1", urgent=True, call=("on-call", str(ben.id)))
    await platform.post(TEAM_ROOM, message.ref, on_call, again=False)
    await platform.post(TEAM_ROOM, message.ref, words("Danger", "page:2", urgent=True), again=False)
    await platform.post(TEAM_ROOM, message.ref, words("@here calm", "page:3"), again=False)
    for number, unknown in enumerate(("on-cal", "123456789012345678"), start=4):  # misspelt; deleted or gone
        gone = words("Danger", f"page:{number}", urgent=True, call=(unknown,))
        await platform.post(TEAM_ROOM, message.ref, gone, again=False)

    called, here, calm, misspelt, left = world.sim.history(world.channels[TEAM_ROOM])
    assert (misspelt.mention_everyone, left.mention_everyone) == (True, True)
    assert (called.mention_roles, called.mentions, called.mention_everyone) == ([role.id], [ben], False)
    assert here.mention_everyone
    assert here.content.startswith("@here Danger")
    assert not calm.mention_everyone


async def test_second_try_finds_words_without_buttons_by_their_last_line(world: DiscordDriver) -> None:
    message = await world.post("Joe has cancer")
    for key, again in (("a", False), ("b", True), ("a", True), ("b", True)):
        await world.adapter.platform.post(TEAM_ROOM, message.ref, words("The same text", key), again=again)

    assert len(world.sim.history(world.channels[TEAM_ROOM])) == 2


async def test_every_message_has_a_nonce_that_follows_from_its_key(world: DiscordDriver) -> None:
    message = await world.post("Joe has cancer")
    for _ in range(2):
        await world.adapter.platform.post(TEAM_ROOM, message.ref, words("Case", "k1"), again=False)

    first, second = world.sim.calls_to("POST", f"/channels/{world.channels[TEAM_ROOM].id}/messages$")
    assert isinstance(first.body, dict)
    assert isinstance(second.body, dict)
    assert first.body["enforce_nonce"] is True
    assert first.body["nonce"] == second.body["nonce"]


async def test_slow_down_needs_manage_channels(world: DiscordDriver) -> None:
    message = await world.post("hello")
    platform = world.adapter.platform
    with pytest.raises(ForbiddenError, match="Manage Channels"):
        await platform.slow_down(message.ref.room, 30)
    world.sim.set_bot_permissions(world.guild, int(GRANTED | Permission.MANAGE_CHANNELS))
    await world.post("a later event, so that the change has arrived")

    assert (await platform.slow_down(message.ref.room, 10**6)).how is How.LIMITED
    body = world.sim.calls_to("PATCH", f"/channels/{message.ref.room.room}$")[-1].body
    assert body == {"rate_limit_per_user": 21600}


async def test_time_out_lasts_as_long_as_asked_and_spares_the_owner(world: DiscordDriver) -> None:
    platform, ana = world.adapter.platform, world.users["ana"]
    await platform.time_out(str(ana.id), world.room, 600, reason="Case c0ffee")
    until = world.guild.members[ana.id].communication_disabled_until

    assert until is not None
    assert abs(until - world.sim.clock.now() - timedelta(minutes=10)) < timedelta(seconds=10)
    assert world.guild.audit_log[-1].reason == "Case c0ffee"
    with pytest.raises(ForbiddenError, match="Time out members"):
        await platform.time_out(str(world.guild.owner_id), world.room, 600, reason="Case c0ffee")


@pytest.mark.parametrize(("status", "times"), [(503, 1), (0, 2), (401, 1)], ids=["down", "cut twice", "token"])
async def test_trouble_on_the_way_is_temporary(world: DiscordDriver, status: int, times: int) -> None:
    message = await world.post("Joe has cancer")
    world.sim.fail_next("DELETE", r"/messages/", status=status, times=times)

    with pytest.raises(TemporaryPlatformError):
        await hide(world, message)
    assert await hide(world, message) is How.DELETED


async def test_rate_limit_is_waited_out(world: DiscordDriver) -> None:
    message = await world.post("Joe has cancer")
    world.sim.fail_next("DELETE", r"/messages/", status=429, retry_after=0.01)

    assert await hide(world, message) is How.DELETED


async def test_long_rate_limit_is_given_back_with_its_time(world: DiscordDriver) -> None:
    message = await world.post("Joe has cancer")
    world.sim.fail_next("DELETE", r"/messages/", status=429, retry_after=40)

    with pytest.raises(TemporaryPlatformError) as asked:
        await hide(world, message)
    assert asked.value.retry_after == 40


async def test_other_refusals_are_errors_that_quote_nothing(world: DiscordDriver) -> None:
    message = await world.post("Joe has cancer")
    world.sim.fail_next("DELETE", r"/messages/", status=400, code=50068, message="Joe has cancer")

    with pytest.raises(PlatformError) as refused:
        await hide(world, message)
    assert str(refused.value) == "Discord refused (status 400, code 50068)."
    assert refused.value.__cause__ is None
