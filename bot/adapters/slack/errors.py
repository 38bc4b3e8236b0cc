"""Slack's refusals, told apart: try later, gone, the person can't be reached, not allowed.

Source of the codes: docs.slack.dev, "Errors" of each method that the adapter calls and "Rate limits".
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.domain.errors import (
    ForbiddenError,
    GoneError,
    PlatformError,
    SettingsError,
    TemporaryPlatformError,
    UnreachableError,
)

#: Slack is at fault or busy; the same call may succeed later ("Errors" of every method).
TEMPORARY = frozenset(
    {"accesslimited", "fatal_error", "internal_error", "ratelimited", "rate_limited", "request_timeout"}
    | {"service_unavailable", "team_added_to_org"}
)
#: The token itself is no good any more (every method).
BAD_TOKEN = frozenset({"account_inactive", "invalid_auth", "not_authed", "token_expired", "token_revoked"})
#: The token may not do this at all, whatever the message (every method).
NOT_GRANTED = BAD_TOKEN | {
    *("access_denied", "ekm_access_denied", "enterprise_is_restricted", "missing_scope", "no_permission"),
    *("not_allowed_token_type", "org_login_required", "unknown_method"),
}
#: conversations.open, chat.postMessage and chat.postEphemeral: this person can't be written to.
UNREACHABLE = frozenset(
    {"cannot_dm_bot", "invalid_user_combination", "messages_tab_disabled", "user_disabled", "user_not_in_channel"}
    | {"user_not_visible", "users_not_found"}
)
#: The message, room, person or file is no longer there, or the bot no longer sees it.
GONE = frozenset(
    {"channel_not_found", "file_deleted", "file_not_found", "is_archived", "is_inactive", "message_not_found"}
    | {"not_in_channel", "thread_not_found", "user_not_found"}
)
#: Seconds to wait where a 429 names none.
UNNAMED_WAIT = 1.0


class SlackRefusedError(PlatformError):
    """Slack answered ``ok: false``. ``code`` is Slack's word for why, ``needed`` the scopes that are missing."""

    def __init__(self, code: str, method: str, needed: str = "") -> None:
        scopes = f" (scope {needed})" if needed else ""
        super().__init__(f"Slack refused {method}: {code}{scopes}.")
        self.code = code
        self.needed = needed

    def at_port(self) -> PlatformError:
        """The error of the Platform port that says the same."""
        if self.code in UNREACHABLE:
            return UnreachableError(str(self))
        return GoneError(str(self)) if self.code in GONE else ForbiddenError(str(self))


def refusal(error: SlackApiError) -> PlatformError:
    """What slack-sdk's error means. Takes over its code only: the error itself may carry message text."""
    response = error.response
    if not isinstance(response, AsyncSlackResponse):
        return TemporaryPlatformError("Slack's answer could not be read.")
    method = response.api_url.rpartition("/")[2]
    data = response.data if isinstance(response.data, dict) else {}
    code = str(data.get("error", ""))
    if response.status_code == 429 or code in ("ratelimited", "rate_limited"):
        return TemporaryPlatformError(f"Slack asks to wait with {method}.", retry_after=_wait(response))
    if response.status_code >= 500 or code in TEMPORARY or not code:
        return TemporaryPlatformError(f"Slack failed at {method} ({code or response.status_code}).")
    return SlackRefusedError(code, method, str(data.get("needed", "")))


def bad_token(setting: str, refused: SlackRefusedError) -> SettingsError:
    """The line that an operator reads where Slack does not take a token."""
    return SettingsError(
        f"{setting} is wrong: Slack says {refused.code}. Get a fresh one at api.slack.com/apps, your app."
    )


@contextmanager
def port_errors() -> Iterator[None]:
    """Turn Slack's refusals into the errors that the Platform port promises."""
    try:
        yield
    except SlackRefusedError as refused:
        raise refused.at_port() from None


def _wait(response: AsyncSlackResponse) -> float:
    named = response.headers.get("Retry-After", "")
    return float(named) if named.isdigit() else UNNAMED_WAIT
