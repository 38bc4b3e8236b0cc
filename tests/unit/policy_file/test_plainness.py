"""A child of twelve can read what the bot says."""

from __future__ import annotations

import pytest

from bot.policy_file.plainness import hard_to_read
from bot.policy_file.resolve import SHIPPED
from bot.policy_file.tree import parse
from tests.unit.policy_file.conftest import ONE_RULE, Check

HARD = "Hello! Your contribution was temporarily withdrawn pending an administrative determination by the moderation committee."
EASY = (
    "Hello! Your message in {{ room }} has a link to a shop, so it is hidden for now. You can say it without the link."
)
HARD_ES = (
    "Su publicación ha sido provisionalmente retirada por la divulgación de información sanitaria confidencial ajena."
)
EASY_ES = (
    "¡Hola! Tu mensaje tiene un enlace a una tienda, y por eso está oculto por ahora. Puedes decirlo sin el enlace."
)


@pytest.mark.parametrize(
    ("text", "language", "hard"),
    [
        (HARD, "en", True),
        (EASY, "en", False),
        (HARD_ES, "es", True),
        (EASY_ES, "es", False),
        ("Administrative determination pending.", "en", False),
        (HARD, "fr", False),
    ],
)
def test_long_words_and_sentences_are_hard(text: str, language: str, hard: bool) -> None:
    assert hard_to_read(text, language) is hard


@pytest.mark.parametrize("language", ["en", "es"])
def test_what_ships_is_plain(language: str) -> None:
    tree, _ = parse((SHIPPED / "wordings" / f"{language}.yaml").read_text(encoding="utf-8"), language)

    assert tree is not None
    lists = ("weekdays", "months")
    assert [k for k, node in tree.entries.items() if k not in lists and hard_to_read(str(node.value), language)] == []


def test_check_tells(check: Check) -> None:
    checked = check(f"rules: {{{ONE_RULE}}}\nwordings: {{note: {HARD}}}")

    assert "warning: wordings.note.en: is hard to read" in checked.rendered()
    assert "a child of twelve" in checked.rendered()
    assert checked.policy is not None
