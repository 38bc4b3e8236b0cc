"""The queue's pages: what waits, one case, its text by one logged click, and what a reviewer can do to it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.case import CaseState, Verb
from bot.domain.decision import Urgency
from bot.domain.errors import ChaperoneError
from tests.factories import NOON
from tests.unit.console.conftest import SECRET, Console


async def _trail(console: Console, case: str) -> list[tuple[Verb, str, str]]:
    return [(entry.verb, entry.by, entry.detail) for entry in await console.store.cases.trail(case)]


@pytest.fixture
async def inside(console: Console) -> Console:
    await console.log_in()
    return console


async def test_queue_lists_what_waits_without_any_text(inside: Console) -> None:
    plain, urgent = await inside.case("1"), await inside.case("2", urgency=Urgency.NOW)

    page = (await inside.browser.get("/queue")).text

    assert page.index(urgent.id) < page.index(plain.id)
    assert "third party phi" in page
    assert "Castellano" not in page


async def test_closed_cases_have_their_own_list(inside: Console) -> None:
    case = await inside.case()
    await inside.browser.post(f"/cases/{case.id}/uphold")

    assert "Nothing waits" in (await inside.browser.get("/queue")).text
    assert case.id in (await inside.browser.get("/queue", params={"show": "closed"})).text


async def test_case_is_shown_without_its_text_and_looking_is_not_opening(inside: Console) -> None:
    case = await inside.case()

    page = (await inside.browser.get(f"/cases/{case.id}")).text

    assert "It names somebody else" in page
    assert "Castellano" not in page
    assert await _trail(inside, case.id) == []


async def test_text_is_shown_by_a_click_that_is_logged_and_by_nothing_else(inside: Console) -> None:
    case = await inside.case()

    by_link = await inside.browser.get(f"/cases/{case.id}/open")
    assert by_link.status_code == 405
    answer = await inside.browser.post(f"/cases/{case.id}/open")

    assert SECRET in answer.text
    assert "how is Joe Castellano?" in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    assert await _trail(inside, case.id) == [(Verb.OPEN, "rita", "")]
    assert (await inside.now(case)).claimed_by == "rita"
    assert "Castellano" not in (await inside.browser.get(f"/cases/{case.id}")).text


async def test_erased_text_is_told_of_kindly(inside: Console) -> None:
    case = await inside.case()
    await inside.store.vault.erase(case.id, "rita", NOON)

    answer = await inside.browser.post(f"/cases/{case.id}/open")

    assert (answer.status_code, "has been erased" in answer.text) == (200, True)


@pytest.mark.parametrize(
    ("verb", "state"),
    [("restore", CaseState.RESTORED), ("uphold", CaseState.UPHELD), ("acknowledge", CaseState.OPEN)],
)
async def test_reviewer_decides_under_their_own_name(inside: Console, verb: str, state: CaseState) -> None:
    case = await inside.case()

    answer = await inside.browser.post(f"/cases/{case.id}/{verb}")

    assert (answer.status_code, answer.headers["Location"]) == (303, f"/cases/{case.id}")
    assert (await inside.now(case)).state is state
    assert await _trail(inside, case.id) == [(Verb(verb), "rita", "")]


async def test_page_says_how_long_a_call_for_help_waited(inside: Console) -> None:
    case = await inside.case()
    assert "Answered" not in (await inside.browser.get(f"/cases/{case.id}")).text
    answered = replace(case, urgency=Urgency.NOW, acknowledged_at=case.opened_at + timedelta(seconds=50))
    await inside.store.cases.change(case, answered, None)

    assert "after 50 s" in (await inside.browser.get(f"/cases/{case.id}")).text


async def test_case_is_handed_on_to_a_name_of_reasonable_length(inside: Console) -> None:
    case = await inside.case()

    await inside.browser.post(f"/cases/{case.id}/hand_on", data={"to": " boss "})
    too_long = await inside.browser.post(f"/cases/{case.id}/hand_on", data={"to": "x" * 81})

    assert too_long.status_code == 422
    assert await _trail(inside, case.id) == [(Verb.HAND_ON, "rita", "to boss")]


@pytest.mark.parametrize("verb", ["repost", "appeal", "expire"])
async def test_what_is_the_authors_own_can_not_be_done_here(inside: Console, verb: str) -> None:
    case = await inside.case()

    answer = await inside.browser.post(f"/cases/{case.id}/{verb}")

    assert "can not be done here" in (await inside.browser.get(answer.headers["Location"])).text
    assert await inside.now(case) == case


async def test_who_was_too_late_is_told_so(inside: Console) -> None:
    case = await inside.case()
    await inside.browser.post(f"/cases/{case.id}/restore")

    answer = await inside.browser.post(f"/cases/{case.id}/uphold")

    assert "decided already" in (await inside.browser.get(answer.headers["Location"])).text


async def test_what_can_not_be_brought_back_is_not_called_too_late(inside: Console) -> None:
    case = await inside.case()
    await inside.store.vault.erase(case.id, "rita", NOON)

    answer = await inside.browser.post(f"/cases/{case.id}/restore")

    page = (await inside.browser.get(answer.headers["Location"])).text
    assert "has been erased" in page
    assert "decided already" not in page


async def test_failing_database_is_not_called_too_late(inside: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(*_: object) -> bool:
        raise ChaperoneError("The database can't be used just now.")

    case = await inside.case()
    with monkeypatch.context() as failing:
        failing.setattr(inside.store.cases, "change", broken)
        answer = await inside.browser.post(f"/cases/{case.id}/uphold")

    assert "try again" in (await inside.browser.get(answer.headers["Location"])).text


async def test_address_puts_no_words_into_the_page(inside: Console) -> None:
    case = await inside.case()

    page = await inside.browser.get(f"/cases/{case.id}", params={"problem": "Call 555-0100 and read out your password"})

    assert "555-0100" not in page.text


@pytest.mark.parametrize("path", ["/cases/none", "/cases/%2F%2Fevil.example"])
async def test_unknown_case_is_not_found_and_leads_nowhere(inside: Console, path: str) -> None:
    for answer in (
        await inside.browser.get(path),
        await inside.browser.post(f"{path}/open"),
        await inside.browser.post(f"{path}/restore"),
    ):
        assert answer.status_code in (404, 405)
        assert "Location" not in answer.headers


async def test_unknown_verb_changes_nothing(inside: Console) -> None:
    case = await inside.case()

    assert (await inside.browser.post(f"/cases/{case.id}/shred")).status_code == 422
    assert await inside.now(case) == case


async def test_words_of_a_message_are_never_markup(inside: Console) -> None:
    case = await inside.case()
    await inside.browser.post(f"/cases/{case.id}/hand_on", data={"to": "<script>alert(1)</script>"})

    assert "<script>alert" not in (await inside.browser.get(f"/cases/{case.id}")).text


async def test_health_follows_the_database(console: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    assert (await console.browser.get("/healthz")).text == "ok"

    async def down() -> bool:
        return False

    monkeypatch.setattr(console.store, "ready", down)
    assert (await console.browser.get("/healthz")).status_code == 503


async def test_counts_hold_no_text(console: Console) -> None:
    await console.case()

    answer = await console.browser.get("/metrics")

    assert answer.status_code == 200
    assert "Castellano" not in answer.text


async def test_policy_page_is_for_reviewers(inside: Console) -> None:
    page = await inside.browser.get("/policy")

    assert (page.status_code, "leak" in page.text) == (200, True)
