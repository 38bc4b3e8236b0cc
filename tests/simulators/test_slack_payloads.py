"""The simulator's payloads have the shapes written down in tests/payloads/slack (from Slack's documentation)."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from tests.simulators.slack import Channel, Message, Payload, SlackSimulator, Timing, User, View

PAYLOADS = Path(__file__).parents[1] / "payloads" / "slack"
BUTTON: Payload = {
    "type": "button",
    "action_id": "review",
    "text": {"type": "plain_text", "text": "Ask for a review"},
    "value": "case-7",
}
ACTIONS: list[Payload] = [{"type": "actions", "block_id": "b9", "elements": [BUTTON]}]
MODAL: Payload = {
    "type": "modal",
    "callback_id": "appeal",
    "private_metadata": "case-7",
    "notify_on_close": True,
    "title": {"type": "plain_text", "text": "Ask"},
    "submit": {"type": "plain_text", "text": "Send"},
    "close": {"type": "plain_text", "text": "Cancel"},
    "blocks": [
        {
            "type": "input",
            "block_id": "hspI",
            "label": {"type": "plain_text", "text": "Why"},
            "element": {"type": "plain_text_input", "action_id": "why"},
        }
    ],
}


def shape(value: object) -> object:
    """A payload's keys, all the way down, with the kind of each value; a list's items taken together."""
    if isinstance(value, dict):
        keys: dict[str, object] = {key: shape(inner) for key, inner in value.items()}
        return keys
    if isinstance(value, list):
        return [shape(value[0])] if value else []
    return type(value).__name__


def documented(name: str) -> Payload:
    payload: Payload = json.loads((PAYLOADS / f"{name}.json").read_text(encoding="utf-8"))
    return payload


@pytest.fixture
async def sim() -> AsyncIterator[SlackSimulator]:
    async with SlackSimulator(timing=Timing(ack_timeout_s=0.1, retry_delays_s=())) as simulator:
        simulator.world.app.event_types.add("app_mention")
        yield simulator


@pytest.fixture
def marta(sim: SlackSimulator) -> User:
    return sim.world.add_user("marta")


@pytest.fixture
def ibrahim(sim: SlackSimulator) -> User:
    return sim.world.add_user("ibrahim")


@pytest.fixture
def garden(sim: SlackSimulator, marta: User, ibrahim: User) -> Channel:
    return sim.world.add_channel("garden", [marta, ibrahim])


def client_of(sim: SlackSimulator) -> AsyncWebClient:
    return AsyncWebClient(token=sim.bot_token, base_url=sim.api_url)


def last(sim: SlackSimulator) -> object:
    return shape(sim.deliveries[-1].payload)


async def steps(sim: SlackSimulator, marta: User, ibrahim: User, garden: Channel) -> AsyncIterator[tuple[str, object]]:
    """Everything that makes an event, one after the other, with the name of its documented payload."""
    question = sim.post(marta, garden, "Has anybody tried the new clinic?")
    yield "message", last(sim)
    sim.edit(question, "Has anybody tried the clinic?")
    yield "message_changed", last(sim)
    gone = sim.post(marta, garden, "Too much said")
    sim.delete(gone)
    yield "message_deleted", last(sim)
    parent = sim.post(marta, garden, "A question")
    sim.post(ibrahim, garden, "Yes, last week.", thread_ts=parent.ts)
    yield "message_in_thread", last(sim)
    sim.thread_replied(parent)
    yield "message_replied", last(sim)
    sim.delete(parent)
    yield "message_changed_tombstone", last(sim)
    root = sim.post(marta, garden, "Another question")
    sim.thread_broadcast(ibrahim, garden, "Yes, last week.", root.ts)
    yield "message_thread_broadcast", last(sim)
    link = sim.post(marta, garden, "See https://example.org/walks")
    sim.unfurl(link, "https://example.org/walks")
    yield "message_changed_unfurl", last(sim)
    sim.me_message(marta, garden, "is back from the clinic")
    yield "message_me", last(sim)
    sim.post(marta, garden, "Here is my diary", files=[sim.world.add_file(marta, "diary.txt", b"day one")])
    yield "message_file_share", last(sim)
    sim.bot_message(garden, "Reminder: group walk at ten")
    yield "message_bot_message", last(sim)
    sim.post(marta, garden, f"<@{sim.world.bot.id}> help")
    yield "app_mention", last(sim)


async def app_steps(sim: SlackSimulator, marta: User, garden: Channel) -> AsyncIterator[tuple[str, object]]:
    client = client_of(sim)
    await client.chat_postMessage(channel=garden.id, text="Welcome!")
    yield "message_from_own_app", last(sim)
    await client.chat_postMessage(channel=garden.id, text="Has anybody?", username="Marta", icon_url="https://x.org/m")
    yield "message_from_own_app_custom_name", last(sim)
    newcomer = sim.world.add_user("newcomer")
    sim.join(newcomer, garden, inviter=marta)
    yield "message_channel_join", shape(sim.deliveries[-2].payload)
    yield "member_joined_channel", last(sim)
    shared = sim.world.add_channel("shared", [marta], is_ext_shared=True)
    far = sim.world.add_file(marta, "far.txt", b"far", file_access="check_file_info")
    sim.post(marta, shared, "Here is my diary", files=[far])
    yield "message_file_share_connect", last(sim)
    section = {"type": "section", "block_id": "b7", "text": {"type": "mrkdwn", "text": "Nothing waits for you."}}
    await client.views_publish(user_id=marta.id, view={"type": "home", "blocks": [section]})
    sim.open_home(marta)
    yield "app_home_opened", last(sim)


async def interaction_steps(sim: SlackSimulator, marta: User, garden: Channel) -> AsyncIterator[tuple[str, object]]:
    client = client_of(sim)
    question = sim.post(marta, garden, "Has anybody tried the new clinic?")
    posted = await client.chat_postMessage(channel=garden.id, text="A message waits", blocks=ACTIONS)
    await sim.click(marta, message_of(sim, garden, str(posted["ts"])), "review")
    yield "block_actions_message", last(sim)
    await client.chat_postEphemeral(channel=garden.id, user=marta.id, text="A note", blocks=ACTIONS)
    await sim.click(marta, sim.world.notes_for(marta)[0], "review")
    yield "block_actions_ephemeral", last(sim)
    await client.views_publish(user_id=marta.id, view={"type": "home", "blocks": ACTIONS})
    await sim.click(marta, sim.world.homes[marta.id], "review")
    yield "block_actions_view", last(sim)
    view = await modal(sim, client)
    await sim.submit_view(marta, view, {"why": "It was mine to tell"})
    yield "view_submission", last(sim)
    view.state = {}
    await sim.close_view(marta, view)
    yield "view_closed", last(sim)
    await sim.message_shortcut(marta, question, "report")
    yield "message_action", last(sim)
    await sim.global_shortcut(marta, "queue")
    yield "shortcut", last(sim)
    await sim.slash_command(marta, garden, "/chaperone", "help")
    yield "slash_command", last(sim)


def message_of(sim: SlackSimulator, channel: Channel, ts: str) -> Message:
    found = sim.world.message(channel.id, ts)
    assert found is not None
    return found


async def modal(sim: SlackSimulator, client: AsyncWebClient) -> View:
    trigger_id = next(reversed(sim.world.triggers))
    opened = await client.views_open(trigger_id=trigger_id, view=MODAL)
    return sim.world.views[str(opened["view"]["id"])]


async def test_message_events(sim: SlackSimulator, marta: User, ibrahim: User, garden: Channel) -> None:
    async for name, found in steps(sim, marta, ibrahim, garden):
        assert found == shape(documented(name)), name


async def test_other_events(sim: SlackSimulator, marta: User, garden: Channel) -> None:
    async for name, found in app_steps(sim, marta, garden):
        assert found == shape(documented(name)), name


async def test_interactions(sim: SlackSimulator, marta: User, garden: Channel) -> None:
    async for name, found in interaction_steps(sim, marta, garden):
        assert found == shape(documented(name)), name


async def test_socket_frames(sim: SlackSimulator, marta: User, garden: Channel) -> None:
    opened = await client_of(sim).apps_connections_open(app_token=sim.app_token)
    async with aiohttp.ClientSession() as session, session.ws_connect(str(opened["url"])) as socket:
        assert shape(await socket.receive_json()) == shape(documented("socket_hello"))
        sim.post(marta, garden, "Has anybody tried the new clinic?")
        assert shape(await socket.receive_json()) == shape(documented("socket_event"))
        await sim.global_shortcut(marta, "queue")
        assert shape(await socket.receive_json()) == shape(documented("socket_interaction"))
        await sim.disconnect("warning")
        assert shape(await socket.receive_json()) == shape(documented("socket_disconnect"))


def test_every_written_payload_is_an_object_and_invented() -> None:
    names = sorted(path.stem for path in PAYLOADS.glob("*.json"))
    assert len(names) >= 30
    for name in names:
        assert "xoxb-" not in json.dumps(documented(name)), name
