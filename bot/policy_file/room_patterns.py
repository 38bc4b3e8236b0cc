"""Rooms as policies name them: by id or name, with ``*`` and ``?``, whatever the case, with or without the # in front."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fnmatch import fnmatchcase

from bot.domain.message import RoomKind
from bot.policy_file.schema import RoomSheet

_WILD = re.compile(r"[*?\[\]]")


def within(one: str, other: str) -> bool:
    """Whether every room that ``one`` names is among those of ``other``."""
    return fnmatchcase(_name(one), _name(other))


def overlap(one: str, other: str) -> bool:
    """Whether some room may fit both. Of two patterns only what stands before their first and after their last star is compared."""
    if within(one, other) or within(other, one):
        return True
    mine, theirs = _WILD.split(_name(one)), _WILD.split(_name(other))
    if len(mine) == 1 or len(theirs) == 1:
        return False
    heads = mine[0].startswith(theirs[0]) or theirs[0].startswith(mine[0])
    return heads and (mine[-1].endswith(theirs[-1]) or theirs[-1].endswith(mine[-1]))


def kinds(pattern: str, rooms: Sequence[RoomSheet]) -> frozenset[RoomKind]:
    """Of which kinds the rooms that ``pattern`` names may be: for one room the first entry that fits it on its platform counts."""
    found = set()
    for room in rooms:
        if overlap(pattern, room.match):
            found.add(room.kind)
            if room.platform is None and within(pattern, room.match):
                break
    return frozenset(found)


def _name(room: str) -> str:
    return room.lower().lstrip("#")
