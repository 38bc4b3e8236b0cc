"""An unmodified Bolt app connected to the simulator, for the simulator's own tests."""

import contextlib
import logging
from collections.abc import AsyncIterator
from typing import Protocol

from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from tests.simulators.slack.server import SlackSimulator


class _Handler(Protocol):
    async def connect_async(self) -> None: ...

    async def close_async(self) -> None: ...


def new_bolt_app(sim: SlackSimulator) -> AsyncApp:
    """A Bolt app with the simulator's token and secret that also hears the bot's own messages."""
    return AsyncApp(
        client=AsyncWebClient(token=sim.bot_token, base_url=sim.api_url),
        signing_secret=sim.world.app.signing_secret,
        ignoring_self_events_enabled=False,
        logger=logging.getLogger("bolt-under-test"),
    )


@contextlib.asynccontextmanager
async def connected_bolt_app(sim: SlackSimulator) -> AsyncIterator[AsyncApp]:
    """A Bolt app in Socket Mode, connected while the block runs."""
    app = new_bolt_app(sim)
    handler: _Handler = AsyncSocketModeHandler(app, sim.app_token, ping_interval=0.1)
    before = sim.sockets.connections
    await handler.connect_async()
    try:
        await sim.wait_until(lambda: sim.sockets.connections > before)
        yield app
    finally:
        await handler.close_async()
