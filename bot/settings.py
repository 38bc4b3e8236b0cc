"""Settings from the environment, read once. A missing or wrong one ends the start with one line that names it and says how to get it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.domain.errors import SettingsError

#: How to get each setting; shown where it is missing or wrong.
HOW = {
    "discord_token": "Discord developer portal, your application, Bot, Reset Token.",
    "slack_bot_token": "api.slack.com/apps, your app, OAuth & Permissions; it starts with xoxb-.",
    "slack_app_token": "api.slack.com/apps, your app, Basic Information, App-Level Tokens, scope connections:write; it starts with xapp-.",
    "slack_admin_token": "a user token of a workspace admin with scope chat:write; it starts with xoxp-.",
    "slack_grid_token": "Enterprise Grid only: Slack itself grants the scope discovery:write, an org owner asks Slack's support for it.",
    "slack_signing_secret": "api.slack.com/apps, your app, Basic Information, App Credentials.",
    "database_url": "sqlite:///chaperone.db or postgresql://user:password@host/name.",
    "chaperone_keys": "run 'chaperone keys new' and keep what it prints; several keys are divided by commas, the first one encrypts.",
    "chaperone_policy": "the path of your policy file, such as policies/patient-group.yaml.",
    "chaperone_admins": "you choose them: name:password, divided by commas, each password at least 12 characters and without a comma.",
    "chaperone_webhooks": "name=https://… or name=pagerduty:ROUTING_KEY, divided by commas; the policy's on_call names them.",
    "chaperone_url": "the address under which people open the console, such as https://chaperone.example.org.",
    "port": "a number from 1 to 65535; a PaaS sets it by itself.",
    "host": "0.0.0.0 for every address of the machine, 127.0.0.1 where a reverse proxy runs on the same one.",
    "chaperone_read_budget": "seconds that reading one message may take, such as 2.",
    "slack_api_base_url": "leave it unset for Slack; https://slack-gov.com/api/ for GovSlack; a proxy's or simulator's own address.",
    "discord_api_base_url": "leave it unset for Discord; a proxy's or simulator's own address, up to and with /api/v10.",
    "discord_gateway_url": "leave it unset for Discord; a simulator's own ws:// address.",
}

#: What pydantic finds wrong with a number, in plain words.
_WHY = {
    "int_parsing": "it is no whole number",
    "float_parsing": "it is no number",
    "finite_number": "it is no number",
    "greater_than": "it is too small",
    "greater_than_equal": "it is too small",
    "less_than_equal": "it is too large",
}


class Settings(BaseSettings):
    """All settings. Their names in the environment are these in capitals."""

    model_config = SettingsConfigDict(env_file=None, extra="ignore", frozen=True, env_ignore_empty=True)

    discord_token: SecretStr | None = Field(default=None, description="The bot token of the Discord application.")
    slack_bot_token: SecretStr | None = Field(default=None, description="The bot token of the Slack app.")
    slack_app_token: SecretStr | None = Field(
        default=None, description="The app-level token; with it the bot uses Socket Mode."
    )
    slack_admin_token: SecretStr | None = Field(
        default=None, description="An admin's user token; with it the bot can hide messages."
    )
    slack_grid_token: SecretStr | None = Field(
        default=None, description="An Enterprise Grid token with discovery:write."
    )
    slack_signing_secret: SecretStr | None = Field(
        default=None, description="With it Slack may send events over HTTP to the web process."
    )
    database_url: str = Field(default="sqlite:///chaperone.db", description="Where the bot remembers.")
    chaperone_keys: Annotated[tuple[SecretStr, ...], NoDecode] = Field(
        default=(), description="Keys of the vault, newest first."
    )
    chaperone_policy: Path = Field(default=Path("policies/patient-group.yaml"), description="The community's policy.")
    chaperone_admins: Annotated[tuple[SecretStr, ...], NoDecode] = Field(
        default=(), description="Who may use the web console: name:password, divided by commas."
    )
    chaperone_webhooks: Annotated[tuple[SecretStr, ...], NoDecode] = Field(
        default=(),
        description="Webhooks that an on-call chain may call: name=https://… or name=pagerduty:ROUTING_KEY, divided by commas.",
    )
    chaperone_url: str = Field(default="", description="The web console's public https address, for links in pages.")
    port: int = Field(default=8000, ge=1, le=65535, description="The port of the web process.")
    host: str = Field(default="0.0.0.0", description="The address the web process listens on.")  # noqa: S104
    chaperone_read_budget: float = Field(
        default=2.0, gt=0, allow_inf_nan=False, description="Seconds that reading one message may take."
    )
    slack_api_base_url: str = Field(default="https://slack.com/api/", description="GovSlack, a proxy or a simulator.")
    discord_api_base_url: str = Field(default="https://discord.com/api/v10", description="A proxy or a simulator.")
    discord_gateway_url: str | None = Field(default=None, description="A simulator.")

    @field_validator("chaperone_keys", "chaperone_admins", "chaperone_webhooks", mode="before")
    @classmethod
    def _divide(cls, value: object) -> object:
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    @field_validator("chaperone_url", "slack_api_base_url", "discord_api_base_url", "discord_gateway_url")
    @classmethod
    def _is_address(cls, value: str | None, info: ValidationInfo) -> str | None:
        schemes = ("ws", "wss") if info.field_name == "discord_gateway_url" else ("http", "https")
        address = urlsplit(value or "")
        if value and (address.scheme not in schemes or not address.hostname):
            raise ValueError(f"it must be a whole address that begins with {schemes[1]}://")
        return value

    @field_validator("slack_api_base_url")
    @classmethod
    def _end_with_slash(cls, value: str) -> str:
        return value if value.endswith("/") else f"{value}/"


def load_settings() -> Settings:
    """The settings from the environment. Raises SettingsError with one line for the first wrong one."""
    try:
        return Settings()
    except ValidationError as error:
        wrong = error.errors(include_input=False, include_url=False)[0]
        name = str(wrong["loc"][0])
        why = _WHY.get(wrong["type"]) or wrong["msg"].removeprefix("Value error, ")
        raise SettingsError(f"{name.upper()} is wrong: {why}. What it should be: {HOW[name]}") from None


def missing(name: str) -> SettingsError:
    """The error for a setting that is needed and not there."""
    return SettingsError(f"{name.upper()} is missing. How to get it: {HOW[name]}")
