"""The Slack simulator's HTTP deliveries: signatures, retries, interactions as forms."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.signature import SignatureVerifier

from tests.simulators.slack import Channel, Payload, SlackSimulator, Timing, User
from tests.simulators.slack.bolt_app import new_bolt_app

Handler = Callable[[web.Request], Awaitable[web.Response]]


@pytest.fixture
async def sim(request: pytest.FixtureRequest) -> AsyncIterator[SlackSimulator]:
    async with SlackSimulator(timing=getattr(request, "param", Timing())) as simulator:
        yield simulator


@pytest.fixture
def marta(sim: SlackSimulator) -> User:
    return sim.world.add_user("marta")


@pytest.fixture
def garden(sim: SlackSimulator, marta: User) -> Channel:
    return sim.world.add_channel("garden", [marta])


@contextlib.asynccontextmanager
async def request_url(handler: Handler) -> AsyncIterator[str]:
    """A request URL of the app under test."""
    app = web.Application()
    app.router.add_post("/slack/events", handler)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    finally:
        await runner.cleanup()


@pytest.mark.parametrize("sim", [Timing(ack_timeout_s=1.0)], indirect=True)
async def test_http_delivery_is_signed_and_retried(sim: SlackSimulator, marta: User, garden: Channel) -> None:
    verifier = SignatureVerifier(sim.world.app.signing_secret)
    retries: list[tuple[str | None, str | None]] = []

    async def endpoint(request: web.Request) -> web.Response:
        body = await request.text()
        assert verifier.is_valid_request(body, dict(request.headers))
        assert not SignatureVerifier("another").is_valid_request(body, dict(request.headers))
        retries.append((request.headers.get("X-Slack-Retry-Num"), request.headers.get("X-Slack-Retry-Reason")))
        if len(retries) == 2:
            await asyncio.sleep(sim.timing.ack_timeout_s + 0.1)
        return web.Response(status=500 if len(retries) == 1 else 200)

    async with request_url(endpoint) as url:
        sim.use_http(url)
        sim.post(marta, garden, "over HTTP")
        await sim.settle()
    assert retries == [(None, None), ("1", "http_error"), ("2", "http_timeout")]
    assert sim.deliveries[0].state == "acked"


async def test_http_delivery_gives_up(sim: SlackSimulator, marta: User, garden: Channel) -> None:
    async def endpoint(request: web.Request) -> web.Response:
        return web.Response(status=503, headers={"X-Slack-No-Retry": "1"})

    async with request_url(endpoint) as url:
        sim.use_http(url)
        sim.post(marta, garden, "refused for good")
        await sim.settle()
    sim.post(marta, garden, "nobody there")
    await sim.settle()
    assert [delivery.outcomes for delivery in sim.deliveries] == [["http_error"], ["connection_failed"] * 4]


def endpoint_of(app: AsyncApp) -> Handler:
    """Bolt's own aiohttp adapter around an app."""

    async def endpoint(request: web.Request) -> web.Response:
        response: web.Response = await to_aiohttp_response(await app.async_dispatch(await to_bolt_request(request)))
        return response

    return endpoint


async def test_bolt_answers_the_challenge_and_refuses_forgeries(
    sim: SlackSimulator, marta: User, garden: Channel
) -> None:
    app = new_bolt_app(sim)
    seen: list[str] = []

    async def note(event: Payload) -> None:
        seen.append(event["text"])

    app.event("message")(note)
    async with request_url(endpoint_of(app)) as url:
        transport = sim.use_http(url)
        assert await transport.verify_url("a-challenge")
        transport.bad_signature = True
        sim.post(marta, garden, "forged")
        await sim.settle()
        transport.bad_signature = False
        sim.post(marta, garden, "genuine")
        await sim.wait_until(lambda: seen == ["genuine"])
    assert sim.deliveries[0].state == "abandoned"


async def test_interactions_come_as_forms(sim: SlackSimulator, marta: User, garden: Channel) -> None:
    app = new_bolt_app(sim)

    async def help_them(ack: AsyncAck, command: Payload) -> None:
        await ack(text=f"Help for {command['text']}")

    async def refuse(ack: AsyncAck) -> None:
        await ack(response_action="errors", errors={"b1": "Too short"})

    app.command("/chaperone")(help_them)
    app.view("appeal")(refuse)
    view = {"type": "modal", "callback_id": "appeal", "title": {"type": "plain_text", "text": "Ask"}, "blocks": []}
    async with request_url(endpoint_of(app)) as url:
        sim.use_http(url)
        await sim.slash_command(marta, garden, "/chaperone", "me & you")
        opened = await app.client.views_open(trigger_id=sim.new_trigger(marta), view=view)
        answer = await sim.submit_view(marta, sim.world.views[opened["view"]["id"]])
    assert [note.text for note in sim.world.notes_for(marta)] == ["Help for me &amp; you"]
    assert answer.response == {"response_action": "errors", "errors": {"b1": "Too short"}}
    sim.use_sockets()
    sim.post(marta, garden, "back to sockets")
    await sim.settle()
    assert sim.deliveries[-1].outcomes == ["no_socket"]
