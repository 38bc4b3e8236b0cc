"""The login is kept to https wherever people come by https, and works over plain HTTP where nobody does."""

from __future__ import annotations

import asyncio

import httpx
import pytest

from bot.bootstrap.serving import web_server
from bot.console.who import Door
from tests.e2e.process import free_port
from tests.unit.console.conftest import PASSWORD, console_with

LOGIN = {"name": "rita", "password": PASSWORD}


def _is_secure(answer: httpx.Response) -> bool:
    assert answer.status_code == 303
    return "; secure" in answer.headers["set-cookie"].lower()


@pytest.mark.parametrize(
    ("public", "scheme", "secure"),
    [(True, "http", True), (True, "https", True), (False, "https", True), (False, "http", False)],
)
async def test_cookie_is_kept_to_https_where_the_address_or_the_request_is(
    public: bool, scheme: str, secure: bool
) -> None:
    console = console_with(Door({"rita": PASSWORD}), secure=public, scheme=scheme)
    async with console.browser as browser:
        assert _is_secure(await browser.post("/login", data=LOGIN)) is secure


async def test_cookie_of_one_scheme_is_known_by_the_other() -> None:
    console = console_with(Door({"rita": PASSWORD}))
    async with console.browser as browser:
        await browser.post("/login", data=LOGIN)
        cookie = browser.cookies["chaperone"]

        answer = await browser.get("https://console.test/queue", headers={"Cookie": f"chaperone={cookie}"})

    assert answer.status_code == 200


@pytest.mark.parametrize(("proxy", "secure"), [("127.0.0.1", True), ("192.0.2.9", False)])
async def test_only_a_proxy_that_is_trusted_says_who_came_and_how(
    proxy: str, secure: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Everybody else could write the same headers: to be somebody else at the door with every guess."""
    monkeypatch.setenv("FORWARDED_ALLOW_IPS", proxy)
    port, stop = free_port(), asyncio.Event()
    console = console_with(Door({"rita": PASSWORD}))
    serving = asyncio.ensure_future(web_server(console.app, "127.0.0.1", port)(stop))
    await asyncio.sleep(0)
    try:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client:
            forwarded = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.1"}
            first = await client.post("/login", data=LOGIN, headers=forwarded)
            wrong = {**LOGIN, "password": "wrong horse battery"}
            tries = [
                await client.post("/login", data=wrong, headers={"X-Forwarded-For": f"203.0.113.{number}"})
                for number in range(6)
            ]
    finally:
        stop.set()
        await serving

    assert _is_secure(first) is secure
    assert tries[-1].status_code == (403 if secure else 429)
