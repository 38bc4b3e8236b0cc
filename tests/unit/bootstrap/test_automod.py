"""Handing words over to a server's own AutoMod, against the simulated Discord."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace

import pytest

from bot.bootstrap.automod import push_automod
from bot.domain.errors import ChaperoneError, ForbiddenError, PolicyError, SettingsError, TemporaryPlatformError
from bot.domain.message import Role, RoomKind
from bot.domain.policy import Condition, Policy, RoomRule
from bot.policy_file.automod_push import MARK
from bot.settings import Settings
from tests.contract.discord_world import settings_for
from tests.factories import make_policy, make_rule
from tests.simulators.discord import BlockedByAutoModError, DiscordSimulator, Guild, Permission
from tests.simulators.discord.client import pointed_at
from tests.simulators.discord.json_types import Json

RULES = "/auto-moderation/rules"


def words(*phrases: str) -> Policy:
    when = Condition(phrases=frozenset(phrases), roles=frozenset({Role.MEMBER}))
    rooms = (RoomRule(match="lounge", kind=RoomKind.COMMUNITY), RoomRule(match="moderators", kind=RoomKind.STAFF))
    return replace(make_policy([make_rule("words", when=when)]), rooms=rooms)


@dataclass
class World:
    """A server with a lounge, a team room and a channel that the bot does not watch."""

    sim: DiscordSimulator
    guild: Guild

    @property
    def settings(self) -> Settings:
        return settings_for(self.sim)

    @property
    def changes(self) -> list[str]:
        return [call.method for call in self.sim.calls if RULES in call.path and call.method != "GET"]

    def rule(self, id_: int, *, name: str, creator: int) -> Json:
        """A rule that was there before."""
        rule: Json = {
            "id": str(id_),
            "guild_id": str(self.guild.id),
            "name": name,
            "creator_id": str(creator),
            "event_type": 1,
            "trigger_type": 1,
            "trigger_metadata": {"keyword_filter": ["before"], "regex_patterns": [], "allow_list": []},
            "actions": [{"type": 1, "metadata": {}}],
            "enabled": True,
            "exempt_roles": [],
            "exempt_channels": [],
        }
        self.guild.rules[id_] = rule
        return rule


@pytest.fixture
async def world() -> AsyncIterator[World]:
    async with DiscordSimulator() as sim:
        with pointed_at(sim):
            guild = sim.add_guild("Patients", bot_permissions=int(Permission.VIEW_CHANNEL | Permission.MANAGE_GUILD))
            for name in ("lounge", "moderators", "elsewhere"):
                sim.add_channel(guild, name)
            for name in ("staff", "mods"):
                sim.add_role(guild, name)
            yield World(sim, guild)


async def test_words_are_blocked_where_the_policy_watches(world: World) -> None:
    pushed = await push_automod(world.settings, words("snake oil"), None, show=False)

    sim, guild = world.sim, world.guild
    channels = {channel.name: channel for channel in guild.channels.values()}
    roles = {role.name: role for role in guild.roles.values()}
    ana, sid = sim.add_user("ana"), sim.add_user("sid")
    sim.join(ana, guild)
    sim.join(sid, guild, roles["staff"])
    with pytest.raises(BlockedByAutoModError):
        sim.post(ana, channels["lounge"], "buy snake oil")
    sim.post(ana, channels["elsewhere"], "buy snake oil")
    sim.post(sid, channels["lounge"], "buy snake oil")
    assert len(sim.history(channels["moderators"])) == 1
    assert (pushed.server, len(pushed.push.create), pushed.push.left_out) == ("Patients", 1, ())
    [rule] = guild.rules.values()
    assert rule["name"].startswith(MARK)


async def test_pushing_again_replaces_what_was_pushed(world: World) -> None:
    await push_automod(world.settings, words("snake oil"), None, show=False)
    await push_automod(world.settings, words("miracle"), None, show=False)

    [rule] = world.guild.rules.values()
    assert rule["trigger_metadata"]["keyword_filter"] == ["miracle"]
    await push_automod(world.settings, words(), None, show=False)
    assert world.guild.rules == {}
    assert world.changes == ["POST", "PATCH", "DELETE"]
    assert {call.reason for call in world.sim.calls if call.method in ("POST", "PATCH", "DELETE")} == {
        "chaperone policy push discord"
    }


async def test_rules_of_others_stay_as_they_are(world: World) -> None:
    theirs = [
        world.rule(1, name="No spam", creator=77),
        world.rule(2, name=f"{MARK}words 1", creator=77),
        world.rule(3, name="Made by the bot for somebody else", creator=world.sim.bot.id),
    ]
    before = [dict(rule) for rule in theirs]
    for policy in (words("snake oil"), words()):
        await push_automod(world.settings, policy, None, show=False)

    assert list(world.guild.rules.values()) == before
    assert world.changes == ["POST", "DELETE"]


async def test_showing_changes_nothing(world: World) -> None:
    pushed = await push_automod(world.settings, words("snake oil"), None, show=True)

    assert (world.guild.rules, world.changes) == ({}, [])
    [rule] = pushed.push.create
    assert pushed.plan() == {"create": [rule], "replace": [], "delete": []}


async def test_one_of_several_servers(world: World) -> None:
    other = world.sim.add_guild("Others")

    with pytest.raises(SettingsError, match=rf"--server: Patients \({world.guild.id}\), Others \({other.id}\)"):
        await push_automod(world.settings, words("snake oil"), None, show=False)
    with pytest.raises(SettingsError, match="no server Nobody"):
        await push_automod(world.settings, words("snake oil"), "Nobody", show=False)
    for name in ("Patients", str(world.guild.id)):
        await push_automod(world.settings, words("snake oil"), name, show=False)
    assert (len(world.guild.rules), other.rules) == (1, {})


async def test_a_server_without_the_team_room(world: World) -> None:
    policy = replace(words("snake oil"), team_room="nowhere")

    with pytest.raises(PolicyError, match="no channel nowhere"):
        await push_automod(world.settings, policy, None, show=False)
    assert world.changes == []


async def test_a_bot_without_the_right_is_told_which(world: World) -> None:
    world.sim.set_bot_permissions(world.guild, int(Permission.VIEW_CHANNEL))

    with pytest.raises(ForbiddenError, match="Manage Server"):
        await push_automod(world.settings, words("snake oil"), None, show=False)


async def test_a_bot_in_no_server_or_without_a_token(world: World) -> None:
    world.sim.kick_bot(world.guild)
    with pytest.raises(SettingsError, match="in no server"):
        await push_automod(world.settings, words("snake oil"), None, show=False)
    with pytest.raises(ChaperoneError, match="DISCORD_TOKEN"):
        await push_automod(settings_for(world.sim, "wrong"), words("snake oil"), None, show=False)
    with pytest.raises(SettingsError, match="DISCORD_TOKEN is missing"):
        await push_automod(Settings(), words("snake oil"), None, show=False)


async def test_discord_that_does_not_answer(world: World) -> None:
    world.sim.fail_next("GET", "^/users/@me/guilds", status=503, times=9)

    with pytest.raises(TemporaryPlatformError):
        await push_automod(world.settings, words("snake oil"), None, show=False)
