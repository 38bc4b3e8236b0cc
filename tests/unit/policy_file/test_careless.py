"""What somebody reads who has never written a policy and slips: what is wrong, where, and what to write in its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.policy_file.load import check_policy
from tests.unit.policy_file.conftest import START, Check

SLIPS = [
    (
        "rules: {a: {when: {labels: {bullying: 80%}}, do: hide}}",
        "6:39: error: rules.a.when.labels.bullying",
        "Write 0.8",
    ),
    ('rules: {a: {when: {labels: {bullying: "0,8"}}, do: hide}}', "labels.bullying: must be a number", "Write 0.8"),
    ("rules: {a: {when: {labels: {bullying: 80}}, do: hide}}", "labels.bullying: is too big", "80% is 0.8"),
    ("rules: {a: {when: {labels: bullying}, ask_at: 20%, do: hide}}", "ask_at: must be a number", "Write 0.2"),
    (
        "rules:\n  - a:\n      do: hide",
        "7:3: error: rules: must have keys below it, not a list",
        "Take the dashes away",
    ),
    (
        "rules:\n  a:\n    when: {phrases: [snake oil]}\n    do:\n      - note: Hello, no oil here.",
        "10:9: error: rules.a.do[0].wording: must be the name of a wording",
        "such as note_mine: here, and note_mine: with the text under wordings:",
    ),
    (
        "rules: {a: {when: {phrases: [snake oil]}, do: {note: note_oil}}}",
        "do[0].wording: there is no wording 'note_oil'",
        "Add note_oil: and its text under wordings:.",
    ),
    ("name: “Friends”", "5:7: error: these quotes mean nothing here", "Use straight ones: \" or '."),
]


@pytest.mark.parametrize(("text", "what", "hint"), SLIPS)
def test_a_slip_is_refused_in_plain_words(check: Check, text: str, what: str, hint: str) -> None:
    start = START.replace("name: Friends\n", "") if text.startswith("name") else START
    checked = check(text, start=start)

    assert checked.policy is None
    assert what in checked.rendered()
    assert hint in checked.rendered()


def test_what_looks_like_a_list_and_is_none_is_told(check: Check) -> None:
    checked = check("rules: {a: {when: {phrases: 'snake oil, magic cure'}, do: hide, mode: act}}")

    assert "policy.yaml:6:20: warning: rules.a.when.phrases: is one text with a comma in it" in checked.rendered()
    assert "[snake oil, magic cure]" in checked.rendered()


def test_a_policy_that_watches_for_nothing_is_told(check: Check) -> None:
    assert "policy.yaml:1:1: warning: rules: hear of danger only" in check("").rendered()
    assert "extends: [patient-group]" in check("").rendered()


def test_a_file_from_a_word_processor(tmp_path: Path) -> None:
    path = tmp_path / "policy.yaml"
    path.write_bytes(START.encode("utf-16"))

    assert "Save it as UTF-8" in check_policy(path).rendered()


def test_a_star_within_a_phrase_is_warned_of(check: Check) -> None:
    checked = check('rules: {a: {when: {phrases: ["snake*oil", "*snake oil*"]}, do: queue}}')

    assert checked.policy is not None
    assert [str(one.key) for one in checked.problems] == ["rules.a.when.phrases[0]"]
    assert "at the start and the end only" in checked.rendered()


def test_a_name_that_a_pack_has_taken_is_told_where_the_two_rules_do_not_fit(check: Check) -> None:
    checked = check("""\
        extends: [patient-group]
        rules:
          offers:
            when: {phrases: [discount code]}
        """)

    [problem] = [problem for problem in checked.errors if problem.key.startswith("rules.offers")]
    assert problem.place.file == "policies/packs/patient-group.yaml"
    assert "policy.yaml:8:3 changes" in problem.hint
    assert "give it another name" in problem.hint
