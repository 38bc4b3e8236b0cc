"""``chaperone person …`` as a privacy officer runs it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.case import CaseState
from bot.domain.errors import ErasedError
from bot.domain.message import Author
from bot.service.store import Kept
from bot.stores.migrate import upgrade
from tests.e2e.process import BotProcess
from tests.factories import make_message, make_ref
from tests.unit.service import past

THEIRS, OTHERS = "my neighbour Ana has it", "our cousin Ben has it"
ANA = ("sandbox", "sandbox", "ana")


@pytest.fixture
async def bot(tmp_path: Path) -> BotProcess:
    """A case of ana's, and one of somebody else's."""
    bot = BotProcess(tmp_path, {})
    await upgrade(bot.database)
    async with bot.store() as store:
        for number, (author, text) in enumerate((("ana", THEIRS), ("ben", OTHERS)), start=1):
            message = make_message(text, ref=make_ref(str(number)), author=Author(id=author, name=author.title()))
            one = replace(past.decision(message), case=f"c{number}")
            case = replace(
                past.case(CaseState.OPEN), id=f"c{number}", decision=one.id, author=author, message=message.ref
            )
            await store.decisions.record(one, case, Kept(message=message), timedelta())
    return bot


async def test_export_prints_all_that_is_kept_of_one_person_and_logs_it(bot: BotProcess) -> None:
    status, out, err = await bot.command("person", "export", *ANA, "--by", "dana")

    case, decision = (json.loads(line) for line in out.splitlines())
    assert (status, err) == (0, "Kept of ana: 1 cases, 1 decisions.\n")
    assert (case["case"], case["text"], decision["case"]) == ("c1", THEIRS, "c1")
    assert "dana open" in case["log"][0]
    assert OTHERS not in out


async def test_erase_forgets_the_text_of_that_person_alone(bot: BotProcess) -> None:
    status, out, err = await bot.command("person", "erase", *ANA, "--yes")

    assert (status, out, err.split(";")[0]) == (0, "", "Texts erased: 1")
    async with bot.store() as store:
        assert (await store.vault.kept("c2")).message.text == OTHERS
        with pytest.raises(ErasedError):
            await store.vault.kept("c1")
    case = json.loads((await bot.command("person", "export", *ANA))[1].splitlines()[0])
    assert case["text"] is None


async def test_erase_asks_before_it_does_anything(bot: BotProcess) -> None:
    status, _, err = await bot.command("person", "erase", *ANA)

    assert status != 0
    assert "Erase for good what ana wrote?" in err
    async with bot.store() as store:
        assert (await store.vault.kept("c1")).message.text == THEIRS
