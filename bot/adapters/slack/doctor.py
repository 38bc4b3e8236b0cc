"""What works on Slack and what is missing, for ``chaperone doctor``. Changes nothing and writes to nobody."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from datetime import UTC
from email.utils import parsedate_to_datetime

from slack_sdk.web.async_client import AsyncWebClient

from bot.adapters.named_rooms import named_rooms
from bot.adapters.slack.api import SlackApi, SlackSettings, scopes_of
from bot.adapters.slack.errors import SlackRefusedError
from bot.adapters.slack.manifest import BOT_SCOPES
from bot.adapters.slack.rooms import Rooms, can_not_be_read
from bot.domain.errors import PlatformError, SettingsError, TemporaryPlatformError
from bot.domain.message import PlatformName, Room
from bot.domain.policy import Policy
from bot.service.ports import Check, Clock

#: Slack does not take, and Bolt does not give, signatures that are older than five minutes; warn well before.
_SKEW = 60.0
_APP = "api.slack.com/apps, your app"
#: An app that is sold outside the Marketplace gets this many messages of history a minute (docs.slack.dev, "Rate limits").
_SHORT_PAGE = 15
_SLOW_HISTORY = f"read; after a break only {_SHORT_PAGE} messages a minute can be caught up with"
_LATER = "try again in a minute"
#: A channel's id (docs.slack.dev, "Conversations API").
_ID = re.compile(r"[CG][A-Z0-9]{8,}")


class Doctor:
    """Looks at tokens, scopes, the ways to hide, and each room."""

    def __init__(self, api: SlackApi, *, app_token: str | None, has_signing_secret: bool) -> None:
        self._api = api
        self._app_token = app_token
        self._has_signing_secret = has_signing_secret

    @classmethod
    def of(cls, settings: SlackSettings, clock: Clock) -> Doctor:
        """The doctor for these settings. Raises SettingsError where the bot token is missing."""
        app_token = settings.slack_app_token.get_secret_value() if settings.slack_app_token else None
        return cls(
            SlackApi(settings, clock), app_token=app_token, has_signing_secret=settings.slack_signing_secret is not None
        )

    async def check(self, policy: Policy | None = None) -> list[Check]:
        """Every line; one alone where Slack can't be asked or does not take the bot's token. Raises nothing.

        ``policy``: whether the bot is in the rooms that it names is looked at too.
        """
        try:
            await self._api.identity()
        except SettingsError as error:
            return [Check(subject="Slack", ok=False, finding="does not take the bot's token", remedy=str(error))]
        except PlatformError as error:
            return [Check(subject="Slack", ok=False, finding=str(error), remedy=_LATER)]
        return [line async for line in self._lines(policy)]

    async def _lines(self, policy: Policy | None) -> AsyncIterator[Check]:
        looks: dict[str, Callable[[], Awaitable[Check]]] = {
            "Slack clock": self._clock,
            "Slack scopes": self._scopes,
            "Slack events": self._events,
            "Slack hiding": self._hiding,
        }
        for subject, look in looks.items():
            try:
                yield await look()
            except PlatformError as error:
                yield Check(subject=subject, ok=False, finding=str(error), remedy=_LATER)
        try:
            rooms = await Rooms(self._api).all()
        except PlatformError as error:
            yield Check(subject="Slack rooms", ok=False, finding=f"can't be listed: {error}", remedy=_LATER)
            return
        if not rooms:
            remedy = "in each channel that it shall watch: /invite @Chaperone"
            yield Check(subject="Slack rooms", ok=False, finding="the bot is in no channel", remedy=remedy)
        for line in _named(policy, rooms) if policy is not None else ():
            yield line
        for room in rooms:
            yield await self._room(room)

    async def _clock(self) -> Check:
        answer = await self._api.answer(self._api.bot.auth_test)
        told = parsedate_to_datetime(str(answer.headers["Date"])).astimezone(UTC)
        skew = abs((self._api.clock.now() - told).total_seconds())
        remedy = "" if skew <= _SKEW else "set this machine's clock (NTP): Slack's signatures are checked against it"
        return Check(subject="Slack clock", ok=skew <= _SKEW, finding=f"{skew:.0f} s apart from Slack's", remedy=remedy)

    async def _scopes(self) -> Check:
        me = await self._api.identity()
        missing = sorted(set(BOT_SCOPES) - me.scopes)
        if not missing:
            return Check(subject="Slack scopes", ok=True, finding="all that are needed")
        remedy = f"{_APP}, OAuth & Permissions: add {', '.join(missing)} and install the app again"
        why = "; ".join(f"{scope} ({BOT_SCOPES[scope]})" for scope in missing)
        return Check(subject="Slack scopes", ok=False, finding=f"missing: {why}", remedy=remedy)

    async def _events(self) -> Check:
        subject = "Slack events"
        if self._app_token is None:
            remedy = "set SLACK_APP_TOKEN for Socket Mode, or SLACK_SIGNING_SECRET for HTTP"
            finding = "over HTTP" if self._has_signing_secret else "no way to get them"
            return Check(subject=subject, ok=self._has_signing_secret, finding=finding, remedy=remedy)
        try:
            await self._api.call(self._api.bot.apps_connections_open, app_token=self._app_token)
        except SlackRefusedError as refused:
            remedy = f"{_APP}: switch Socket Mode on; the app-level token needs the scope connections:write"
            return Check(subject=subject, ok=False, finding=f"Socket Mode: {refused.code}", remedy=remedy)
        return Check(subject=subject, ok=True, finding="over Socket Mode")

    async def _hiding(self) -> Check:
        subject = "Slack hiding"
        problems: list[str] = []
        if self._api.admin is not None:
            problem = await self._admin_problem(self._api.admin)
            if not problem:
                return Check(subject=subject, ok=True, finding="with an admin's token")
            problems.append(problem)
        if self._api.grid is not None:
            problem = await _scope_problem(self._api, self._api.grid, "SLACK_GRID_TOKEN", "discovery:write")
            if not problem:
                return Check(subject=subject, ok=True, finding="with Enterprise Grid's tombstones")
            problems.append(problem)
        finding = "; ".join(["assisted: authors are asked to delete their messages", *problems])
        remedy = "set SLACK_ADMIN_TOKEN to the user token of an admin or owner, with the scope chat:write"
        return Check(subject=subject, ok=False, finding=finding, remedy=remedy)

    async def _admin_problem(self, admin: AsyncWebClient) -> str:
        problem = await _scope_problem(self._api, admin, "SLACK_ADMIN_TOKEN", "chat:write")
        if problem:
            return problem
        who = await self._api.call(admin.auth_test)
        user = (await self._api.call(self._api.bot.users_info, user=who["user_id"]))["user"]
        return "" if user.get("is_admin") or user.get("is_owner") else "SLACK_ADMIN_TOKEN is not an admin's"

    async def _room(self, room: Room) -> Check:
        subject = f"Slack #{room.name}"
        method = self._api.bot.conversations_history
        try:
            answer = await self._api.call(method, channel=room.ref.room, limit=_SHORT_PAGE + 1)
        except SlackRefusedError as refused:
            remedy = f"{_APP}, OAuth & Permissions: add the scope" if refused.needed else "invite the bot again"
            return Check(subject=subject, ok=False, finding=can_not_be_read(refused), remedy=remedy)
        except TemporaryPlatformError as error:
            if error.retry_after is None:
                return Check(subject=subject, ok=False, finding=str(error), remedy=_LATER)
            return Check(subject=subject, ok=True, finding=_SLOW_HISTORY)
        except PlatformError as error:
            return Check(subject=subject, ok=False, finding=str(error), remedy=_LATER)
        if answer.get("has_more") and len(answer["messages"]) <= _SHORT_PAGE:
            return Check(subject=subject, ok=True, finding=_SLOW_HISTORY)
        return Check(subject=subject, ok=True, finding="read")


def _named(policy: Policy, rooms: Sequence[Room]) -> Iterator[Check]:
    """Whether the bot is in the rooms that the policy names: the team's by id or name, the others by id."""
    names = {mark: room.name for room in rooms for mark in (room.ref.room, room.name)}
    team = names.get(policy.team_room.removeprefix("#"))
    remedy = "in that channel: /invite @Chaperone; or name another one in the policy"
    if team is None:
        finding = f"the bot is in no channel {policy.team_room}, the policy's team_room"
        yield Check(subject="Slack team room", ok=False, finding=finding, remedy=remedy)
    else:
        yield Check(subject="Slack team room", ok=True, finding=f"#{team}")
    for room in sorted(named_rooms(policy, PlatformName.SLACK) - names.keys()):
        if _ID.fullmatch(room):
            finding = "the policy names it, but the bot is in no such channel"
            yield Check(subject=f"Slack room {room}", ok=False, finding=finding, remedy=remedy)


async def _scope_problem(api: SlackApi, client: AsyncWebClient, setting: str, scope: str) -> str:
    """What is wrong with a token; empty where Slack takes it and it has the scope."""
    try:
        answer = await api.answer(client.auth_test)
    except SlackRefusedError as refused:
        return f"{setting}: {refused.code}"
    return "" if scope in scopes_of(answer) else f"{setting} lacks the scope {scope}"
