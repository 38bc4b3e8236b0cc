"""The policy in force, while files change, break and come back."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta

import pytest

from bot.domain.errors import PolicyError
from bot.domain.policy import Policy
from bot.policy_file.load import load_policy
from bot.policy_file.source import PolicyFile
from bot.service.store import PolicyVersion
from tests.factories import NOON, ROOM
from tests.unit.policy_file.watched import Setting

GOOD = "rules: {a: {when: {first_post: true}, do: [queue]}}"
OTHER = "rules: {b: {when: {attachments: true}, do: [queue]}}"
BAD = "rulez: {}"


async def until(so: Callable[[], bool]) -> None:
    for _ in range(500):
        if so():
            return
        await asyncio.sleep(0.01)
    pytest.fail("it did not come to that")


async def test_the_file_is_in_force_for_every_room(setting: Setting) -> None:
    path = setting.write(GOOD)
    source = setting.source(path)
    await source.start()

    assert source.policy_for(ROOM) == load_policy(path)
    assert [version.hash for version in await setting.store.memory.policies()] == [source.current.hash]


async def test_before_it_starts_there_is_no_policy(setting: Setting) -> None:
    with pytest.raises(PolicyError):
        setting.source(setting.write(GOOD)).policy_for(ROOM)


async def test_a_change_counts_within_two_seconds(setting: Setting) -> None:
    source = setting.source(setting.write(GOOD))
    first = await source.start()
    watching = asyncio.create_task(source.watch())
    setting.write(OTHER)
    began = setting.clock.now()
    await until(lambda: source.current != first)
    watching.cancel()

    assert setting.clock.now() - began <= timedelta(seconds=2)
    assert [rule.id for rule in source.current.rules] == ["b", "emergency", "self_harm"]


async def test_a_change_of_a_pack_counts_too(setting: Setting) -> None:
    setting.write(GOOD, name="packs/ours.yaml", start="")
    source = setting.source(setting.write("extends: ours"))
    await source.start()
    setting.write(OTHER, name="packs/ours.yaml", start="")
    await source.refresh()

    assert "b" in {rule.id for rule in source.current.rules}


async def test_a_broken_file_changes_nothing_but_is_told_once(setting: Setting) -> None:
    source = setting.source(setting.write(GOOD))
    first = await source.start()
    setting.write(BAD)
    await source.refresh()
    await source.refresh()

    assert source.current == first
    assert len(setting.team.heard) == 1
    assert "Did you mean rules?" in source.errors
    assert source.errors.removeprefix(f"{source.path.parent}/") in setting.team.heard[0]

    setting.write(OTHER)
    await source.refresh()
    assert (source.current != first, source.errors) == (True, "")


async def test_that_a_broken_file_is_mended_is_told_once(setting: Setting) -> None:
    source = setting.source(setting.write(GOOD))
    await source.start()
    setting.write(BAD)
    await source.refresh()
    for mended in (GOOD, OTHER):
        setting.write(mended)
        await source.refresh()
        await source.refresh()

    [broken, mended] = setting.team.heard
    assert "has a mistake" in broken
    assert f"version {load_policy(setting.write(GOOD)).hash} is in force" in mended


async def test_a_team_that_was_not_reached_is_told_again(setting: Setting) -> None:
    source = setting.source(setting.write(GOOD))
    await source.start()
    setting.write(BAD)
    setting.team.deaf = True
    with pytest.raises(ConnectionError):
        await source.refresh()
    setting.team.deaf = False
    await source.refresh()

    assert len(setting.team.heard) == 1


async def test_watching_survives_whatever_goes_wrong(setting: Setting) -> None:
    source = setting.source(setting.write(GOOD))
    await source.start()
    setting.team.deaf = True
    setting.write(BAD)
    watching = asyncio.create_task(source.watch())
    await until(lambda: source.errors != "")
    setting.team.deaf = False
    await until(lambda: setting.team.heard != [])

    assert not watching.done()
    watching.cancel()


async def test_a_file_that_vanishes_changes_nothing(setting: Setting) -> None:
    path = setting.write(GOOD)
    source = setting.source(path)
    first = await source.start()
    path.unlink()
    await source.refresh()

    assert source.current == first
    assert "can't be read" in source.errors


async def rolled_back(setting: Setting) -> tuple[PolicyFile, Policy]:
    """A file that says OTHER, with GOOD before it in force."""
    source = setting.source(setting.write(GOOD))
    first = await source.start()
    setting.write(OTHER)
    await source.refresh()
    setting.clock.move(timedelta(minutes=1))
    assert await source.rollback(first.hash) == first
    return source, first


async def test_rolling_back(setting: Setting) -> None:
    source, first = await rolled_back(setting)
    await source.refresh()

    newest = (await setting.store.memory.policies())[0]
    assert source.current == first
    assert (newest.hash, newest.since) == (first.hash, NOON + timedelta(minutes=1))
    with pytest.raises(PolicyError, match="no version"):
        await source.rollback("nope")


async def test_a_rollback_lasts_over_restarts(setting: Setting) -> None:
    source, first = await rolled_back(setting)
    for _ in range(2):
        assert await setting.source(source.path).start() == first


async def test_a_rollback_counts_in_other_processes(setting: Setting) -> None:
    path = setting.write(GOOD)
    first = await setting.source(path).start()
    setting.write(OTHER)
    worker, web = setting.source(path), setting.source(path)
    for source in (worker, web):
        await source.start()
    await setting.source(path).rollback(first.hash)
    for source in (worker, web):
        await source.refresh()

    assert (worker.current, web.current) == (first, first)


async def test_the_team_hears_of_a_rollback_once(setting: Setting) -> None:
    path = setting.write(GOOD)
    source = setting.source(path)
    first = await source.start()
    setting.write(OTHER)
    await source.refresh()
    second = source.current
    assert setting.team.heard == []

    setting.team.away = True
    await setting.source(path).rollback(first.hash)
    await source.refresh()
    setting.team.away = False
    for _ in range(3):
        await source.refresh()

    [heard] = setting.team.heard
    assert f"version {first.hash} is in force, in place of {second.hash}" in heard
    await setting.source(path).start()
    assert len(setting.team.heard) == 1


async def test_the_team_is_not_told_where_on_the_server_the_file_lies(setting: Setting) -> None:
    path = setting.write(GOOD)
    source = setting.source(path)
    await source.start()
    setting.write(BAD)

    await source.refresh()

    [heard] = setting.team.heard
    assert str(path.parent) not in heard
    assert f"{path.name}:" in heard
    assert str(path) in source.errors


@pytest.mark.parametrize("restarted", [False, True])
async def test_a_rollback_ends_when_the_file_says_something_else(setting: Setting, restarted: bool) -> None:
    source, first = await rolled_back(setting)
    setting.write(GOOD + "\nlanguage: es")
    source = setting.source(source.path) if restarted else source
    await (source.start() if restarted else source.refresh())

    assert source.current.language == "es"
    setting.write(GOOD)
    await source.refresh()
    assert source.current == first


async def test_a_rollback_does_not_end_when_only_the_bytes_change(setting: Setting) -> None:
    source, first = await rolled_back(setting)
    setting.write(OTHER + "\n# What this is for.")
    await source.refresh()

    assert source.current == first


async def test_a_file_set_back_while_the_bot_was_down_counts(setting: Setting) -> None:
    """Not a rollback: nobody asked for the version that was in force last to stay."""
    path = setting.write(GOOD)
    first = await setting.source(path).start()
    setting.write(OTHER)
    await setting.source(path).start()
    setting.write(GOOD)

    assert await setting.source(path).start() == first


async def test_going_back_to_what_the_file_says_ends_a_rollback(setting: Setting) -> None:
    source, _ = await rolled_back(setting)
    second = load_policy(source.path)
    await source.rollback(second.hash)
    setting.write(GOOD)
    await source.refresh()
    setting.write(OTHER)

    assert await setting.source(source.path).start() == second


async def test_a_rollback_while_the_file_is_broken(setting: Setting) -> None:
    path = setting.write(GOOD)
    source = setting.source(path)
    first = await source.start()
    setting.write(OTHER)
    await source.refresh()
    setting.write(BAD)
    await source.refresh()
    await source.rollback(first.hash)

    assert await setting.source(path).start() == first
    setting.write(OTHER)
    assert await setting.source(path).start() == first
    await source.refresh()
    assert (source.current, source.errors) == (first, "")


async def test_a_version_that_no_longer_checks_is_not_gone_back_to(setting: Setting) -> None:
    source = setting.source(setting.write(GOOD))
    first = await source.start()
    for since in (NOON - timedelta(days=1), NOON + timedelta(days=1)):
        await setting.store.memory.keep_policy(PolicyVersion(hash="old", source=BAD, since=since))
        with pytest.raises(PolicyError, match="rulez"):
            await source.rollback("old")
        await source.refresh()

    assert source.current == first


async def test_starting_with_a_broken_file(setting: Setting) -> None:
    first = await setting.source(setting.write(GOOD)).start()
    again = setting.source(setting.write(BAD))

    assert await again.start() == first
    await again.refresh()
    assert len(setting.team.heard) == 1


async def test_a_kept_version_that_no_longer_checks_is_passed_over(setting: Setting) -> None:
    first = await setting.source(setting.write(GOOD)).start()
    await setting.store.memory.keep_policy(PolicyVersion(hash="old", source=BAD, since=NOON + timedelta(days=1)))

    assert await setting.source(setting.write(BAD)).start() == first


async def test_starting_with_a_broken_file_and_nothing_kept(setting: Setting) -> None:
    with pytest.raises(PolicyError, match="rulez"):
        await setting.source(setting.write(BAD)).start()
