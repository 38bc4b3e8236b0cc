"""One door to Slack's Web API: tokens, waiting where Slack asks for it, errors in the house's words."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any, Protocol

import aiohttp
from pydantic import SecretStr
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.adapters.slack.errors import BAD_TOKEN, SlackRefusedError, bad_token, refusal
from bot.domain.errors import PlatformError, SettingsError, TemporaryPlatformError
from bot.service.ports import Clock

#: A JSON object as Slack sends it.
Payload = dict[str, Any]
#: A method of slack-sdk's client.
Method = Callable[..., Awaitable[AsyncSlackResponse]]
#: Seconds until an answer counts as lost.
ANSWER_WITHIN = 10
#: Seconds that calls under way have to end once the connection is given up.
PEACE = 3.0
#: A rate limit up to so many seconds is waited out in the call, so many times; a longer one is the service's to postpone.
SHORT_WAIT, SHORT_WAITS = 3.0, 2
#: Reading history has time: an app outside the Marketplace gets one call a minute (docs.slack.dev, "Rate limits").
LONG_WAIT, LONG_WAITS = 120.0, 240


class SlackSettings(Protocol):
    """The settings that the adapter needs; see those of the same names."""

    slack_bot_token: SecretStr | None
    slack_app_token: SecretStr | None
    slack_admin_token: SecretStr | None
    slack_grid_token: SecretStr | None
    slack_signing_secret: SecretStr | None
    slack_api_base_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who the bot is: the workspace's id and address (ends in a slash), the bot's user and bot ids, its scopes."""

    workspace: str
    url: str
    user: str
    bot: str
    scopes: frozenset[str]


def quiet_logger() -> logging.Logger:
    """A logger for slack-sdk and Bolt that says nothing: what they log may hold message text. The adapter logs for them."""
    logger = logging.getLogger("bot.adapters.slack.library")
    logger.setLevel(logging.CRITICAL + 1)
    return logger


def scopes_of(answer: AsyncSlackResponse) -> frozenset[str]:
    """The scopes that Slack says the calling token has."""
    named = str(answer.headers.get("X-OAuth-Scopes", ""))
    return frozenset(scope.strip() for scope in named.split(",") if scope.strip())


class SlackApi:
    """The clients of every token."""

    def __init__(self, settings: SlackSettings, clock: Clock) -> None:
        if settings.slack_bot_token is None:
            raise SettingsError(
                "SLACK_BOT_TOKEN is missing. Get it at api.slack.com/apps, your app, OAuth & Permissions."
            )
        self.clock = clock
        self._base_url = settings.slack_api_base_url
        self.bot = self._client(settings.slack_bot_token)
        self.admin = self._client(settings.slack_admin_token) if settings.slack_admin_token else None
        self.grid = self._client(settings.slack_grid_token) if settings.slack_grid_token else None
        self._under_way = 0
        self._idle = asyncio.Event()
        self._idle.set()
        self._identity: Identity | None = None

    def _client(self, token: SecretStr) -> AsyncWebClient:
        # slack-sdk's own handlers would repeat a call whose answer was lost, and post twice: none of them is wanted
        return AsyncWebClient(
            token=token.get_secret_value(),
            base_url=self._base_url,
            timeout=ANSWER_WITHIN,
            logger=quiet_logger(),
            retry_handlers=[],
        )

    async def call(self, method: Method, *, patient: bool = False, **arguments: object) -> Payload:
        """The answer's JSON. Raises TemporaryPlatformError or SlackRefusedError. ``patient`` waits out long rate limits too."""
        data = (await self.answer(method, patient=patient, **arguments)).data
        return data if isinstance(data, dict) else {}

    async def answer(self, method: Method, *, patient: bool = False, **arguments: object) -> AsyncSlackResponse:
        """As ``call``, with the answer's headers."""
        longest, most = (LONG_WAIT, LONG_WAITS) if patient else (SHORT_WAIT, SHORT_WAITS)
        waits = 0
        while True:
            result = await self._attempt(method, arguments)
            if isinstance(result, AsyncSlackResponse):
                return result
            wait = result.retry_after if isinstance(result, TemporaryPlatformError) else None
            if wait is None or wait > longest or waits >= most:
                raise result
            waits += 1
            await self.clock.sleep(wait)

    async def identity(self) -> Identity:
        """Who the bot is, asked once. Raises SettingsError where Slack does not take the token."""
        if self._identity is None:
            try:
                answer = await self.answer(self.bot.auth_test)
            except SlackRefusedError as refused:
                raise (bad_token("SLACK_BOT_TOKEN", refused) if refused.code in BAD_TOKEN else refused) from None
            self._identity = Identity(
                workspace=str(answer["team_id"]),
                url=str(answer["url"]),
                user=str(answer["user_id"]),
                bot=str(answer["bot_id"]),
                scopes=scopes_of(answer),
            )
        return self._identity

    @asynccontextmanager
    async def shared_session(self) -> AsyncIterator[None]:
        """Keep connections open between calls until the block ends; without this slack-sdk opens one for each call."""
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=ANSWER_WITHIN)) as session:
            self._use(session)
            try:
                yield
            finally:
                self._use(None)
                with suppress(TimeoutError):  # calls under way end in peace; later ones open their own connection
                    await asyncio.wait_for(self._idle.wait(), PEACE)

    def _use(self, session: aiohttp.ClientSession | None) -> None:
        for client in (self.bot, self.admin, self.grid):
            if client is not None:
                client.session = session

    async def _attempt(self, method: Method, arguments: Payload) -> AsyncSlackResponse | PlatformError:
        self._under_way += 1
        self._idle.clear()
        try:
            return await method(**arguments)
        except SlackApiError as error:
            return refusal(error)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            return TemporaryPlatformError(f"Slack did not answer ({type(error).__name__}).")
        finally:
            self._under_way -= 1
            if not self._under_way:
                self._idle.set()
