"""Settings from the environment: one clear line for each mistake."""

from __future__ import annotations

import pytest

from bot.console.who import parse_admins
from bot.domain.errors import SettingsError
from bot.settings import HOW, Settings, load_settings, missing


def test_the_defaults_are_enough_to_load(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)

    assert load_settings().database_url == "sqlite:///chaperone.db"


def test_several_keys_are_divided_by_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHAPERONE_KEYS", "new, old")

    assert [key.get_secret_value() for key in load_settings().chaperone_keys] == ["new", "old"]


def test_a_secret_is_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-very-secret")

    assert "very-secret" not in repr(load_settings())


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "eighty"),
        ("PORT", "70000"),
        ("CHAPERONE_READ_BUDGET", "-1"),
        ("CHAPERONE_READ_BUDGET", "inf"),
        ("CHAPERONE_URL", "chaperone.example.org"),
        ("SLACK_API_BASE_URL", "slack-gov.com/api"),
        ("DISCORD_API_BASE_URL", "https://"),
        ("DISCORD_GATEWAY_URL", "http://127.0.0.1:9"),
    ],
)
def test_a_wrong_setting_is_named_with_how_to_get_it(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(SettingsError) as caught:
        load_settings()

    message = str(caught.value)
    assert message.startswith(f"{name} is wrong: ")
    assert HOW[name.lower()] in message
    assert "\n" not in message


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("PORT", "eighty", "it is no whole number"),
        ("PORT", "70000", "it is too large"),
        ("PORT", "0", "it is too small"),
        ("CHAPERONE_READ_BUDGET", "soon", "it is no number"),
        ("CHAPERONE_READ_BUDGET", "0", "it is too small"),
    ],
)
def test_what_is_wrong_with_a_number_is_said_in_plain_words(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, why: str
) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(SettingsError) as caught:
        load_settings()

    assert str(caught.value) == f"{name} is wrong: {why}. What it should be: {HOW[name.lower()]}"


def test_a_missing_setting_says_how_to_get_it() -> None:
    assert str(missing("slack_app_token")).startswith("SLACK_APP_TOKEN is missing. How to get it: ")


def test_the_slack_address_ends_with_a_slash_as_the_client_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_API_BASE_URL", "http://127.0.0.1:9/api")

    assert load_settings().slack_api_base_url == "http://127.0.0.1:9/api/"


@pytest.mark.parametrize("entry", ["rita", "rita:", ":long enough password", "rita:short"])
def test_an_admin_needs_a_name_and_a_long_password(entry: str) -> None:
    with pytest.raises(SettingsError, match="CHAPERONE_ADMINS is wrong"):
        parse_admins((entry,))
