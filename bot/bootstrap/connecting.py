"""Which platforms the settings name, and the adapters for them."""

from __future__ import annotations

from enum import StrEnum

from bot.adapters.discord.adapter import DiscordAdapter
from bot.adapters.slack.adapter import SlackAdapter
from bot.bootstrap.house import Adapter, House
from bot.domain.errors import SettingsError
from bot.settings import Settings, missing


class Share(StrEnum):
    """What one process of a Procfile runs."""

    ALL = "all"
    SLACK = "slack"
    DISCORD = "discord"
    WORKER = "worker"
    WEB = "web"


def adapters_for(settings: Settings, house: House, share: Share) -> list[Adapter]:
    """The adapters of this process. Raises SettingsError where no platform, or not the one asked for, is configured."""
    if share is Share.WEB:
        return []
    made: list[Adapter] = []
    if share is not Share.DISCORD and (share is Share.SLACK or settings.slack_bot_token):
        made.append(slack(settings, house))
    if share is not Share.SLACK and (share is Share.DISCORD or settings.discord_token):
        made.append(discord(settings, house))
    if not made:
        raise SettingsError(
            "No platform is configured. Set DISCORD_TOKEN, or SLACK_BOT_TOKEN with SLACK_APP_TOKEN; or run 'chaperone try'."
        )
    return made


def slack(settings: Settings, house: House) -> SlackAdapter:
    """The Slack adapter. Raises SettingsError where a token is missing."""
    if settings.slack_bot_token is None:
        raise missing("slack_bot_token")
    if settings.slack_app_token is None and settings.slack_signing_secret is None:
        raise missing("slack_app_token")
    return SlackAdapter(settings, house.intake, house.desk, house.parts.clock)


def discord(settings: Settings, house: House) -> DiscordAdapter:
    """The Discord adapter. Raises SettingsError where the token is missing."""
    if settings.discord_token is None:
        raise missing("discord_token")
    return DiscordAdapter(settings, house.intake, house.desk, house.parts.clock)
