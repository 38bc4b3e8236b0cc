"""What a platform's test world must offer so that one suite can look at any platform from outside."""

from __future__ import annotations

from typing import Protocol

from bot.domain.message import Message, MessageRef


class Driver(Protocol):
    """Members' hands and eyes in a platform's world."""

    async def post(self, text: str, author: str = "ana") -> Message:
        """A member writes; the message as the adapter understood it."""
        ...

    async def visible(self, ref: MessageRef) -> bool:
        """Whether the room still shows the message."""
        ...

    async def private_texts(self, author: str) -> list[str]:
        """Everything that the member alone was told."""
        ...

    async def room_texts(self, room_name: str) -> list[str]:
        """Everything that stands in a room."""
        ...

    async def close_dms(self, author: str) -> None:
        """The member takes no direct messages any more."""
        ...

    async def forbid_hiding(self) -> None:
        """The bot loses the permission to hide other people's messages."""
        ...

    async def fail_next(self, times: int) -> None:
        """The platform's next calls fail as a server in trouble does."""
        ...
