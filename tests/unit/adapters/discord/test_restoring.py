"""Restored messages look as they did, ping nobody, come once, and are never read as new."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.errors import ForbiddenError
from bot.domain.message import Message
from tests.contract.discord_world import GRANTED, ROOM, DiscordDriver, connected, restarted
from tests.simulators.discord import Message as Posted
from tests.simulators.discord import Permission
from tests.unit.adapters.discord.said import words

BY = words("Restored by the moderators.", "human:restore:")


def restored(world: DiscordDriver) -> list[Posted]:
    return [m for m in world.sim.history(world.channels[ROOM]) if m.webhook_id is not None]


async def hidden(world: DiscordDriver, text: str) -> Message:
    message = await world.post(text)
    await world.adapter.platform.hide(message.ref, reason="Case c0ffee", again=False)
    return message


async def test_it_wears_name_and_picture_and_pings_nobody(world: DiscordDriver) -> None:
    world.sim.set_nick(world.users["ana"], world.guild, "Ana of the group")
    ben = world.users["ben"]
    message = await hidden(world, f"@everyone ask <@{ben.id}>")
    outcome = await world.adapter.platform.restore(message, message.typed.source, BY, again=False)
    [back] = restored(world)

    assert back.content.startswith(f"@everyone ask <@{ben.id}>\n-# Restored by the moderators.")
    assert back.author.username == "Ana of the group"
    assert back.author.avatar is not None
    assert (back.mentions, back.mention_everyone) == ([], False)
    assert outcome.posted is not None
    assert outcome.posted.message == str(back.id)


async def test_it_is_never_read_as_a_new_message(world: DiscordDriver) -> None:
    message = await hidden(world, "Joe has cancer")
    await world.adapter.platform.restore(message, message.typed.source, BY, again=False)
    await world.post("the next one")

    assert [m.typed.plain for m in world.intake.accepted] == ["Joe has cancer", "the next one"]


@pytest.mark.parametrize(
    ("name", "worn"),
    [("Clyde Discordia", "Cly·de Dis·cordia"), ("everyone", "Member"), ("x" * 90, "x" * 80)],
)
async def test_names_that_a_webhook_may_not_wear_are_changed(world: DiscordDriver, name: str, worn: str) -> None:
    world.sim.set_nick(world.users["ana"], world.guild, name)
    message = await hidden(world, "hello")
    await world.adapter.platform.restore(message, "hello", BY, again=False)

    assert restored(world)[0].author.username == worn


async def test_one_webhook_serves_a_channel(world: DiscordDriver) -> None:
    for text in ("one", "two"):
        message = await hidden(world, text)
        await world.adapter.platform.restore(message, text, words("By us.", f"restore:{text}"), again=False)

    assert [hook.name for hook in world.guild.webhooks.values()] == ["Chaperone"]


async def test_deleted_webhook_is_made_anew(world: DiscordDriver) -> None:
    first = await hidden(world, "one")
    await world.adapter.platform.restore(first, "one", words("By us.", "k1"), again=False)
    world.guild.webhooks.clear()
    second = await hidden(world, "two")
    await world.adapter.platform.restore(second, "two", words("By us.", "k2"), again=False)

    assert [m.content.splitlines()[0] for m in restored(world)] == ["one", "two"]


async def test_where_no_more_webhooks_are_allowed_an_own_one_serves(driver: DiscordDriver) -> None:
    async with connected(driver):
        message = await hidden(driver, "one")
        driver.sim.fail_next("POST", r"/webhooks$", status=400, code=30007)
        with pytest.raises(ForbiddenError, match="webhooks"):
            await driver.adapter.platform.restore(message, "one", BY, again=False)
        await driver.adapter.platform.restore(message, "one", words("By us.", "k1"), again=False)
    [own] = driver.guild.webhooks.values()
    own.name = "renamed by a moderator"
    driver.sim.fail_next("POST", r"/webhooks$", status=400, code=30007)
    async with connected(replace(driver, adapter=restarted(driver))) as later:
        await later.adapter.platform.restore(message, "one", words("By us.", "k2"), again=False)

    assert [m.webhook_id for m in restored(driver)] == [own.id, own.id]


async def test_without_manage_webhooks_it_is_forbidden(world: DiscordDriver) -> None:
    message = await hidden(world, "one")
    world.sim.set_bot_permissions(world.guild, GRANTED & ~Permission.MANAGE_WEBHOOKS)

    with pytest.raises(ForbiddenError, match="Missing: Manage Webhooks"):
        await world.adapter.platform.restore(message, "one", BY, again=False)


async def test_long_text_comes_in_pieces_of_which_a_second_try_posts_only_the_missing(world: DiscordDriver) -> None:
    long = "\n".join(f"line {number} of what a Nitro member wrote" for number in range(95))
    message = await hidden(world, "short")
    platform = world.adapter.platform
    await platform.restore(message, long, BY, again=False)
    last = restored(world)[-1]
    world.sim.delete(last)
    outcome = await platform.restore(message, long, BY, again=True)

    shown = [line for m in restored(world) for line in m.content.splitlines() if not line.startswith("-#")]
    assert shown == long.splitlines()
    assert len(restored(world)) > 1
    assert outcome.posted is not None
    assert outcome.posted.message == str(restored(world)[-1].id)


async def test_in_a_thread_it_comes_back_in_the_thread(world: DiscordDriver) -> None:
    thread = world.sim.thread(world.users["ana"], world.channels[ROOM], "side talk")
    message = await world.delivered(world.sim.post(world.users["ana"], thread, "Joe has cancer"))
    await world.adapter.platform.hide(message.ref, reason="Case c0ffee", again=False)
    for again in (False, True):
        await world.adapter.platform.restore(message, "Joe has cancer", BY, again=again)

    [back] = world.sim.history(thread)
    assert back.content.startswith("Joe has cancer\n")


async def test_answer_that_was_lost_leaves_no_double(world: DiscordDriver) -> None:
    message = await hidden(world, "one")
    world.sim.fail_next("POST", r"^/webhooks/\d+/", status=502, after_effect=True)
    outcome = await world.adapter.platform.restore(message, "one", BY, again=False)

    [back] = restored(world)
    assert outcome.posted is not None
    assert outcome.posted.message == str(back.id)


async def test_message_without_typed_text_comes_back_with_what_it_carried(world: DiscordDriver) -> None:
    first = world.sim.post(world.users["ben"], world.channels[ROOM], "original words")
    forward = await world.delivered(world.sim.forward(world.users["ana"], first, world.channels[ROOM]))
    await world.adapter.platform.hide(forward.ref, reason="Case c0ffee", again=False)
    await world.adapter.platform.restore(forward, forward.typed.source, BY, again=False)

    assert restored(world)[0].content.startswith("original words\n")
