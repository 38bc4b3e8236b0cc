"""What ships: policies, packs and wordings."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.domain.decision import ActionKind
from bot.domain.policy import Policy
from bot.domain.wording import PLACEHOLDER, Variable
from bot.domain.words import ButtonKind, Remark
from bot.policy_file.examples import check_examples
from bot.policy_file.load import check_policy, load_policy
from bot.policy_file.match import PolicyMatcher
from bot.policy_file.resolve import SHIPPED
from bot.reading.normalise import normalise

POLICIES = sorted(SHIPPED.glob("*.yaml"))
PACKS = sorted(SHIPPED.glob("packs/*.yaml"))
#: What the service says of its own accord.
SAID = [
    "note",
    "nudge",
    "reply",
    "schedule",
    "notify",
    "page",
    "restored_message",
    "reposted_message",
    "please_delete",
    "outcome_restored",
    "outcome_upheld",
    "outcome_reposted",
    "appeal_received",
    "notify_appeal",
    "notify_report",
    "pressed_report",
    "not_a_reviewer",
    "button_book",
    "knock",
    "button_show",
    "not_yours",
    "too_late",
    "delete_first",
    "text_erased",
    *Remark,
    *(f"button_{kind}" for kind in ButtonKind),
    *(f"pressed_{kind}" for kind in ButtonKind if kind is not ButtonKind.OPEN),
    *("button_fine", "button_hide", "pressed_fine", "pressed_hide"),
]


def by_name(path: Path) -> str:
    return path.stem


def wordings() -> Policy:
    return load_policy(SHIPPED / "sandbox.yaml")


@pytest.mark.parametrize("path", [*POLICIES, *PACKS], ids=by_name)
def test_nothing_is_wrong_with_it(path: Path) -> None:
    assert check_policy(path).rendered() == ""


@pytest.mark.parametrize("path", [*POLICIES, *PACKS], ids=by_name)
def test_its_examples_come_true(path: Path) -> None:
    tried = check_examples(check_policy(path), PolicyMatcher(lambda text: normalise(text).plain))

    assert tried.count > 0
    assert tried.problems == ()


@pytest.mark.parametrize("path", PACKS, ids=by_name)
def test_a_pack_can_be_extended_alone(path: Path, tmp_path: Path) -> None:
    mine = tmp_path / "mine.yaml"
    mine.write_text(
        f"name: Us\nextends: {path.stem}\nteam_room: mods\npeople: {{staff: [a], moderators: [b]}}\n"
        'rooms: [{match: a, kind: staff}, {match: "*", kind: community}]\n'
        'contacts: {desk: {name: the desk, phone: "0800 123"}}\nrules: {bullying: {strikes: 1}}\n'
        if path.stem not in ("safety", "staff-room")
        else f'name: Us\nextends: {path.stem}\nteam_room: mods\nrooms: [{{match: "*", kind: staff}}]\n'
    )

    assert check_policy(mine).errors == ()


@pytest.mark.parametrize("key", SAID)
@pytest.mark.parametrize("language", ["en", "es"])
def test_everything_the_service_says_has_words(key: str, language: str) -> None:
    assert wordings().wordings[key][language]


@pytest.mark.parametrize("key", [Remark.CASE_TITLE, Remark.CLOSE])
def test_the_head_of_a_modal_is_not_cut(key: str) -> None:
    """Slack takes 24 characters there."""
    assert all(len(text) <= 24 for text in wordings().wordings[key].values())


def test_both_languages_say_the_same_things_with_the_same_variables() -> None:
    for key, texts in wordings().wordings.items():
        assert texts.keys() == {"en", "es"}, key
        assert set(PLACEHOLDER.findall(texts["en"])) == set(PLACEHOLDER.findall(texts["es"])), key


def test_english_is_plain() -> None:
    """Flesch and Kincaid's grade over all texts: below 7 a reader of 12 follows easily (Kincaid et al., 1975)."""
    texts = [PLACEHOLDER.sub("it", text["en"]) for text in wordings().wordings.values()]
    sentences = [s for text in texts for s in re.split(r"[.!?:\n]+", text) if s.strip()]
    words = [word.lower() for sentence in sentences for word in re.findall(r"[a-z']+", sentence, re.IGNORECASE)]
    syllables = sum(max(1, len(re.findall(r"[aeiouy]+", re.sub(r"e$", "", word)))) for word in words)

    grade = 0.39 * len(words) / len(sentences) + 11.8 * syllables / len(words) - 15.59

    assert grade < 7
    assert max(len(sentence.split()) for sentence in sentences) <= 30


@pytest.mark.parametrize("path", POLICIES, ids=by_name)
def test_what_is_said_without_a_case_needs_none(path: Path) -> None:
    """Where nothing but a nudge or an answer is asked for, no case is opened that could fill these in."""
    policy = load_policy(path)
    unfilled = {Variable.ROOM, Variable.CASE, Variable.LABELS, Variable.MESSAGE_LINK, Variable.PROBLEM}
    keys = {
        action.wording or str(action.kind)
        for rule in policy.rules
        for action in rule.do
        if action.kind in (ActionKind.NUDGE, ActionKind.SCHEDULE, ActionKind.REPLY)
    }

    for key in sorted(keys):
        assert not unfilled & set(PLACEHOLDER.findall(policy.wordings[key]["en"])), key
