"""Handing a policy's certain words over to Discord's native AutoMod."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from bot.adapters.discord.automod import AutoMod, Server, automod
from bot.domain.errors import PolicyError, SettingsError
from bot.domain.message import Room
from bot.domain.policy import Policy, room_fits
from bot.policy_file.automod_import import native_rules
from bot.policy_file.automod_push import Guild, Push, to_automod
from bot.settings import Settings, missing


@dataclass(frozen=True, slots=True, kw_only=True)
class Pushed:
    """What was sent to a server, or would be."""

    server: str
    push: Push

    def plan(self) -> dict[str, object]:
        """The same for a machine."""
        push = self.push
        replace = [{"id": id_, "rule": rule} for id_, rule in push.replace]
        return {"create": list(push.create), "replace": replace, "delete": list(push.delete)}


async def push_automod(settings: Settings, policy: Policy, server: str | None, *, show: bool) -> Pushed:
    """Bring a server's AutoMod to what the policy says; with ``show``, only say how.

    ``server`` is an id or name, needed where the bot is in several. Raises SettingsError, PolicyError and PlatformError.
    """
    if settings.discord_token is None:
        raise missing("discord_token")
    async with automod(settings) as native:
        chosen = _chosen(await native.servers(), server)
        push = to_automod(policy, await _guild(native, chosen, policy))
        if not show:
            await _send(native, chosen, push)
    return Pushed(server=chosen.name, push=push)


def _chosen(servers: Sequence[Server], wanted: str | None) -> Server:
    found = [one for one in servers if wanted is None or wanted in (one.id, one.name)]
    if len(found) == 1:
        return found[0]
    names = ", ".join(f"{one.name} ({one.id})" for one in servers)
    if not servers:
        raise SettingsError("The bot is in no server. Invite it first: chaperone manifest discord.")
    if not found:
        raise SettingsError(f"The bot is in no server {wanted}. It is in: {names}.")
    raise SettingsError(f"The bot is in several servers. Choose one with --server: {names}.")


async def _guild(native: AutoMod, server: Server, policy: Policy) -> Guild:
    rooms = await native.rooms(server)
    alerts = next((room.ref.room for room in rooms if room_fits(policy.team_room, room.ref, room.name)), None)
    if alerts is None:
        raise PolicyError(
            f"{server.name} has no channel {policy.team_room}, the policy's team_room, to tell of blocks."
        )
    return Guild(
        bot=native.bot,
        alerts=alerts,
        roles=await native.roles(server),
        unwatched=tuple(room.ref.room for room in rooms if not _is_watched(room, policy)),
        rules=native_rules(json.dumps(await native.rules(server))),
    )


def _is_watched(room: Room, policy: Policy) -> bool:
    return any(rule.covers(room.ref, room.name) for rule in policy.rooms)


async def _send(native: AutoMod, server: Server, push: Push) -> None:
    """Replace first, make room, then create: so that words that stay are never let through in between."""
    for rule, changed in push.replace:
        await native.replace(server, rule, changed)
    for rule in push.delete:
        await native.delete(server, rule)
    for created in push.create:
        await native.create(server, created)
