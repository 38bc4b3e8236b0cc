"""The rooms that a policy names, looked for over REST: whether the bot sees them, and whether its calls for help ring there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set

import discord

from bot.adapters.discord.places import RoomChannel
from bot.adapters.discord.rights import MENTION_EVERYONE, lacking
from bot.adapters.discord.team import TeamRoom
from bot.adapters.named_rooms import named_rooms
from bot.domain.message import PlatformName
from bot.domain.on_call import WHOLE_ROOM
from bot.domain.policy import Policy
from bot.service.ports import Check

#: A channel's id. Source: reference, "Snowflakes".
_ID = re.compile(r"\d{17,20}")


async def team_room(guild: discord.Guild, rooms: Sequence[RoomChannel], me: discord.Member, policy: Policy) -> Check:
    """Whether the bot sees the policy's team room in this server, and whom it calls there hears it. ``rooms``: those that it sees."""
    subject = f"{guild.name}: team room"
    found = await _found(guild, rooms, policy.team_room)
    home = found if isinstance(found, RoomChannel) else _parent(found, rooms)
    if found is None or home is None:
        finding = f"the bot sees no room {policy.team_room}, the policy's team_room"
        remedy = "Grant the bot's role View Channel there, or name another one as team_room in the policy."
        return Check(subject=subject, ok=False, finding=finding, remedy=remedy)
    granted = home.permissions_for(me)
    unheard = _needs_right_to_call(guild, policy) if lacking(granted, (MENTION_EVERYONE,)) else []
    if unheard:
        finding = (
            f"#{found.name}: {MENTION_EVERYONE.name} is missing, so that {', '.join(unheard)} would ring for nobody"
        )
        remedy = f"Grant the bot's role {MENTION_EVERYONE.name} in #{home.name}; or name people, or roles that anyone may mention, "
        return Check(subject=subject, ok=False, finding=finding, remedy=f"{remedy}in the policy's on_call.")
    return Check(subject=subject, ok=True, finding=f"#{found.name}")


def in_no_server(policy: Policy, seen: Set[str]) -> Iterator[Check]:
    """The rooms that the policy names by id and the bot sees in none of its servers; ``seen`` are the ids that it sees."""
    for room in sorted(named_rooms(policy, PlatformName.DISCORD) - seen):
        if _ID.fullmatch(room):
            finding = "the policy names it, but the bot sees no such room"
            remedy = "Grant the bot's role View Channel there, or take the id out of the policy."
            yield Check(subject=f"Discord room {room}", ok=False, finding=finding, remedy=remedy)


async def _found(guild: discord.Guild, rooms: Sequence[RoomChannel], room: str) -> TeamRoom | None:
    """The room with this id or name, in which the bot could post; threads are looked through last."""
    wanted = room.strip().removeprefix("#").casefold()
    for one in rooms:
        if isinstance(one, TeamRoom) and wanted in (str(one.id), one.name.casefold()):
            return one
    threads = await guild.active_threads()
    return next((one for one in threads if wanted in (str(one.id), one.name.casefold())), None)


def _parent(thread: TeamRoom | None, rooms: Sequence[RoomChannel]) -> RoomChannel | None:
    """The room in which a thread stands; its permissions are the thread's."""
    return next((room for room in rooms if isinstance(thread, discord.Thread) and room.id == thread.parent_id), None)


def _needs_right_to_call(guild: discord.Guild, policy: Policy) -> list[str]:
    """Whom the policy's on-call chain calls in the team room that only a bot with Mention Everyone can call.

    A later step that has a webhook and names nobody calls nobody in the room.
    """
    first, *later = policy.on_call or WHOLE_ROOM
    calls = [first.mention, *(step.mention for step in later if step.mention or not step.webhook)]
    named = {name for call in calls for name in call}
    roles = [f"@{role.name}" for role in guild.roles if {str(role.id), role.name} & named and not role.mentionable]
    return [*(["@here"] if () in calls else []), *roles]
