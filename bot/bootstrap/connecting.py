"""Which platforms the settings name, and what this process does with each: listen, act, or both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import structlog
from starlette.types import ASGIApp

from bot.adapters.discord.adapter import DiscordAdapter
from bot.adapters.slack.adapter import SlackAdapter
from bot.bootstrap.house import Adapter, House
from bot.domain.errors import SettingsError
from bot.service.ports import Platform
from bot.settings import Settings, missing

_log = structlog.get_logger(__name__)


class Share(StrEnum):
    """What one process of a Procfile runs."""

    ALL = "all"
    SLACK = "slack"
    DISCORD = "discord"
    WORKER = "worker"
    WEB = "web"


@dataclass(frozen=True, slots=True, kw_only=True)
class Connections:
    """What this process listens to, on which platforms it acts, and what its web server mounts at which path."""

    listening: Sequence[Adapter] = ()
    acting: Sequence[Platform] = ()
    mounted: dict[str, ASGIApp] = field(default_factory=dict)


def must_be_set(settings: Settings, share: Share) -> None:
    """Raise SettingsError where a token is missing, or this process would wait for events of Slack that come to the web process.

    Looked at before anything is opened: a wrong setting is told at once.
    """
    wants_slack = share is Share.SLACK or (share is not Share.DISCORD and settings.slack_bot_token is not None)
    if share is Share.SLACK and settings.slack_app_token is None and settings.slack_signing_secret is not None:
        raise SettingsError(
            "'run --only slack' would listen to nothing: without SLACK_APP_TOKEN Slack's events come over HTTP to the web process. "
            "Run 'chaperone run --only web', and beside it 'chaperone run --only worker'."
        )
    if wants_slack:
        _must_have_slack(settings)
    if share is Share.DISCORD and settings.discord_token is None:
        raise missing("discord_token")
    if share is not Share.WEB and not wants_slack and settings.discord_token is None:
        raise SettingsError(
            "No platform is configured. Set DISCORD_TOKEN, or SLACK_BOT_TOKEN with SLACK_APP_TOKEN; or run 'chaperone try'."
        )


def _must_have_slack(settings: Settings) -> None:
    if settings.slack_bot_token is None:
        raise missing("slack_bot_token")
    if settings.slack_app_token is None and settings.slack_signing_secret is None:
        raise missing("slack_app_token")


def connections(settings: Settings, house: House, share: Share) -> Connections:
    """The connections of this process, where ``must_be_set`` has nothing to say."""
    made: list[Connections] = []
    if share is Share.SLACK or (share is not Share.DISCORD and settings.slack_bot_token):
        made.append(_slack(settings, house, share))
    if share in (Share.DISCORD, Share.ALL, Share.WORKER) and (share is Share.DISCORD or settings.discord_token):
        adapter = discord(settings, house)
        made.append(Connections(listening=[adapter], acting=[adapter.platform]))
    return Connections(
        listening=[adapter for one in made for adapter in one.listening],
        acting=[platform for one in made for platform in one.acting],
        mounted={path: app for one in made for path, app in one.mounted.items()},
    )


def _slack(settings: Settings, house: House, share: Share) -> Connections:
    """Socket Mode listens where it acts. Over HTTP the web process listens; acting stays with the one worker."""
    adapter = slack(settings, house)
    by_socket = settings.slack_app_token is not None
    acting = [] if share is Share.WEB else [adapter.platform]
    if by_socket:
        return Connections(listening=[adapter] if acting else [], acting=acting)
    if share is Share.WORKER or adapter.http_handler is None:
        _log.info("Slack's events come in where 'chaperone run --only web' runs", action="slack_over_http")
        return Connections(acting=acting)
    return Connections(listening=[adapter], acting=acting, mounted={"/slack": adapter.http_handler})


def slack(settings: Settings, house: House) -> SlackAdapter:
    """The Slack adapter. Raises SettingsError where a token is missing."""
    _must_have_slack(settings)
    return SlackAdapter(settings, house.intake, house.desk, house.parts.clock, reports=house.reports)


def discord(settings: Settings, house: House) -> DiscordAdapter:
    """The Discord adapter. Raises SettingsError where the token is missing."""
    if settings.discord_token is None:
        raise missing("discord_token")
    return DiscordAdapter(settings, house.intake, house.desk, house.parts.clock, house.reports)
