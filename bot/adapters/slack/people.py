"""Who people are: names, pictures, languages and roles, remembered for a while (users.info)."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot.adapters.slack.api import Payload, SlackApi
from bot.adapters.slack.errors import SlackRefusedError
from bot.adapters.slack.groups import Groups
from bot.domain.errors import PlatformError
from bot.domain.message import Author

_log = structlog.get_logger(__name__)

#: A new role or name is known after so long at the latest.
FRESH = timedelta(minutes=10)
#: Seconds in which an event's people must be known: the event has to be kept and acknowledged within three.
HURRY = 1.5
#: A message that mentions more people than this names the rest by their ids.
MOST_NAMED = 20
_REMEMBERED = 5000
_ROLES = {"is_admin": "admin", "is_owner": "owner", "is_restricted": "guest"}


@dataclass(frozen=True, slots=True)
class _Known:
    author: Author
    until: datetime


class People:
    """Authors by their ids."""

    def __init__(self, api: SlackApi, groups: Groups) -> None:
        self._api = api
        self._groups = groups
        self._known: OrderedDict[str, _Known] = OrderedDict()
        self._asking: dict[str, asyncio.Task[Author]] = {}

    async def author(self, user: str, *, patient: bool = False) -> Author:
        """Who this is. An old answer serves where Slack gives no new one; raises PlatformError where there is none."""
        known = self._known.get(user)
        if known is not None and known.until > self._api.clock.now():
            return known.author
        task = self._asking.get(user)
        if task is None:  # many messages of one person at once ask only once
            task = self._asking[user] = asyncio.create_task(self._ask(user, patient=patient), name=f"ask for {user}")
            task.add_done_callback(self._asked)
        try:
            return await asyncio.shield(task)
        except PlatformError:
            if known is None:
                raise
            return known.author

    def known(self, user: str) -> Author | None:
        """Who this is, as far as it is remembered."""
        known = self._known.get(user)
        return None if known is None else known.author

    async def authors(self, users: Sequence[str]) -> dict[str, Author]:
        """Who these are, at once: whoever is not known in time is left out, for a message must not be lost for a name."""
        asked = {user: asyncio.create_task(self.author(user)) for user in users[:MOST_NAMED]}
        await asyncio.wait(asked.values(), timeout=HURRY)
        found: dict[str, Author] = {}
        for user, task in asked.items():
            if task.done() and task.exception() is None:
                found[user] = task.result()
            else:
                task.cancel()
                _log.warning("person not known in time", action="person_unknown", user=user)
        return found

    async def authors_patiently(self, users: Sequence[str]) -> dict[str, Author]:
        """Who these are, however long it takes; left out where Slack knows them no more. Raises TemporaryPlatformError."""
        found: dict[str, Author] = {}
        for user in users[:MOST_NAMED]:
            try:
                found[user] = await self.author(user, patient=True)
            except SlackRefusedError as refused:
                _log.info("person not known", action="person_unknown", user=user, code=refused.code)
        return found

    def _asked(self, task: asyncio.Task[Author]) -> None:
        self._asking = {user: asking for user, asking in self._asking.items() if asking is not task}
        if not task.cancelled() and task.exception() is not None:
            _log.info("person not known", action="person_unknown", error=type(task.exception()).__name__)

    async def _ask(self, user: str, *, patient: bool) -> Author:
        method = self._api.bot.users_info
        answer = await self._api.call(method, patient=patient, user=user, include_locale=True)
        roles = await self._groups.of(user, patient=patient)
        if _belongs_to((await self._api.identity()).workspace, answer["user"]):
            roles |= {role for flag, role in _ROLES.items() if answer["user"].get(flag)}
        author = _author(answer["user"], roles)
        self._known[user] = _Known(author, self._api.clock.now() + FRESH)
        self._known.move_to_end(user)
        if len(self._known) > _REMEMBERED:
            self._known.popitem(last=False)
        return author


def _belongs_to(workspace: str, user: Payload) -> bool:
    """Whether somebody is of this workspace, or of this one among others of an Enterprise Grid.

    A guest of Slack Connect may be an admin, but elsewhere. Of somebody with whom a channel is shared Slack does not say ``is_stranger``:
    only their team tells.
    """
    teams = (user.get("enterprise_user") or {}).get("teams") or ()
    return not user.get("is_stranger") and workspace in (user.get("team_id", workspace), *teams)


def _author(user: Payload, roles: frozenset[str]) -> Author:
    profile = user.get("profile") or {}
    names = (profile.get("display_name"), profile.get("real_name"), user.get("real_name"), user.get("name"))
    return Author(
        id=str(user["id"]),
        name=next((str(name) for name in names if name), str(user["id"])),
        platform_roles=roles,
        locale=user.get("locale"),
        picture=profile.get("image_192") or profile.get("image_72"),
    )
