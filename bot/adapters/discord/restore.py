"""Bringing a hidden message back: under its author's name and picture, in the place where it stood."""

from __future__ import annotations

import asyncio

import discord

from bot.adapters.discord.calls import Calls
from bot.adapters.discord.errors import UNKNOWN_WEBHOOK
from bot.adapters.discord.marks import reference
from bot.adapters.discord.places import channel_id, is_forum_starter, is_title
from bot.adapters.discord.rights import Task
from bot.adapters.discord.speak import LOOKED_BACK, NOBODY, Speaker
from bot.adapters.discord.titles import Titles
from bot.adapters.discord.view import CONTENT, parts
from bot.adapters.discord.webhooks import Webhooks, masked
from bot.domain.message import Message, MessageRef
from bot.domain.outcome import How, Outcome
from bot.domain.words import Words

#: discord.py repeats a webhook call whose answer was lost after a second at the earliest, and webhooks know no nonce.
_MAY_BE_REPEATED = 0.9
_LONGEST_ATTRIBUTION = 200
_ROOM_FOR_MARK = 30


class Restorer:
    """Posts through webhooks."""

    def __init__(self, calls: Calls, speaker: Speaker, webhooks: Webhooks, titles: Titles) -> None:
        self._calls = calls
        self._titles = titles
        self._speaker = speaker
        self._webhooks = webhooks

    async def restore(self, message: Message, text: str, words: Words, *, again: bool) -> Outcome:
        """See the port. A title is given back to its thread."""
        if is_title(message.ref):
            await self._titles.give(message.ref, text)
            return Outcome(how=How.RESTORED)
        pieces = _pieces(message, text, words)
        done = await self._standing(message) if again else {}
        posted = 0
        for mark, piece in pieces.items():
            posted = done.get(mark) or await self._post(message, piece, mark)
        if is_forum_starter(message.ref) and message.carried and text == message.typed.source:
            await self._titles.give(message.ref, message.carried[0])
        ref = MessageRef(room=message.ref.room, message=str(posted), thread=message.ref.thread)
        return Outcome(how=How.RESTORED, posted=ref)

    async def _post(self, message: Message, piece: str, mark: str) -> int:
        began = asyncio.get_running_loop().time()
        room = int(message.ref.room.room)
        async with self._calls.to(room, Task.RESTORE):
            try:
                posted = await self._send(await self._webhooks.of(room), message, piece)
            except discord.NotFound as error:
                if error.code != UNKNOWN_WEBHOOK:
                    raise
                self._webhooks.forget(room)
                posted = await self._send(await self._webhooks.of(room), message, piece)
        if asyncio.get_running_loop().time() - began > _MAY_BE_REPEATED:
            await self._drop_doubles(message, mark, posted)
        return posted.id

    @staticmethod
    async def _send(hook: discord.Webhook, message: Message, piece: str) -> discord.WebhookMessage:
        author = message.author
        name, picture = masked(author.name), author.picture
        if message.ref.thread is None:
            return await hook.send(piece, username=name, avatar_url=picture, allowed_mentions=NOBODY, wait=True)
        thread = discord.Object(int(message.ref.thread))
        return await hook.send(
            piece, username=name, avatar_url=picture, allowed_mentions=NOBODY, wait=True, thread=thread
        )

    async def _standing(self, message: Message) -> dict[str, int]:
        """What webhooks posted lately where the message stood, by the mark that each would have."""
        place = channel_id(message.ref)
        channel = self._speaker.channel(place, message.ref.room.workspace)
        async with self._calls.to(place, Task.READ):
            latest = [found async for found in channel.history(limit=LOOKED_BACK)]
        return {_mark(found): found.id for found in latest if found.webhook_id is not None}

    async def _drop_doubles(self, message: Message, mark: str, kept: discord.WebhookMessage) -> None:
        """Remove what a repeated call posted a second time."""
        place = channel_id(message.ref)
        channel = self._speaker.channel(place, message.ref.room.workspace)
        async with self._calls.to(place, Task.HIDE):
            async for found in channel.history(limit=LOOKED_BACK):
                if found.webhook_id == kept.webhook_id and found.id != kept.id and _mark(found) == mark:
                    await found.delete()


def _mark(message: discord.Message) -> str:
    return message.content[-len(reference("")) :]


def _pieces(message: Message, text: str, words: Words) -> dict[str, str]:
    """The text in pieces by their marks; each ends with a small line: who restored it, and the mark."""
    body = text if text.strip() else "\n".join(message.carried)
    attribution = " ".join(words.text.split())[:_LONGEST_ATTRIBUTION]
    cut = parts(body, CONTENT - _LONGEST_ATTRIBUTION - _ROOM_FOR_MARK) or [""]
    pieces: dict[str, str] = {}
    for number, piece in enumerate(cut, start=1):
        mark = reference(f"{words.key}#{number}")
        said = attribution if number == len(cut) else f"{number}/{len(cut)}"
        small = f"{said} · {mark}" if said else mark
        pieces[mark] = f"{piece}\n-# {small}".lstrip("\n")
    return pieces
