"""What Discord answers when it will not, in the words of the platform port. No answer's text goes on: it may quote a message."""

from __future__ import annotations

import aiohttp
import discord

from bot.domain.errors import (
    ChaperoneError,
    ForbiddenError,
    GoneError,
    PlatformError,
    TemporaryPlatformError,
    UnreachableError,
)

#: Everything that a call through discord.py raises when it fails.
CALL_ERRORS = (discord.HTTPException, discord.RateLimited, aiohttp.ClientError, OSError, TimeoutError)

# JSON error codes. Source: Discord's documentation, "Opcodes and Status Codes".
UNKNOWN_WEBHOOK = 10015
TOO_MANY_WEBHOOKS = frozenset({30007, 30058})
OPENING_DMS_TOO_FAST = 40003
NO_DMS = frozenset({50007, 50278})
SYSTEM_MESSAGE = 50021
INVALID_FORM = 50035
THREAD_ARCHIVED = 50083

#: Seconds to wait after 40003 and after a 429 that tells no time. Discord publishes no number for either.
_DM_PAUSE = 600.0
_BAN_PAUSE = 60.0


class ConnectionRefusedByDiscordError(ChaperoneError):
    """Discord does not let the bot in, and trying again can't help."""


#: What to do about each close code that no retry can cure. Source: "Gateway Close Event Codes".
REMEDIES = {
    4004: "Discord refuses DISCORD_TOKEN. Reset it in the developer portal (your application, Bot) and set the new one.",
    4010: "Discord refuses the shard (close code 4010). Update Chaperone.",
    4011: "Discord wants more shards (close code 4011). Restart Chaperone; it asks for the right number.",
    4012: "Discord no longer speaks this gateway version (close code 4012). Update Chaperone.",
    4013: "Discord does not know an intent (close code 4013). Update Chaperone.",
    4014: "Discord refuses the Message Content intent. Switch it on in the developer portal: your application, Bot, "
    "Privileged Gateway Intents.",
}


def refused(error: Exception) -> ConnectionRefusedByDiscordError | None:
    """The clear line for an error that ends the connection for good; None for any other."""
    if isinstance(error, discord.LoginFailure):
        return ConnectionRefusedByDiscordError(REMEDIES[4004])
    if isinstance(error, discord.PrivilegedIntentsRequired):
        return ConnectionRefusedByDiscordError(REMEDIES[4014])
    if isinstance(error, discord.ConnectionClosed) and error.code in REMEDIES:
        return ConnectionRefusedByDiscordError(REMEDIES[error.code])
    return None


def translated(error: Exception, missing: str) -> PlatformError:
    """One of CALL_ERRORS as the port's error; ``missing`` names the permissions that a refusal is likely about."""
    if isinstance(error, discord.RateLimited):
        return TemporaryPlatformError("Discord asks to wait.", retry_after=error.retry_after)
    if isinstance(error, discord.HTTPException):
        return _answered(error, missing)
    return TemporaryPlatformError("Discord can't be reached.")


def _answered(error: discord.HTTPException, missing: str) -> PlatformError:
    what = f"status {error.status}, code {error.code}"
    if error.status == 429:
        return TemporaryPlatformError(f"Discord asks to wait ({what}).", retry_after=_BAN_PAUSE)
    if error.status >= 500:
        return TemporaryPlatformError(f"Discord has trouble ({what}).")
    if error.status == 401:
        return TemporaryPlatformError(f"Discord does not take the bot's token any more ({what}).")
    if error.code == OPENING_DMS_TOO_FAST:
        return TemporaryPlatformError(f"Too many private conversations at once ({what}).", retry_after=_DM_PAUSE)
    if error.code in NO_DMS:
        return UnreachableError(f"The member takes no direct messages from the bot ({what}).")
    if error.status == 404 or (error.code == INVALID_FORM and "Unknown message" in error.text):
        return GoneError(f"It is no longer there ({what}).")
    if error.status == 403:
        return ForbiddenError(f"Discord refused ({what}). {missing}".strip())
    return PlatformError(f"Discord refused ({what}).")
