"""Rate limits and the failures a test may order."""

import asyncio
import time
from datetime import timedelta

import aiohttp
import discord
import pytest

from tests.simulators.discord import Channel, DiscordSimulator, RateLimitMode, User
from tests.simulators.discord.api_client import Api, bare
from tests.simulators.discord.client import running
from tests.simulators.discord.rate_limits import INVALID_LIMIT

pytest_plugins = ["tests.simulators.discord.fixtures"]


async def test_strict_buckets_and_the_global_limit(api: Api, sim: DiscordSimulator, general: Channel) -> None:
    sim.rate_limits.mode = RateLimitMode.STRICT
    sim.rate_limits.set_limit("POST", "/channels/{channel_id}/typing", requests=2, seconds=30)
    path = f"/channels/{general.id}/typing"
    assert [(await api.call("POST", path))[0] for _ in range(2)] == [204, 204]
    assert api.headers["x-ratelimit-remaining"] == "0"
    status, limited = await api.call("POST", path)
    assert (status, limited["global"], api.headers["x-ratelimit-scope"]) == (429, False, "user")
    assert 0 < limited["retry_after"] <= 30
    sim.clock.advance(timedelta(seconds=31))
    assert (await api.call("POST", path))[0] == 204
    answers = [await api.call("GET", f"/users/{number}") for number in range(60)]
    last = [body for status, body in answers if status == 429 and body["global"]]
    assert last
    assert sim.invalid_requests > len(last)


async def test_client_waits_out_a_429_but_not_one_without_via(
    sim: DiscordSimulator, ann: User, general: Channel
) -> None:
    quiet = discord.Client(intents=discord.Intents(guilds=True), guild_ready_timeout=0.05)
    async with running(sim, quiet) as client:
        sim.fail_next("DELETE", "/messages/", status=429, retry_after=0.2)
        message = sim.post(ann, general, "x")
        started = time.monotonic()
        await client.http.delete_message(general.id, message.id)
        assert time.monotonic() - started >= 0.2
        sim.fail_next("GET", f"/channels/{general.id}$", status=429, via=False)
        with pytest.raises(discord.HTTPException):
            await client.http.get_channel(general.id)
    assert [call.status for call in sim.calls_to("DELETE", "/messages/")] == [429, 204]


async def test_ordered_failures(sim: DiscordSimulator, api: Api, ann: User, general: Channel) -> None:
    message = sim.post(ann, general, "x")
    path = f"/channels/{general.id}/messages/{message.id}"
    sim.fail_next("DELETE", path, status=403, code=50013)
    sim.fail_next("DELETE", path, status=500, after_effect=True)
    assert (await api.call("DELETE", path))[1] == {"message": "Missing Permissions", "code": 50013}
    assert (await api.call("DELETE", path))[0] == 500
    assert sim.history(general) == []
    sim.fail_next("POST", "/typing$", status=0)
    with pytest.raises(aiohttp.ClientError):
        await api.call("POST", f"/channels/{general.id}/typing")
    assert sim.typing == []
    sim.slow_next("GET", "/users/@me", seconds=0.1)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(api.call("GET", "/users/@me"), 0.02)
    sim.fail_next("GET", "/gateway/bot", status=429, scope="shared")
    before = sim.invalid_requests
    assert (await api.call("GET", "/gateway/bot"))[0] == 429
    assert sim.invalid_requests == before


async def test_direct_messages_opened_too_fast(sim: DiscordSimulator, api: Api) -> None:
    sim.rate_limits.direct_openings = 2
    users = [sim.add_user(f"user{number}") for number in range(3)]
    codes = []
    for user in (*users, users[0]):
        _, answer = await api.call("POST", "/users/@me/channels", {"recipient_id": str(user.id)})
        codes.append(answer.get("code"))
    assert codes == [None, None, 40003, None]


async def test_address_is_banned_after_too_many_invalid_requests(sim: DiscordSimulator) -> None:
    for _ in range(INVALID_LIMIT + 1):
        sim.rate_limits.note_answer(403, None)
    async with aiohttp.ClientSession() as session:
        async with session.get(f"{sim.api_url}/gateway") as answer:
            assert answer.status == 429
            assert "Via" not in answer.headers
        sim.clock.advance(timedelta(minutes=11))
        async with session.get(f"{sim.api_url}/gateway") as answer:
            assert answer.status == 200


async def test_identifies_of_one_key_want_five_seconds_between_them(sim: DiscordSimulator) -> None:
    sim.gateway.options.spaced_identifies = True
    identify = {"op": 2, "d": {"token": sim.token, "intents": 0, "properties": {}}}
    answers = []
    for step in (0, 0, 6):
        sim.clock.advance(timedelta(seconds=step))
        async with bare(sim) as socket:
            await socket.send_json(identify)
            answers.append((await socket.receive_json())["op"])
    assert answers == [0, 9, 0]
