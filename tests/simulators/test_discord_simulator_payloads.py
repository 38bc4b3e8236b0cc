"""The simulator's events have the same keys, at every depth, as the written-down examples of Discord's payloads."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import aiohttp
import pytest

from tests.simulators.discord import (
    MODERATION_BOT,
    BlockedByAutoModError,
    Channel,
    ChannelType,
    DiscordSimulator,
    File,
    Guild,
    Permission,
    User,
)
from tests.simulators.discord.audience import ALL_INTENTS, Intent
from tests.simulators.discord.json_types import Json
from tests.simulators.discord.message_changes import Draft
from tests.simulators.discord.permissions import EVERYONE_DEFAULT

EXAMPLES = Path(__file__).parents[1] / "payloads" / "discord"
BUTTON: Json = {
    "type": 1,
    "id": 1,
    "components": [{"type": 2, "id": 2, "style": 2, "label": "Review", "custom_id": "review:1"}],
}
RULE: Json = {
    "name": "Miracles",
    "event_type": 1,
    "trigger_type": 1,
    "trigger_metadata": {"keyword_filter": ["miracle*"]},
    "actions": [{"type": 1, "metadata": {"custom_message": "Please do not."}}],
    "enabled": True,
}
COMMANDS: list[Json] = [
    {"name": "Report", "type": 3},
    {
        "name": "policy",
        "description": "The policy",
        "options": [
            {
                "name": "try",
                "type": 1,
                "description": "Try",
                "options": [{"name": "text", "type": 3, "description": "A text", "required": True}],
            }
        ],
    },
]
MODAL: Json = {
    "type": 9,
    "data": {
        "custom_id": "why",
        "title": "Why?",
        "components": [{"type": 1, "components": [{"type": 4, "id": 2, "custom_id": "reason", "label": "Reason"}]}],
    },
}


async def _not_connected(_: Json) -> None:
    raise RuntimeError("no socket yet")


class Scene:
    """A simulated guild with a session that receives everything, and shortcuts to make things happen."""

    def __init__(self, sim: DiscordSimulator, http: aiohttp.ClientSession) -> None:
        self.sim = sim
        self._http = http
        self.send: Callable[[Json], Awaitable[None]] = _not_connected
        self.guild: Guild = sim.add_guild(
            bot_permissions=EVERYONE_DEFAULT | MODERATION_BOT | Permission.BAN_MEMBERS | Permission.MANAGE_ROLES
        )
        self.general: Channel = sim.add_channel(self.guild, "garden")
        self.linden: User = sim.add_user("linden")
        sim.join(self.linden, self.guild, sim.add_role(self.guild, "Helpers"))

    async def call(self, method: str, path: str, body: object = None, reason: str = "") -> Json:
        headers = {"Authorization": f"Bot {self.sim.token}", "X-Audit-Log-Reason": reason}
        async with self._http.request(method, self.sim.api_url + path, json=body, headers=headers) as answer:
            assert answer.status < 400, await answer.text()
            return {} if answer.status == 204 else {"answer": await answer.json()}

    def last(self, name: str) -> Json:
        return self.sim.events(name)[-1]


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    async with DiscordSimulator() as sim, aiohttp.ClientSession() as http:
        made = Scene(sim, http)
        async with http.ws_connect(sim.gateway_url + "?v=10&encoding=json") as socket:
            intents = ALL_INTENTS & ~Intent.GUILD_PRESENCES
            await socket.send_json({"op": 2, "d": {"token": sim.token, "intents": intents, "properties": {}}})
            await sim.ready()
            made.send = socket.send_json
            yield made


def example(name: str) -> Json:
    loaded: Json = json.loads((EXAMPLES / f"{name}.json").read_text(encoding="utf-8"))
    return loaded


def shape(value: object) -> object:
    """Keys at every depth; of a list the first element; ids used as keys do not count."""
    if isinstance(value, dict):
        return {("<id>" if key.isdigit() and len(key) > 5 else key): shape(item) for key, item in value.items()}
    if isinstance(value, list):
        return [shape(value[0])] if value else []
    return None


def check(name: str, data: Json) -> None:
    assert shape(data) == shape(example(name)["d"]), name


async def test_messages(scene: Scene) -> None:
    sim, linden, general = scene.sim, scene.linden, scene.general

    def expect(name: str) -> None:
        check(name, scene.last(example(name)["t"]))

    first = sim.post(linden, general, "The tomatoes are late.")
    expect("message_create")
    sim.post(linden, general, f"<@{linden.id}>")
    expect("message_create_mention")
    sim.post(linden, general, files=(File(filename="leaflet.txt", description="a leaflet"),))
    expect("message_create_attachment")
    sim.voice_message(linden, general)
    expect("message_create_voice")
    sim.reply(linden, first, "True")
    expect("message_create_reply")
    sim.forward(linden, first, general)
    expect("message_create_forward")
    sim.poll(linden, general, "Which seed?", "peas")
    expect("message_create_poll")
    sim.post(linden, general, stickers=("sunflower",))
    expect("message_create_sticker")
    sim.react(linden, first, "🌻")
    expect("message_reaction_add")
    plain = sim.post(linden, general, "x")
    sim.edit(plain, "y")
    expect("message_update_edit")
    sim.resolve_embed(plain, {"type": "link", "url": "https://garden.example", "title": "Garden"})
    expect("message_update_embed")
    sim.bulk_delete(general, [plain], by=linden)
    expect("message_delete_bulk")
    sim.delete(first)
    expect("message_delete")
    sim.reply(linden, first, "gone")
    expect("message_create_reply_to_deleted")
    sim.direct(linden, "hello")
    expect("message_create_direct")


async def test_webhooks_audit_and_typing(scene: Scene) -> None:
    sim, general = scene.sim, scene.general
    hook = (await scene.call("POST", f"/channels/{general.id}/webhooks", {"name": "Chaperone"}))["answer"]
    check("webhooks_update", scene.last("WEBHOOKS_UPDATE"))
    await scene.call("POST", f"/webhooks/{hook['id']}/{hook['token']}", {"content": "restored"})
    check("message_create_webhook", scene.last("MESSAGE_CREATE"))
    message = sim.post(scene.linden, general, "leak")
    await scene.call("DELETE", f"/channels/{general.id}/messages/{message.id}", reason="leak")
    check("guild_audit_log_entry_create", scene.last("GUILD_AUDIT_LOG_ENTRY_CREATE"))
    await scene.call("POST", f"/channels/{general.id}/typing")
    check("typing_start", scene.last("TYPING_START"))


async def test_channels_and_threads(scene: Scene) -> None:
    sim, linden, guild = scene.sim, scene.linden, scene.guild
    made = sim.add_channel(guild, "beds")
    check("channel_create", scene.last("CHANNEL_CREATE"))
    sim.rename(made, "flower-beds")
    check("channel_update", scene.last("CHANNEL_UPDATE"))
    thread = sim.thread(linden, made, "side talk")
    check("thread_create", scene.last("THREAD_CREATE"))
    sim.thread(linden, made, "quiet", private=True)
    check("thread_create_private", scene.last("THREAD_CREATE"))
    sim.rename(thread, "other talk")
    check("thread_update", scene.last("THREAD_UPDATE"))
    other = sim.add_user("other")
    sim.join(other, guild)
    sim.channels.join_thread(thread, other)
    check("thread_members_update", scene.last("THREAD_MEMBERS_UPDATE"))
    sim.hide_from_bot(made)
    check("channel_update_obfuscated", scene.last("CHANNEL_UPDATE"))
    sim.overwrite(made, sim.bot)
    check("thread_list_sync", scene.last("THREAD_LIST_SYNC"))
    sim.delete_channel(thread)
    check("thread_delete", scene.last("THREAD_DELETE"))
    sim.delete_channel(made)
    check("channel_delete", scene.last("CHANNEL_DELETE"))
    forum = sim.add_channel(guild, "questions", ChannelType.FORUM, tags=["pain"])
    check("channel_create_forum", scene.last("CHANNEL_CREATE"))
    sim.forum_post(linden, forum, "A question", "text", "pain")
    check("thread_create_forum_post", scene.last("THREAD_CREATE"))


async def test_members_and_roles(scene: Scene) -> None:
    sim, guild = scene.sim, scene.guild
    role = sim.add_role(guild, "Others")
    check("guild_role_create", scene.last("GUILD_ROLE_CREATE"))
    sim.set_bot_permissions(guild, EVERYONE_DEFAULT)
    check("guild_role_update", scene.last("GUILD_ROLE_UPDATE"))
    user = sim.add_user("newcomer")
    sim.join(user, guild, role)
    check("guild_member_add", scene.last("GUILD_MEMBER_ADD"))
    sim.set_nick(user, guild, "New")
    check("guild_member_update", scene.last("GUILD_MEMBER_UPDATE"))
    await scene.send({"op": 8, "d": {"guild_id": str(guild.id), "query": "New", "limit": 1, "nonce": "n"}})
    await sim.until(lambda: sim.events("GUILD_MEMBERS_CHUNK"))
    check("guild_members_chunk", scene.last("GUILD_MEMBERS_CHUNK"))
    sim.leave(user, guild)
    check("guild_member_remove", scene.last("GUILD_MEMBER_REMOVE"))
    sim.guilds.delete_role(guild, role)
    check("guild_role_delete", scene.last("GUILD_ROLE_DELETE"))
    sim.guilds.ban(guild, user, by=scene.linden)
    check("guild_ban_add", scene.last("GUILD_BAN_ADD"))
    sim.outage(guild)
    check("guild_delete_outage", scene.last("GUILD_DELETE"))
    sim.outage(guild, down=False)
    check("guild_create", scene.last("GUILD_CREATE"))
    sim.kick_bot(guild)
    check("guild_delete_removed", scene.last("GUILD_DELETE"))
    check("ready", scene.last("READY"))


async def test_interactions(scene: Scene) -> None:
    sim, linden, general = scene.sim, scene.linden, scene.general
    await scene.call("PUT", f"/applications/{sim.application.id}/commands", COMMANDS)
    sim.slash(linden, general, "policy try", {"text": "hello"})
    check("interaction_create_slash", scene.last("INTERACTION_CREATE"))
    message = sim.post(linden, general, "a leak")
    opened = sim.context_menu(linden, message, "Report")
    check("interaction_create_message_menu", scene.last("INTERACTION_CREATE"))
    await scene.call("POST", f"/interactions/{opened.id}/{opened.token}/callback", MODAL)
    sim.submit_modal(opened, {"reason": "because"})
    check("interaction_create_modal", scene.last("INTERACTION_CREATE"))
    places = {"interaction_create_button": general, "interaction_create_button_direct": sim.open_direct(linden)}
    for name, channel in places.items():
        sent = sim.messages.create(channel, sim.bot, Draft(content="hidden", components=[BUTTON]))
        sim.click(linden, sent, "review:1")
        check(name, scene.last("INTERACTION_CREATE"))


async def test_automod(scene: Scene) -> None:
    path = f"/guilds/{scene.guild.id}/auto-moderation/rules"
    made = (await scene.call("POST", path, RULE))["answer"]
    check("auto_moderation_rule_create", scene.last("AUTO_MODERATION_RULE_CREATE"))
    with pytest.raises(BlockedByAutoModError):
        scene.sim.post(scene.linden, scene.general, "a miracle")
    check("auto_moderation_action_execution", scene.last("AUTO_MODERATION_ACTION_EXECUTION"))
    await scene.call("PATCH", f"{path}/{made['id']}", {"enabled": False})
    check("auto_moderation_rule_update", scene.last("AUTO_MODERATION_RULE_UPDATE"))
    await scene.call("DELETE", f"{path}/{made['id']}")
    check("auto_moderation_rule_delete", scene.last("AUTO_MODERATION_RULE_DELETE"))


def test_every_example_is_compared_and_holds_no_real_address() -> None:
    source = Path(__file__).read_text(encoding="utf-8")
    for path in EXAMPLES.glob("*.json"):
        payload = example(path.stem)
        assert path.stem.startswith(payload["t"].lower())
        assert f'"{path.stem}"' in source
        assert "discord.com" not in json.dumps(payload)
