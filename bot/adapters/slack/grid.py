"""Hiding and bringing back on Enterprise Grid (discovery.chat.tombstone, discovery.chat.restore).

The Discovery API's reference is not public; arguments as in Slack's own python-slack-discovery-sdk.
"""

from __future__ import annotations

from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.domain.message import MessageRef


class Grid:
    """The two calls that slack-sdk has no method for."""

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client

    async def tombstone(self, *, ref: MessageRef, notice: str) -> AsyncSlackResponse:
        """Put a notice, which everybody reads, in the message's place."""
        return await self._client.api_call("discovery.chat.tombstone", data={**_place(ref), "content": notice})

    async def restore(self, *, ref: MessageRef) -> AsyncSlackResponse:
        """Take the notice away again."""
        return await self._client.api_call("discovery.chat.restore", data=_place(ref))


def _place(ref: MessageRef) -> dict[str, str]:
    return {"channel": ref.room.room, "ts": ref.message, "team": ref.room.workspace}
