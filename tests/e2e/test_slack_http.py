"""Slack without Socket Mode: events and presses come over HTTP to the bot's own web server, signed."""

from __future__ import annotations

from pathlib import Path

from bot.domain.words import ButtonKind
from tests.e2e.messages import leak
from tests.e2e.on_slack import slack_scene
from tests.simulators.slack.http_transport import HttpTransport


async def test_events_and_presses_come_over_http_where_there_is_no_app_token(tmp_path: Path) -> None:
    async with slack_scene(tmp_path) as scene:
        del scene.bot.extra["SLACK_APP_TOKEN"]
        scene.bot.extra["SLACK_SIGNING_SECRET"] = scene.sim.world.app.signing_secret
        transport: HttpTransport = scene.sim.use_http(f"http://127.0.0.1:{scene.bot.port}/slack/events")
        await scene.bot.start()
        await scene.until(lambda: scene.bot.times_caught_up)

        assert await transport.verify_url("challenge")
        message = scene.say(scene.person(), leak())
        await scene.assert_done_once(message)
        case = await scene.case(message)
        assert leak() in await scene.press(scene.mo, ButtonKind.OPEN, case.id)

        transport.bad_signature = True
        forged = scene.say(scene.person(), leak())
        await scene.sim.settle(30)
        assert scene.visible(forged)
        assert await scene.bot.case_of(scene.ref(forged)) is None
        assert await scene.bot.stop() == 0
