"""What ``doctor`` says of Slack, and the manifest that it measures against."""

from __future__ import annotations

from pydantic import SecretStr

from bot.adapters.slack.doctor import Doctor
from bot.adapters.slack.manifest import BOT_SCOPES, EVENTS, USER_SCOPES, manifest
from bot.clock import SystemClock
from bot.domain.message import PlatformName, RoomKind
from bot.domain.policy import Condition, Policy, RoomRule
from bot.domain.words import Button, ButtonKind, Words
from bot.service.ports import Check
from tests.contract.slack_world import ROOM, TEAM_ROOM, SlackDriver, connected, make_driver, settings_for, slack_world
from tests.factories import make_policy, make_rule
from tests.simulators.slack import SlackSimulator
from tests.simulators.slack.api import METHODS


async def found(driver: SlackDriver, subject: str) -> Check:
    [check] = [check for check in await driver.adapter.platform.check() if check.subject == subject]
    return check


async def with_policy(driver: SlackDriver, policy: Policy) -> dict[str, Check]:
    """What is found of the rooms that the policy names, by subject."""
    doctor = Doctor.of(settings_for(driver.sim), SystemClock())
    checks = {check.subject: check for check in await doctor.check(policy)}
    return {subject: check for subject, check in checks.items() if subject.startswith(("Slack team", "Slack room "))}


async def test_with_everything_granted_all_is_well(slack: SlackDriver) -> None:
    slack.clock.move(slack.sim.world.clock() - slack.clock.now())
    checks = await slack.adapter.platform.check()

    assert [check for check in checks if not check.ok] == []
    assert {check.subject for check in checks} > {
        "Slack #patients",
        "Slack #moderators",
        "Slack hiding",
        "Slack scopes",
    }


async def test_a_clock_that_is_wrong_is_told(slack: SlackDriver) -> None:
    assert not (await found(slack, "Slack clock")).ok


async def test_a_missing_scope_is_named_with_what_it_is_for() -> None:
    async with SlackSimulator() as sim:
        driver = make_driver(sim, settings_for(sim, scopes=set(BOT_SCOPES) - {"im:write"}))
        check = await found(driver, "Slack scopes")

    assert check.finding == "missing: im:write (write private notes)"
    assert "add im:write" in check.remedy


async def test_each_way_to_hide_is_told() -> None:
    async with slack_world() as (_, driver):
        assert (await found(driver, "Slack hiding")).finding == "with an admin's token"
        driver.sim.world.users[next(u.id for u in driver.sim.world.users.values() if u.name == "boss")].is_admin = False
        assert "not an admin's" in (await found(driver, "Slack hiding")).finding
    async with slack_world(admin=False, grid=True) as (_, driver):
        assert (await found(driver, "Slack hiding")).finding == "with Enterprise Grid's tombstones"
    async with slack_world(admin=False) as (_, driver):
        check = await found(driver, "Slack hiding")
        assert not check.ok
        assert check.finding.startswith("assisted")


async def test_rooms_that_can_not_be_read_or_are_missing_are_told() -> None:
    async with SlackSimulator() as sim:
        driver = make_driver(sim, settings_for(sim))  # not connected: catching up would meet the failure first
        sim.fail_next("conversations.history", error="missing_scope")
        checks = [check for check in await driver.adapter.platform.check() if check.subject.startswith("Slack #")]
        assert [check.ok for check in checks] == [False, True]

        for channel in driver.channels.values():
            sim.leave(sim.world.bot, channel)
        assert (await found(driver, "Slack rooms")).remedy.endswith("/invite @Chaperone")


async def test_the_team_room_must_be_one_that_the_bot_is_in(slack: SlackDriver) -> None:
    for named in (TEAM_ROOM, f"#{TEAM_ROOM}", slack.channels[TEAM_ROOM].id):
        [check] = (await with_policy(slack, make_policy(team_room=named))).values()
        assert (check.ok, check.finding) == (True, f"#{TEAM_ROOM}")

    slack.sim.leave(slack.sim.world.bot, slack.channels[TEAM_ROOM])
    [check] = (await with_policy(slack, make_policy(team_room=TEAM_ROOM))).values()
    assert (check.subject, check.ok) == ("Slack team room", False)
    assert TEAM_ROOM in check.finding
    assert "/invite" in check.remedy


async def test_rooms_that_the_policy_names_by_id_must_be_ones_that_the_bot_is_in(slack: SlackDriver) -> None:
    gone, elsewhere, asked_for = "C0GONE00001", "C0ELSEWHERE", "C0ASKED0001"
    rooms = (
        RoomRule(match=slack.channels[ROOM].id, kind=RoomKind.COMMUNITY),
        RoomRule(match=gone, kind=RoomKind.COMMUNITY),
        RoomRule(match=elsewhere, kind=RoomKind.COMMUNITY, platform=PlatformName.DISCORD),
        RoomRule(match="123456789012345678", kind=RoomKind.COMMUNITY),
        RoomRule(match="C0*", kind=RoomKind.COMMUNITY),
    )
    rule = make_rule(when=Condition(rooms=frozenset({asked_for, "lounge"})))
    found = await with_policy(slack, make_policy([rule], rooms=rooms))

    assert {subject for subject, check in found.items() if not check.ok} == {
        f"Slack room {gone}",
        f"Slack room {asked_for}",
    }
    assert all(check.ok or check.remedy for check in found.values())


async def test_a_token_that_slack_does_not_take_is_one_finding() -> None:
    async with SlackSimulator() as sim:
        settings = settings_for(sim).model_copy(update={"slack_bot_token": SecretStr("xoxb-wrong")})
        [check] = await Doctor.of(settings, SystemClock()).check(make_policy())

    assert not check.ok
    assert "SLACK_BOT_TOKEN is wrong" in check.remedy


async def test_a_call_that_fails_does_not_hide_the_other_findings() -> None:
    async with SlackSimulator() as sim:
        driver = make_driver(sim, settings_for(sim))
        sim.fail_next("users.conversations", error="missing_scope")
        sim.fail_next("users.info", status=503)
        checks = {check.subject: check.ok for check in await driver.adapter.platform.check()}

    assert checks == {
        "Slack clock": False,  # the test's clock stands still
        "Slack scopes": True,
        "Slack events": True,
        "Slack hiding": False,
        "Slack rooms": False,
    }


async def test_without_socket_mode_events_are_told_to_be_missing() -> None:
    async with SlackSimulator() as sim:
        driver = make_driver(sim, settings_for(sim))
        sim.world.settings.socket_mode_enabled = False
        assert not (await found(driver, "Slack events")).ok
    async with SlackSimulator() as sim:
        driver = make_driver(sim, settings_for(sim, sockets=False))
        assert (await found(driver, "Slack events")).finding == "over HTTP"


async def test_the_limit_on_history_is_told(slack: SlackDriver) -> None:
    for n in range(20):
        await slack.post(str(n))
    slack.sim.limits.outside_marketplace = True

    assert "only 15 messages a minute" in (await found(slack, "Slack #patients")).finding


async def test_the_manifest_grants_what_is_called_and_nothing_more() -> None:
    """Everything the adapter can do, once; the simulator refuses any call without its scope."""
    async with SlackSimulator() as sim:
        driver = make_driver(sim, settings_for(sim, grid=True))
        async with connected(driver):
            platform = driver.adapter.platform
            stranger_file = sim.world.add_file(driver.users["ana"], "x.txt", b"x", file_access="check_file_info")
            posted = sim.post(driver.users["ana"], driver.channels["patients"], "hello", files=[stranger_file])
            message = await driver.delivered(posted)
            words = Words(key="k", text="hi", buttons=(Button(kind=ButtonKind.OPEN, case="c1", label="Open"),))
            for again in (False, True):
                await platform.tell(message.author.id, message.ref.room, words, in_room=again, again=again)
                await platform.tell(message.author.id, message.ref.room, words, in_room=False, again=again)
                await platform.answer(message.ref, words, again=again)
            await platform.post("moderators", message.ref, words, again=True)
            team = next(iter(driver.channels["moderators"].messages.values()))
            await sim.click(driver.users["ben"], team, "chaperone:open:c1")
            await sim.wait_until(lambda: bool(sim.calls_of("views.update")))
            await platform.restore(message, "hello", words, again=True)
            await platform.hide(message.ref, reason="Case 1", again=False)
            assert [m async for m in platform.missed((await platform.rooms())[0], message.ref.message)] == []
            await platform.check()

        used = {call.method for call in sim.calls if call.error is None}
        refused = [
            call for call in sim.calls if call.error in ("missing_scope", "unknown_method", "not_allowed_token_type")
        ]
    assert refused == []
    asked_for = {scope for method in used for scope in METHODS[method].scopes}
    beside_calls = {"commands", "chat:write.customize"}
    assert set(BOT_SCOPES) - beside_calls <= asked_for
    assert set(manifest()["oauth_config"]["scopes"]["bot"]) == set(BOT_SCOPES)
    assert set(manifest()["oauth_config"]["scopes"]["user"]) == set(USER_SCOPES)


def test_the_manifest_fits_the_way_events_come() -> None:
    sockets, http = manifest()["settings"], manifest("https://bot.example/")["settings"]

    assert sockets["event_subscriptions"] == {"bot_events": list(EVENTS)}
    assert sockets["socket_mode_enabled"]
    assert http["event_subscriptions"]["request_url"] == "https://bot.example/slack/events"
    assert http["interactivity"]["request_url"] == "https://bot.example/slack/events"
    assert not http["socket_mode_enabled"]
