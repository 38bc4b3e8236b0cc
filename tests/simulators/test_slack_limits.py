"""Limits of the simulated Slack: rates, faults, Block Kit."""

import time
from collections.abc import AsyncIterator

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

from tests.simulators.slack import Channel, ManualClock, Payload, SlackSimulator


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
async def sim(clock: ManualClock) -> AsyncIterator[SlackSimulator]:
    async with SlackSimulator(clock=clock) as simulator:
        yield simulator


@pytest.fixture
def garden(sim: SlackSimulator) -> Channel:
    return sim.world.add_channel("garden")


@pytest.fixture
def client(sim: SlackSimulator) -> AsyncWebClient:
    return AsyncWebClient(token=sim.bot_token, base_url=sim.api_url)


async def test_tiers_hold_within_a_sliding_minute(
    sim: SlackSimulator, client: AsyncWebClient, clock: ManualClock
) -> None:
    sim.limits.strict = True
    for _ in range(20):
        await client.users_list()
        clock.advance(1)
    with pytest.raises(SlackApiError) as caught:
        await client.users_list()
    assert (caught.value.response.status_code, caught.value.response["error"]) == (429, "ratelimited")
    assert caught.value.response.headers["Retry-After"] == "40"
    clock.advance(40)
    await client.users_list()


async def test_posting_is_one_a_second_after_a_burst(
    sim: SlackSimulator, client: AsyncWebClient, clock: ManualClock, garden: Channel
) -> None:
    sim.limits.strict = True
    sim.limits.post_burst = 3
    for _ in range(3):
        await client.chat_postMessage(channel=garden.id, text="quick")
    with pytest.raises(SlackApiError, match="ratelimited"):
        await client.chat_postMessage(channel=garden.id, text="too quick")
    other = sim.world.add_channel("other")
    await client.chat_postMessage(channel=other.id, text="another channel is free")
    clock.advance(3)
    await client.chat_postMessage(channel=garden.id, text="after a pause")
    assert len(sim.calls_of("chat.postMessage", error="ratelimited")) == 1


async def test_history_of_apps_outside_the_marketplace(
    sim: SlackSimulator, client: AsyncWebClient, garden: Channel
) -> None:
    ana = sim.world.add_user("ana")
    garden.members.append(ana.id)
    for number in range(20):
        sim.post(ana, garden, str(number))
    sim.limits.outside_marketplace = True
    answer = await client.conversations_history(channel=garden.id, limit=100)
    assert (len(answer["messages"]), answer["has_more"]) == (15, True)
    with pytest.raises(SlackApiError) as caught:
        await client.conversations_history(channel=garden.id)
    assert caught.value.response.headers["Retry-After"] == "60"


async def test_the_sdk_waits_out_a_429(sim: SlackSimulator, client: AsyncWebClient, garden: Channel) -> None:
    client.retry_handlers.append(AsyncRateLimitErrorRetryHandler(max_retry_count=1))
    sim.fail_next("chat.postMessage", retry_after=1)
    started = time.monotonic()
    await client.chat_postMessage(channel=garden.id, text="patience")
    assert time.monotonic() - started >= 1
    assert [call.status for call in sim.calls_of("chat.postMessage")] == [429, 200]


async def test_faults(sim: SlackSimulator, client: AsyncWebClient, garden: Channel) -> None:
    sim.fail_next("chat.postMessage", status=500, times=2)
    for _ in range(2):
        with pytest.raises(SlackApiError) as caught:
            await client.chat_postMessage(channel=garden.id, text="lost")
        assert caught.value.response.status_code == 500
    sim.fail_next("*", error="internal_error")
    with pytest.raises(SlackApiError, match="internal_error"):
        await client.auth_test()
    sim.fail_next("auth.test", delay_s=0.05)
    started = time.monotonic()
    await client.auth_test()
    assert time.monotonic() - started >= 0.05
    sim.fail_next("auth.test", error="never")
    sim.clear_faults()
    await client.auth_test()
    assert sim.world.visible_texts(garden) == []


async def test_a_call_may_take_effect_although_it_seems_to_fail(
    sim: SlackSimulator, client: AsyncWebClient, garden: Channel
) -> None:
    sim.fail_next("chat.postMessage", status=500, after_effect=True)
    with pytest.raises(SlackApiError):
        await client.chat_postMessage(channel=garden.id, text="done, unanswered")
    assert sim.world.visible_texts(garden) == ["done, unanswered"]


async def test_the_sdk_repeats_a_call_whose_connection_broke(
    sim: SlackSimulator, client: AsyncWebClient, garden: Channel
) -> None:
    sim.fail_next("chat.postMessage", cut=True, after_effect=True)
    await client.chat_postMessage(channel=garden.id, text="said twice")
    assert sim.world.visible_texts(garden) == ["said twice", "said twice"]
    client.retry_handlers.clear()
    sim.fail_next("chat.postMessage", cut=True)
    with pytest.raises(aiohttp.ClientError):
        await client.chat_postMessage(channel=garden.id, text="not repeated")


def section(text: str) -> Payload:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def button(**over: object) -> Payload:
    plain = {"type": "plain_text", "text": "Press"}
    return {"type": "actions", "elements": [{"type": "button", "text": plain, "action_id": "a"} | over]}


@pytest.mark.parametrize(
    ("blocks", "complaint"),
    [
        ([section("x")] * 51, "no more than 50 items allowed [json-pointer:/blocks]"),
        ([section("x" * 3001)], "must be less than 3001 characters [json-pointer:/blocks/0/text/text]"),
        ([section("")], "must be more than 0 characters [json-pointer:/blocks/0/text/text]"),
        (
            [button(text={"type": "plain_text", "text": "x" * 76})],
            "must be less than 76 characters [json-pointer:/blocks/0/elements/0/text/text]",
        ),
        (
            [button(value="x" * 2001)],
            "must be less than 2001 characters [json-pointer:/blocks/0/elements/0/value]",
        ),
        (
            [button(action_id="x" * 256)],
            "must be less than 256 characters [json-pointer:/blocks/0/elements/0/action_id]",
        ),
        ([{"type": "actions", "elements": button()["elements"] * 26}], "no more than 25 items allowed"),
        ([{"type": "section"}], "must define either `text` or `fields`"),
        ([{"type": "sektion"}], "unsupported type: sektion"),
        ([section("a") | {"block_id": "b"}, section("b") | {"block_id": "b"}], "`block_id` must be unique"),
    ],
)
async def test_blocks_are_checked(
    client: AsyncWebClient, garden: Channel, blocks: list[Payload], complaint: str
) -> None:
    with pytest.raises(SlackApiError) as caught:
        await client.chat_postMessage(channel=garden.id, text="x", blocks=blocks)
    answer = caught.value.response
    assert answer["error"] == "invalid_blocks"
    assert any(complaint in each for each in answer["errors"])
    assert answer["response_metadata"]["messages"][0].startswith("[ERROR] ")


async def test_the_largest_allowed_blocks_pass(client: AsyncWebClient, garden: Channel) -> None:
    largest = button(text={"type": "plain_text", "text": "x" * 75}, value="v" * 2000, action_id="a" * 255)
    sent = await client.chat_postMessage(channel=garden.id, text="x", blocks=[section("x" * 3000), largest])
    assert all(block["block_id"] for block in sent["message"]["blocks"])
