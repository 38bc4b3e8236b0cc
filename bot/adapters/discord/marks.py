"""Marks by which the bot finds again what it posted, so that a second try posts nothing twice.

Three marks follow from the key of an action. The *nonce* (25 characters at most) goes with every message that the bot creates; Discord
itself answers a repetition within a few minutes with the first message (``enforce_nonce``), but does not show the nonce in a channel's
history. For later than that: a message with buttons carries the key as the number of its first *component* (32 bits, "Anatomy of a
Component"), seen by nobody; a message without any ends with a small line such as ``-# ref 1a2b3c4d``, which everybody may read.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

import discord

#: Component numbers below this are those that Discord gives by itself.
_FIRST_ID = 1000


def nonce(key: str) -> str:
    """The nonce of the message with this key."""
    return hashlib.sha256(key.encode()).hexdigest()[:24]


def component_id(key: str) -> int:
    """The number of the first component of the message with this key."""
    return _FIRST_ID + int(nonce(key), 16) % (2**31 - 1 - _FIRST_ID)


def reference(key: str) -> str:
    """What the last line of a message without components ends with."""
    return f"ref {nonce(key)[:8]}"


def footnote(key: str) -> str:
    """The last line of a message without components, in Discord's small print."""
    return f"-# {reference(key)}"


def carries(message: discord.Message, key: str) -> bool:
    """Whether the message has the mark of ``key``."""
    wanted = component_id(key)
    return message.content.endswith(reference(key)) or any(button.id == wanted for button in buttons(message))


def buttons(message: discord.Message) -> Iterator[discord.Button]:
    """The buttons under a message."""
    for row in message.components:
        if isinstance(row, discord.ActionRow):
            yield from (child for child in row.children if isinstance(child, discord.Button))
