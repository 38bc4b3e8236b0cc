"""Who guesses at the door has to wait; who mistyped gets in."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest

from bot.clock import StandingClock
from bot.console.throttle import MOST_FROM_ALL, MOST_FROM_ONE, WINDOW, Throttle
from bot.console.who import Door
from tests.factories import NOON
from tests.unit.console.conftest import PASSWORD, Console, browser_of, console_with

WRONG = "wrong horse battery"


async def _try(browser: httpx.AsyncClient, password: str = WRONG, name: str = "rita") -> httpx.Response:
    return await browser.post("/login", data={"name": name, "password": password})


@pytest.fixture
async def two_admins() -> AsyncIterator[Console]:
    made = console_with(Door({"rita": PASSWORD, "max": PASSWORD + "!"}))
    async with made.browser:
        yield made


async def test_after_several_wrong_tries_even_the_right_password_has_to_wait(console: Console) -> None:
    for _ in range(MOST_FROM_ONE):
        assert (await _try(console.browser)).status_code == 403

    answer = await _try(console.browser, PASSWORD)

    assert (answer.status_code, answer.headers["Retry-After"]) == (429, str(int(WINDOW.total_seconds())))
    assert "Please try again in 5 minutes" in answer.text
    assert "<form" in answer.text
    assert "set-cookie" not in answer.headers


async def test_the_wait_ends(console: Console) -> None:
    for _ in range(MOST_FROM_ONE):
        await _try(console.browser)

    console.clock.move(WINDOW - timedelta(seconds=30))
    early = await _try(console.browser, PASSWORD)
    assert (early.status_code, early.headers["Retry-After"]) == (429, "30")
    assert "in a minute" in early.text

    console.clock.move(timedelta(seconds=30))
    assert (await _try(console.browser, PASSWORD)).status_code == 303


async def test_trying_while_one_waits_makes_the_wait_no_longer(console: Console) -> None:
    for _ in range(MOST_FROM_ONE * 3):
        await _try(console.browser)
    console.clock.move(WINDOW)

    assert (await _try(console.browser)).status_code == 403


async def test_right_login_forgets_ones_own_slips(console: Console) -> None:
    for _ in range(3):
        for _ in range(MOST_FROM_ONE - 1):
            assert (await _try(console.browser)).status_code == 403
        assert (await _try(console.browser, PASSWORD)).status_code == 303


async def test_own_login_buys_no_more_guesses_at_a_colleagues_password(two_admins: Console) -> None:
    for _ in range(MOST_FROM_ONE - 1):
        await _try(two_admins.browser, name="max")
    assert (await _try(two_admins.browser, PASSWORD)).status_code == 303

    assert (await _try(two_admins.browser, name="max")).status_code == 403
    assert (await _try(two_admins.browser, name="max")).status_code == 429


async def test_one_who_guesses_locks_out_nobody_elsewhere(console: Console) -> None:
    for _ in range(MOST_FROM_ONE + 1):
        await _try(console.browser)

    async with browser_of(console.app, address="203.0.113.2") as elsewhere:
        assert (await _try(elsewhere, PASSWORD)).status_code == 303


async def test_many_addresses_together_are_slowed_down_too(console: Console) -> None:
    for number in range(MOST_FROM_ALL):
        async with browser_of(console.app, address=f"198.51.100.{number}") as guessing:
            assert (await _try(guessing)).status_code == 403

    answer = await _try(console.browser)

    assert answer.status_code == 429
    console.clock.move(WINDOW)
    assert (await _try(console.browser, PASSWORD)).status_code == 303


async def test_login_page_itself_stays_open(console: Console) -> None:
    for _ in range(MOST_FROM_ONE + 1):
        await _try(console.browser)

    assert (await console.browser.get("/login")).status_code == 200


def test_waits_are_whole_seconds_rounded_up() -> None:
    clock = StandingClock(NOON)
    throttle = Throttle(clock.now)
    for _ in range(MOST_FROM_ONE):
        throttle.wrong("here", "rita")
    clock.move(WINDOW - timedelta(milliseconds=1))

    assert throttle.wait("here") == 1
    assert throttle.wait("there") == 0
