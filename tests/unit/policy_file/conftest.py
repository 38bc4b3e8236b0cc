from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest

from bot.clock import StandingClock
from bot.policy_file.load import Checked, check_policy
from bot.stores.memory import MemoryStore
from tests.factories import NOON
from tests.unit.policy_file.watched import Setting, Team

START = """\
name: Friends
team_room: moderators
people: {staff: [team], moderators: [mods]}
rooms: [{match: "staff*", kind: staff}, {match: "*", kind: community}]
contacts: {desk: {name: the front desk, phone: "+1 555 010 0100"}}
"""
#: A rule of its own: without one a policy only hears of danger, which check tells.
ONE_RULE = "one: {when: {first_post: true}, do: queue}"
Write = Callable[..., Path]
Check = Callable[..., Checked]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes a policy: what every policy needs, then what the test is about."""

    def written(text: str, *, name: str = "policy.yaml", start: str = START) -> Path:
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(start + dedent(text), encoding="utf-8")
        return path

    return written


@pytest.fixture
def setting(write: Write) -> Setting:
    """A policy file that is watched, and the team that hears of it."""
    return Setting(write, Team(), MemoryStore(), StandingClock(NOON))


@pytest.fixture
def check(write: Write) -> Check:
    def checked(text: str, *, start: str = START) -> Checked:
        return check_policy(write(text, start=start))

    return checked
