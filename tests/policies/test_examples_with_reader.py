"""The examples of what ships, read by the shipped model: each must be so plain that no model worth shipping gets it wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.bootstrap.matching import shipped_matcher
from bot.bootstrap.reading import shipped_reader
from bot.policy_file.examples import check_examples
from bot.policy_file.load import check_policy
from bot.policy_file.problems import render
from bot.policy_file.resolve import SHIPPED
from bot.reading.reader import ChaperoneReader

SHEETS = sorted([*SHIPPED.glob("*.yaml"), *SHIPPED.glob("packs/*.yaml")])


@pytest.fixture(scope="module")
def reader() -> ChaperoneReader:
    return shipped_reader()


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.stem)
def test_its_examples_come_true(path: Path, reader: ChaperoneReader) -> None:
    tried = check_examples(check_policy(path), shipped_matcher(), reader)

    assert tried.count > 0
    assert render(tried.problems) == ""
