"""Coming and going: clear ends, patient starts, logs without a word of what people wrote."""

from __future__ import annotations

import asyncio
import logging

import pytest
import structlog
from structlog.testing import capture_logs

from bot.adapters.discord.adapter import DiscordAdapter
from bot.adapters.discord.errors import ConnectionRefusedByDiscordError
from bot.clock import StandingClock, SystemClock
from bot.domain.errors import SettingsError, TemporaryPlatformError
from bot.domain.words import ButtonKind
from bot.settings import Settings
from tests.contract.discord_world import (
    ROOM,
    TEAM_ROOM,
    DiscordDriver,
    RecordingDesk,
    RecordingIntake,
    connected,
    make_driver,
    settings_for,
)
from tests.simulators.discord import DiscordSimulator
from tests.unit.adapters.discord.said import CASE, words


def adapter_for(settings: Settings) -> DiscordAdapter:
    clock = SystemClock()
    return DiscordAdapter(settings, RecordingIntake(clock), RecordingDesk(), clock)


async def test_wrong_token_ends_with_one_clear_line(sim: DiscordSimulator) -> None:
    adapter = adapter_for(settings_for(sim, "wrong"))

    with pytest.raises(ConnectionRefusedByDiscordError, match="DISCORD_TOKEN"):
        await asyncio.wait_for(adapter.run(asyncio.Event()), 20)
    assert len(sim.calls) == 1


async def test_missing_intent_ends_with_one_clear_line(sim: DiscordSimulator) -> None:
    sim.add_guild()
    sim.application.message_content = False

    with pytest.raises(ConnectionRefusedByDiscordError, match="Message Content"):
        await asyncio.wait_for(adapter_for(settings_for(sim)).run(asyncio.Event()), 20)
    assert len(sim.gateway.identifies) == 1


@pytest.mark.parametrize("code", [4004, 4010, 4011, 4012, 4013, 4014])
async def test_final_close_codes_are_not_retried(driver: DiscordDriver, code: int) -> None:
    stop = asyncio.Event()
    running = asyncio.create_task(driver.adapter.run(stop))
    await driver.sim.ready()
    driver.sim.gateway.close_all(code)

    with pytest.raises(ConnectionRefusedByDiscordError):
        await asyncio.wait_for(running, 20)
    assert len(driver.sim.gateway.identifies) == 1


async def test_service_that_is_down_at_the_start_is_waited_for(sim: DiscordSimulator) -> None:
    sim.fail_next("GET", "^/users/@me$", status=503)
    sim.fail_next("GET", "^/gateway/bot$", status=503)
    async with connected(make_driver(sim, clock=StandingClock())) as world:
        assert (await world.post("hello")).typed.plain == "hello"


async def test_stop_ends_the_connection_soon(driver: DiscordDriver) -> None:
    stop = asyncio.Event()
    running = asyncio.create_task(driver.adapter.run(stop))
    await driver.sim.ready()
    stop.set()
    await asyncio.wait_for(running, 20)

    assert not driver.sim.connected


async def test_platform_that_is_not_connected_says_so(driver: DiscordDriver) -> None:
    with pytest.raises(TemporaryPlatformError):
        await driver.adapter.platform.tell("1", driver.room, words(), in_room=False, again=False)


def test_without_a_token_there_is_no_adapter() -> None:
    with pytest.raises(SettingsError, match="DISCORD_TOKEN"):
        adapter_for(Settings())


async def test_only_the_intents_that_are_needed_are_asked_for(world: DiscordDriver) -> None:
    guilds, guild_messages, message_content = 1 << 0, 1 << 9, 1 << 15

    assert world.sim.gateway.identifies[0]["intents"] == guilds | guild_messages | message_content


async def test_logs_hold_no_word_of_what_was_written(sim: DiscordSimulator, caplog: pytest.LogCaptureFixture) -> None:
    structlog.configure(cache_logger_on_first_use=False)
    caplog.set_level(logging.DEBUG)
    with capture_logs() as lines:
        async with connected(make_driver(sim)) as world:
            world.intake.refuse_next = 1
            sim.post(world.users["ana"], world.channels[ROOM], "a canary that is refused")
            message = await world.post("the canary sings")
            platform = world.adapter.platform
            said = words("A case", kinds=(ButtonKind.OPEN,))
            await platform.post(TEAM_ROOM, message.ref, said, again=False)
            team = sim.history(world.channels[TEAM_ROOM])[0]
            await sim.replied(sim.click(world.users["ben"], team, f"chaperone:open:{CASE}"))
            await platform.hide(message.ref, reason="Case c0ffee", again=False)
            await platform.restore(message, message.typed.source, words("Restored."), again=False)

    written = f"{lines} {caplog.text}"
    assert "caught up" in written
    assert "canary" not in written
