"""What a moderator reads when a policy is wrong, byte for byte. CHAPERONE_GOLDEN=write renews the expected texts."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bot.policy_file.load import check_policy

POLICIES = Path(__file__).parents[2] / "policies"
FOLDERS = sorted(path.parent.name for path in POLICIES.glob("*/bad.yaml"))


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_mistake_is_named_with_its_place(folder: str) -> None:
    expected = POLICIES / folder / "expected.txt"
    rendered = check_policy(POLICIES / folder / "bad.yaml").rendered().replace(f"{POLICIES / folder}/", "") + "\n"

    if os.environ.get("CHAPERONE_GOLDEN") == "write":
        expected.write_text(rendered, encoding="utf-8")
    assert rendered == expected.read_text(encoding="utf-8")


def test_warnings_alone_do_not_keep_a_policy_out_of_force() -> None:
    checked = check_policy(POLICIES / "warnings" / "bad.yaml")

    assert checked.problems
    assert checked.policy is not None


def test_an_error_keeps_it_out_of_force() -> None:
    assert check_policy(POLICIES / "mistakes" / "bad.yaml").policy is None
