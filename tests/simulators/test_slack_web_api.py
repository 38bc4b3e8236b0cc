"""The simulated Web API, called by the unmodified slack-sdk client: tokens, posting, deleting."""

from collections.abc import AsyncIterator, Awaitable

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.simulators.slack import Channel, Payload, SlackSimulator, User


@pytest.fixture
async def sim() -> AsyncIterator[SlackSimulator]:
    async with SlackSimulator() as simulator:
        yield simulator


@pytest.fixture
def marta(sim: SlackSimulator) -> User:
    return sim.world.add_user("marta")


@pytest.fixture
def garden(sim: SlackSimulator, marta: User) -> Channel:
    return sim.world.add_channel("garden", [marta])


@pytest.fixture
def client(sim: SlackSimulator) -> AsyncWebClient:
    return client_with(sim, sim.bot_token)


def client_with(sim: SlackSimulator, token: str) -> AsyncWebClient:
    return AsyncWebClient(token=token, base_url=sim.api_url)


async def failure(call: Awaitable[object]) -> Payload:
    """The answer of a call that must fail."""
    with pytest.raises(SlackApiError) as caught:
        await call
    answer: Payload = caught.value.response.data
    assert answer["ok"] is False
    return answer


async def error(call: Awaitable[object]) -> str:
    return str((await failure(call))["error"])


async def test_who_am_i(sim: SlackSimulator, client: AsyncWebClient, marta: User) -> None:
    mine = await client.auth_test()
    assert (mine["user_id"], mine["bot_id"], mine["team_id"]) == (
        sim.world.bot.id,
        sim.world.app.bot_id,
        sim.world.team.id,
    )
    assert "chat:write" in mine.headers["X-OAuth-Scopes"].split(",")
    theirs = await client_with(sim, sim.world.add_user_token(marta).value).auth_test()
    assert theirs["user_id"] == marta.id
    assert "bot_id" not in theirs.data


async def test_tokens(sim: SlackSimulator, client: AsyncWebClient, marta: User, garden: Channel) -> None:
    assert await error(client_with(sim, "xoxb-unknown").auth_test()) == "invalid_auth"
    async with aiohttp.ClientSession() as session, session.post(f"{sim.api_url}auth.test") as answer:
        assert await answer.json() == {"ok": False, "error": "not_authed"}
    assert await error(client_with(sim, sim.app_token).users_info(user=marta.id)) == "not_allowed_token_type"
    assert await error(client.api_call("no.such.method")) == "unknown_method"
    token = sim.world.add_user_token(marta)
    sim.deactivate(marta)
    assert await error(client_with(sim, token.value).auth_test()) == "account_inactive"
    sim.world.bot_token.revoked = True
    assert await error(client.auth_test()) == "token_revoked"


async def test_missing_scope_names_what_is_needed(sim: SlackSimulator, client: AsyncWebClient, garden: Channel) -> None:
    sim.world.bot_token.scopes = frozenset({"channels:read"})
    answer = await failure(client.chat_postMessage(channel=garden.id, text="hello"))
    assert answer == {"ok": False, "error": "missing_scope", "needed": "chat:write", "provided": "channels:read"}
    sim.world.bot_token.scopes = frozenset({"chat:write"})
    custom = await failure(client.chat_postMessage(channel=garden.id, text="hello", username="Marta"))
    assert custom["needed"] == "chat:write.customize"


async def test_arguments_come_from_query_form_and_json(sim: SlackSimulator, garden: Channel) -> None:
    url, arguments = f"{sim.api_url}conversations.info", {"channel": garden.id}
    headers = {"Authorization": f"Bearer {sim.bot_token}"}
    async with aiohttp.ClientSession(headers=headers) as session:
        answers = [
            await (await session.get(url, params=arguments)).json(),
            await (await session.post(url, params=arguments)).json(),
            await (await session.post(url, data=arguments)).json(),
            await (await session.post(url, json=arguments)).json(),
        ]
        bad = await (await session.post(url, data="{", headers={"Content-Type": "application/json"})).json()
    assert {answer["channel"]["id"] for answer in answers} == {garden.id}
    assert bad["error"] == "invalid_json"
    assert [call.args for call in sim.calls_of("conversations.info")] == [arguments] * 4


async def test_where_a_bot_may_post(sim: SlackSimulator, client: AsyncWebClient, marta: User, garden: Channel) -> None:
    world = sim.world
    outside = world.add_channel("outside", [marta], with_bot=False)
    secret = world.add_channel("secret", [marta], kind="group", with_bot=False)
    archived = world.add_channel("archived", [marta], is_archived=True)
    assert await error(client.chat_postMessage(channel=outside.id, text="x")) == "not_in_channel"
    assert await error(client.chat_postMessage(channel=secret.id, text="x")) == "channel_not_found"
    assert await error(client.chat_postMessage(channel="C0NOWHERE01", text="x")) == "channel_not_found"
    assert await error(client.chat_postMessage(channel=archived.id, text="x")) == "is_archived"
    world.bot_token.scopes |= {"chat:write.public"}
    assert (await client.chat_postMessage(channel=outside.id, text="x"))["ok"]
    assert (await client.chat_postMessage(channel="#garden", text="x"))["channel"] == garden.id


async def test_what_may_be_posted(sim: SlackSimulator, client: AsyncWebClient, garden: Channel) -> None:
    assert await error(client.api_call("chat.postMessage", json={"channel": garden.id})) == "no_text"
    long = await client.chat_postMessage(channel=garden.id, text="x" * 40_005)
    assert len(sim.world.channels[garden.id].messages[str(long["ts"])].text) == 40_000
    sent = await client.chat_postMessage(channel=garden.id, text="a & b &amp; c", metadata={"event_type": "t"})
    assert sent["message"]["text"] == "a &amp; b &amp; c"
    assert sent["message"]["metadata"] == {"event_type": "t"}
    assert await error(client.chat_postMessage(channel=garden.id, text="x", thread_ts="0")) == "invalid_thread_ts"
    both = client.api_call("chat.postMessage", json={"channel": garden.id, "text": "a", "markdown_text": "b"})
    assert await error(both) == "markdown_text_conflict"


async def test_threads(sim: SlackSimulator, client: AsyncWebClient, marta: User, garden: Channel) -> None:
    parent = sim.post(marta, garden, "question")
    answer = await client.chat_postMessage(channel=garden.id, text="answer", thread_ts=parent.ts)
    assert answer["message"]["thread_ts"] == parent.ts
    shown = await client.chat_postMessage(channel=garden.id, text="all", thread_ts=parent.ts, reply_broadcast=True)
    assert shown["message"]["subtype"] == "thread_broadcast"
    history = await client.conversations_history(channel=garden.id)
    assert [each["text"] for each in history["messages"]] == ["all", "question"]
    assert history["messages"][1]["reply_count"] == 2
    thread = await client.conversations_replies(channel=garden.id, ts=parent.ts)
    assert [each["text"] for each in thread["messages"]] == ["question", "answer", "all"]
    assert await error(client.conversations_replies(channel=garden.id, ts="1.1")) == "thread_not_found"


async def test_a_reply_to_a_parent_that_is_gone_lands_in_the_channel(
    sim: SlackSimulator, client: AsyncWebClient, marta: User, garden: Channel
) -> None:
    parent = sim.post(marta, garden, "question")
    sim.delete(parent)
    answer = await client.chat_postMessage(channel=garden.id, text="answer", thread_ts=parent.ts)
    assert "thread_ts" not in answer["message"]


async def test_notes(sim: SlackSimulator, client: AsyncWebClient, marta: User, garden: Channel) -> None:
    sent = await client.chat_postEphemeral(channel=garden.id, user=marta.id, text="only you")
    assert sim.world.notes_for(marta)[0].ts == sent["message_ts"]
    assert (await client.conversations_history(channel=garden.id))["messages"] == []
    stranger = sim.world.add_user("stranger")
    absent = client.chat_postEphemeral(channel=garden.id, user=stranger.id, text="x")
    assert await error(absent) == "user_not_in_channel"
    long = client.chat_postEphemeral(channel=garden.id, user=marta.id, text="x" * 40_001)
    assert await error(long) == "msg_too_long"
    sim.leave(sim.world.bot, garden)
    assert await error(client.chat_postEphemeral(channel=garden.id, user=marta.id, text="x")) == "not_in_channel"


async def test_updating(sim: SlackSimulator, client: AsyncWebClient, marta: User, garden: Channel) -> None:
    ts = str((await client.chat_postMessage(channel=garden.id, text="first"))["ts"])
    section = {"type": "section", "text": {"type": "mrkdwn", "text": "blocks"}}
    with_blocks = await client.chat_update(channel=garden.id, ts=ts, text="second", blocks=[section])
    assert "edited" not in with_blocks["message"]
    plain = await client.chat_update(channel=garden.id, ts=ts, text="third")
    assert plain["message"]["edited"]["user"] == sim.world.bot.id
    assert await error(client.chat_update(channel=garden.id, ts=ts, text="x" * 4_001)) == "msg_too_long"
    assert await error(client.chat_update(channel=garden.id, ts="1.1", text="x")) == "message_not_found"
    theirs = sim.post(marta, garden, "mine")
    assert await error(client.chat_update(channel=garden.id, ts=theirs.ts, text="x")) == "cant_update_message"
    sim.archive(garden)
    assert await error(client.chat_update(channel=garden.id, ts=ts, text="x")) == "is_inactive"


async def test_a_bot_deletes_only_its_own(
    sim: SlackSimulator, client: AsyncWebClient, marta: User, garden: Channel
) -> None:
    theirs = sim.post(marta, garden, "mine")
    assert await error(client.chat_delete(channel=garden.id, ts=theirs.ts)) == "cant_delete_message"
    own = str((await client.chat_postMessage(channel=garden.id, text="own"))["ts"])
    assert (await client.chat_delete(channel=garden.id, ts=own)).data == {"ok": True, "channel": garden.id, "ts": own}
    assert await error(client.chat_delete(channel=garden.id, ts=own)) == "message_not_found"
    assert sim.events_sent("message_deleted")[0]["deleted_ts"] == own
    named = str((await client.chat_postMessage(channel=garden.id, text="as her", username="Marta"))["ts"])
    sim.world.settings.impersonated_stay = True
    assert await error(client.chat_delete(channel=garden.id, ts=named)) == "cant_delete_message"


async def test_what_a_user_token_deletes(sim: SlackSimulator, marta: User, garden: Channel) -> None:
    owner = sim.world.add_user("owner", is_owner=True)
    ordinary = client_with(sim, sim.world.add_user_token(marta).value)
    admin = client_with(sim, sim.world.add_user_token(owner).value)
    other = sim.world.add_user("other")
    garden.members.append(other.id)
    first, second, third = (sim.post(user, garden, "text") for user in (marta, other, other))
    assert await error(ordinary.chat_delete(channel=garden.id, ts=second.ts)) == "cant_delete_message"
    sim.world.settings.deletion = "admins"
    assert await error(ordinary.chat_delete(channel=garden.id, ts=first.ts)) == "cant_delete_message"
    await admin.chat_delete(channel=garden.id, ts=second.ts)
    sim.world.settings.deletion = "nobody"
    assert await error(admin.chat_delete(channel=garden.id, ts=third.ts)) == "cant_delete_message"
    sim.world.settings.deletion = "everyone"
    await ordinary.chat_delete(channel=garden.id, ts=first.ts)
    sim.world.settings.compliance_exports = True
    blocked = admin.chat_delete(channel=garden.id, ts=third.ts)
    assert await error(blocked) == "compliance_exports_prevent_deletion"
    assert sim.world.visible_texts(garden) == ["text"]
    assert len(sim.calls_of("chat.delete", error="cant_delete_message")) == 3


async def test_dlp_tombstones(sim: SlackSimulator, client: AsyncWebClient, marta: User, garden: Channel) -> None:
    org = client_with(sim, sim.world.add_org_token().value)
    message = sim.post(marta, garden, "leaked")
    where = {"team": sim.world.team.id, "channel": garden.id, "ts": message.ts}
    hidden = await org.api_call("discovery.chat.tombstone", params={**where, "content": "Under review"})
    assert (hidden["message"]["subtype"], hidden["message"]["text"]) == ("dlp_tombstone", "Under review")
    history = await client.conversations_history(channel=garden.id)
    assert [each["text"] for each in history["messages"]] == ["Under review"]
    restored = await org.api_call("discovery.chat.restore", params=where)
    assert (restored["message"]["ts"], restored["message"]["text"]) == (message.ts, "leaked")
    assert await error(client.api_call("discovery.chat.tombstone", params=where)) == "not_allowed_token_type"


async def test_direct_messages(sim: SlackSimulator, client: AsyncWebClient, marta: User) -> None:
    world = sim.world
    opened = await client.conversations_open(users=[marta.id])
    again = await client.conversations_open(users=marta.id, return_im=True)
    assert (again["channel"]["id"], again["already_open"], again["channel"]["user"]) == (
        opened["channel"]["id"],
        True,
        marta.id,
    )
    await client.chat_postMessage(channel=str(opened["channel"]["id"]), text="in private")
    await client.chat_postMessage(channel=marta.id, text="also")
    assert [message.text for message in world.direct_messages_to(marta)] == ["in private", "also"]
    gone = world.add_user("gone", deleted=True)
    robot = world.add_user("robot", is_bot=True)
    far = world.add_user("far", is_stranger=True)
    assert await error(client.conversations_open(users=gone.id)) == "user_disabled"
    assert await error(client.conversations_open(users=robot.id)) == "cannot_dm_bot"
    assert await error(client.conversations_open(users=far.id)) == "invalid_user_combination"
    assert await error(client.conversations_open(users="U0NOBODY01")) == "user_not_found"
    assert await error(client.api_call("conversations.open")) == "users_list_not_supplied"
    assert await error(client.chat_postMessage(channel=robot.id, text="x")) == "cannot_dm_bot"


async def test_group_direct_messages(sim: SlackSimulator, client: AsyncWebClient, marta: User) -> None:
    ana = sim.world.add_user("ana")
    opened = await client.conversations_open(users=[marta.id, ana.id])
    assert opened["channel"]["is_mpim"] is True
    await client.chat_postMessage(channel=str(opened["channel"]["id"]), text="both of you")
    assert sim.events_sent()[-1]["channel_type"] == "mpim"
    crowd = [sim.world.add_user(f"u{number}").id for number in range(9)]
    assert await error(client.conversations_open(users=crowd)) == "too_many_users"
