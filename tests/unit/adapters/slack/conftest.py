from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.domain.words import Button, ButtonKind, Words
from tests.contract.slack_world import SlackDriver, slack_world


@pytest.fixture
async def slack() -> AsyncIterator[SlackDriver]:
    """The adapter, connected, with an admin's token."""
    async with slack_world() as (_, driver):
        yield driver


@pytest.fixture
def words() -> Words:
    """Something to say, with a button."""
    button = Button(kind=ButtonKind.APPEAL, case="c0ffee", label="Ask for a review")
    return Words(key="decision:note:", text="We have hidden your message.", buttons=(button,))
