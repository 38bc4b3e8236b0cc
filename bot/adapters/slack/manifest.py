"""The Slack app's manifest: exactly what the adapter uses (docs.slack.dev, "App manifest reference")."""

from __future__ import annotations

from bot.adapters.slack.api import Payload
from bot.adapters.slack.view import REPORT

#: Each bot scope, and what it is for. ``doctor`` checks the same list.
BOT_SCOPES = {
    "channels:history": "read public channels and what was missed in them",
    "channels:read": "know the public channels' names",
    "chat:write": "post answers and notes",
    "chat:write.customize": "bring a message back under its author's name",
    "commands": 'the shortcut "Report to moderators"',
    "files:read": "read the names of files that are shared from other organisations",
    "groups:history": "read private channels and what was missed in them",
    "groups:read": "know the private channels' names",
    "im:history": "see whether a private note has arrived already",
    "im:write": "write private notes",
    "usergroups:read": "tell staff and moderators by their user groups",
    "users:read": "know names, languages and roles",
}
#: With this scope an admin's token hides messages.
USER_SCOPES = {"chat:write": "hide messages"}
EVENTS = (
    "channel_deleted",
    "channel_rename",
    "group_deleted",
    "group_rename",
    "message.channels",
    "message.groups",
)
#: Where Slack sends events in HTTP mode, below the web process's public address.
EVENTS_PATH = "/slack/events"


def manifest(public_url: str | None = None) -> Payload:
    """The manifest: for Socket Mode, or for HTTP below ``public_url`` where one is given."""
    address = {} if public_url is None else {"request_url": public_url.rstrip("/") + EVENTS_PATH}
    return {
        "display_information": {
            "name": "Chaperone",
            "description": "Keeps patients' information private, kindly.",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": False,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": True,
            },
            "bot_user": {"display_name": "Chaperone", "always_online": True},
            "shortcuts": [
                {
                    "name": "Report to moderators",
                    "type": "message",
                    "callback_id": REPORT,
                    "description": "Ask a moderator to look at this message",
                }
            ],
        },
        "oauth_config": {"scopes": {"bot": sorted(BOT_SCOPES), "user": sorted(USER_SCOPES)}},
        "settings": {
            "event_subscriptions": {"bot_events": list(EVENTS), **address},
            "interactivity": {"is_enabled": True, **address},
            "org_deploy_enabled": False,
            "socket_mode_enabled": public_url is None,
            "token_rotation_enabled": False,
        },
    }
