"""``chaperone manifest``: what would make an app that can't work is refused, with how to write it."""

from __future__ import annotations

import json

import pytest

from bot.cli.connect import Platforms, manifest
from bot.domain.errors import SettingsError


@pytest.mark.parametrize("address", ["chaperone.example.org", "http://chaperone.example.org"])
def test_an_address_that_slack_would_not_call_is_refused(address: str) -> None:
    with pytest.raises(SettingsError, match="--public-url is wrong"):
        manifest(Platforms.SLACK, public_url=address)


def test_slack_calls_below_the_public_address(capsys: pytest.CaptureFixture[str]) -> None:
    manifest(Platforms.SLACK, public_url="https://chaperone.example.org/")

    printed = json.loads(capsys.readouterr().out)
    assert printed["settings"]["interactivity"]["request_url"] == "https://chaperone.example.org/slack/events"


def test_an_invitation_needs_the_application(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SettingsError, match="--application-id"):
        manifest(Platforms.DISCORD)
    manifest(Platforms.DISCORD, application_id=12345)

    assert "client_id=12345&" in json.loads(capsys.readouterr().out)["invite"]
