"""What comes in: everything people can read is in the message, and nothing that no person wrote."""

from __future__ import annotations

from bot.domain.message import Message
from tests.contract.discord_world import ROOM, DiscordDriver, connected
from tests.simulators.discord import ChannelType, File, MessageType
from tests.simulators.discord import Message as Posted


async def heard(world: DiscordDriver, posted: Posted) -> Message:
    return await world.delivered(posted)


async def titled(world: DiscordDriver, title: str) -> Message:
    return await world.sim.until(lambda: next((m for m in world.intake.accepted if m.typed.plain == title), None))


async def all_handed_on(world: DiscordDriver) -> None:
    """Events come in order: once a later one is there, no earlier one is on its way."""
    await world.post("the last one")


async def test_author_comes_with_roles_picture_and_time_of_joining(world: DiscordDriver) -> None:
    role = world.sim.add_role(world.guild, "nurses")
    world.sim.set_roles(world.users["ana"], world.guild, role)
    world.sim.set_nick(world.users["ana"], world.guild, "Ana of the group")

    author = (await world.post("hello")).author

    assert author.name == "Ana of the group"
    assert author.platform_roles == {str(role.id), "nurses"}
    assert author.joined_at == world.guild.members[world.users["ana"].id].joined_at
    assert author.picture is not None
    assert author.picture.startswith("https://")


async def test_place_and_link_of_a_message(world: DiscordDriver) -> None:
    lounge = world.sim.add_channel(world.guild, "lounge")
    message = await heard(world, world.sim.post(world.users["ana"], lounge, "hello"))

    assert (message.room_name, message.ref.thread) == ("lounge", None)
    assert message.permalink == f"https://discord.com/channels/{world.guild.id}/{lounge.id}/{message.ref.message}"


async def test_mentions_become_names_that_know_where_they_came_from(world: DiscordDriver) -> None:
    ben, room = world.users["ben"], world.channels[ROOM]
    text = f"ask <@{ben.id}> in <#{room.id}> <:heal:123456789012345678> ok"
    typed = (await world.post(text)).typed

    assert typed.plain == "ask @Ben in #patients :heal: ok"
    assert typed.source == text
    start = typed.plain.index("Ben")
    assert text[slice(*typed.to_source(start, start + 3))] == f"<@{ben.id}>"
    assert text[slice(*typed.to_source(typed.plain.index("ok"), len(typed.plain)))] == "ok"


async def test_everything_that_carries_text_is_read(world: DiscordDriver) -> None:
    sim, ana, room = world.sim, world.users["ana"], world.channels[ROOM]
    file = File(filename="scan.png", title="Joe's scan", description="a chest x-ray", content_type="image/png")
    with_file = await heard(world, sim.post(ana, room, "see", files=(file,)))
    poll = await heard(world, sim.poll(ana, room, "Which pill?", "red", "blue"))
    sticker = await heard(world, sim.post(ana, room, stickers=("get well",)))
    voice = await heard(world, sim.voice_message(ana, room))
    first = sim.post(ana, room, "original", files=(file,))
    forward = await heard(world, sim.forward(ana, first, room))
    embed = {"type": "link", "title": "Cure", "description": "of everything", "fields": [{"name": "n", "value": "v"}]}
    link = await heard(world, sim.post(ana, room, "look", embeds=(embed,)))

    assert with_file.text == "see\nscan.png\nJoe's scan\na chest x-ray"
    assert poll.carried == ("Which pill?", "red", "blue")
    assert sticker.carried == ("get well",)
    assert (forward.typed.plain, forward.carried, forward.attachments[0].words) == (
        "",
        ("original",),
        "scan.png\nJoe's scan\na chest x-ray",
    )
    assert voice.attachments[0].words == "voice-message.ogg"
    assert link.carried == ("Cure", "of everything", "n", "v")


async def test_reply_names_what_it_answers(world: DiscordDriver) -> None:
    first = world.sim.post(world.users["ben"], world.channels[ROOM], "does it hurt?")
    reply = await heard(world, world.sim.reply(world.users["ana"], first, "yes"))

    assert reply.reply_to is not None
    assert reply.reply_to.message == str(first.id)
    assert [earlier.text for earlier in world.intake.kept[-1].context] == []


async def test_forum_title_belongs_to_the_post_that_opened_it(world: DiscordDriver) -> None:
    forum = world.sim.add_channel(world.guild, "questions", ChannelType.FORUM)
    post, opening = world.sim.forum_post(world.users["ana"], forum, "My mother's results", "what do they mean?")
    message = await heard(world, opening)
    answer = await heard(world, world.sim.post(world.users["ben"], post, "ask your doctor"))

    assert message.carried == ("My mother's results",)
    assert (message.ref.room.room, message.ref.thread, message.room_name) == (str(forum.id), str(post.id), "questions")
    assert answer.carried == ()
    assert answer.ref.thread == str(post.id)


async def test_title_of_a_thread_is_its_owners_message_though_they_write_nothing_else(world: DiscordDriver) -> None:
    role = world.sim.add_role(world.guild, "nurses")
    world.sim.set_roles(world.users["ana"], world.guild, role)
    thread = world.sim.thread(world.users["ana"], world.channels[ROOM], "Joe's cancer")
    title = await titled(world, "Joe's cancer")
    said = await heard(world, world.sim.post(world.users["ana"], thread, "so sad"))

    assert (title.author.name, title.room_name) == ("Ana", ROOM)
    assert "nurses" in title.author.platform_roles
    assert (title.ref.room, title.ref.thread) == (world.room, str(thread.id))
    assert (said.typed.plain, said.carried) == ("so sad", ())


async def test_title_of_a_thread_under_anothers_message_is_not_a_revision_of_that_message(world: DiscordDriver) -> None:
    message = await world.post("my news", "ben")
    source = world.posted[message.ref.message]
    world.sim.thread(world.users["ana"], world.channels[ROOM], "Joe's cancer", source=source)
    title = await titled(world, "Joe's cancer")

    assert title.author.name == "Ana"
    assert title.ref.key != message.ref.key
    assert [m.typed.plain for m in world.intake.accepted] == ["my news", "Joe's cancer"]


async def test_new_title_is_the_message_of_whoever_gave_it(world: DiscordDriver) -> None:
    forum = world.sim.add_channel(world.guild, "questions", ChannelType.FORUM)
    post, opening = world.sim.forum_post(world.users["ana"], forum, "A question", "what do they mean?")
    thread = world.sim.thread(world.users["ana"], world.channels[ROOM], "side talk")
    await heard(world, opening)
    for place, name in ((post, "Joe's results"), (thread, "Joe's cancer")):
        world.sim.rename(place, name, by=world.users["ben"])
        title = await titled(world, name)

        assert (title.author.name, title.ref.thread) == ("Ben", str(place.id))


async def test_title_that_the_bot_or_another_bot_gave_is_left_alone(world: DiscordDriver) -> None:
    bot = world.sim.add_user("helper", bot=True)
    world.sim.join(bot, world.guild)
    for opener in (bot, world.sim.bot):
        thread = world.sim.thread(opener, world.channels[ROOM], "a bot's thread")
        world.sim.rename(thread, "a bot's title")
    await all_handed_on(world)

    assert [message.typed.plain for message in world.intake.accepted] == ["the last one"]


async def test_what_no_person_wrote_is_left_alone(world: DiscordDriver) -> None:
    sim, room = world.sim, world.channels[ROOM]
    bot = sim.add_user("helper", bot=True)
    sim.join(bot, world.guild)
    sim.post(bot, room, "from a bot")
    sim.webhook_post(room, "from a webhook")
    sim.post(world.users["ana"], room, kind=MessageType.USER_JOIN)
    sim.direct(world.users["ana"], "in private")
    await all_handed_on(world)

    assert [message.typed.plain for message in world.intake.accepted] == ["the last one"]


async def test_edit_of_a_message_nobody_remembers_is_a_new_revision(driver: DiscordDriver) -> None:
    old = driver.sim.post(driver.users["ana"], driver.channels[ROOM], "harmless")
    async with connected(driver):
        driver.sim.edit(old, "Joe has cancer")
        edited = await driver.sim.until(lambda: next((m for m in driver.intake.accepted if m.edited_at), None))
    first = next(message for message in driver.intake.kept if message.edited_at is None)

    assert edited.typed.plain == "Joe has cancer"
    assert edited.ref == first.ref
    assert edited.revision > first.revision


async def test_previews_and_pins_are_nothing_new(world: DiscordDriver) -> None:
    posted = world.sim.post(world.users["ana"], world.channels[ROOM], "https://example.org")
    await heard(world, posted)
    world.sim.resolve_embed(posted, {"type": "link", "title": "Example"})
    world.sim.edit(posted, "https://example.org edited")
    world.sim.pin(posted)
    await all_handed_on(world)

    assert [m.typed.plain for m in world.intake.accepted].count("https://example.org") == 1
    assert [m.typed.plain for m in world.intake.kept] == [
        "https://example.org",
        "https://example.org edited",
        "the last one",
    ]


async def test_deletions_are_told_one_by_one(world: DiscordDriver) -> None:
    sim, ana, room = world.sim, world.users["ana"], world.channels[ROOM]
    thread = sim.thread(ana, room, "side talk")
    messages = [sim.post(ana, room, text) for text in ("one", "two", "three")]
    in_thread = sim.post(ana, thread, "four")
    sim.delete(messages[0])
    sim.bulk_delete(room, messages[1:], by=sim.bot)
    sim.delete(in_thread)
    await sim.until(lambda: len(world.intake.vanished) == 4)

    assert [ref.message for ref in world.intake.vanished] == [str(m.id) for m in (*messages, in_thread)]
    assert (world.intake.vanished[-1].thread, world.intake.vanished[-1].room) == (str(thread.id), world.room)


async def test_positions_sort_as_messages_do(world: DiscordDriver) -> None:
    positions = [world.adapter.platform.position(await world.post(text)) for text in "abc"]

    assert positions == sorted(positions)
    assert {len(position) for position in positions} == {20}
