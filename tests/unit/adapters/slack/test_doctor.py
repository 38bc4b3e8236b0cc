"""What ``doctor`` says of Slack, and the manifest that it measures against."""

from __future__ import annotations

from bot.adapters.slack.manifest import BOT_SCOPES, EVENTS, USER_SCOPES, manifest
from bot.domain.words import Button, ButtonKind, Words
from bot.service.ports import Check
from tests.contract.slack_world import SlackDriver, connected, make_driver, settings_for, slack_world
from tests.simulators.slack import SlackSimulator
from tests.simulators.slack.api import METHODS


async def found(driver: SlackDriver, subject: str) -> Check:
    [check] = [check for check in await driver.adapter.platform.check() if check.subject == subject]
    return check


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
