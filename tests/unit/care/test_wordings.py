"""The answers that ship: each kind of request has one in both languages, and none hints at who is a patient."""

from __future__ import annotations

import re

import pytest

from bot.domain.policy import Policy
from bot.domain.requests import Request
from bot.domain.wording import PLACEHOLDER
from bot.policy_file.load import load_policy
from bot.policy_file.resolve import SHIPPED

KEYS = [
    *(f"schedule_{request}" for request in Request),
    *(f"hours_{when}" for when in ("always", "now", "today", "tomorrow", "day")),
    "slot_time",
    "page_again",
]
HINTS = re.compile(
    r"\b(your (appointment|visit|results?|records?|doctor|chart|refill|prescription|treatment|next|last)|as (a|our) patient"
    r"|tu (cita|resultado|receta|historia|médico|doctora?|tratamiento)|tus (resultados|citas)|como paciente)\b",
    re.IGNORECASE,
)


@pytest.fixture(scope="module")
def shipped() -> Policy:
    return load_policy(SHIPPED / "sandbox.yaml")


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("key", KEYS)
def test_every_answer_speaks_both_languages(shipped: Policy, key: str, language: str) -> None:
    assert shipped.wordings[key][language]


@pytest.mark.parametrize("key", [key for key in KEYS if key.startswith("schedule_")])
def test_no_answer_hints_that_somebody_is_a_patient(shipped: Policy, key: str) -> None:
    for text in shipped.wordings[key].values():
        assert not HINTS.search(text)
        assert {"contact", "phone", "link"} <= set(PLACEHOLDER.findall(text))


@pytest.mark.parametrize("language", ["en", "es"])
def test_days_and_months_are_all_there(shipped: Policy, language: str) -> None:
    assert len(shipped.wordings["weekdays"][language].split(",")) == 7
    assert len(shipped.wordings["months"][language].split(",")) == 12
