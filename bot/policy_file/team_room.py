"""The policy's team room, looked for on the platforms: a page into a room that is not there would reach nobody."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from bot.domain.message import PlatformName, RoomRef
from bot.service.ports import Clock

_log = structlog.get_logger(__name__)

#: A room that was not found, or could not be looked for, may come up: it is looked for again after so long.
AGAIN = timedelta(seconds=15)
REMEDY = "Invite the bot there, or name a room that it sees as team_room. 'chaperone doctor' shows whether it is found."
Workspace = tuple[PlatformName, str]
FormerRooms = Callable[[], Awaitable[Sequence[str]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """Which of the rooms that were looked for each workspace has; not ``whole`` where a workspace can't say now."""

    found: Mapping[Workspace, frozenset[str]]
    whole: bool = True

    def without(self, room: str) -> tuple[Workspace, ...]:
        """The workspaces that do not have this room."""
        return tuple(sorted(workspace for workspace, rooms in self.found.items() if room not in rooms))


class Team(Protocol):
    """The moderators, in their rooms on all platforms of this process."""

    async def tell(self, text: str, key: str) -> bool:
        """Say this, once for each ``key``. False where somebody is still to be told; may raise what a platform raises."""
        ...

    async def look_for(self, rooms: Sequence[str]) -> Sight:
        """Where rooms with these ids or names are. Never raises PlatformError."""
        ...


class TeamRoom:
    """Keeps an eye on the room of the policy in force. Where it is missing, one that served earlier stands in."""

    def __init__(self, team: Team, clock: Clock) -> None:
        self._team = team
        self._clock = clock
        self._room = ""
        self._due: datetime | None = None
        self._missing: tuple[Workspace, ...] = ()
        self._instead: dict[Workspace, str] = {}

    @property
    def trouble(self) -> str:
        """What is wrong with the room, in words; empty where it is found or not yet looked for."""
        lines = (f"team_room: {_nowhere([one], self._room)} {self._heard(one)}" for one in self._missing)
        return "\n".join([*lines, f"    {REMEDY}"]) if self._missing else ""

    def stands_in(self, room: RoomRef) -> str | None:
        """The room that hears what the missing team room of this room's workspace should; None where none need or can."""
        return self._instead.get((room.platform, room.workspace))

    async def loss(self, room: str, before: str) -> str:
        """Why ``room`` must not follow ``before``: it is missing where that is found. Empty where it may, or nobody can say."""
        if room == before:
            return ""
        sight = await self._team.look_for([room, before])
        lost = [workspace for workspace in sight.without(room) if before in sight.found[workspace]]
        return f"{_nowhere(lost, room)} Emergency pages would reach nobody." if lost else ""

    async def look(self, room: str, former: FormerRooms) -> None:
        """Look for the room when it is new, and again as long as it is missing or can't be looked for."""
        now = self._clock.now()
        if room == self._room and (self._due is None or now < self._due):
            return
        if room != self._room:
            self._room, self._missing, self._instead = room, (), {}
        sight = await self._team.look_for([room])
        unseen = tuple(one for one in self._missing if one not in sight.found)
        missing = (*sight.without(room), *unseen)
        if missing != self._missing:
            await self._note(missing, former)
        self._due = now + AGAIN if missing or not sight.whole else None

    async def _note(self, missing: tuple[Workspace, ...], former: FormerRooms) -> None:
        self._instead = await self._stand_ins(missing, await former()) if missing else {}
        self._missing = missing
        for one in missing:
            _log.error(
                "the policy's team room is missing",
                action="team_room_missing",
                room=self._room,
                platform=one[0],
                workspace=one[1],
                stands_in=self._instead.get(one),
                remedy=REMEDY,
            )
        if not missing:
            _log.info("the policy's team room is found", action="team_room_found", room=self._room)

    async def _stand_ins(self, missing: Sequence[Workspace], rooms: Sequence[str]) -> dict[Workspace, str]:
        sight = await self._team.look_for(rooms)
        found = {one: [room for room in rooms if room in sight.found.get(one, ())] for one in missing}
        return {one: has[0] for one, has in found.items() if has}

    def _heard(self, workspace: Workspace) -> str:
        instead = self._instead.get(workspace)
        return f"{instead} hears its pages and notices meanwhile." if instead else "Its pages and notices reach nobody."


def _nowhere(workspaces: Sequence[Workspace], room: str) -> str:
    where = ", ".join(f"{platform} workspace {workspace}" for platform, workspace in workspaces)
    return f"the bot sees no room {room} in {where}."
