"""The gateway: cuts, resumes, refusals, intents, heartbeats. Unmodified discord.py or a bare websocket."""

import json
import zlib
from datetime import timedelta
from typing import Any

import aiohttp
import discord
import pytest

from tests.simulators.discord import Channel, DiscordSimulator, Guild, Permission, User
from tests.simulators.discord.api_client import bare, close_code
from tests.simulators.discord.client import running

pytest_plugins = ["tests.simulators.discord.fixtures"]


class Watcher(discord.Client):
    """Counts sessions and keeps texts; identifies again without the usual five seconds."""

    def __init__(self, intents: discord.Intents | None = None) -> None:
        chosen = intents or discord.Intents(guilds=True, messages=True, message_content=True)
        super().__init__(intents=chosen, guild_ready_timeout=0.05)
        self.texts: list[str] = []
        self.resumes = 0
        self.connects = 0

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """No waiting in a test."""

    async def on_connect(self) -> None:
        self.connects += 1

    async def on_resumed(self) -> None:
        self.resumes += 1

    async def on_message(self, message: discord.Message) -> None:
        self.texts.append(message.content)


@pytest.mark.parametrize("how", ["cut", "reconnect", "close"])
async def test_missed_messages_are_replayed_after_a_resume(
    sim: DiscordSimulator, ann: User, general: Channel, how: str
) -> None:
    client = Watcher()
    async with running(sim, client):
        sim.post(ann, general, "before")
        await sim.until(lambda: client.texts)
        if how == "cut":
            sim.gateway.cut_all()
            sim.post(ann, general, "missed")
        elif how == "close":
            sim.gateway.close_all(4000)
            sim.post(ann, general, "missed")
        else:
            sim.gateway.ask_to_reconnect()
            await sim.until(lambda: sim.gateway.resumes)
            sim.post(ann, general, "missed")
        await sim.until(lambda: len(client.texts) == 2 and client.resumes)
    assert client.texts == ["before", "missed"]
    assert (client.resumes, client.connects) == (1, 1)


async def test_invalid_session_starts_anew_without_replay(sim: DiscordSimulator, ann: User, general: Channel) -> None:
    client = Watcher()
    async with running(sim, client):
        sim.gateway.options.refuse = True
        sim.gateway.close_all(4000, ends_sessions=True)
        sim.post(ann, general, "missed")
        sim.gateway.options.refuse = False
        await sim.until(lambda: client.connects == 2)
        sim.post(ann, general, "after")
        await sim.until(lambda: client.texts)
    assert client.texts == ["after"]
    assert [message.content for message in sim.history(general)] == ["missed", "after"]
    assert client.resumes == 0


async def test_invalidated_live_session(sim: DiscordSimulator, guild: Guild) -> None:
    client = Watcher()
    async with running(sim, client):
        sim.gateway.invalidate(resumable=True)
        await sim.until(lambda: client.resumes == 1)
        sim.gateway.invalidate(resumable=False)
        await sim.until(lambda: client.connects == 2)
    assert len(sim.gateway.identifies) == 2


async def test_resume_that_comes_too_late_is_refused(sim: DiscordSimulator, ann: User, general: Channel) -> None:
    client = Watcher()
    async with running(sim, client):
        sim.gateway.cut_all()
        sim.clock.advance(timedelta(minutes=10))
        await sim.until(lambda: client.connects == 2)
    assert (len(sim.gateway.resumes), client.resumes) == (1, 0)


async def test_wrong_token_fails_at_login_and_at_the_gateway(sim: DiscordSimulator) -> None:
    with pytest.raises(discord.LoginFailure):
        async with running(sim, Watcher(), token="wrong"):
            pass
    async with bare(sim) as socket:
        await socket.send_json({"op": 2, "d": {"token": "wrong", "intents": 1, "properties": {}}})
        assert await close_code(socket) == 4004


@pytest.mark.parametrize("intent", ["message_content", "members"])
async def test_privileged_intent_not_switched_on_closes_4014(sim: DiscordSimulator, intent: str) -> None:
    sim.application.message_content = sim.application.guild_members = False
    intents = discord.Intents(guilds=True, messages=True, **{intent: True})
    with pytest.raises(discord.PrivilegedIntentsRequired):
        async with running(sim, Watcher(intents)):
            pass


async def test_no_content_without_the_intent_but_for_the_exceptions(
    sim: DiscordSimulator, ann: User, general: Channel
) -> None:
    client = Watcher(discord.Intents(guilds=True, messages=True))
    async with running(sim, client):
        message = sim.post(ann, general, "secret", embeds=({"type": "rich", "title": "x"},))
        sim.poll(ann, general, "Which?", "a", "b")
        sim.reply(ann, message, "an answer")
        sim.forward(ann, message, general)
        sim.post(ann, general, f"<@{sim.bot.id}> help")
        sim.direct(ann, "in private")
        await sim.until(lambda: len(client.texts) == 6)
    assert client.texts == ["", "", "", "", f"<@{sim.bot.id}> help", "in private"]
    plain, poll, reply, forward, *_ = sim.events("MESSAGE_CREATE")
    assert (plain["embeds"], plain["attachments"], plain["components"]) == ([], [], [])
    assert "poll" not in poll
    assert reply["referenced_message"]["content"] == ""
    assert forward["message_snapshots"][0]["message"]["content"] == ""


async def test_rest_follows_the_application_and_not_the_session(
    sim: DiscordSimulator, ann: User, general: Channel
) -> None:
    sim.application.message_content = False
    sim.post(ann, general, "secret")
    client = Watcher(discord.Intents(guilds=True, messages=True))
    async with running(sim, client):
        channel = client.get_channel(general.id)
        assert isinstance(channel, discord.TextChannel)
        assert [message.content async for message in channel.history()] == [""]
        assert not client.application_flags.gateway_message_content_limited


async def test_unseen_channels_and_unwanted_intents_stay_silent(
    sim: DiscordSimulator, guild: Guild, ann: User, general: Channel
) -> None:
    hidden = sim.add_channel(guild, "staff")
    sim.hide_from_bot(hidden)
    private = sim.thread(ann, general, "just us", private=True)
    client = Watcher()
    async with running(sim, client):
        sim.set_bot_permissions(guild, Permission.NONE)
        sim.post(ann, hidden, "hidden")
        sim.post(ann, private, "private thread")
        sim.set_nick(ann, guild, "Annie")
        sim.post(ann, general, "seen")
        await sim.until(lambda: client.texts)
    assert client.texts == ["seen"]
    assert sim.events("GUILD_MEMBER_UPDATE") == []


async def test_members_come_in_chunks(sim: DiscordSimulator, guild: Guild) -> None:
    for number in range(1100):
        sim.join(sim.add_user(f"member{number}"), guild)
    client = Watcher(discord.Intents(guilds=True, members=True))
    async with running(sim, client):
        known = client.get_guild(guild.id)
        assert known is not None
        assert len(known.members) == 1102
    assert [chunk["chunk_index"] for chunk in sim.events("GUILD_MEMBERS_CHUNK")] == [0, 1]


async def test_zombie_connection_is_noticed_and_resumed(sim: DiscordSimulator, guild: Guild) -> None:
    sim.gateway.options.heartbeat_interval = 0.05
    sim.gateway.options.acknowledge = False
    client = discord.Client(intents=discord.Intents.none(), guild_ready_timeout=0.05, heartbeat_timeout=0.3)
    async with running(sim, client):
        await sim.until(lambda: sim.gateway.resumes)
    assert sim.gateway.resumes[0]["session_id"]


async def test_client_without_heartbeats_is_closed(sim: DiscordSimulator) -> None:
    sim.gateway.options.heartbeat_interval = 0.05
    async with bare(sim) as socket:
        await socket.send_json({"op": 2, "d": {"token": sim.token, "intents": 0, "properties": {}}})
        assert (await socket.receive_json())["t"] == "READY"
        assert await close_code(socket) == 4000


async def test_duplicate_event_and_guild_coming_and_going(
    sim: DiscordSimulator, guild: Guild, ann: User, general: Channel
) -> None:
    client = Watcher()
    async with running(sim, client):
        sim.post(ann, general, "twice")
        sim.duplicate_last_event()
        await sim.until(lambda: len(client.texts) == 2)
        sim.outage(guild)
        await sim.until(lambda: client.guilds[0].unavailable)
        sim.outage(guild, down=False)
        await sim.until(lambda: not client.guilds[0].unavailable)
        sim.kick_bot(guild)
        await sim.until(lambda: not client.guilds)
        other = sim.add_guild("Practice")
        await sim.until(lambda: client.get_guild(other.id))
    assert client.texts == ["twice", "twice"]


@pytest.mark.parametrize(
    ("payload", "expected"),
    [
        ("not json", 4002),
        (json.dumps({"op": 1, "d": "x" * 5000}), 4002),
        (json.dumps({"op": 8, "d": {}}), 4003),
        (json.dumps({"op": 2, "d": {"token": "TOKEN", "intents": 1 << 30}}), 4013),
        (json.dumps({"op": 2, "d": {"token": "TOKEN", "intents": 1, "shard": [2, 2]}}), 4010),
        (json.dumps({"op": 6, "d": {"token": "wrong", "session_id": "x", "seq": 1}}), 4004),
    ],
)
async def test_close_codes_for_bad_payloads(sim: DiscordSimulator, payload: str, expected: int) -> None:
    async with bare(sim) as socket:
        await socket.send_str(payload.replace("TOKEN", sim.token))
        assert await close_code(socket) == expected


async def test_second_identify_and_unknown_operation(sim: DiscordSimulator) -> None:
    identify = {"op": 2, "d": {"token": sim.token, "intents": 0, "properties": {}}}
    for last, expected in ((identify, 4005), ({"op": 99, "d": None}, 4001)):
        async with bare(sim) as socket:
            await socket.send_json(identify)
            await socket.send_json(last)
            assert await close_code(socket) == expected


async def test_resume_with_impossible_sequence_closes_4007(sim: DiscordSimulator) -> None:
    async with bare(sim) as socket:
        await socket.send_json({"op": 2, "d": {"token": sim.token, "intents": 0, "properties": {}}})
        session_id = (await socket.receive_json())["d"]["session_id"]
        sim.gateway.cut_all()
    async with bare(sim) as socket:
        await socket.send_json({"op": 6, "d": {"token": sim.token, "session_id": session_id, "seq": 500}})
        assert await close_code(socket) == 4007


async def test_old_api_version_is_refused(sim: DiscordSimulator) -> None:
    async with aiohttp.ClientSession() as session, session.ws_connect(sim.gateway_url + "?v=6") as socket:
        assert await close_code(socket) == 4012


async def test_zlib_stream_shares_one_context(sim: DiscordSimulator) -> None:
    inflate = zlib.decompressobj()

    async def read(socket: aiohttp.ClientWebSocketResponse) -> dict[str, Any]:
        data = await socket.receive_bytes()
        assert data.endswith(b"\x00\x00\xff\xff")
        decoded: dict[str, Any] = json.loads(inflate.decompress(data))
        return decoded

    url = sim.gateway_url + "?v=10&encoding=json&compress=zlib-stream"
    async with aiohttp.ClientSession() as session, session.ws_connect(url) as socket:
        assert (await read(socket))["op"] == 10
        await socket.send_json({"op": 1, "d": None})
        assert (await read(socket))["op"] == 11
        await socket.send_json({"op": 2, "d": {"token": sim.token, "intents": 0, "properties": {}}})
        assert (await read(socket))["d"]["resume_gateway_url"] == sim.gateway_url


async def test_identifies_are_counted_and_the_token_is_reset(sim: DiscordSimulator) -> None:
    sim.gateway.options.identifies_left = 0
    old = sim.token
    async with bare(sim) as socket:
        await socket.send_json({"op": 2, "d": {"token": old, "intents": 0, "properties": {}}})
        assert await close_code(socket) == 4004
    assert sim.token != old
