"""The Slack simulator's events in Socket Mode, driven by the unmodified slack-bolt and slack-sdk clients."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import aiohttp
import pytest
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from tests.simulators.slack import Channel, Payload, SlackSimulator, Timing, User
from tests.simulators.slack.bolt_app import connected_bolt_app

#: For a test in which an answer fails to come. Elsewhere Slack is as patient as it is, so that a busy machine isn't taken for silence.
SOON = Timing(ack_timeout_s=0.3, retry_delays_s=(0.0, 0.01, 0.02))


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
async def bolt(sim: SlackSimulator, seen: list[Payload]) -> AsyncIterator[AsyncApp]:
    """An ordinary Bolt app in Socket Mode that notes the whole body of every event."""

    async def note(body: Payload) -> None:
        seen.append(body)

    async with connected_bolt_app(sim) as app:
        for kind in ("message", "app_mention", "member_joined_channel"):
            app.event(kind)(note)
        yield app


async def test_a_message_reaches_bolt_escaped_and_with_rich_text(
    sim: SlackSimulator, marta: User, garden: Channel
) -> None:
    seen: list[Payload] = []
    async with bolt(sim, seen):
        typed = f"A & B < C, ask <@{marta.id}> at https://example.org/x or ana@example.org"
        message = sim.post(marta, garden, typed)
        await sim.settle()
        await sim.wait_until(lambda: len(seen) == 1)
    event = seen[0]["event"]
    assert event["text"] == (
        f"A &amp; B &lt; C, ask <@{marta.id}> at <https://example.org/x> or <mailto:ana@example.org|ana@example.org>"
    )
    elements = event["blocks"][0]["elements"][0]["elements"]
    assert elements[0] == {"type": "text", "text": "A & B < C, ask "}
    assert elements[1] == {"type": "user", "user_id": marta.id}
    assert elements[3] == {"type": "link", "url": "https://example.org/x"}
    assert (event["ts"], event["channel_type"], event["user"]) == (message.ts, "channel", marta.id)
    assert seen[0]["authorizations"][0]["user_id"] == sim.world.bot.id
    assert sim.deliveries[0].state == "acked"


async def test_edits_unfurls_and_deletions_are_told(sim: SlackSimulator, marta: User, garden: Channel) -> None:
    message = sim.post(marta, garden, "see https://example.org/a")
    sim.unfurl(message, "https://example.org/a")
    sim.edit(message, "never mind")
    sim.delete(message)
    unfurled, edited, deleted = [delivery.event for delivery in sim.deliveries][1:]
    assert unfurled["message"]["text"] == unfurled["previous_message"]["text"]
    assert "edited" not in unfurled["message"]
    assert unfurled["message"]["attachments"][0]["from_url"] == "https://example.org/a"
    assert edited["message"]["edited"]["user"] == marta.id
    assert edited["previous_message"]["text"] == "see <https://example.org/a>"
    assert edited["message"]["ts"] == message.ts != edited["ts"]
    assert (deleted["deleted_ts"], deleted["previous_message"]["text"]) == (message.ts, "never mind")
    assert message.texts == ["see <https://example.org/a>", "never mind"]


async def test_a_deleted_thread_parent_leaves_a_tombstone(sim: SlackSimulator, marta: User, garden: Channel) -> None:
    parent = sim.post(marta, garden, "question")
    reply = sim.post(marta, garden, "answer", thread_ts=parent.ts)
    sim.delete(parent)
    sim.delete(reply)
    changed, deleted = sim.events_sent()[-2:]
    assert changed["subtype"] == "message_changed"
    assert changed["message"]["subtype"] == "tombstone"
    assert changed["previous_message"]["text"] == "question"
    assert (deleted["subtype"], deleted["deleted_ts"]) == ("message_deleted", reply.ts)


async def test_events_follow_subscription_scope_and_membership(
    sim: SlackSimulator, marta: User, garden: Channel
) -> None:
    elsewhere = sim.world.add_channel("elsewhere", [marta], with_bot=False)
    sim.post(marta, elsewhere, "the bot is not here")
    assert sim.deliveries == []
    sim.post(marta, garden, f"<@{sim.world.bot.id}> help")
    assert [event["type"] for event in sim.events_sent()] == ["message"]
    sim.world.app.event_types.add("app_mention")
    sim.post(marta, garden, f"<@{sim.world.bot.id}> help")
    assert [event["type"] for event in sim.events_sent()[1:]] == ["message", "app_mention"]
    sim.world.bot_token.scopes -= {"channels:history"}
    sim.post(marta, garden, "unheard")
    assert len(sim.deliveries) == 3
    sim.direct_message(marta, "a DM")
    assert sim.events_sent()[-1]["channel_type"] == "im"


async def test_the_bot_sees_its_own_messages(sim: SlackSimulator, garden: Channel) -> None:
    seen: list[Payload] = []
    async with bolt(sim, seen) as app:
        await app.client.chat_postMessage(channel=garden.id, text="hello")
        await app.client.chat_postMessage(channel=garden.id, text="hello", username="Marta", icon_url="https://x.org/i")
        await sim.wait_until(lambda: len(seen) == 2)
    own, custom = seen[0]["event"], seen[1]["event"]
    assert (own["bot_id"], own["user"]) == (sim.world.app.bot_id, sim.world.bot.id)
    assert (custom["subtype"], custom["username"]) == ("bot_message", "Marta")
    assert "user" not in custom


@pytest.mark.parametrize("sim", [SOON], indirect=True)
async def test_an_unacknowledged_event_is_retried_three_times(
    sim: SlackSimulator, marta: User, garden: Channel
) -> None:
    frames: list[Payload] = []
    async with raw_socket(sim, frames):
        sim.post(marta, garden, "nobody acknowledges this")
        await sim.settle()
    attempts = [frame for frame in frames if frame["type"] == "events_api"]
    assert [frame["retry_attempt"] for frame in attempts] == [0, 1, 2, 3]
    assert attempts[1]["retry_reason"] == "timeout"
    assert len({frame["envelope_id"] for frame in attempts}) == 4
    assert len({frame["payload"]["event_id"] for frame in attempts}) == 1
    assert (sim.deliveries[0].state, sim.deliveries[0].outcomes) == ("abandoned", ["timeout"] * 4)


@contextlib.asynccontextmanager
async def raw_socket(sim: SlackSimulator, frames: list[Payload]) -> AsyncIterator[None]:
    """A bare WebSocket client that notes frames and acknowledges nothing."""
    client = AsyncWebClient(token=sim.app_token, base_url=sim.api_url)
    opened = await client.apps_connections_open(app_token=sim.app_token)
    async with aiohttp.ClientSession() as session, session.ws_connect(str(opened["url"])) as socket:

        async def read() -> None:
            async for message in socket:
                frame: Payload = message.json()
                frames.append(frame)

        reading = asyncio.create_task(read())
        await sim.wait_until(lambda: bool(frames))
        yield
        await socket.close()
        await reading


async def test_events_without_a_socket_are_lost_but_history_has_them(
    sim: SlackSimulator, marta: User, garden: Channel
) -> None:
    sim.post(marta, garden, "while nobody listened")
    await sim.settle()
    assert [delivery.state for delivery in sim.lost()] == ["lost"]
    client = AsyncWebClient(token=sim.bot_token, base_url=sim.api_url)
    history = await client.conversations_history(channel=garden.id)
    assert [each["text"] for each in history["messages"]] == ["while nobody listened"]


async def test_bolt_runs_a_duplicated_event_twice(sim: SlackSimulator, marta: User, garden: Channel) -> None:
    seen: list[Payload] = []
    async with bolt(sim, seen):
        sim.duplicate_next()
        sim.post(marta, garden, "once said")
        await sim.wait_until(lambda: len(seen) == 2)
        sim.redeliver(sim.deliveries[0])
        await sim.wait_until(lambda: len(seen) == 3)
    assert len({body["event_id"] for body in seen}) == 1


async def test_several_sockets_share_the_events(sim: SlackSimulator, marta: User, garden: Channel) -> None:
    first: list[Payload] = []
    second: list[Payload] = []
    async with bolt(sim, first), bolt(sim, second):
        assert sim.sockets.open_count == 2
        for number in range(6):
            sim.post(marta, garden, f"message {number}")
        await sim.settle()
        await sim.wait_until(lambda: len(first) + len(second) == 6)
    assert (len(first), len(second)) == (3, 3)


@pytest.mark.parametrize("way", ["warning", "refresh_requested", "cut"])
async def test_the_client_reconnects(sim: SlackSimulator, marta: User, garden: Channel, way: str) -> None:
    seen: list[Payload] = []
    async with bolt(sim, seen):
        if way == "cut":
            sim.cut_sockets()
        elif way == "warning":
            await sim.disconnect("warning")
        else:
            await sim.disconnect("refresh_requested")
        await sim.wait_until(lambda: sim.sockets.connections == 2 and sim.sockets.open_count == 1)
        sim.post(marta, garden, "after the gap")
        await sim.wait_until(lambda: len(seen) == 1)


async def test_a_disabled_link_cannot_be_opened_again(sim: SlackSimulator) -> None:
    seen: list[Payload] = []
    async with bolt(sim, seen):
        await sim.disconnect("link_disabled")
        await sim.wait_until(lambda: bool(sim.calls_of("apps.connections.open", error="forbidden_team")))
    assert sim.sockets.connections == 1


async def test_a_socket_url_works_once(sim: SlackSimulator) -> None:
    client = AsyncWebClient(base_url=sim.api_url)
    url = str((await client.apps_connections_open(app_token=sim.app_token))["url"])
    async with aiohttp.ClientSession() as session:
        async with session.ws_connect(url) as socket:
            assert (await socket.receive_json())["type"] == "hello"
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect(url)


async def test_an_eleventh_socket_is_refused(sim: SlackSimulator) -> None:
    frames: list[Payload] = []
    async with contextlib.AsyncExitStack() as stack:
        for _ in range(10):
            await stack.enter_async_context(raw_socket(sim, []))
        await stack.enter_async_context(raw_socket(sim, frames))
        assert frames[0] == {
            "type": "disconnect",
            "reason": "too_many_websockets",
            "debug_info": {"host": "applink-simulated"},
        }
        assert sim.sockets.open_count == 10


async def test_members_come_and_go(sim: SlackSimulator, marta: User, garden: Channel) -> None:
    ana = sim.world.add_user("ana")
    sim.join(ana, garden, inviter=marta)
    joined, event = sim.events_sent()
    assert (joined["subtype"], joined["inviter"], event["type"]) == ("channel_join", marta.id, "member_joined_channel")
    sim.deactivate(ana)
    assert ana.id not in garden.members
    with pytest.raises(ValueError, match="cannot post"):
        sim.post(ana, garden, "still here?")
    sim.leave(sim.world.bot, garden)
    sim.post(marta, garden, "unheard")
    assert len(sim.deliveries) == 2


async def test_replied_events_lack_their_subtype_unless_asked(
    sim: SlackSimulator, marta: User, garden: Channel
) -> None:
    parent = sim.post(marta, garden, "question")
    reply = sim.post(marta, garden, "answer", thread_ts=parent.ts)
    sim.thread_replied(parent)
    sim.thread_replied(parent, with_subtype=True)
    bare, named = sim.events_sent()[2:]
    assert bare["message"]["replies"] == [{"user": marta.id, "ts": reply.ts}]
    assert ("subtype" in bare, named["subtype"]) == (False, "message_replied")


async def test_timestamps_are_unique_and_grow(sim: SlackSimulator, marta: User, garden: Channel) -> None:
    stamps = [sim.post(marta, garden, "x").ts for _ in range(50)]
    assert stamps == sorted(set(stamps))
    assert all(len(stamp.partition(".")[2]) == 6 for stamp in stamps)


async def test_any_event_may_be_sent(sim: SlackSimulator) -> None:
    sent = sim.send_event({"type": "tokens_revoked", "tokens": {"bot": [sim.world.bot.id]}})
    assert (sent.event["type"], sent.payload["type"]) == ("tokens_revoked", "event_callback")
