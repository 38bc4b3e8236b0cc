"""The HTTP way: signed requests to the app's request URL.

Rules: docs.slack.dev, "Verifying requests from Slack" (v0 signature), "Events API" (retry headers,
`X-Slack-No-Retry`), "Handling user interaction" (form field `payload`), "Slash commands".
"""

import asyncio
import hashlib
import hmac
import json
from urllib.parse import urlencode

import aiohttp

from tests.simulators.slack.delivery import Answer, Kind, Timing
from tests.simulators.slack.workspace import SlackWorkspace
from tests.simulators.slack.world import Payload

USER_AGENT = "Slackbot 1.0 (+https://api.slack.com/robots)"


def signature(secret: str, timestamp: str, body: str) -> str:
    """The value of `X-Slack-Signature`."""
    digest = hmac.new(secret.encode(), f"v0:{timestamp}:{body}".encode(), hashlib.sha256).hexdigest()
    return f"v0={digest}"


class HttpTransport:
    """Posts to a request URL. `bad_signature` signs with another secret, as an impostor would."""

    def __init__(self, world: SlackWorkspace, timing: Timing, url: str) -> None:
        self.url = url
        self.bad_signature = False
        self._world = world
        self._timing = timing

    async def send(self, kind: Kind, payload: Payload, retry_num: int, retry_reason: str) -> Answer:
        """Post once and wait at most as long as Slack does."""
        body, content_type = _encoded(kind, payload)
        headers = self._headers(body, content_type)
        if retry_num:
            headers |= {"X-Slack-Retry-Num": str(retry_num), "X-Slack-Retry-Reason": retry_reason}
        try:
            async with asyncio.timeout(self._timing.ack_timeout_s):
                return await self._post(body, headers)
        except TimeoutError:
            return Answer(outcome="http_timeout")
        except aiohttp.ClientConnectionError:
            return Answer(outcome="connection_failed")

    async def _post(self, body: str, headers: dict[str, str]) -> Answer:
        async with (
            aiohttp.ClientSession() as session,
            session.post(self.url, data=body.encode(), headers=headers) as answer,
        ):
            text = await answer.text()
            if 200 <= answer.status < 300:
                return Answer(outcome="acked", response=_answer_payload(text))
            return Answer(outcome="http_error", no_retry=answer.headers.get("X-Slack-No-Retry") == "1")

    async def verify_url(self, challenge: str) -> bool:
        """Slack's check when a request URL is saved: the challenge must come back."""
        token = self._world.app.verification_token
        body = json.dumps({"token": token, "challenge": challenge, "type": "url_verification"})
        headers = self._headers(body, "application/json")
        async with (
            aiohttp.ClientSession() as session,
            session.post(self.url, data=body.encode(), headers=headers) as answer,
        ):
            return answer.status == 200 and challenge in await answer.text()

    def _headers(self, body: str, content_type: str) -> dict[str, str]:
        timestamp = str(self._world.now())
        secret = "somebody-else" if self.bad_signature else self._world.app.signing_secret
        return {
            "User-Agent": USER_AGENT,
            "Content-Type": content_type,
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": signature(secret, timestamp, body),
        }


def _encoded(kind: Kind, payload: Payload) -> tuple[str, str]:
    if kind == "events_api":
        return json.dumps(payload), "application/json"
    if kind == "interactive":
        return urlencode({"payload": json.dumps(payload)}), "application/x-www-form-urlencoded"
    return urlencode(payload), "application/x-www-form-urlencoded"


def _answer_payload(text: str) -> Payload | None:
    if not text:
        return None
    try:
        parsed: object = json.loads(text)
    except ValueError:
        return {"text": text}
    return parsed if isinstance(parsed, dict) else {"text": text}
