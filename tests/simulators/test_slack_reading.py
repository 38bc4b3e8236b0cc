"""Reading from the simulated Web API with the unmodified slack-sdk client: history, lists, people, files."""

from collections.abc import AsyncIterator, Awaitable

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.simulators.slack import Channel, SlackSimulator, User


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
    return AsyncWebClient(token=sim.bot_token, base_url=sim.api_url)


async def error(call: Awaitable[object]) -> str:
    """The error of a call that must fail."""
    with pytest.raises(SlackApiError) as caught:
        await call
    return str(caught.value.response["error"])


async def test_history_by_time_and_page(
    sim: SlackSimulator, client: AsyncWebClient, marta: User, garden: Channel
) -> None:
    sent = [sim.post(marta, garden, f"m{number}") for number in range(7)]
    sim.edit(sent[0], "edited")
    newest = await client.conversations_history(channel=garden.id, limit=3)
    assert [each["text"] for each in newest["messages"]] == ["m6", "m5", "m4"]
    assert newest["has_more"] is True
    cursor = newest["response_metadata"]["next_cursor"]
    sim.post(marta, garden, "late")
    older = await client.conversations_history(channel=garden.id, limit=10, cursor=cursor)
    assert [each["text"] for each in older["messages"]] == ["m3", "m2", "m1", "edited"]
    assert older["messages"][-1]["edited"]["user"] == marta.id
    assert "response_metadata" not in older.data
    between = await client.conversations_history(channel=garden.id, oldest=sent[2].ts, latest=sent[5].ts)
    assert [each["text"] for each in between["messages"]] == ["m4", "m3"]
    within = await client.conversations_history(
        channel=garden.id, oldest=sent[2].ts, latest=sent[5].ts, inclusive=True, limit=2
    )
    assert [each["text"] for each in within["messages"]] == ["m5", "m4"]
    assert await error(client.conversations_history(channel=garden.id, cursor="!")) == "invalid_cursor"
    assert await error(client.conversations_history(channel=garden.id, oldest="then")) == "invalid_ts_oldest"


async def test_oldest_alone_pages_forward(
    sim: SlackSimulator, client: AsyncWebClient, marta: User, garden: Channel
) -> None:
    sent = [sim.post(marta, garden, f"m{number}") for number in range(6)]
    pages: list[list[str]] = []
    cursor: str | None = None
    for _ in range(3):
        answer = await client.conversations_history(channel=garden.id, oldest=sent[0].ts, limit=2, cursor=cursor)
        pages.append([each["text"] for each in answer["messages"]])
        cursor = (answer.get("response_metadata") or {}).get("next_cursor")
    assert pages == [["m2", "m1"], ["m4", "m3"], ["m5"]]
    assert cursor is None
    sim.world.settings.oldest_pages_forward = False
    backward = await client.conversations_history(channel=garden.id, oldest=sent[0].ts, limit=2)
    assert [each["text"] for each in backward["messages"]] == ["m5", "m4"]


async def test_who_may_read_history(sim: SlackSimulator, client: AsyncWebClient, marta: User, garden: Channel) -> None:
    public = sim.world.add_channel("public", [marta], with_bot=False)
    private = sim.world.add_channel("private", [marta], kind="group", with_bot=False)
    assert await error(client.conversations_history(channel=public.id)) == "not_in_channel"
    assert await error(client.conversations_history(channel=private.id)) == "channel_not_found"
    await client.conversations_join(channel=public.id)
    history = await client.conversations_history(channel=public.id)
    assert [each["subtype"] for each in history["messages"]] == ["channel_join"]
    archived = sim.world.add_channel("archived", is_archived=True, with_bot=False)
    assert await error(client.conversations_join(channel=archived.id)) == "is_archived"


async def test_lists_come_in_pages(sim: SlackSimulator, client: AsyncWebClient, marta: User) -> None:
    for number in range(5):
        sim.world.add_channel(f"c{number}", [marta], kind="group" if number == 4 else "channel")
    names: list[str] = []
    cursor = ""
    for _ in range(3):
        answer = await client.conversations_list(limit=2, cursor=cursor, types="public_channel,private_channel")
        names += [each["name"] for each in answer["channels"]]
        cursor = answer["response_metadata"]["next_cursor"]
    assert names == ["c0", "c1", "c2", "c3", "c4"]
    assert cursor == ""
    assert len((await client.users_conversations(types="private_channel"))["channels"]) == 1
    members = await client.conversations_members(channel=next(iter(sim.world.channels)))
    assert marta.id in members["members"]
    assert await error(client.conversations_list(types="secret")) == "invalid_types"


async def test_users_and_groups(sim: SlackSimulator, client: AsyncWebClient, marta: User) -> None:
    guest = sim.world.add_user("guest", is_ultra_restricted=True, tz="America/Chicago", locale="es-US")
    shown = (await client.users_info(user=guest.id, include_locale=True))["user"]
    flags = (shown["is_admin"], shown["is_restricted"], shown["is_ultra_restricted"], shown["tz"], shown["locale"])
    assert flags == (False, True, True, "America/Chicago", "es-US")
    assert shown["profile"]["image_48"].startswith("https://")
    assert "email" not in shown["profile"]
    assert await error(client.users_info(user="U0NOBODY01")) == "user_not_found"
    assert {each["id"] for each in (await client.users_list())["members"]} == {sim.world.bot.id, marta.id, guest.id}
    nurses = sim.world.add_user_group("nurses", [marta])
    listed = await client.usergroups_list(include_users=True)
    assert [(each["handle"], each["users"]) for each in listed["usergroups"]] == [("nurses", [marta.id])]
    assert (await client.usergroups_users_list(usergroup=nurses.id))["users"] == [marta.id]
    assert await error(client.usergroups_users_list(usergroup="S0NOTHING1")) == "no_such_subteam"
    assert (await client.team_info())["team"]["id"] == sim.world.team.id
    assert (await client.bots_info(bot=sim.world.app.bot_id))["bot"]["user_id"] == sim.world.bot.id


async def test_files_need_the_token(sim: SlackSimulator, client: AsyncWebClient, marta: User, garden: Channel) -> None:
    file = sim.world.add_file(marta, "diary.txt", b"day one", file_access="check_file_info")
    sim.post(marta, garden, "my diary", files=[file])
    stub = sim.events_sent("file_share")[0]["files"][0]
    assert (stub["file_access"], "url_private" in stub) == ("check_file_info", False)
    url = str((await client.files_info(file=stub["id"]))["file"]["url_private"])
    async with aiohttp.ClientSession() as session:
        async with session.get(url) as refused:
            assert (refused.status, refused.content_type) == (200, "text/html")
        async with session.get(url, headers={"Authorization": f"Bearer {sim.bot_token}"}) as given:
            assert await given.read() == b"day one"
    unseen = sim.world.add_file(marta, "private.txt", b"not for the bot")
    sim.post(marta, sim.world.add_channel("elsewhere", [marta], kind="group", with_bot=False), "x", files=[unseen])
    assert await error(client.files_info(file=unseen.id)) == "not_visible"
    sim.world.bot_token.scopes -= {"files:read"}
    async with (
        aiohttp.ClientSession(headers={"Authorization": f"Bearer {sim.bot_token}"}) as session,
        session.get(url) as refused,
    ):
        assert refused.content_type == "text/html"
    sim.world.bot_token.scopes |= {"files:read"}
    file.deleted = True
    assert await error(client.files_info(file=file.id)) == "file_deleted"


async def test_permalinks_and_reactions(
    sim: SlackSimulator, client: AsyncWebClient, marta: User, garden: Channel
) -> None:
    message = sim.post(marta, garden, "text")
    link = await client.chat_getPermalink(channel=garden.id, message_ts=message.ts)
    assert link["permalink"].endswith(f"/archives/{garden.id}/p{message.ts.replace('.', '')}")
    await client.reactions_add(channel=garden.id, timestamp=message.ts, name="eyes")
    twice = client.reactions_add(channel=garden.id, timestamp=message.ts, name="eyes")
    assert await error(twice) == "already_reacted"
    assert message.reactions == [{"name": "eyes", "users": [sim.world.bot.id], "count": 1}]
