"""User groups, remembered for a while (usergroups.list). Workspaces without a paid plan have none."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from bot.adapters.slack.api import SlackApi
from bot.adapters.slack.errors import SlackRefusedError

_log = structlog.get_logger(__name__)

#: Who is in a group is known anew after so long.
FRESH = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Group:
    handle: str
    users: frozenset[str]


@dataclass(slots=True)
class _Known:
    groups: Mapping[str, _Group] = field(default_factory=dict)
    until: datetime | None = None


class Groups:
    """The workspace's user groups."""

    def __init__(self, api: SlackApi) -> None:
        self._api = api
        self._known = _Known()
        self._one_at_a_time = asyncio.Lock()

    async def of(self, user: str, *, patient: bool = False) -> frozenset[str]:
        """Ids and handles of the groups that this person is in. Raises TemporaryPlatformError."""
        found = await self._all(patient=patient)
        return frozenset(mark for key, group in found.items() if user in group.users for mark in (key, group.handle))

    async def find(self, name: str) -> str | None:
        """The id of the group with this id or handle, if there is one. Raises TemporaryPlatformError."""
        wanted = name.removeprefix("@")
        found = await self._all(patient=False)
        return next((key for key, group in found.items() if wanted in (key, group.handle)), None)

    async def _all(self, *, patient: bool) -> Mapping[str, _Group]:
        async with self._one_at_a_time:
            now = self._api.clock.now()
            if self._known.until is None or self._known.until <= now:
                self._known = _Known(await self._ask(patient=patient), now + FRESH)
            return self._known.groups

    async def _ask(self, *, patient: bool) -> Mapping[str, _Group]:
        try:
            answer = await self._api.call(self._api.bot.usergroups_list, patient=patient, include_users=True)
        except SlackRefusedError as refused:  # no paid plan, or the scope is missing: then nobody is in a group
            _log.info("no user groups", action="no_user_groups", code=refused.code)
            return {}
        return {
            str(group["id"]): _Group(handle=str(group["handle"]), users=frozenset(group.get("users") or ()))
            for group in answer["usergroups"]
        }
