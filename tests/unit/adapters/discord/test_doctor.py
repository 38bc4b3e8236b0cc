"""What the doctor finds, with the remedy."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from bot.clock import SystemClock
from bot.service.ports import Check
from tests.contract.discord_world import GRANTED, ROOM, DiscordDriver, make_driver
from tests.simulators.discord import DiscordSimulator, Permission
from tests.simulators.discord.message_changes import Draft


class LateClock(SystemClock):
    """A minute behind."""

    def now(self) -> datetime:
        return super().now() - timedelta(minutes=1)


async def findings(driver: DiscordDriver) -> dict[str, Check]:
    """What is found without a gateway connection."""
    try:
        return {check.subject: check for check in await driver.adapter.platform.check()}
    finally:
        await driver.adapter.close()


async def test_everything_works(driver: DiscordDriver) -> None:
    driver.sim.post(driver.users["ana"], driver.channels[ROOM], "hello")
    found = await findings(driver)

    assert all(check.ok for check in found.values())
    assert found["Clock"].finding == "agrees with Discord's"
    assert found["Message Content intent"].finding == "switched on"
    assert found["Patients: what messages say"].finding == "arrives"
    assert "Manage Channels" in found["Patients: #patients"].finding


async def test_missing_permission_names_the_room_and_the_right(driver: DiscordDriver) -> None:
    driver.sim.overwrite(driver.channels[ROOM], driver.sim.bot, deny=Permission.MANAGE_MESSAGES)
    found = await findings(driver)

    assert not found["Patients: #patients"].ok
    assert "Manage Messages (hides messages)" in found["Patients: #patients"].finding
    assert "Manage Messages" in found["Patients: #patients"].remedy
    assert found["Patients: #moderators"].ok


async def test_withheld_content_is_told_from_messages_that_are_exempt(driver: DiscordDriver) -> None:
    sim, room = driver.sim, driver.channels[ROOM]
    sim.application.message_content = False
    sim.post(driver.users["ana"], room, "hello")
    sim.post(driver.users["ana"], room, f"hello <@{sim.bot.id}>")
    sim.messages.create(room, sim.bot, Draft(content="the bot's own"))
    found = await findings(driver)

    assert not found["Message Content intent"].ok
    assert "developer portal" in found["Message Content intent"].remedy
    assert not found["Patients: what messages say"].ok


async def test_room_without_members_messages_proves_nothing(driver: DiscordDriver) -> None:
    driver.sim.application.message_content = False
    driver.sim.post(driver.users["ana"], driver.channels[ROOM], f"hello <@{driver.sim.bot.id}>")
    found = await findings(driver)

    assert found["Patients: what messages say"].finding == "no message to look at yet"


async def test_clock_that_is_off(sim: DiscordSimulator) -> None:
    found = await findings(make_driver(sim, clock=LateClock()))

    assert not found["Clock"].ok
    assert "seconds off" in found["Clock"].finding


async def test_bot_without_a_server_is_given_its_invite_link(driver: DiscordDriver) -> None:
    driver.sim.kick_bot(driver.guild)
    found = await findings(driver)

    assert f"client_id={driver.sim.application.id}" in found["Servers"].remedy
    assert f"permissions={int(GRANTED)}" in found["Servers"].remedy


@pytest.mark.parametrize("status", [401, 503])
async def test_discord_that_does_not_answer_or_refuses_is_a_finding(driver: DiscordDriver, status: int) -> None:
    driver.sim.fail_next("GET", "^/users/@me$", status=status)
    [check] = (await findings(driver)).values()

    assert not check.ok
    assert check.remedy
