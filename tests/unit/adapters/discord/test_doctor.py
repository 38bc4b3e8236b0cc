"""What the doctor finds, with the remedy."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from bot.adapters.discord.checkup import check_discord
from bot.clock import SystemClock
from bot.domain.message import PlatformName, RoomKind
from bot.domain.on_call import OnCallStep
from bot.domain.policy import Condition, Policy, RoomRule
from bot.service.ports import Check
from tests.contract.discord_world import GRANTED, ROOM, TEAM_ROOM, DiscordDriver, make_driver, settings_for
from tests.factories import make_policy, make_rule
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


async def with_policy(driver: DiscordDriver, policy: Policy) -> dict[str, Check]:
    """What ``chaperone doctor`` finds, by subject."""
    return {check.subject: check for check in await check_discord(settings_for(driver.sim), SystemClock(), policy)}


def called(*steps: OnCallStep) -> Policy:
    return make_policy(team_room=TEAM_ROOM, on_call=steps)


async def test_without_a_gateway_the_doctor_finds_the_same(driver: DiscordDriver) -> None:
    alone = await with_policy(driver, make_policy(team_room=TEAM_ROOM))

    assert set(alone) - set(await findings(driver)) == {"Patients: team room"}


async def test_the_team_room_must_be_one_that_the_bot_sees(driver: DiscordDriver) -> None:
    driver.sim.overwrite(driver.channels[TEAM_ROOM], driver.sim.bot, allow=Permission.MENTION_EVERYONE)
    for named in (TEAM_ROOM, f"#{TEAM_ROOM.title()}", str(driver.channels[TEAM_ROOM].id)):
        found = (await with_policy(driver, make_policy(team_room=named)))["Patients: team room"]
        assert (found.ok, found.finding) == (True, f"#{TEAM_ROOM}")

    driver.sim.overwrite(driver.channels[TEAM_ROOM], driver.sim.bot, deny=Permission.VIEW_CHANNEL)
    found = (await with_policy(driver, make_policy(team_room=TEAM_ROOM)))["Patients: team room"]
    assert (found.ok, found.finding) == (False, f"the bot sees no room {TEAM_ROOM}, the policy's team_room")
    assert "View Channel" in found.remedy


async def test_a_thread_can_be_the_team_room(driver: DiscordDriver) -> None:
    driver.sim.overwrite(driver.channels[TEAM_ROOM], driver.sim.bot, allow=Permission.MENTION_EVERYONE)
    thread = driver.sim.thread(driver.users["ana"], driver.channels[TEAM_ROOM], "night watch")
    found = (await with_policy(driver, make_policy(team_room=str(thread.id))))["Patients: team room"]

    assert (found.ok, found.finding) == (True, "#night watch")


async def test_a_call_that_would_ring_for_nobody_is_told(driver: DiscordDriver) -> None:
    driver.sim.add_role(driver.guild, "Night Watch")
    driver.sim.add_role(driver.guild, "Day Watch").mentionable = True
    unheard = {
        "@here": called(),
        "@Night Watch": called(OnCallStep(mention=("Night Watch", "Day Watch"))),
        "@here, @Night Watch": called(OnCallStep(webhook="duty"), OnCallStep(mention=("Night Watch",))),
    }
    for names, policy in unheard.items():
        found = (await with_policy(driver, policy))["Patients: team room"]
        assert (found.ok, f"so that {names} would ring for nobody" in found.finding) == (False, True), found
        assert "Mention Everyone in #moderators" in found.remedy

    heard = called(OnCallStep(mention=("Day Watch", str(driver.users["ben"].id))), OnCallStep(webhook="duty"))
    assert (await with_policy(driver, heard))["Patients: team room"].ok

    driver.sim.overwrite(driver.channels[TEAM_ROOM], driver.sim.bot, allow=Permission.MENTION_EVERYONE)
    for policy in unheard.values():
        assert (await with_policy(driver, policy))["Patients: team room"].ok


async def test_rooms_that_the_policy_names_by_id_must_be_seen_in_one_server(driver: DiscordDriver) -> None:
    unseen, seen = driver.sim.add_channel(driver.guild, "unseen"), driver.channels[ROOM]
    driver.sim.overwrite(unseen, driver.sim.bot, deny=Permission.VIEW_CHANNEL)
    driver.sim.overwrite(driver.channels[TEAM_ROOM], driver.sim.bot, allow=Permission.MENTION_EVERYONE)
    driver.sim.add_guild("Carers", bot_permissions=int(GRANTED))
    gone, elsewhere = "123456789012345678", "123456789012345679"
    rooms = (
        *(RoomRule(match=str(room.id), kind=RoomKind.COMMUNITY) for room in (seen, unseen)),
        RoomRule(match=elsewhere, kind=RoomKind.COMMUNITY, platform=PlatformName.SLACK),
        RoomRule(match="*", kind=RoomKind.COMMUNITY),
    )
    rule = make_rule(when=Condition(rooms=frozenset({gone, "lounge"})))
    found = await with_policy(driver, make_policy([rule], team_room=TEAM_ROOM, rooms=rooms))

    wrong = {subject for subject, check in found.items() if subject.startswith("Discord room")}
    assert wrong == {f"Discord room {gone}", f"Discord room {unseen.id}"}
    assert (found["Patients: team room"].ok, found["Carers: team room"].ok) == (True, False)


async def test_a_call_that_fails_does_not_hide_what_was_found_before(driver: DiscordDriver) -> None:
    driver.sim.fail_next("GET", "/channels$", status=503, times=20)
    found = await driver.adapter.platform.check()
    await driver.adapter.close()

    assert [check.ok for check in found if check.subject == "Message Content intent"] == [True]
    assert (found[-1].subject, found[-1].ok) == ("Discord", False)
