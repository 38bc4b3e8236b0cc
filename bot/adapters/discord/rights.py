"""The one list of what the bot may do on Discord: asked for by the invite link, used by the code, checked by ``doctor``."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

import discord


@dataclass(frozen=True, slots=True, kw_only=True)
class Right:
    """A permission by the name that Discord shows, its bit, and why the bot wants it. ``optional``: not in the invite link."""

    name: str
    bit: int
    purpose: str
    optional: bool = False


VIEW = Right(
    name="View Channel", bit=discord.Permissions(view_channel=True).value, purpose="sees the channel's messages"
)
HISTORY = Right(
    name="Read Message History",
    bit=discord.Permissions(read_message_history=True).value,
    purpose="reads what was said while it was away, and replies",
)
SEND = Right(name="Send Messages", bit=discord.Permissions(send_messages=True).value, purpose="answers and calls staff")
SEND_IN_THREADS = Right(
    name="Send Messages in Threads",
    bit=discord.Permissions(send_messages_in_threads=True).value,
    purpose="answers in threads and forum posts",
)
MANAGE_MESSAGES = Right(
    name="Manage Messages", bit=discord.Permissions(manage_messages=True).value, purpose="hides messages"
)
MANAGE_WEBHOOKS = Right(
    name="Manage Webhooks",
    bit=discord.Permissions(manage_webhooks=True).value,
    purpose="restores messages under their author's name",
)
MANAGE_THREADS = Right(
    name="Manage Threads",
    bit=discord.Permissions(manage_threads=True).value,
    purpose="sees private threads, covers hidden titles and hides in archived threads",
)
MODERATE_MEMBERS = Right(
    name="Time out members",
    bit=discord.Permissions(moderate_members=True).value,
    purpose="times members out where the policy asks for it",
)
MANAGE_CHANNELS = Right(
    name="Manage Channels",
    bit=discord.Permissions(manage_channels=True).value,
    purpose="slows a channel down where the policy asks for it",
    optional=True,
)
MENTION_EVERYONE = Right(
    name="Mention Everyone",
    bit=discord.Permissions(mention_everyone=True).value,
    purpose="calls the team room with @here when somebody is in danger",
    optional=True,
)
MANAGE_SERVER = Right(
    name="Manage Server",
    bit=discord.Permissions(manage_guild=True).value,
    purpose="puts words into the server's own AutoMod with 'chaperone policy push discord'",
    optional=True,
)
RIGHTS = (
    VIEW,
    HISTORY,
    SEND,
    SEND_IN_THREADS,
    MANAGE_MESSAGES,
    MANAGE_WEBHOOKS,
    MANAGE_THREADS,
    MODERATE_MEMBERS,
    MANAGE_CHANNELS,
    MENTION_EVERYONE,
    MANAGE_SERVER,
)


class Task(Enum):
    """What the bot does in a channel, with the rights it takes."""

    READ = (VIEW, HISTORY)
    SAY = (VIEW, SEND, HISTORY)
    SAY_IN_THREAD = (VIEW, SEND_IN_THREADS, HISTORY)
    HIDE = (VIEW, MANAGE_MESSAGES)
    COVER_TITLE = (VIEW, MANAGE_THREADS)
    RESTORE = (VIEW, MANAGE_WEBHOOKS)
    SLOW_DOWN = (VIEW, MANAGE_CHANNELS)
    TIME_OUT = (MODERATE_MEMBERS,)
    SET_AUTOMOD = (MANAGE_SERVER,)
    DIRECT = ()


def lacking(granted: discord.Permissions, rights: tuple[Right, ...]) -> tuple[Right, ...]:
    """Those of ``rights`` that are not granted."""
    if granted.administrator:
        return ()
    return tuple(right for right in rights if not granted.value & right.bit)


def names(rights: tuple[Right, ...]) -> str:
    """The rights as a person reads them."""
    return ", ".join(right.name for right in rights)


def permissions() -> discord.Permissions:
    """What the invite link asks for."""
    bits = 0
    for right in RIGHTS:
        bits |= 0 if right.optional else right.bit
    return discord.Permissions(bits)


def intents() -> discord.Intents:
    """The gateway intents that the bot needs; MESSAGE_CONTENT is privileged and switched on in the developer portal."""
    return discord.Intents(guilds=True, guild_messages=True, message_content=True)


def invite_link(application: int) -> str:
    """The address that adds the bot to a server with exactly these permissions."""
    return discord.utils.oauth_url(application, permissions=permissions(), scopes=("bot", "applications.commands"))


def manifest(application: int) -> dict[str, object]:
    """Everything that has to be set up for the application, for ``chaperone manifest discord``."""
    return {
        "invite": invite_link(application),
        "permissions": permissions().value,
        "permission_names": [right.name for right in RIGHTS if not right.optional],
        "optional_permission_names": [right.name for right in RIGHTS if right.optional],
        "intents": intents().value,
        "privileged_intents": ["Message Content Intent"],
        "scopes": ["bot", "applications.commands"],
    }
