"""Unmodified discord.py against the simulator: connecting, messages, webhooks, direct messages, permissions."""

from datetime import timedelta

import discord
import pytest
from discord.ext import commands

from tests.simulators.discord import (
    AuditAction,
    Channel,
    ChannelType,
    DiscordSimulator,
    Guild,
    Permission,
    User,
)
from tests.simulators.discord.client import Listener, everything, pointed_at, running, text_channel

pytest_plugins = ["tests.simulators.discord.fixtures"]


async def test_client_learns_guild_channels_and_members(sim: DiscordSimulator, guild: Guild, ann: User) -> None:
    general = sim.add_channel(guild, "general")
    async with running(sim, Listener()) as client:
        known = client.get_guild(guild.id)
        assert known is not None
        member = known.get_member(ann.id)
        assert member is not None
        assert member.display_name == "Ann of the group"
        assert text_channel(client, general).permissions_for(known.me).manage_messages
        assert client.application_flags.gateway_message_content_limited


async def test_bot_deletes_with_reason(sim: DiscordSimulator, guild: Guild, ann: User, general: Channel) -> None:
    client = Listener()
    async with running(sim, client):
        message = sim.post(ann, general, "leak")
        await text_channel(client, general).get_partial_message(message.id).delete()
        again = sim.post(ann, general, "leak")
        await client.http.delete_message(general.id, again.id, reason="Schutz der Privatsphäre: Fall 7")
    assert sim.history(general) == []
    assert sim.calls_to("DELETE", f"/messages/{again.id}$")[0].reason == "Schutz der Privatsphäre: Fall 7"
    entry = guild.audit_log[-1]
    assert (entry.action, entry.target_id, entry.reason) == (
        AuditAction.MESSAGE_DELETE,
        ann.id,
        "Schutz der Privatsphäre: Fall 7",
    )


async def test_bulk_delete_reaches_client(sim: DiscordSimulator, ann: User, general: Channel) -> None:
    client = Listener()
    async with running(sim, client):
        made = [sim.post(ann, general, text) for text in "abc"]
        await text_channel(client, general).delete_messages([discord.Object(message.id) for message in made])
        await sim.until(lambda: client.bulk_deleted)
    assert client.bulk_deleted[0].message_ids == {message.id for message in made}


async def test_direct_message_arrives_or_is_refused(sim: DiscordSimulator, guild: Guild, ann: User) -> None:
    stranger = sim.add_user("stranger")
    async with running(sim, Listener()) as client:
        user = await client.fetch_user(ann.id)
        await user.send("a kind note")
        sim.set_dms(ann, False)
        with pytest.raises(discord.Forbidden) as closed:
            await user.send("another")
        with pytest.raises(discord.Forbidden) as unrelated:
            await (await client.fetch_user(stranger.id)).send("hello")
    assert closed.value.code == 50007
    assert unrelated.value.code == 50278
    assert [message.content for message in sim.direct_messages(ann)] == ["a kind note"]
    assert sim.invalid_requests == 2


async def test_member_writes_to_bot_in_private(sim: DiscordSimulator, ann: User) -> None:
    client = Listener()
    async with running(sim, client):
        sim.direct(ann, "what did I do?")
        await sim.until(lambda: client.posted)
    assert isinstance(client.posted[0].channel, discord.DMChannel)
    assert client.posted[0].content == "what did I do?"


async def test_webhook_repost_wears_name_and_picture(sim: DiscordSimulator, ann: User, general: Channel) -> None:
    client = Listener()
    async with running(sim, client):
        webhook = await text_channel(client, general).create_webhook(name="Chaperone", reason="restore")
        sent = await webhook.send(
            "hello @everyone",
            username="Ann",
            avatar_url="https://example.org/ann.png",
            wait=True,
            allowed_mentions=discord.AllowedMentions.none(),
        )
        await sim.until(lambda: client.posted)
    stored = sim.history(general)[0]
    assert (stored.id, stored.author.username, stored.webhook_id) == (sent.id, "Ann", webhook.id)
    assert stored.author.avatar is not None
    assert not stored.mention_everyone
    assert client.posted[0].webhook_id == webhook.id
    assert sim.calls_to("POST", "/webhooks$")[0].reason == "restore"


async def test_webhook_into_thread_and_forum(sim: DiscordSimulator, guild: Guild, ann: User, general: Channel) -> None:
    thread = sim.thread(ann, general, "side talk")
    forum = sim.add_channel(guild, "questions", ChannelType.FORUM, tags=["pain"])
    async with running(sim, Listener()) as client:
        webhook = await text_channel(client, general).create_webhook(name="Chaperone")
        await webhook.send("restored", thread=discord.Object(thread.id), wait=True)
        found = client.get_channel(forum.id)
        assert isinstance(found, discord.ForumChannel)
        forum_hook = await found.create_webhook(name="Chaperone")
        posted = await forum_hook.send("restored post", thread_name="A question", wait=True)
    assert [message.content for message in sim.history(thread)] == ["restored"]
    made = sim.world.find_channel(posted.channel.id)
    assert made is not None
    assert (made.name, made.parent_id) == ("A question", forum.id)


async def test_missing_permission_is_forbidden(
    sim: DiscordSimulator, guild: Guild, ann: User, general: Channel
) -> None:
    message = sim.post(ann, general, "hello")
    async with running(sim, Listener()) as client:
        sim.set_bot_permissions(guild, Permission.NONE)
        with pytest.raises(discord.Forbidden) as missing:
            await client.http.delete_message(general.id, message.id)
        sim.hide_from_bot(general)
        with pytest.raises(discord.Forbidden) as hidden:
            await client.http.get_channel(general.id)
    assert (missing.value.code, hidden.value.code) == (50013, 50001)


async def test_sharded_client_asks_for_the_gateway(
    sim: DiscordSimulator, guild: Guild, ann: User, general: Channel
) -> None:
    sim.gateway.options.shards = 2

    class Sharded(discord.AutoShardedClient):
        def __init__(self) -> None:
            super().__init__(intents=everything(), guild_ready_timeout=0.05)
            self.posted: list[str] = []

        async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
            """No five seconds between shards in a test."""

        async def on_message(self, message: discord.Message) -> None:
            self.posted.append(message.content)

    client = Sharded()
    async with running(sim, client):
        sim.post(ann, general, "hello")
        sim.direct(ann, "private")
        await sim.until(lambda: len(client.posted) == 2)
        assert client.shard_count == 2
    assert sim.calls_to("GET", "^/gateway/bot$")
    assert sorted(client.posted) == ["hello", "private"]


async def test_prefix_bot_and_timeout(sim: DiscordSimulator, guild: Guild, ann: User, general: Channel) -> None:
    bot = commands.Bot(command_prefix="!", intents=everything(), guild_ready_timeout=0.05)
    async with running(sim, bot):
        known = bot.get_guild(guild.id)
        assert known is not None
        member = await known.fetch_member(ann.id)
        await member.timeout(timedelta(hours=1), reason="cool down")
        owner = await known.fetch_member(guild.owner_id)
        with pytest.raises(discord.Forbidden):
            await owner.timeout(None)
    assert guild.members[ann.id].communication_disabled_until is not None
    assert guild.audit_log[-1].reason == "cool down"


async def test_no_address_of_the_real_service_remains_set() -> None:
    before = discord.http.Route.BASE
    async with DiscordSimulator() as simulator:
        with pointed_at(simulator):
            assert simulator.api_url == discord.http.Route.BASE
    assert before == discord.http.Route.BASE
