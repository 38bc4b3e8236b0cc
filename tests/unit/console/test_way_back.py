"""Whoever comes to an address that is none meets a page with the way to the queue, never a line for machines."""

from __future__ import annotations

import pytest

from tests.unit.console.conftest import Console


async def test_the_bare_address_leads_to_the_queue(console: Console) -> None:
    answer = await console.browser.get("/")

    assert (answer.status_code, answer.headers["location"]) == (303, "/queue")


@pytest.mark.parametrize(("path", "said"), [("/cases/c9", "There is no case c9."), ("/case", "There is nothing here")])
async def test_what_is_not_there_is_a_page_with_the_way_back(console: Console, path: str, said: str) -> None:
    await console.log_in()
    answer = await console.browser.get(path)

    assert answer.status_code == 404
    assert said in answer.text
    assert '<a href="/queue">Go to the queue</a>' in answer.text
    assert answer.headers["cache-control"] == "no-store"
