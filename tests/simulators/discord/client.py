"""Helpers that point the unmodified discord.py at a simulator and run a client in the test's event loop."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import yarl
from discord import (
    Client,
    Intents,
    Message,
    RawBulkMessageDeleteEvent,
    RawMessageDeleteEvent,
    RawMessageUpdateEvent,
    TextChannel,
)
from discord.gateway import DiscordWebSocket
from discord.http import Route

from .model import Channel
from .simulator import DiscordSimulator


@contextmanager
def pointed_at(sim: DiscordSimulator) -> Iterator[None]:
    """Let discord.py talk to the simulator; its own addresses come back afterwards."""
    base, gateway = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = sim.api_url, yarl.URL(sim.gateway_url)
    try:
        yield
    finally:
        Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = base, gateway


@asynccontextmanager
async def running(sim: DiscordSimulator, client: Client, *, token: str | None = None) -> AsyncIterator[Client]:
    """Run a client until the block ends. Raises what the client raised, or TimeoutError if it never gets ready."""
    async with client:
        task = asyncio.create_task(client.start(token or sim.token))
        ready = asyncio.create_task(client.wait_until_ready())
        try:
            await asyncio.wait({task, ready}, timeout=10, return_when=asyncio.FIRST_COMPLETED)
            if task.done():
                await task
            if not ready.done():
                raise TimeoutError("the client did not get ready")
            yield client
        finally:
            ready.cancel()
            await client.close()
            await asyncio.gather(task, ready, return_exceptions=True)


class Listener(Client):
    """A client that keeps the messages and raw events it gets."""

    def __init__(self, intents: Intents | None = None) -> None:
        super().__init__(intents=intents or everything(), guild_ready_timeout=0.05)
        self.posted: list[Message] = []
        self.texts: list[str] = []
        self.edited: list[RawMessageUpdateEvent] = []
        self.deleted: list[RawMessageDeleteEvent] = []
        self.bulk_deleted: list[RawBulkMessageDeleteEvent] = []

    async def on_message(self, message: Message) -> None:
        """Keep a new message, and its text as it was at first."""
        self.posted.append(message)
        self.texts.append(message.content)

    async def on_raw_message_edit(self, event: RawMessageUpdateEvent) -> None:
        """Keep an edit."""
        self.edited.append(event)

    async def on_raw_message_delete(self, event: RawMessageDeleteEvent) -> None:
        """Keep a deletion."""
        self.deleted.append(event)

    async def on_raw_bulk_message_delete(self, event: RawBulkMessageDeleteEvent) -> None:
        """Keep a bulk deletion."""
        self.bulk_deleted.append(event)


def everything() -> Intents:
    """All intents but presences."""
    intents = Intents.all()
    intents.presences = False
    return intents


def text_channel(client: Client, channel: Channel) -> TextChannel:
    """The client's idea of a simulated text channel."""
    found = client.get_channel(channel.id)
    assert isinstance(found, TextChannel)
    return found
