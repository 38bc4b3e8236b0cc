"""What checks and is kept out of force all the same: failing examples, a team room that would be lost."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
import structlog

from bot.domain.errors import PolicyError
from bot.policy_file.load import load_policy
from bot.policy_file.source import PolicyFile
from bot.policy_file.team_room import AGAIN
from tests.factories import ROOM
from tests.unit.policy_file.conftest import START
from tests.unit.policy_file.watched import Setting, Team

GOOD = "rules: {a: {when: {first_post: true}, do: [queue]}}"
FAILS = "rules: {a: {when: {phrases: [snake oil]}, do: [queue], examples: [{text: olive oil, then: [queue]}]}}"
HOLDS = FAILS.replace("olive", "snake")
TYPO = START.replace("moderators\n", "moderatros\n", 1)
MOVED = START.replace("moderators\n", "team\n", 1)


async def started(setting: Setting, start: str = START) -> PolicyFile:
    source = setting.source(setting.write(GOOD, start=start))
    await source.start()
    await source.refresh()
    return source


def of_the_file(source: PolicyFile) -> str:
    """The errors as the team room reads them: the file's name without the server's folder."""
    before, name, wrong = source.errors.partition("policy.yaml:")
    assert before.startswith("/")
    return name + wrong


def room(source: PolicyFile) -> str:
    return source.policy_for(ROOM).team_room


async def later(setting: Setting, source: PolicyFile) -> None:
    setting.clock.move(AGAIN)
    await source.refresh()


async def test_a_file_whose_examples_fail_changes_nothing_but_is_told(setting: Setting) -> None:
    source = await started(setting)
    first = source.current
    setting.write(FAILS)
    await source.refresh()

    assert source.current == first
    assert "rules.a.examples[0]: this example fails: queue should happen" in source.errors
    assert of_the_file(source) in setting.team.heard[0]
    assert [kept.hash for kept in await setting.store.memory.policies()] == [first.hash]

    setting.write(HOLDS)
    await source.refresh()
    assert (source.current != first, source.errors, len(setting.team.heard)) == (True, "", 2)


async def test_starting_with_a_file_whose_examples_fail(setting: Setting) -> None:
    with pytest.raises(PolicyError, match="this example fails"):
        await setting.source(setting.write(FAILS)).start()
    first = (await started(setting)).current
    again = setting.source(setting.write(FAILS))

    assert await again.start() == first
    await again.refresh()
    assert "this example fails" in setting.team.heard[0]


async def test_going_back_while_the_examples_of_the_file_fail(setting: Setting) -> None:
    source = await started(setting)
    first = source.current
    setting.write(HOLDS)
    await source.refresh()
    setting.write(FAILS)
    await source.refresh()
    await source.rollback(first.hash)
    setting.write(HOLDS)
    await source.refresh()

    assert source.current == first


async def test_a_file_that_would_lose_the_team_room_is_refused(setting: Setting) -> None:
    source = await started(setting)
    first = source.current
    setting.write(GOOD, start=TYPO)
    await source.refresh()
    await later(setting, source)

    assert source.current == first
    assert "policy.yaml:2:12: error: team_room: the bot sees no room moderatros in sandbox" in source.errors
    [told] = setting.team.heard
    assert of_the_file(source) in told
    assert [kept.hash for kept in await setting.store.memory.policies()] == [first.hash]


async def test_a_refused_file_is_taken_when_its_room_comes_up(setting: Setting) -> None:
    source = await started(setting)
    setting.write(GOOD, start=MOVED)
    await source.refresh()
    setting.team.rooms = {"moderators", "team"}
    await source.refresh()
    assert room(source) == "moderators"
    await later(setting, source)

    assert (room(source), source.errors) == ("team", "")
    assert "in order again" in setting.team.heard[1]


async def test_a_team_room_that_moves_to_a_room_that_is_there_counts_at_once(setting: Setting) -> None:
    setting.team.rooms = {"moderators", "team"}
    source = await started(setting)
    setting.write(GOOD, start=MOVED)
    await source.refresh()

    assert (room(source), source.errors, setting.team.heard) == ("team", "", [])


async def test_a_version_put_in_force_elsewhere_is_followed_when_its_room_comes_up(setting: Setting) -> None:
    first = (await started(setting, MOVED)).current
    source = await started(setting)
    setting.clock.move(timedelta(seconds=1))
    setting.team.rooms = {"moderators"}
    await setting.source(source.path).rollback(first.hash)
    await source.refresh()
    assert room(source) == "moderators"

    setting.team.rooms = {"moderators", "team"}
    await later(setting, source)
    assert (source.current, source.errors) == (first, "")


async def test_a_version_put_in_force_elsewhere_that_would_lose_the_team_room_is_not_followed(setting: Setting) -> None:
    sees_no_platform = replace(setting, team=Team(rooms=None))
    web = await started(sees_no_platform)
    worker = await started(setting)
    setting.clock.move(timedelta(seconds=1))
    setting.write(GOOD, start=TYPO)
    await web.refresh()
    setting.write(GOOD)
    await worker.refresh()

    assert (room(web), room(worker)) == ("moderatros", "moderators")
    assert "team_room: the bot sees no room moderatros" in worker.errors
    assert "can't be used" in setting.team.heard[0]
    setting.clock.move(timedelta(seconds=1))
    await web.refresh()
    await worker.refresh()
    assert (room(web), worker.errors) == ("moderators", "")


async def test_a_room_that_nobody_has_is_logged_with_a_remedy_at_the_start(setting: Setting) -> None:
    setting.team.rooms = set()
    with structlog.testing.capture_logs() as logs:
        source = await started(setting, TYPO)
        await later(setting, source)
    [missing] = [line for line in logs if line["log_level"] == "error"]

    assert (missing["action"], missing["room"], missing["platform"]) == ("team_room_missing", "moderatros", "sandbox")
    assert "name a room that it sees as team_room" in missing["remedy"]
    assert "reach nobody" in setting.team.heard[0]
    setting.team.rooms = {"moderatros"}
    await later(setting, source)
    assert "in order again" in setting.team.heard[1]


async def test_after_a_start_with_a_lost_room_the_last_one_that_worked_stands_in(setting: Setting) -> None:
    first = (await started(setting)).current
    for _ in range(2):  # the second start finds the version with the typo kept
        source = await started(setting, TYPO)
        assert source.current.hash != first.hash
        assert (source.current.team_room, room(source)) == ("moderatros", "moderators")
    assert "moderators hears its pages and notices meanwhile" in setting.team.heard[0]
    assert source.trouble in setting.team.heard[0]

    setting.team.rooms = {"moderatros"}
    await later(setting, source)
    assert (room(source), source.trouble) == ("moderatros", "")


async def test_while_no_platform_can_say_nothing_is_refused_and_it_is_asked_again(setting: Setting) -> None:
    source = await started(setting)
    setting.team.rooms = None
    setting.write(GOOD, start=TYPO)
    await source.refresh()
    assert (room(source), source.errors, setting.team.heard) == ("moderatros", "", [])

    setting.team.rooms = {"moderators"}
    await later(setting, source)
    assert room(source) == "moderators"
    assert "moderatros" in setting.team.heard[0]


async def test_a_team_that_is_not_there_yet_is_told_when_it_is(setting: Setting) -> None:
    setting.team.away = True
    source = await started(setting)
    setting.write(FAILS)
    await source.refresh()
    setting.team.away = False
    await later(setting, source)

    assert len(setting.team.heard) == 1


async def test_looking_holds_nothing_up(setting: Setting) -> None:
    """The examples are tried beside the event loop."""
    many = ", ".join("{text: snake oil, then: [queue]}" for _ in range(2000))
    source = await started(setting)
    setting.write(HOLDS.replace("{text: snake oil, then: [queue]}", many))
    looking = asyncio.create_task(source.refresh())
    turns = 0
    while not looking.done():
        await asyncio.sleep(0.005)
        turns += 1

    assert load_policy(source.path).hash == source.current.hash
    assert turns > 5
