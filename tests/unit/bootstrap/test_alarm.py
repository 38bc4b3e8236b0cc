"""What the moderators' rooms hear of the policy, in a sandbox whose page for emergencies must reach somebody."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.adapters.sandbox.platform import SandboxPlatform
from bot.adapters.sandbox.world import World
from bot.bootstrap.alarm import PolicyAlarm
from bot.bootstrap.matching import shipped_matcher
from bot.clock import StandingClock
from bot.domain.errors import TemporaryPlatformError
from bot.domain.message import PlatformName, Room
from bot.policy_file.source import PolicyFile
from bot.stores.memory import MemoryStore
from tests.factories import NOON, OnePolicy, make_policy

POLICY = 'name: Friends\nteam_room: moderators\nrooms: [{match: "*", kind: community}]\n'
UNTRUE = "rules: {a: {when: {phrases: [snake oil]}, do: [queue], examples: [{text: olive oil, then: [queue]}]}}\n"
HERE = (PlatformName.SANDBOX, "sandbox")


class Sandbox(SandboxPlatform):
    """One that is in no room while it is ``away``, and can't say where it is while it is ``troubled``."""

    away = False
    troubled = False

    async def rooms(self) -> Sequence[Room]:
        if self.troubled:
            raise TemporaryPlatformError
        return [] if self.away else await super().rooms()


@pytest.fixture
def world() -> World:
    return World(now=StandingClock(NOON).now)


@pytest.fixture
def sandbox(world: World) -> Sandbox:
    return Sandbox(world)


@pytest.fixture
def alarm(sandbox: Sandbox) -> PolicyAlarm:
    alarm = PolicyAlarm()
    alarm.connect([sandbox], OnePolicy(make_policy()))
    return alarm


def team_reads(world: World) -> list[str]:
    return [post.text for post in world.posts.values() if post.ref.room.room == "team"]


async def test_a_running_sandbox_tells_its_moderators_what_keeps_a_policy_out_of_force(
    world: World, sandbox: Sandbox, tmp_path: Path
) -> None:
    file, alarm, clock = tmp_path / "policy.yaml", PolicyAlarm(), StandingClock(NOON)
    file.write_text(POLICY, encoding="utf-8")
    policies = PolicyFile(file, memory=MemoryStore().memory, clock=clock, matcher=shipped_matcher(), team=alarm)
    first = await policies.start()
    alarm.connect([sandbox], policies)
    for text in (POLICY + UNTRUE, POLICY.replace("moderators", "moderatros"), POLICY):
        file.write_text(text, encoding="utf-8")
        await policies.refresh()
        assert policies.current == first

    untrue, lost, mended = team_reads(world)
    assert "this example fails: queue should happen" in untrue
    assert "team_room: the bot sees no room moderatros in sandbox workspace sandbox" in lost
    assert f"version {first.hash} is in force" in mended


async def test_each_thing_is_told_once(world: World, alarm: PolicyAlarm) -> None:
    for key in ("1", "1", "2"):
        assert await alarm.tell("Broken.", key)

    assert team_reads(world) == ["Broken.", "Broken."]


async def test_an_alarm_without_a_platform_has_nobody_to_tell_and_misses_no_room() -> None:
    alarm = PolicyAlarm()
    sight = await alarm.look_for(["moderators"])

    assert await alarm.tell("Broken.", "1")
    assert (sight.without("moderators"), sight.whole) == ((), True)


@pytest.mark.parametrize("state", ["away", "troubled"])
async def test_who_can_not_be_told_now_is_told_later(
    world: World, sandbox: Sandbox, alarm: PolicyAlarm, state: str
) -> None:
    setattr(sandbox, state, True)
    assert not await alarm.tell("Broken.", "1")
    setattr(sandbox, state, False)
    assert await alarm.tell("Broken.", "1")

    assert team_reads(world) == ["Broken."]


async def test_rooms_are_looked_for_by_name_and_id(alarm: PolicyAlarm) -> None:
    sight = await alarm.look_for(["moderators", "#moderators", "team", "moderatros"])

    assert sight.found == {HERE: {"moderators", "#moderators", "team"}}
    assert sight.without("moderatros") == (HERE,)


@pytest.mark.parametrize("state", ["away", "troubled"])
async def test_a_platform_that_can_not_say_is_told_from_one_without_the_room(
    sandbox: Sandbox, alarm: PolicyAlarm, state: str
) -> None:
    setattr(sandbox, state, True)
    sight = await alarm.look_for(["moderators"])

    assert (sight.without("moderators"), sight.whole) == ((), False)
