"""The sandbox's world is gone when it is closed; the store beside it remembers."""

from __future__ import annotations

from datetime import timedelta

from bot.adapters.sandbox.world import World
from bot.clock import StandingClock
from bot.domain.message import Author

ANA = Author(id="ana", name="Ana")


def test_a_message_of_a_new_world_is_not_taken_for_one_of_the_world_before() -> None:
    clock = StandingClock()
    before = World(now=clock.now).say(ANA, "community", "hello")
    clock.move(timedelta(seconds=1))

    after = World(now=clock.now).say(ANA, "community", "hello")

    assert after.key > before.key
