"""Coming, staying and going: tokens, breaks of the connection, what was missed meanwhile, HTTP instead of sockets."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator

import pytest
import uvicorn
from fastapi import FastAPI
from pydantic import SecretStr

from bot.adapters.slack.adapter import SlackAdapter
from bot.domain.errors import SettingsError
from bot.domain.words import Words
from tests.contract.slack_world import SlackDriver, connected, make_driver, settings_for, slack_world
from tests.simulators.slack import SlackSimulator, Timing
from tests.simulators.slack.sockets import DisconnectReason


async def test_after_a_break_it_connects_again_and_reads_what_it_missed(slack: SlackDriver) -> None:
    await slack.post("before")
    slack.sim.cut_sockets()
    slack.sim.post(slack.users["ana"], slack.channels["patients"], "meanwhile")

    await slack.sim.wait_until(lambda: [m.typed.plain for m in slack.intake.kept] == ["before", "meanwhile"])
    assert len(slack.sim.lost()) == 1
    assert (await slack.post("after")).typed.plain == "after"


@pytest.mark.parametrize("reason", ["warning", "refresh_requested"])
async def test_when_slack_asks_for_it_the_socket_is_exchanged(slack: SlackDriver, reason: DisconnectReason) -> None:
    await slack.sim.disconnect(reason)
    await slack.sim.wait_until(lambda: slack.sim.sockets.connections == 2)

    assert (await slack.post("after")).typed.plain == "after"


async def test_a_break_in_the_middle_of_catching_up_starts_it_over(slack: SlackDriver) -> None:
    await slack.post("before")
    slack.sim.fail_next("users.conversations", delay_s=0.5)
    await slack.sim.disconnect("refresh_requested")
    slack.sim.cut_sockets()
    slack.sim.post(slack.users["ana"], slack.channels["patients"], "meanwhile")

    await slack.sim.wait_until(lambda: [m.typed.plain for m in slack.intake.kept] == ["before", "meanwhile"])


async def test_catching_up_is_tried_until_slack_answers(slack: SlackDriver) -> None:
    await slack.post("before")
    slack.sim.fail_next("conversations.history", status=503, times=3)
    slack.sim.cut_sockets()
    slack.sim.post(slack.users["ana"], slack.channels["patients"], "meanwhile")

    await slack.sim.wait_until(lambda: [m.typed.plain for m in slack.intake.kept] == ["before", "meanwhile"])


async def test_when_socket_mode_is_switched_off_it_ends_with_a_clear_line() -> None:
    async with SlackSimulator() as sim:
        driver = make_driver(sim, settings_for(sim))
        running = asyncio.create_task(driver.adapter.run(asyncio.Event()))
        await sim.wait_until(lambda: sim.sockets.open_count > 0)
        await sim.disconnect("link_disabled")

        with pytest.raises(SettingsError, match="Socket Mode"):
            await asyncio.wait_for(running, 20)


async def test_a_token_that_is_revoked_while_it_runs_ends_it_with_a_clear_line() -> None:
    async with SlackSimulator() as sim:
        driver = make_driver(sim, settings_for(sim))
        running = asyncio.create_task(driver.adapter.run(asyncio.Event()))
        await sim.wait_until(lambda: sim.sockets.open_count > 0)
        sim.world.app_token.revoked = True
        sim.cut_sockets()

        with pytest.raises(SettingsError, match="SLACK_APP_TOKEN is wrong: Slack says token_revoked"):
            await asyncio.wait_for(running, 20)


@pytest.mark.parametrize("name", ["slack_bot_token", "slack_app_token"])
async def test_a_wrong_token_ends_the_start_with_a_line_that_names_it(name: str) -> None:
    async with SlackSimulator() as sim:
        settings = settings_for(sim).model_copy(update={name: SecretStr("xoxb-wrong")})

        with pytest.raises(SettingsError, match=f"{name.upper()} is wrong: Slack says invalid_auth"):
            await make_driver(sim, settings).adapter.run(asyncio.Event())


async def test_without_a_bot_token_there_is_no_adapter() -> None:
    async with SlackSimulator() as sim:
        settings = settings_for(sim).model_copy(update={"slack_bot_token": None})

        with pytest.raises(SettingsError, match="SLACK_BOT_TOKEN is missing"):
            make_driver(sim, settings)


async def test_it_waits_for_a_slack_that_is_down_at_the_start() -> None:
    async with SlackSimulator() as sim:
        driver = make_driver(sim, settings_for(sim))
        sim.fail_next("auth.test", status=503, times=2)
        async with connected(driver):
            assert (await driver.post("hello")).typed.plain == "hello"


async def test_told_to_stop_while_slack_is_down_it_waits_no_longer() -> None:
    async with SlackSimulator() as sim:
        stop = asyncio.Event()
        sim.fail_next("auth.test", status=503, times=100)
        running = asyncio.create_task(make_driver(sim, settings_for(sim)).adapter.run(stop))
        await sim.wait_until(lambda: len(sim.calls_of("auth.test")) >= 3)
        stop.set()

        async with asyncio.timeout(5):
            await running


@contextlib.asynccontextmanager
async def served(adapter: SlackAdapter) -> AsyncIterator[str]:
    """The adapter's HTTP handler in a web application of the kind the web process has; its address."""
    assert adapter.http_handler is not None
    app = FastAPI()
    app.mount("/slack", adapter.http_handler)
    server = uvicorn.Server(uvicorn.Config(app, lifespan="off", log_config=None))
    with socket.create_server(("127.0.0.1", 0)) as listening:
        serving = asyncio.create_task(server.serve(sockets=[listening]))
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/slack/events"
        server.should_exit = True
        await serving


async def test_over_http_events_come_signed_and_are_kept_before_they_are_answered() -> None:
    async with SlackSimulator() as sim:
        driver = make_driver(sim, settings_for(sim, sockets=False))
        async with served(driver.adapter) as url:
            transport = sim.use_http(url)
            assert await transport.verify_url("a challenge")
            driver.intake.refuse_next = 1
            message = await driver.post("hello")
            await sim.settle()
            assert sim.deliveries[0].outcomes == ["http_error", "acked"]

            transport.bad_signature = True
            sim.edit(driver.posted[message.ref.message], "forged")
            await sim.settle()
            assert [kept.typed.plain for kept in driver.intake.kept] == ["hello"]


async def test_what_could_not_be_kept_is_read_from_the_history_at_once() -> None:
    async with SlackSimulator(timing=Timing(retry_delays_s=())) as sim:  # it will not be sent again
        driver = make_driver(sim, settings_for(sim))
        async with connected(driver):
            await driver.post("hello")
            driver.intake.refuse_next = 1
            sim.post(driver.users["ana"], driver.channels["patients"], "said while the store was away")

            await sim.wait_until(lambda: len(driver.intake.kept) == 2)
            assert driver.intake.kept[-1].typed.plain == "said while the store was away"


async def test_over_http_it_catches_up_at_the_start_and_when_slack_held_events_back() -> None:
    async with SlackSimulator() as sim:
        driver = make_driver(sim, settings_for(sim, sockets=False))
        stop = asyncio.Event()
        async with served(driver.adapter) as url:
            transport = sim.use_http(url)
            running = asyncio.create_task(driver.adapter.run(stop))
            await sim.wait_until(lambda: len(sim.calls_of("users.conversations")) == 1)
            payload = {"type": "app_rate_limited", "team_id": sim.world.team.id, "minute_rate_limited": 1518467820}
            answer = await transport.send("events_api", payload, 0, "")
            assert answer.outcome == "acked"
            await sim.wait_until(lambda: len(sim.calls_of("users.conversations")) == 2)
        stop.set()
        await running


async def test_no_word_of_any_message_is_logged(
    slack: SlackDriver, words: Words, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(0)
    canary = "zebrafish-diagnosis"
    slack.intake.refuse_next = 1
    message = await slack.post(f"Joe has {canary}")
    slack.sim.fail_next("chat.postMessage", error="invalid_blocks")
    with contextlib.suppress(Exception):
        await slack.adapter.platform.restore(message, message.typed.source, words, again=False)
    slack.sim.send_event({"type": "unknown", "text": canary, "event_ts": "1.2"})
    await slack.sim.settle()

    captured = capfd.readouterr()
    ours = [record.getMessage() for record in caplog.records if not record.name.startswith(("asyncio", "aiohttp"))]
    assert canary not in captured.out + captured.err + "".join(ours)
    assert "event_failed" in captured.out


async def test_stopping_leaves_calls_under_way_in_peace() -> None:
    async with slack_world() as (platform, driver):
        message = await driver.post("hello")
        driver.sim.fail_next("chat.delete", delay_s=0.3)
        hiding = asyncio.create_task(platform.hide(message.ref, reason="Case 1", again=False))
        await asyncio.sleep(0.05)
    await hiding

    assert len(driver.sim.calls_of("chat.delete")) == 1
