"""Words that a rule hides and that somebody in need may write."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.policy_file.load import check_policy
from bot.policy_file.resolve import SHIPPED
from tests.unit.policy_file.conftest import Check


def rule(when: str, rest: str = "do: [hide, note]") -> str:
    return f"rules: {{mine: {{when: {{{when}}}, {rest}}}}}"


@pytest.mark.parametrize(
    ("when", "said"),
    [
        (
            "phrases: [snake oil, dying]",
            "mine.when.phrases[1]: 'dying' stands in cries for help too, such as 'I am dying",
        ),
        ("phrases: [Die]", "'Die' stands in cries for help too, such as 'I want to die'"),
        ("phrases: suicid*", "'suicid*' stands in cries"),
        ("phrases: [pills], roles: [member]", "such as 'I took all my pills'"),
        ("phrases: [matar]", "such as 'me voy a matar'"),
        ("patterns: ['kill (my|your)self']", "mine.when.patterns[0]: 'kill (my|your)self' stands in cries"),
    ],
)
def test_a_word_of_somebody_in_need_is_told(check: Check, when: str, said: str) -> None:
    checked = check(rule(when))

    assert said in checked.rendered()
    assert "do: [queue]" in checked.rendered()
    assert checked.policy is not None


@pytest.mark.parametrize(
    "text",
    [
        rule("phrases: [snake oil, kill yourself, cheap pills]"),
        rule("phrases: [dying]", "do: [queue, notify]"),
        rule("phrases: [dying]", "do: [hide], mode: off"),
        rule("phrases: [die], labels: [bullying]"),
    ],
)
def test_other_words_are_not(check: Check, text: str) -> None:
    assert "cries for help" not in check(text).rendered()


@pytest.mark.parametrize("path", sorted(SHIPPED.glob("**/packs/*.yaml")), ids=lambda path: path.stem)
def test_what_ships_hides_no_such_word(path: Path) -> None:
    assert "cries for help" not in check_policy(path).rendered()
