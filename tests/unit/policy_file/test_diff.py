from __future__ import annotations

from bot.policy_file.diff import diff
from tests.unit.policy_file.conftest import Check


def test_what_differs_is_told_key_by_key(check: Check) -> None:
    before = check("rules: {a: {when: {first_post: true}, do: [queue], priority: 1}}")
    after = check("language: es\nrules: {a: {when: {first_post: true}, do: [notify]}}")

    assert [str(change) for change in diff(before, after)] == [
        "+ language: es",
        '~ rules.a.do: ["queue"] -> ["notify"]',
        "- rules.a.priority: 1",
    ]


def test_examples_make_no_difference(check: Check) -> None:
    before = check("rules: {a: {when: {first_post: true}, do: [queue]}}")
    after = check("rules: {a: {when: {first_post: true}, do: [queue], examples: [{text: x, then: []}]}}")

    assert diff(before, after) == ()


def test_what_was_extended_counts(check: Check) -> None:
    changes = diff(check("extends: patient-group"), check("extends: patient-group\nrules: {leaks: off}"))

    assert [str(change) for change in changes] == ["+ rules.leaks.mode: off"]
