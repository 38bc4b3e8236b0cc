"""What is forgotten, and when."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.errors import ErasedError
from bot.service.retention import Retention
from tests.factories import make_policy
from tests.unit.service.conftest import House


async def test_the_text_of_a_closed_case_is_forgotten_in_time_and_that_of_an_open_one_is_not(house: House) -> None:
    await house.say("Joe has cancer [third_party_phi=.9]")
    [closed] = await house.review.queue()
    await house.review.uphold(closed.id, "rev")
    await house.say("Joe has cancer again [third_party_phi=.9]")
    [waiting] = await house.review.queue()
    retention = Retention(house.store, house.clock, lambda: make_policy(keep_text_for=timedelta(days=7)))

    house.clock.move(timedelta(days=6))
    await retention.forget()
    assert (await house.store.vault.kept(closed.id)).message.text.startswith("Joe")

    house.clock.move(timedelta(days=2))
    await retention.forget()
    with pytest.raises(ErasedError):
        await house.store.vault.kept(closed.id)
    assert (await house.store.vault.kept(waiting.id)).message.text.startswith("Joe")
