"""Who gets in, and what everybody else sees: nothing."""

from __future__ import annotations

import re

import pytest

from bot.console.who import Door, parse_admins
from bot.domain.errors import SettingsError
from tests.unit.console.conftest import PASSWORD, SECRET, Console, console_with

INSIDE = [("GET", path) for path in ("/queue", "/queue?show=closed", "/policy", "/cases/{case}")] + [
    ("POST", f"/cases/{{case}}/{verb}") for verb in ("open", "restore", "uphold", "acknowledge", "hand_on", "repost")
]


@pytest.mark.parametrize(("method", "path"), INSIDE)
async def test_stranger_is_sent_to_the_login_page_and_nothing_happens(console: Console, method: str, path: str) -> None:
    case = await console.case()

    answer = await console.browser.request(method, path.format(case=case.id))

    assert (answer.status_code, answer.headers["Location"]) == (303, "/login")
    assert SECRET not in answer.text
    assert await console.now(case) == case
    assert await console.store.cases.trail(case.id) == []


@pytest.mark.parametrize(
    ("name", "password"), [("rita", "wrong horse battery"), ("", ""), ("nobody", ""), ("nobody", PASSWORD)]
)
async def test_wrong_name_or_password_opens_nothing(console: Console, name: str, password: str) -> None:
    answer = await console.browser.post("/login", data={"name": name, "password": password})

    assert answer.status_code in (403, 422)
    assert "set-cookie" not in answer.headers
    assert (await console.browser.get("/queue")).status_code == 303


async def test_right_password_opens_the_queue_until_one_logs_out(console: Console) -> None:
    assert "Log in" in (await console.browser.get("/login")).text
    await console.log_in()
    assert (await console.browser.get("/queue")).status_code == 200

    assert (await console.browser.post("/logout")).headers["Location"] == "/login"

    assert (await console.browser.get("/queue")).status_code == 303


async def test_cookie_is_kept_from_scripts_and_from_other_sites(console: Console) -> None:
    answer = await console.browser.post("/login", data={"name": "rita", "password": PASSWORD})

    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert PASSWORD not in cookie


async def test_cookie_of_another_console_opens_nothing(console: Console) -> None:
    other = console_with(Door({"rita": PASSWORD}), secret=b"other")
    async with other.browser:
        await other.log_in()
        console.browser.cookies.update(other.browser.cookies)

    assert (await console.browser.get("/queue")).status_code == 303


async def test_cookie_of_somebody_who_is_no_admin_any_more_opens_nothing(console: Console) -> None:
    before = console_with(Door({"rita": PASSWORD, "max": PASSWORD}))
    async with before.browser:
        await before.browser.post("/login", data={"name": "max", "password": PASSWORD})
        console.browser.cookies.update(before.browser.cookies)

    assert (await console.browser.get("/queue")).status_code == 303


async def test_login_leads_nowhere_else(console: Console) -> None:
    answer = await console.browser.post(
        "/login?next=https://evil.example/", data={"name": "rita", "password": PASSWORD, "next": "//evil.example"}
    )

    assert answer.headers["Location"] == "/queue"


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
async def test_other_site_can_not_act_even_where_nobody_has_to_log_in(site: str) -> None:
    open_house = console_with(Door({}, resident="mo"))
    async with open_house.browser as browser:
        case = await open_house.case()
        answer = await browser.post(f"/cases/{case.id}/uphold", headers={"Sec-Fetch-Site": site})

        assert answer.status_code == 403
        assert await open_house.now(case) == case
        own = await browser.post(f"/cases/{case.id}/uphold", headers={"Sec-Fetch-Site": "same-origin"})
        assert own.headers["Location"] == f"/cases/{case.id}"


async def test_without_admins_nobody_gets_in() -> None:
    closed = console_with(Door({}))
    async with closed.browser as browser:
        assert (await browser.post("/login", data={"name": "x", "password": "y"})).status_code == 403
        assert (await browser.get("/queue")).status_code == 303


@pytest.mark.parametrize("path", ["/login", "/queue", "/cases/c1", "/healthz", "/metrics", "/nowhere"])
async def test_every_answer_is_guarded(console: Console, path: str) -> None:
    headers = (await console.browser.get(path)).headers

    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert "default-src 'self'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", ["/openapi.json", "/docs", "/docs/oauth2-redirect", "/redoc"])
async def test_strangers_get_no_map_of_the_house(console: Console, path: str) -> None:
    assert (await console.browser.get(path)).status_code == 404


async def test_even_what_breaks_is_guarded(console: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken() -> bool:
        raise RuntimeError(SECRET)

    monkeypatch.setattr(console.store, "ready", broken)
    answer = await console.browser.get("/healthz")

    assert (answer.status_code, SECRET in answer.text) == (500, False)
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", ["/login", "/queue", "/queue?show=closed", "/policy", "/cases/{case}"])
async def test_pages_ask_for_nothing_that_their_policy_forbids(console: Console, path: str) -> None:
    case = await console.case()
    await console.log_in()

    answer = await console.browser.get(path.format(case=case.id))

    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert not re.search(
        r"<style|<script(?! src=\"/)|\sstyle=|\son\w+=|javascript:|src=\"(https?:)?//|<link[^>]+href=\"(https?:)?//",
        answer.text,
    )


async def test_style_sheet_may_be_kept(console: Console) -> None:
    answer = await console.browser.get("/static/console.css")

    assert answer.status_code == 200
    assert "no-store" not in answer.headers.get("Cache-Control", "")


def test_admins_are_names_with_long_passwords() -> None:
    assert parse_admins(("rita:correct horse battery", "max:a:b:c:d:e:f:g")) == {
        "rita": PASSWORD,
        "max": "a:b:c:d:e:f:g",
    }


@pytest.mark.parametrize("entry", ["rita", ":correct horse battery", "rita:short"])
def test_wrong_admins_are_refused_without_saying_the_password(entry: str) -> None:
    with pytest.raises(SettingsError) as refused:
        parse_admins((entry,))
    assert entry not in str(refused.value)
