"""The REST API by itself: errors, limits, rate limits, faults, threads, AutoMod, records."""

from datetime import timedelta
from typing import Any

import aiohttp
import pytest

from tests.simulators.discord import (
    BlockedByAutoModError,
    Channel,
    ChannelType,
    DiscordSimulator,
    Guild,
    MessageType,
    NotAllowedError,
    Permission,
    User,
)
from tests.simulators.discord.api_client import Api

pytest_plugins = ["tests.simulators.discord.fixtures"]


async def test_answers_look_like_discords(sim: DiscordSimulator, api: Api) -> None:
    status, me = await api.call("GET", "/users/@me")
    assert (status, me["id"], me["bot"]) == (200, str(sim.bot.id), True)
    assert api.headers["content-type"] == "application/json"
    assert "via" in api.headers
    assert {"x-ratelimit-bucket", "x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset-after"} <= set(
        api.headers
    )
    status, error = await api.send("GET", "/users/@me", None, {})
    assert (status, error) == (401, {"message": "401: Unauthorized", "code": 0})
    status, error = await api.call("GET", "/no/such/route")
    assert (status, error["code"]) == (404, 0)
    assert sim.invalid_requests == 1


async def test_application_flags_tell_the_intents(sim: DiscordSimulator, api: Api) -> None:
    sim.application.guild_members = False
    for path in ("/applications/@me", "/oauth2/applications/@me"):
        _, application = await api.call("GET", path)
        assert application["flags"] == 1 << 19
    sim.application.approved = True
    _, application = await api.call("GET", "/applications/@me")
    assert application["flags"] == 1 << 18


async def test_unknown_things(sim: DiscordSimulator, api: Api, guild: Guild, general: Channel) -> None:
    wanted = {
        "/channels/1": 10003,
        "/guilds/1": 10004,
        f"/guilds/{guild.id}/members/1": 10013,
        f"/channels/{general.id}/messages/1": 10008,
        "/webhooks/1": 10015,
        "/users/1": 10013,
    }
    for path, code in wanted.items():
        status, error = await api.call("GET", path)
        assert (status, error["code"]) == (404, code)


LONG = "x" * 2001
BUTTON = {"type": 2, "style": 1, "label": "b", "custom_id": "c"}


@pytest.mark.parametrize(
    ("body", "path", "code"),
    [
        ({"content": LONG}, "content", "BASE_TYPE_MAX_LENGTH"),
        ({"embeds": [{"title": "x" * 257}]}, "embeds.0.title", "BASE_TYPE_MAX_LENGTH"),
        ({"embeds": [{"description": "x" * 3001}] * 2}, "embeds", "MAX_EMBED_SIZE_EXCEEDED"),
        ({"embeds": [{"fields": [{"name": "n"}]}]}, "embeds.0.fields.0.value", "BASE_TYPE_REQUIRED"),
        ({"components": [{"type": 1, "components": [BUTTON]}] * 6}, "components", "BASE_TYPE_MAX_LENGTH"),
        (
            {"components": [{"type": 1, "components": [{**BUTTON, "custom_id": "c" * 101}]}]},
            "components.0.components.0.custom_id",
            "BASE_TYPE_BAD_LENGTH",
        ),
        (
            {"components": [{"type": 1, "components": [BUTTON, BUTTON]}]},
            "components.0.components.1.custom_id",
            "COMPONENT_CUSTOM_ID_DUPLICATED",
        ),
        ({"components": [{"type": 10, "content": "x"}]}, "components.0.type", "UNION_TYPE_CHOICES"),
        (
            {"flags": 1 << 15, "components": [{"type": 10, "content": "x"}] * 41},
            "components",
            "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED",
        ),
        (
            {"flags": 1 << 15, "content": "x", "components": [{"type": 10, "content": "x"}]},
            "content",
            "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
        ),
        (
            {"content": "x", "allowed_mentions": {"parse": ["users"], "users": ["1"]}},
            "allowed_mentions",
            "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE",
        ),
    ],
)
async def test_form_errors_are_nested(api: Api, general: Channel, body: dict[str, Any], path: str, code: str) -> None:
    status, error = await api.call("POST", f"/channels/{general.id}/messages", body)
    assert (status, error["code"], error["message"]) == (400, 50035, "Invalid Form Body")
    node = error["errors"]
    for step in path.split("."):
        node = node[step]
    assert code in [fault["code"] for fault in node["_errors"]]


async def test_empty_message_and_foreign_edits(sim: DiscordSimulator, api: Api, ann: User, general: Channel) -> None:
    message = sim.post(ann, general, "hers")
    for method, path, body, code in (
        ("POST", f"/channels/{general.id}/messages", {"content": ""}, 50006),
        ("PATCH", f"/channels/{general.id}/messages/{message.id}", {"content": "mine"}, 50005),
    ):
        _, error = await api.call(method, path, body)
        assert error["code"] == code


async def test_bulk_delete_rules(sim: DiscordSimulator, api: Api, ann: User, general: Channel) -> None:
    old = sim.post(ann, general, "old", made_at=sim.clock.now() - timedelta(days=15))
    fresh = [sim.post(ann, general, "new") for _ in range(2)]
    path = f"/channels/{general.id}/messages/bulk-delete"
    for ids, code in (([fresh[0]], 50016), ([old, *fresh], 50034), ([fresh[0], fresh[0]], 50035)):
        _, error = await api.call("POST", path, {"messages": [str(message.id) for message in ids]})
        assert error["code"] == code
    status, _ = await api.call("POST", path, {"messages": [str(message.id) for message in fresh]})
    assert status == 204
    assert sim.history(general) == [old]


async def test_system_message_cannot_be_deleted(sim: DiscordSimulator, api: Api, ann: User, general: Channel) -> None:
    message = sim.post(ann, general, kind=MessageType.CHANNEL_NAME_CHANGE)
    _, error = await api.call("DELETE", f"/channels/{general.id}/messages/{message.id}")
    assert error["code"] == 50021


async def test_webhook_limits_and_names(api: Api, general: Channel) -> None:
    path = f"/channels/{general.id}/webhooks"
    _, error = await api.call("POST", path, {"name": "Discord helper"})
    assert error["errors"]["name"]["_errors"][0]["code"] == "USERNAME_INVALID_CONTAINS"
    made = [(await api.call("POST", path, {"name": f"hook {number}"}))[1] for number in range(15)]
    _, error = await api.call("POST", path, {"name": "one too many"})
    assert error["code"] == 30007
    _, error = await api.call("POST", f"/webhooks/{made[0]['id']}/wrong", {"content": "x"})
    assert error["code"] == 50027
    status, _ = await api.call("DELETE", f"/webhooks/{made[0]['id']}")
    assert status == 204
    _, error = await api.call("POST", f"/webhooks/{made[0]['id']}/{made[0]['token']}", {"content": "x"})
    assert error["code"] == 10015


async def test_webhook_edits_and_deletes_its_own_message(sim: DiscordSimulator, api: Api, general: Channel) -> None:
    _, hook = await api.call("POST", f"/channels/{general.id}/webhooks", {"name": "Chaperone"})
    base = f"/webhooks/{hook['id']}/{hook['token']}"
    _, sent = await api.send("POST", f"{base}?wait=true", {"content": "one"}, {})
    await api.send("PATCH", f"{base}/messages/{sent['id']}", {"content": "two"}, {})
    assert sim.history(general)[0].content == "two"
    status, _ = await api.send("DELETE", f"{base}/messages/{sent['id']}", None, {})
    assert (status, sim.history(general)) == (204, [])


async def test_threads_archived_locked_private(sim: DiscordSimulator, api: Api, ann: User, general: Channel) -> None:
    thread = sim.thread(ann, general, "talk")
    private = sim.thread(ann, general, "secret", private=True)
    guild = sim.world.home(general)
    _, active = await api.call("GET", f"/guilds/{guild.id}/threads/active")
    assert {item["name"] for item in active["threads"]} == {"talk", "secret"}
    await api.call("PATCH", f"/channels/{thread.id}", {"archived": True, "locked": True})
    with pytest.raises(NotAllowedError):
        sim.post(ann, thread, "still here")
    _, archived = await api.call("GET", f"/channels/{general.id}/threads/archived/public")
    assert [item["id"] for item in archived["threads"]] == [str(thread.id)]
    sim.set_bot_permissions(guild, Permission.NONE)
    _, error = await api.call("GET", f"/channels/{private.id}")
    assert error["code"] == 50001
    _, error = await api.call("POST", f"/channels/{thread.id}/messages", {"content": "x"})
    assert error["code"] == 160005


async def test_posting_into_a_forum_directly_is_refused(sim: DiscordSimulator, api: Api, guild: Guild) -> None:
    forum = sim.add_channel(guild, "questions", ChannelType.FORUM)
    _, error = await api.call("POST", f"/channels/{forum.id}/messages", {"content": "x"})
    assert error["code"] == 40058
    status, made = await api.call("POST", f"/channels/{forum.id}/threads", {"name": "T", "message": {"content": "x"}})
    assert (status, made["message"]["id"]) == (201, made["id"])


async def test_timeouts_follow_the_hierarchy(sim: DiscordSimulator, api: Api, guild: Guild, ann: User) -> None:
    admin, senior = sim.add_user("admin"), sim.add_user("senior")
    sim.join(admin, guild, sim.add_role(guild, "admin", Permission.ADMINISTRATOR, position=0))
    sim.join(senior, guild, sim.add_role(guild, "seniors", position=50))
    until = (sim.clock.now() + timedelta(hours=1)).isoformat()
    for user, status in ((ann, 200), (admin, 403), (senior, 403)):
        body = {"communication_disabled_until": until}
        got, _ = await api.call("PATCH", f"/guilds/{guild.id}/members/{user.id}", body)
        assert got == status
    with pytest.raises(NotAllowedError):
        sim.post(ann, sim.add_channel(guild), "may I?")
    late = (sim.clock.now() + timedelta(days=29)).isoformat()
    got, error = await api.call("PATCH", f"/guilds/{guild.id}/members/{ann.id}", {"communication_disabled_until": late})
    assert (got, error["code"]) == (400, 50035)
    sim.clock.advance(timedelta(hours=2))
    assert sim.post(ann, sim.add_channel(guild), "back").content == "back"


async def test_bans_and_the_audit_log(sim: DiscordSimulator, api: Api, guild: Guild, ann: User) -> None:
    path = f"/guilds/{guild.id}/bans/{ann.id}"
    _, error = await api.call("PUT", path)
    assert error["code"] == 50013
    sim.set_bot_permissions(guild, Permission.BAN_MEMBERS | Permission.VIEW_AUDIT_LOG)
    await api.call("PUT", path, None, **{"X-Audit-Log-Reason": "spam%20wave"})
    assert guild.bans == {ann.id: "spam wave"}
    _, log = await api.call("GET", f"/guilds/{guild.id}/audit-logs?action_type=22")
    assert log["audit_log_entries"][0]["reason"] == "spam wave"


async def test_members_list_wants_the_intent(sim: DiscordSimulator, api: Api, guild: Guild, ann: User) -> None:
    _, members = await api.call("GET", f"/guilds/{guild.id}/members?limit=1000")
    assert str(ann.id) in {member["user"]["id"] for member in members}
    sim.application.guild_members = False
    status, _ = await api.call("GET", f"/guilds/{guild.id}/members?limit=1000")
    assert status == 403


async def test_automod_rule_blocks_alerts_and_times_out(
    sim: DiscordSimulator, api: Api, guild: Guild, ann: User, general: Channel
) -> None:
    alerts = sim.add_channel(guild, "alerts")
    rule = {
        "name": "names",
        "event_type": 1,
        "trigger_type": 1,
        "trigger_metadata": {"keyword_filter": ["cure*"], "allow_list": ["cured"]},
        "actions": [
            {"type": 1, "metadata": {"custom_message": "no"}},
            {"type": 2, "metadata": {"channel_id": str(alerts.id)}},
        ],
        "enabled": True,
    }
    path = f"/guilds/{guild.id}/auto-moderation/rules"
    _, made = await api.call("POST", path, rule)
    with pytest.raises(BlockedByAutoModError):
        sim.post(ann, general, "miracle cureall")
    assert sim.post(ann, general, "I am cured").content == "I am cured"
    assert sim.history(alerts)[0].kind == MessageType.AUTO_MODERATION_ACTION
    await api.call("PATCH", f"{path}/{made['id']}", {"enabled": False})
    assert sim.post(ann, general, "cureall").content == "cureall"
    spam = {"name": "spam", "event_type": 1, "trigger_type": 3, "actions": [{"type": 1}]}
    for expected in (200, 400):
        status, _ = await api.call("POST", path, spam)
        assert status == expected
    sim.set_bot_permissions(guild, Permission.NONE)
    status, _ = await api.call("GET", path)
    assert status == 403


async def test_links_expire_and_cannot_be_forged(sim: DiscordSimulator, api: Api, general: Channel) -> None:
    form = aiohttp.FormData()
    form.add_field("payload_json", '{"attachments": [{"id": "0", "description": "alt"}]}')
    form.add_field("files[0]", b"bytes", filename="report.txt", content_type="text/plain")
    headers = {"Authorization": f"Bot {sim.token}"}
    async with aiohttp.ClientSession() as session:
        url = f"{sim.api_url}/channels/{general.id}/messages"
        async with session.post(url, data=form, headers=headers) as answer:
            attachment = (await answer.json())["attachments"][0]
        statuses = []
        for link in (attachment["url"], attachment["url"].replace("hm=", "hm=0")):
            async with session.get(link) as answer:
                statuses.append(answer.status)
        sim.clock.advance(timedelta(hours=25))
        async with session.get(attachment["url"]) as answer:
            statuses.append(answer.status)
    assert attachment["description"] == "alt"
    assert statuses == [200, 404, 404]
    assert sim.calls_to("POST", "/messages$")[0].files == ("report.txt",)


async def test_commands_are_checked(sim: DiscordSimulator, api: Api, guild: Guild) -> None:
    base = f"/applications/{sim.application.id}"
    _, error = await api.call("PUT", f"{base}/commands", [{"name": "Bad Name", "description": ""}])
    assert set(error["errors"]["0"]) == {"name", "description"}
    _, made = await api.call("PUT", f"{base}/guilds/{guild.id}/commands", [{"name": "Report", "type": 3}])
    assert (made[0]["guild_id"], made[0]["type"]) == (str(guild.id), 3)
    _, error = await api.call("GET", "/applications/1/commands")
    assert error["code"] == 20012
