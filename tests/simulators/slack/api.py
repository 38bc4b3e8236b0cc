"""The Web API's common ground: arguments, tokens, scopes, errors and the table of methods.

Errors and their extra fields: docs.slack.dev, "Using the Slack Web API" and each method's page. Slack answers HTTP 200
with `ok: false`, except for rate limits.
"""

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass

from tests.simulators.slack.timeline import Timeline
from tests.simulators.slack.workspace import SlackWorkspace
from tests.simulators.slack.world import Channel, ChannelKind, Message, Payload, Token, TokenKind, User

HISTORY_SCOPES: dict[ChannelKind, str] = {
    "channel": "channels:history",
    "group": "groups:history",
    "im": "im:history",
    "mpim": "mpim:history",
}
READ_SCOPES: dict[ChannelKind, str] = {
    "channel": "channels:read",
    "group": "groups:read",
    "im": "im:read",
    "mpim": "mpim:read",
}


class ApiError(Exception):
    """An `ok: false` answer: the error's name and whatever stands beside it."""

    def __init__(self, error: str, **beside: object) -> None:
        super().__init__(error)
        self.error = error
        self.beside = beside


def invalid_arguments(*complaints: str) -> ApiError:
    """`invalid_arguments` with its explanations."""
    return ApiError("invalid_arguments", response_metadata={"messages": [f"[ERROR] {each}" for each in complaints]})


class Arguments:
    """A call's arguments, whichever way they came: query, form or JSON. JSON inside a form is a string."""

    def __init__(self, values: Payload) -> None:
        self.values = values

    def text(self, name: str) -> str | None:
        """The argument as a string, None when absent or empty."""
        value = self.values.get(name)
        return None if value in (None, "") else str(value)

    def required(self, name: str) -> str:
        """The argument as a string; absent, the call fails with `invalid_arguments`."""
        value = self.text(name)
        if value is None:
            raise invalid_arguments(f"missing required field: {name}")
        return value

    def flag(self, name: str) -> bool | None:
        """The argument as a boolean (`true`, `1`), None when absent."""
        value = self.text(name)
        return None if value is None else value.lower() in ("true", "1")

    def number(self, name: str, default: int, most: int) -> int:
        """The argument as a whole number from 1 to `most`."""
        value = self.text(name)
        if value is None or value == "0":
            return default
        if not value.isdigit():
            raise ApiError("invalid_limit")
        return min(int(value), most)

    def object_list(self, name: str, error: str) -> list[Payload] | None:
        """The argument as a list of objects, parsed from JSON if it came as a string; `error` when it is none."""
        value = self._parsed(name, error)
        if value is None:
            return None
        if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
            raise ApiError(error)
        return value

    def json_object(self, name: str, error: str) -> Payload | None:
        """The argument as an object, parsed from JSON if it came as a string; `error` when it is none."""
        value = self._parsed(name, error)
        if value is not None and not isinstance(value, dict):
            raise ApiError(error)
        return value

    def _parsed(self, name: str, error: str) -> object:
        value: object = self.values.get(name)
        if not isinstance(value, str):
            return value
        try:
            parsed: object = json.loads(value) if value else None
        except ValueError:
            raise ApiError(error) from None
        return parsed


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who calls, and the workspace the call acts upon.

    `short_history`: the app is sold outside the Marketplace, so history comes 15 messages at a time.
    """

    world: SlackWorkspace
    timeline: Timeline
    token: Token
    short_history: bool = False

    @property
    def user_id(self) -> str:
        """The user the token acts as (for app and org tokens: nobody)."""
        return self.token.user_id or ""

    @property
    def is_bot(self) -> bool:
        """Whether the token is the bot's."""
        return self.token.kind == "bot"

    def need_scope(self, *scopes: str) -> None:
        """Fail with `missing_scope` unless one of the scopes is granted."""
        if not self.token.scopes.intersection(scopes):
            raise ApiError("missing_scope", needed=",".join(scopes), provided=",".join(sorted(self.token.scopes)))

    def channel(self, given: str | None) -> Channel:
        """A channel the token may know of, by id or name; private ones only to their members."""
        world = self.world
        found = world.channels.get(given or "") or (world.channel_named(given) if given else None)
        if found is None or (found.kind != "channel" and self.user_id not in found.members):
            raise ApiError("channel_not_found")
        return found

    def message(self, channel: Channel, ts: str) -> Message:
        """A message that is still there."""
        found = channel.messages.get(ts)
        if found is None or found.gone:
            raise ApiError("message_not_found")
        return found

    def user(self, given: str | None) -> User:
        """A user by id."""
        found = self.world.users.get(given or "")
        if found is None:
            raise ApiError("user_not_found")
        return found


Handler = Callable[[Caller, Arguments], Payload]


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """A Web API method: its tier (5 stands for special limits), scopes and the tokens it takes."""

    name: str
    handler: Handler
    tier: int
    scopes: tuple[str, ...]
    tokens: tuple[TokenKind, ...]


METHODS: dict[str, Method] = {}


def method(
    name: str, *, tier: int, scopes: tuple[str, ...] = (), tokens: tuple[TokenKind, ...] = ("bot", "user")
) -> Callable[[Handler], Handler]:
    """Enter a function into the table of methods. `scopes`: one of them is enough."""

    def enter(handler: Handler) -> Handler:
        METHODS[name] = Method(name=name, handler=handler, tier=tier, scopes=scopes, tokens=tokens)
        return handler

    return enter


def page(items: list[Payload], args: Arguments, *, default: int, most: int) -> tuple[list[Payload], str]:
    """One page of a list and the cursor of the next (empty at the end)."""
    limit = args.number("limit", default, most)
    start = int(read_cursor(args, "offset:") or 0)
    end = start + limit
    return items[start:end], (make_cursor(f"offset:{end}") if end < len(items) else "")


def make_cursor(position: str) -> str:
    """A cursor; clients must treat it as opaque."""
    return base64.b64encode(position.encode()).decode()


def read_cursor(args: Arguments, prefix: str) -> str | None:
    """Where a cursor points, None when there is none; `invalid_cursor` when it was not made for this method."""
    cursor = args.text("cursor")
    if cursor is None:
        return None
    try:
        position = base64.b64decode(cursor, validate=True).decode()
    except ValueError:
        raise ApiError("invalid_cursor") from None
    if not position.startswith(prefix):
        raise ApiError("invalid_cursor")
    return position.removeprefix(prefix)
