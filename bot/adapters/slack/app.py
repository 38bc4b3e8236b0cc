"""Bolt, wired: events to the intake, presses to the desk."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Coroutine

import structlog
from slack_bolt import BoltResponse
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_bolt.authorization import AuthorizeResult

from bot.adapters.slack.api import Payload, SlackApi, quiet_logger
from bot.adapters.slack.catchup import CatchUp
from bot.adapters.slack.events import Vanished, message_ref, sift
from bot.adapters.slack.platform import SlackPlatform
from bot.adapters.slack.presses import Presses
from bot.adapters.slack.view import LINK, PRESSED, REPORT
from bot.service.intake import Intake

_log = structlog.get_logger(__name__)

#: What is done about a press, once it is acknowledged.
Work = Callable[[Payload, AsyncRespond], Coroutine[None, None, None]]


class Ears:
    """What listens. The same for Socket Mode and HTTP."""

    def __init__(self, api: SlackApi, intake: Intake, platform: SlackPlatform, catch_up: CatchUp) -> None:
        self._api = api
        self._intake = intake
        self._platform = platform
        self._catch_up = catch_up

    def app(self, presses: Presses, signing_secret: str) -> AsyncApp:
        """The Bolt application; requests over HTTP must be signed with ``signing_secret``."""
        app = AsyncApp(
            name="chaperone",
            client=self._api.bot,
            signing_secret=signing_secret,
            logger=quiet_logger(),
            authorize=_authorizing(self._api),
            # an event is acknowledged after it was kept; what fails is not acknowledged, and Slack sends it again
            process_before_response=True,
            # the bot's own messages are told apart in events.py, together with those of other bots
            ignoring_self_events_enabled=False,
        )
        app.middleware(self._held_back)
        app.event("message")(self._heard)
        app.event(re.compile("^(channel|group)_rename$"))(self._renamed)
        app.event(re.compile("^(channel|group)_deleted$"))(self._removed)
        app.event(re.compile(r"\w+"))(_nothing)
        app.action(LINK)(_acknowledge)
        app.action(PRESSED)(_afterwards(presses.button))
        app.message_shortcut(REPORT)(_afterwards(presses.shortcut))
        app.error(_failed)
        return app

    async def _heard(self, event: Payload) -> None:
        """Keep what was said; Bolt acknowledges when this returns."""
        me = await self._api.identity()
        found = sift(event, me)
        if found is None:
            return
        if isinstance(found, Vanished):
            await self._intake.gone(message_ref(me, found.channel, found.ts))
            return
        try:
            message = await self._platform.scribe.message(found)
        except Exception:  # its room or author could not be looked up: no watermark may pass it
            await self._catch_up.start_over()
            raise
        try:
            await self._intake.accept(message, self._platform.position(message))
        except Exception:  # whatever it was: Slack sends it again a few times only
            self._catch_up.start()
            raise

    async def _renamed(self, event: Payload) -> None:
        self._platform.known_rooms.remember(event["channel"])

    async def _removed(self, event: Payload) -> None:
        me = await self._api.identity()
        await self._intake.room_gone(message_ref(me, str(event["channel"]), "").room)

    async def _held_back(self, body: Payload, next_: Callable[[], Awaitable[None]]) -> BoltResponse | None:
        """Slack held events back (more than 30,000 an hour): read them from the history. Such notices come over HTTP only."""
        if body.get("type") != "app_rate_limited":
            await next_()
            return None
        _log.warning("Slack held events back", action="slack_held_back")
        await self._catch_up.start_over()
        return BoltResponse(status=200, body="")


def _authorizing(api: SlackApi) -> Callable[[], Awaitable[AuthorizeResult]]:
    """Bolt's own check acknowledges an event that it could not check; this one raises, so that Slack sends it again."""

    async def authorize() -> AuthorizeResult:
        me = await api.identity()
        return AuthorizeResult(
            enterprise_id=None, team_id=me.workspace, bot_id=me.bot, bot_user_id=me.user, bot_token=api.bot.token
        )

    return authorize


def _afterwards(work: Work) -> Callable[..., Awaitable[None]]:
    """Acknowledge at once and do the work afterwards; Bolt's own way for that copies the request, which it can't in Socket Mode."""
    running: set[asyncio.Task[None]] = set()

    async def finish(body: Payload, respond: AsyncRespond) -> None:
        try:
            await work(body, respond)
        except Exception as error:  # nobody awaits it; the kind only is logged, for its text may hold a message
            _log.error("press not answered", action="press_failed", error=type(error).__name__)

    async def begin(ack: AsyncAck, body: Payload, respond: AsyncRespond) -> None:
        await ack()
        task = asyncio.create_task(finish(body, respond))
        running.add(task)
        task.add_done_callback(running.discard)

    return begin


async def _nothing() -> None:
    """An event that is not used: taken, so that Slack does not send it again."""


async def _acknowledge(ack: AsyncAck) -> None:
    await ack()


async def _failed(error: Exception) -> None:
    """What was not kept is not acknowledged; only the kind of error is logged, for its text may hold a message."""
    _log.error("event not kept", action="event_failed", error=type(error).__name__)
