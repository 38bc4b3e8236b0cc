"""Buttons, modals, commands and the App Home of the simulated Slack, with an unmodified Bolt app."""

from collections.abc import AsyncIterator

import pytest
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from tests.simulators.slack import Channel, ManualClock, Payload, SlackSimulator, User
from tests.simulators.slack.bolt_app import connected_bolt_app

REVIEW: list[Payload] = [
    {
        "type": "actions",
        "elements": [
            {"type": "button", "text": {"type": "plain_text", "text": "Ask"}, "action_id": "review", "value": "case-7"}
        ],
    }
]


def modal(title: str = "Ask", **over: object) -> Payload:
    text = {"type": "plain_text", "text": "Why"}
    choice = {"text": {"type": "plain_text", "text": "Yes"}, "value": "yes"}
    return {
        "type": "modal",
        "callback_id": "appeal",
        "title": {"type": "plain_text", "text": title},
        "submit": {"type": "plain_text", "text": "Send"},
        "blocks": [
            {"type": "input", "label": text, "element": {"type": "plain_text_input", "action_id": "why"}},
            {
                "type": "input",
                "label": text,
                "element": {"type": "static_select", "action_id": "sure", "options": [choice]},
            },
        ],
    } | over


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
async def sim(clock: ManualClock) -> AsyncIterator[SlackSimulator]:
    async with SlackSimulator(clock=clock) as simulator:
        yield simulator


@pytest.fixture
def marta(sim: SlackSimulator) -> User:
    return sim.world.add_user("marta")


@pytest.fixture
def garden(sim: SlackSimulator, marta: User) -> Channel:
    return sim.world.add_channel("garden", [marta])


@pytest.fixture
async def app(sim: SlackSimulator) -> AsyncIterator[AsyncApp]:
    async with connected_bolt_app(sim) as bolt:
        yield bolt


async def test_a_button_in_a_note_opens_a_modal_and_its_answer_is_kept(
    sim: SlackSimulator, app: AsyncApp, marta: User, garden: Channel
) -> None:
    submitted: list[Payload] = []

    async def open_modal(ack: AsyncAck, body: Payload, client: AsyncWebClient, respond: AsyncRespond) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=modal(private_metadata="case-7"))
        await respond(text="Thank you", replace_original=True)

    app.action("review")(open_modal)

    async def take(ack: AsyncAck, view: Payload) -> None:
        submitted.append(view)
        await ack()

    app.view("appeal")(take)

    await app.client.chat_postEphemeral(channel=garden.id, user=marta.id, text="Hidden", blocks=REVIEW)
    note = sim.world.notes_for(marta)[0]
    assert (await sim.click(marta, note, "review")).state == "acked"
    await sim.wait_until(lambda: bool(sim.world.views) and note.text == "Thank you")
    assert note.replaced == ["Hidden"]
    view = next(iter(sim.world.views.values()))
    await sim.submit_view(marta, view, {"why": "It was mine to tell", "sure": "yes"})
    values = [inputs for block in submitted[0]["state"]["values"].values() for inputs in block.items()]
    assert values[0] == ("why", {"type": "plain_text_input", "value": "It was mine to tell"})
    assert values[1][1]["selected_option"]["value"] == "yes"
    assert submitted[0]["private_metadata"] == "case-7"
    assert view.is_open is False


async def test_what_a_submission_answers_is_carried_out(sim: SlackSimulator, app: AsyncApp, marta: User) -> None:
    answers: list[Payload] = [
        {"response_action": "errors", "errors": {"b1": "Too short"}},
        {"response_action": "update", "view": modal("Second")},
        {"response_action": "push", "view": modal("Third")},
        {"response_action": "clear"},
    ]

    async def open_modal(ack: AsyncAck, body: Payload, client: AsyncWebClient) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=modal())

    app.shortcut("queue")(open_modal)

    async def answer(ack: AsyncAck) -> None:
        await ack(**answers.pop(0))

    app.view("appeal")(answer)

    await sim.global_shortcut(marta, "queue")
    await sim.wait_until(lambda: bool(sim.world.views))
    view = next(iter(sim.world.views.values()))
    refused = await sim.submit_view(marta, view)
    assert (refused.response or {})["errors"] == {"b1": "Too short"}
    await sim.submit_view(marta, view)
    assert view.payload["title"]["text"] == "Second"
    await sim.submit_view(marta, view)
    assert [each.previous_view_id for each in sim.world.views.values()] == [None, view.id]
    await sim.submit_view(marta, view)
    assert [each.is_open for each in sim.world.views.values()] == [False, False]


async def test_triggers_expire_and_work_once(
    sim: SlackSimulator, app: AsyncApp, clock: ManualClock, marta: User
) -> None:
    first, second = sim.new_trigger(marta), sim.new_trigger(marta)

    async def refused(trigger_id: str) -> str:
        with pytest.raises(SlackApiError) as caught:
            await app.client.views_open(trigger_id=trigger_id, view=modal())
        return str(caught.value.response["error"])

    await app.client.views_open(trigger_id=first, view=modal())
    assert await refused(first) == "exchanged_trigger_id"
    clock.advance(3.1)
    assert await refused(second) == "expired_trigger_id"
    assert await refused("1.2.3") == "invalid_trigger_id"


@pytest.mark.parametrize(
    ("view", "error"),
    [
        (modal("x" * 25), "must be less than 25 characters [json-pointer:/view/title/text]"),
        (modal(private_metadata="x" * 3001), "must be less than 3001 characters [json-pointer:/view/private_metadata]"),
        (modal(blocks=[{"type": "divider"}] * 101), "no more than 100 items allowed [json-pointer:/view/blocks]"),
        (modal(submit=None), "must provide an object [json-pointer:/view/submit]"),
    ],
)
async def test_views_are_checked(sim: SlackSimulator, app: AsyncApp, marta: User, view: Payload, error: str) -> None:
    with pytest.raises(SlackApiError) as caught:
        await app.client.views_open(trigger_id=sim.new_trigger(marta), view=view)
    assert caught.value.response["error"] == "invalid_arguments"
    assert error in caught.value.response["response_metadata"]["messages"][0]


async def test_views_update_push_and_publish(sim: SlackSimulator, app: AsyncApp, marta: User) -> None:
    async def error(method: str, **arguments: object) -> str:
        with pytest.raises(SlackApiError) as caught:
            await app.client.api_call(method, json=arguments)
        return str(caught.value.response["error"])

    client = app.client
    opened = await client.views_open(trigger_id=sim.new_trigger(marta), view=modal(external_id="once"))
    view_id, old_hash = opened["view"]["id"], opened["view"]["hash"]
    await client.views_update(view_id=view_id, hash=old_hash, view=modal("Changed", external_id="once"))
    assert [each["title"]["text"] for each in sim.world.views[view_id].versions] == ["Ask", "Changed"]
    assert await error("views.update", view_id=view_id, hash=old_hash, view=modal()) == "hash_conflict"
    assert await error("views.update", view_id="V0", view=modal()) == "not_found"
    huge = modal(blocks=[{"type": "rich_text", "elements": ["x" * 2600]}] * 99)
    assert await error("views.update", view_id=view_id, view=huge) == "view_too_large"
    home: Payload = {"type": "home", "blocks": REVIEW}
    published = await client.views_publish(user_id=marta.id, view=home)
    assert published["view"]["type"] == "home"
    assert await error("views.publish", user_id=marta.id, view=home, hash="other") == "hash_conflict"
    sim.world.settings.home_enabled = False
    assert await error("views.publish", user_id=marta.id, view=home) == "not_enabled"


async def test_a_third_view_is_the_last(sim: SlackSimulator, app: AsyncApp, marta: User) -> None:
    opened = await app.client.views_open(trigger_id=sim.new_trigger(marta), view=modal())
    top = sim.world.views[opened["view"]["id"]]
    for _ in range(2):
        pushed = await app.client.views_push(trigger_id=sim.new_trigger(marta, top), view=modal())
        top = sim.world.views[pushed["view"]["id"]]
    with pytest.raises(SlackApiError, match="push_limit_reached"):
        await app.client.views_push(trigger_id=sim.new_trigger(marta, top), view=modal())


async def test_response_urls_wear_out(
    sim: SlackSimulator, app: AsyncApp, clock: ManualClock, marta: User, garden: Channel
) -> None:
    urls: list[str] = []

    async def answer(ack: AsyncAck, command: Payload) -> None:
        urls.append(command["response_url"])
        await ack(text="Here is help")

    app.command("/chaperone")(answer)

    for _ in range(2):
        assert (await sim.slash_command(marta, garden, "/chaperone", "help")).state == "acked"
    assert [note.text for note in sim.world.notes_for(marta)] == ["Here is help"] * 2
    hook = AsyncWebhookClient(urls[0])
    for _ in range(4):
        assert (await hook.send(text="again")).status_code == 200
    assert (await hook.send(text="for all", response_type="in_channel")).status_code == 200
    assert sim.world.visible_texts(garden) == ["for all"]
    worn = await hook.send(text="once too often")
    assert (worn.status_code, "used_url" in worn.body) == (404, True)
    clock.advance(1801)
    late = await AsyncWebhookClient(urls[1]).send(text="too late")
    assert (late.status_code, "expired_url" in late.body) == (404, True)


async def test_replacing_and_deleting_the_message_with_the_button(
    sim: SlackSimulator, app: AsyncApp, marta: User, garden: Channel
) -> None:
    wishes: list[Payload] = [{"text": "Done", "replace_original": True, "blocks": REVIEW}, {"delete_original": True}]

    async def act(ack: AsyncAck, respond: AsyncRespond) -> None:
        await ack()
        await respond(**wishes.pop(0))

    app.action("review")(act)

    sent = await app.client.chat_postMessage(channel=garden.id, text="A case", blocks=REVIEW)
    message = garden.messages[str(sent["ts"])]
    await sim.click(marta, message, "review")
    await sim.wait_until(lambda: message.text == "Done")
    assert message.edited is None
    await sim.click(marta, message, "review")
    await sim.wait_until(lambda: message.deleted)


async def test_an_interaction_nobody_answers_is_not_repeated(sim: SlackSimulator, marta: User, garden: Channel) -> None:
    message = sim.post(marta, garden, "something")
    delivery = await sim.message_shortcut(marta, message, "report")
    assert (delivery.state, delivery.outcomes) == ("lost", ["no_socket"])
    with pytest.raises(LookupError):
        await sim.click(marta, message, "no-such-button")


async def test_opening_the_home_tells_the_app(sim: SlackSimulator, app: AsyncApp, marta: User) -> None:
    async def publish(event: Payload, client: AsyncWebClient) -> None:
        await client.views_publish(user_id=event["user"], view={"type": "home", "blocks": REVIEW})

    app.event("app_home_opened")(publish)

    sim.open_home(marta)
    await sim.wait_until(lambda: marta.id in sim.world.homes)
    sim.open_home(marta)
    await sim.wait_until(lambda: len(sim.calls_of("views.publish")) == 2)
    assert sim.events_sent("app_home_opened")[1]["view"]["id"] == sim.world.homes[marta.id].id
