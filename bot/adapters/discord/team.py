"""The team's room, and calling the people in it."""

from __future__ import annotations

import discord

from bot.domain.errors import GoneError
from bot.domain.words import Words

TeamRoom = discord.TextChannel | discord.VoiceChannel | discord.StageChannel | discord.Thread


def find_room(client: discord.Client, workspace: str, room: str) -> TeamRoom:
    """A room of a server by id or name. Raises GoneError where the bot sees none."""
    guild = client.get_guild(int(workspace))
    wanted = room.strip().removeprefix("#").casefold()
    for channel in [*guild.channels, *guild.threads] if guild is not None else []:
        if isinstance(channel, TeamRoom) and wanted in (str(channel.id), channel.name.casefold()):
            return channel
    raise GoneError(f"The bot sees no room {room} in this server: name one that it can see as team_room in the policy.")


async def called(guild: discord.Guild, words: Words) -> tuple[str, discord.AllowedMentions]:
    """The mentions that call people, and what allows just these: the roles or members on call. None unless urgent.

    Where nobody is named, or none of those named is found, it is @here: a page must never call nobody.
    """
    if not words.urgent:
        return "", discord.AllowedMentions.none()
    roles = [role for role in guild.roles if {str(role.id), role.name} & set(words.call)]
    known = {name for role in roles for name in (str(role.id), role.name)}
    ids = [int(name) for name in words.call if name not in known and name.isdigit()]
    users = [discord.Object(id_) for id_ in ids if await _is_here(guild, id_)]
    mentions = [*(role.mention for role in roles), *(f"<@{user.id}>" for user in users)]
    if not mentions:
        return "@here", discord.AllowedMentions(everyone=True, roles=False, users=False)
    return " ".join(mentions), discord.AllowedMentions(everyone=False, roles=roles, users=users)


async def _is_here(guild: discord.Guild, member: int) -> bool:
    """Whether somebody is in the server; somebody about whom Discord can't say so now is called all the same."""
    try:
        await guild.fetch_member(member)
    except discord.NotFound:
        return False
    except discord.HTTPException:
        return True
    return True
