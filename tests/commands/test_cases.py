"""``chaperone cases …`` as people run it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.case import CaseState
from bot.domain.decision import Urgency
from bot.domain.reading import Label
from bot.service.store import Kept
from bot.stores.migrate import upgrade
from tests.e2e.process import BotProcess
from tests.factories import NOON, make_message, make_ref
from tests.unit.service import past

TEXT = "my neighbour [Ana] has it"


@pytest.fixture
async def bot(tmp_path: Path) -> BotProcess:
    """Case ``c1`` with a text and a label."""
    bot = BotProcess(tmp_path, {})
    await upgrade(bot.database)
    message = make_message(TEXT)
    one = replace(past.decision(message), case="c1")
    case = replace(past.case(CaseState.OPEN), id="c1", decision=one.id, labels=(Label.THIRD_PARTY_PHI,))
    async with bot.store() as store:
        await store.decisions.record(one, case, Kept(message=message), timedelta())
    return bot


async def test_the_list_cuts_nothing_off_in_a_narrow_window(bot: BotProcess) -> None:
    message = make_message("Another one", ref=make_ref("2"))
    one = replace(past.decision(message), case="0123456789ab")
    labels = (Label.THIRD_PARTY_PHI, Label.STAFF_CONFIRMS_PATIENT)
    case = replace(
        past.case(CaseState.OPEN), id="0123456789ab", decision=one.id, labels=labels, room_name="[/help] front desk"
    )
    async with bot.store() as store:
        await store.decisions.record(one, case, Kept(message=message), timedelta())

    status, out, err = await bot.command("cases", "list")

    assert (status, err) == (0, "")
    assert "0123456789ab" in out.split()
    assert "[/help]" in out
    assert "…" not in out


async def test_show_opens_the_text_and_logs_it(bot: BotProcess) -> None:
    status, out, err = await bot.command("cases", "show", "c1", "--by", "rita")

    assert (status, err) == (0, "")
    assert TEXT in out
    assert "Labels: third_party_phi" in out
    assert "rita  open" in out


async def test_show_of_an_erased_case_shows_what_is_left(bot: BotProcess) -> None:
    await bot.command("cases", "show", "c1", "--by", "rita")
    async with bot.store() as store:
        await store.vault.erase("c1", "rita", NOON)

    status, out, err = await bot.command("cases", "show", "c1", "--by", "omar")

    assert (status, err) == (0, "")
    assert TEXT not in out
    assert "has been erased" in out
    assert "Labels: third_party_phi" in out
    assert [line.split("  ")[1] for line in out.splitlines() if line.rstrip().endswith("open")] == ["rita", "omar"]


async def test_show_says_how_long_a_call_for_help_waited(bot: BotProcess) -> None:
    async with bot.store() as store:
        before = await store.cases.case("c1")
        answered = replace(before, urgency=Urgency.NOW, acknowledged_at=NOON + timedelta(seconds=135))
        assert await store.cases.change(before, answered, None, None)

    _, out, _ = await bot.command("cases", "show", "c1", "--by", "rita")

    assert "Answered after 2 min 15 s." in out


async def test_show_of_no_case_says_so(bot: BotProcess) -> None:
    assert await bot.command("cases", "show", "c9") == (2, "", "There is no case c9.\n")


async def test_erase_forgets_the_text_and_says_who_did_it(bot: BotProcess) -> None:
    status, out, err = await bot.command("cases", "erase", "c1", "--by", "rita", "--yes")
    again = await bot.command("cases", "erase", "c1", "--by", "omar", "--yes")
    _, shown, _ = await bot.command("cases", "show", "c1", "--by", "omar")

    assert (status, out, err) == (0, "The text of case c1 is erased.\n", "")
    assert again == (0, "Case c1 has no text any more.\n", "")
    assert TEXT not in shown
    assert "rita  erase" in shown
