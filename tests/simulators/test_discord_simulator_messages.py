"""What messages carry, as unmodified discord.py receives it: texts, edits, files, forwards, hidden channels."""

from datetime import timedelta

import discord
import pytest

from tests.simulators.discord import (
    Channel,
    ChannelType,
    DiscordSimulator,
    File,
    Guild,
    MessageFlag,
    MessageType,
    Permission,
    User,
)
from tests.simulators.discord.client import Listener, running, text_channel

pytest_plugins = ["tests.simulators.discord.fixtures"]


async def test_hidden_channel_is_obfuscated_until_opened(sim: DiscordSimulator, guild: Guild, ann: User) -> None:
    secret = sim.add_channel(guild, "staff-room")
    sim.hide_from_bot(secret)
    client = Listener()
    async with running(sim, client):
        assert text_channel(client, secret).name == "___hidden___"
        sim.post(ann, secret, "not for the bot")
        known = client.get_guild(guild.id)
        assert known is not None
        assert [channel.name for channel in await known.fetch_channels()] == []
        sim.overwrite(secret, sim.bot)
        await sim.until(lambda: text_channel(client, secret).name == "staff-room")
    assert client.posted == []


async def test_attachment_link_works_until_the_message_is_gone(
    sim: DiscordSimulator, ann: User, general: Channel
) -> None:
    client = Listener()
    async with running(sim, client):
        file = File(filename="report.txt", content=b"result", description="a blood test", title="Report")
        message = sim.post(ann, general, files=(file,))
        await sim.until(lambda: client.posted)
        attachment = client.posted[0].attachments[0]
        assert await attachment.read() == b"result"
        sim.delete(message)
        with pytest.raises(discord.NotFound):
            await attachment.read()
    assert (attachment.filename, attachment.description) == ("report.txt", "a blood test")


async def test_every_carrier_of_text_arrives(sim: DiscordSimulator, guild: Guild, ann: User, general: Channel) -> None:
    forum = sim.add_channel(guild, "questions", ChannelType.FORUM, tags=["pain"])
    client = Listener()
    async with running(sim, client):
        first = sim.post(ann, general, "original")
        sim.reply(ann, first, "answer")
        sim.forward(ann, first, general)
        sim.poll(ann, general, "Which pill?", "red", "blue")
        sim.voice_message(ann, general)
        sim.post(ann, general, stickers=("get well",))
        sim.webhook_post(general, "", embeds=({"type": "rich", "description": "in an embed"},))
        sim.post(ann, general, kind=MessageType.USER_JOIN)
        sim.forum_post(ann, forum, "My mother's results", "text", "pain")
        await sim.until(lambda: len(client.posted) == 9)
    _, reply, forward, poll, voice, sticker, hook, joined, post = client.posted
    assert reply.reference is not None
    assert isinstance(reply.reference.resolved, discord.Message)
    assert reply.reference.resolved.content == "original"
    assert (forward.content, forward.message_snapshots[0].content) == ("", "original")
    assert poll.poll is not None
    assert [answer.text for answer in poll.poll.answers] == ["red", "blue"]
    assert voice.flags.voice
    assert voice.attachments[0].is_voice_message()
    assert sticker.stickers[0].name == "get well"
    assert (hook.webhook_id is not None, hook.embeds[0].description) == (True, "in an embed")
    assert joined.type is discord.MessageType.new_member
    assert isinstance(post.channel, discord.Thread)
    assert post.channel.name == "My mother's results"
    assert post.channel.parent_id == forum.id


async def test_forum_post_shares_its_id_with_the_first_message(sim: DiscordSimulator, guild: Guild, ann: User) -> None:
    forum = sim.add_channel(guild, "questions", ChannelType.FORUM)
    thread, message = sim.forum_post(ann, forum, "Title", "text")
    assert message.id == thread.id


async def test_components_v2_message_posts_and_is_marked(sim: DiscordSimulator, general: Channel) -> None:
    view = discord.ui.LayoutView()
    view.add_item(discord.ui.TextDisplay("text in a component"))
    async with running(sim, Listener()) as client:
        await text_channel(client, general).send(view=view)
    stored = sim.history(general)[0]
    assert stored.flags & MessageFlag.COMPONENTS_V2
    assert stored.components[0]["content"] == "text in a component"


async def test_history_pages_newest_first(sim: DiscordSimulator, ann: User, general: Channel) -> None:
    for number in range(120):
        sim.post(ann, general, str(number))
    async with running(sim, Listener()) as client:
        channel = text_channel(client, general)
        newest = [message.content async for message in channel.history(limit=3)]
        everything_ = [message.content async for message in channel.history(limit=None, oldest_first=True)]
    assert newest == ["119", "118", "117"]
    assert everything_ == [str(number) for number in range(120)]


async def test_raw_create_edit_delete(sim: DiscordSimulator, ann: User, general: Channel) -> None:
    client = Listener()
    async with running(sim, client):
        message = sim.post(ann, general, "one")
        await sim.until(lambda: client.texts)
        sim.edit(message, "two")
        sim.resolve_embed(message, {"type": "link", "url": "https://example.org", "title": "Example"})
        sim.delete(message)
        await sim.until(lambda: client.deleted)
    assert client.texts == ["one"]
    first, second = client.edited
    assert first.message.content == "two"
    assert first.data["edited_timestamp"] is not None
    assert second.data["edited_timestamp"] == first.data["edited_timestamp"]
    assert second.message.embeds[0].title == "Example"
    assert client.deleted[0].message_id == message.id


async def test_embed_resolving_on_untouched_message_has_no_edit_time(
    sim: DiscordSimulator, ann: User, general: Channel
) -> None:
    client = Listener()
    async with running(sim, client):
        message = sim.post(ann, general, "https://example.org")
        sim.resolve_embed(message, {"type": "link", "url": "https://example.org"})
        await sim.until(lambda: client.edited)
    assert client.edited[0].data["edited_timestamp"] is None


async def test_pin_is_an_update_without_edit_time(sim: DiscordSimulator, ann: User, general: Channel) -> None:
    client = Listener()
    async with running(sim, client):
        sim.pin(sim.post(ann, general, "rules"))
        await sim.until(lambda: client.edited)
    assert (client.edited[0].message.pinned, client.edited[0].data["edited_timestamp"]) == (True, None)


async def test_roles_and_timeouts_reach_the_client(sim: DiscordSimulator, guild: Guild, ann: User) -> None:
    helpers = sim.add_role(guild, "helpers")
    client = Listener()
    async with running(sim, client):
        sim.set_role(guild, helpers, permissions=Permission.MANAGE_MESSAGES)
        sim.set_roles(ann, guild, helpers)
        sim.time_out(ann, guild, sim.clock.now() + timedelta(hours=1), by=sim.world.users[guild.owner_id])
        known = client.get_guild(guild.id)
        assert known is not None
        await sim.until(lambda: (member := known.get_member(ann.id)) and member.is_timed_out())
        member = known.get_member(ann.id)
    assert member is not None
    assert [role.name for role in member.roles] == ["@everyone", "helpers"]
    assert member.roles[1].permissions.manage_messages
