"""What a visitor of the sandbox sees, in a real browser."""

from __future__ import annotations

import os
from pathlib import Path

from playwright.sync_api import Page, expect

PICTURES = Path(__file__).parents[2] / "docs" / "images"
SOON = 15_000


def press_prepared(page: Page, what: str) -> None:
    page.get_by_role("button", name=what, exact=True).click()


def test_ordinary_talk_stays(page: Page) -> None:
    press_prepared(page, "Own story")

    expect(page.locator("#posts li", has_text="Six weeks since my bypass")).to_be_visible(timeout=SOON)
    page.wait_for_function("() => fetch('/sandbox/state').then(r => r.json()).then(s => s.waiting === 0)")
    expect(page.locator("#posts li.hidden", has_text="Six weeks since my bypass")).to_have_count(0)


def test_a_leak_is_hidden_explained_and_restored_without_reloading(page: Page) -> None:
    press_prepared(page, "Somebody else's story")

    hidden = page.locator("#posts li.hidden", has_text="Joe Castellano")
    expect(hidden).to_be_visible(timeout=SOON)
    note = page.locator("#notes li").first
    expect(note).to_be_visible(timeout=SOON)
    expect(note).not_to_contain_text("Castellano")
    waiting = page.locator("#queue li[data-case]", has_text="hidden").first
    expect(waiting).to_contain_text("third party phi")
    expect(waiting).not_to_contain_text("Castellano")
    if os.environ.get("UPDATE_PICTURES"):
        press_prepared(page, "A medical question")
        press_prepared(page, "An emergency")
        expect(page.locator("#team li.urgent")).to_be_visible(timeout=SOON)
        page.locator("#tabs button").first.click()
        page.wait_for_timeout(500)
        page.screenshot(path=PICTURES / "sandbox.png")

    waiting.get_by_role("button", name="Bring it back").click()
    page.locator("#answer").get_by_role("button", name="Close").click()

    expect(page.locator("#posts li:not(.hidden)", has_text="Joe Castellano")).to_be_visible(timeout=SOON)


def test_the_queue_opens_a_case_and_logs_it(page: Page, sandbox: str) -> None:
    press_prepared(page, "A remedy praised")
    expect(page.locator("#queue li[data-case]", has_text="pseudoscience").first).to_be_visible(timeout=SOON)

    page.goto(f"{sandbox}/queue")
    page.get_by_role("row", name="pseudoscience").get_by_role("link").first.click()
    expect(page.locator("blockquote")).to_have_count(0)
    page.get_by_role("button", name="Show the message").click()

    expect(page.locator("blockquote")).to_contain_text("Celery juice")
    expect(page.locator(".trail")).to_contain_text("mo: open")


def test_moderators_follow_a_readable_link_to_the_message_in_its_room(page: Page) -> None:
    press_prepared(page, "A complaint")
    said = page.locator("#team li", has_text="Somebody is unhappy").first
    expect(said).to_be_visible(timeout=SOON)
    expect(said).not_to_contain_text("#message")
    page.locator("#tabs button").first.click()
    expect(page.locator("#posts li", has_text="Waited two hours")).to_have_count(0)

    said.get_by_role("link", name="Show the message").click()

    expect(page.locator("#posts li.sought", has_text="Waited two hours")).to_be_visible()
    expect(page.locator("#tabs [aria-selected=true]")).to_have_text("#front-desk")


def test_a_case_in_the_queue_leads_back_to_its_message(page: Page, sandbox: str) -> None:
    press_prepared(page, "Staff confirm a patient")
    expect(page.locator("#queue li[data-case]", has_text="staff confirms patient").first).to_be_visible(timeout=SOON)

    page.goto(f"{sandbox}/queue")
    page.get_by_role("row", name="staff confirms patient").get_by_role("link").first.click()
    page.get_by_role("link", name="go to the message").click()

    expect(page.locator("#posts li.sought", has_text="Hi Marcus")).to_be_visible(timeout=SOON)


def test_a_message_is_only_ever_text(page: Page) -> None:
    page.locator("#text").fill("<img src=x onerror=\"document.title='owned'\"> hello <b>there</b> /#message-1")
    page.locator("#composer > button").click()

    said = page.locator("#posts li", has_text="<b>there</b> /#message-1")
    expect(said).to_be_visible(timeout=SOON)
    expect(said.locator("a")).to_have_count(0)
    assert page.title() == "Chaperone sandbox"
