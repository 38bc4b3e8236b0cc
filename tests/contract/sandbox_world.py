"""The sandbox for the contract suite."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.adapters.sandbox.platform import SandboxPlatform
from bot.adapters.sandbox.world import ROOMS, World
from bot.clock import StandingClock
from bot.domain.message import Author, Message, MessageRef
from bot.domain.words import Link


class SandboxDriver:
    """Hands and eyes in the sandbox."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def post(self, text: str, author: str = "ana") -> Message:
        return self._world.say(Author(id=author, name=author.title()), "community", text)

    async def visible(self, ref: MessageRef) -> bool:
        return self._world.visible(ref) is not None

    async def private_texts(self, author: str) -> list[str]:
        return [note.words.text for note in self._world.notes if note.to == author]

    async def room_texts(self, room_name: str) -> list[str]:
        return [p.text for p in self._world.posts.values() if ROOMS[p.ref.room.room] == room_name and not p.hidden]

    async def private_links(self, author: str) -> list[Link]:
        return [link for note in self._world.notes if note.to == author for link in note.words.links]

    async def room_links(self, room_name: str) -> list[Link]:
        posts = [post for post in self._world.posts.values() if ROOMS[post.ref.room.room] == room_name and post.words]
        return [link for post in posts if post.words for link in post.words.links]

    async def close_dms(self, author: str) -> None:
        self._world.close_dms(author)

    async def forbid_hiding(self) -> None:
        self._world.hiding_allowed = False

    async def fail_next(self, times: int) -> None:
        self._world.failures = times


@asynccontextmanager
async def sandbox_world() -> AsyncIterator[tuple[SandboxPlatform, SandboxDriver]]:
    world = World(now=StandingClock().now)
    yield SandboxPlatform(world), SandboxDriver(world)
