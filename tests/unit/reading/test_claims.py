"""The catalogue is loaded with errors that help, and a text finds its claim."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.domain.reading import Span, SpanRole
from bot.reading.claims import Claims, ClaimsError

GOOD = """
- id: celery-juice
  aliases: [celery juice, celery cleanse]
  claim: Celery juice cures chronic illness.
  known: {en: No study has shown that it treats any illness., es: Ningún estudio lo muestra.}
  authority: Example Health Authority
  title: Juices and cleanses
- id: chlorine-dioxide
  aliases: ["chlorine dioxide", "MMS", "miracle mineral solution"]
  claim: Drinking chlorine dioxide cures autism.
  known: {en: It is bleach and has killed people.}
  authority: Example Health Authority
  title: Do not drink it
  url: https://health.example/mms
"""


def load(folder: Path, text: str, name: str = "remedies.yaml") -> Claims:
    (folder / name).write_text(text, encoding="utf-8")
    return Claims.load(folder)


def matched(claims: Claims, text: str, *remedies: Span) -> str | None:
    found = claims.match(text, remedies)
    return None if found is None else found.id


def test_a_claim_is_found_by_any_alias(tmp_path: Path) -> None:
    claims = load(tmp_path, GOOD)

    assert len(claims) == 2
    assert matched(claims, "CELERY-juice healed my lupus") == "celery-juice"
    assert matched(claims, "m!racle miner@l solution, and c e l e r y  j u i c e") == "celery-juice"
    assert matched(claims, "three drops of mms") == "chlorine-dioxide"
    assert matched(claims, "celery in my soup") is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("juiced the celery and the lupus went", "celery-juice"),
        ("a miracle, this solution of minerals", "chlorine-dioxide"),
        ("celery, and then on the way home a glass of juice", None),
        ("a solution for the miracle", None),
    ],
)
def test_words_of_an_alias_that_stand_together_are_enough(tmp_path: Path, text: str, found: str | None) -> None:
    assert matched(load(tmp_path, GOOD), text) == found


def test_an_alias_word_for_word_comes_first(tmp_path: Path) -> None:
    assert matched(load(tmp_path, GOOD), "juice of celery, with mms") == "chlorine-dioxide"


def test_what_touches_the_remedy_comes_first(tmp_path: Path) -> None:
    claims = load(tmp_path, GOOD)
    text = "miracle mineral solution is bleach, celery juice works"
    start = text.index("celery juice")

    assert matched(claims, text) == "chlorine-dioxide"
    assert matched(claims, text, Span(role=SpanRole.REMEDY, start=start, end=start + 6)) == "celery-juice"


def test_a_claim_says_what_is_known_and_who_says_so(tmp_path: Path) -> None:
    claims = load(tmp_path, GOOD)
    celery, bleach = claims.match("celery juice"), claims.match("mms")

    assert celery is not None
    assert bleach is not None
    assert celery.known_in("es") == "Ningún estudio lo muestra."
    assert celery.known_in("fr") == "No study has shown that it treats any illness."
    assert celery.source == "Juices and cleanses (Example Health Authority)"
    assert bleach.source == "Do not drink it (Example Health Authority): https://health.example/mms"


def test_an_empty_catalogue_matches_nothing(tmp_path: Path) -> None:
    assert load(tmp_path, "").match("celery juice") is None


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("- id: a\n  aliases: [", "remedies.yaml, line "),
        ("celery: juice", "remedies.yaml must be a list of claims."),
        (
            GOOD.replace("  known: {en: It is bleach and has killed people.}\n", ""),
            "remedies.yaml, claim 'chlorine-dioxide', known: Field required.",
        ),
        (
            GOOD.replace("{en: It is", "{es: It is"),
            "claim 'chlorine-dioxide', known: Value error, it must have the sentence in en.",
        ),
        (GOOD.replace("- id: celery-juice\n  aliases", "- aliases"), "remedies.yaml, entry 1, id: Field required."),
        (GOOD.replace("https://health.example/mms", "nowhere"), "claim 'chlorine-dioxide', url: "),
        (GOOD + "  colour: red\n", "claim 'chlorine-dioxide', colour: "),
        (GOOD.replace("chlorine-dioxide", "celery-juice"), "Two claims have the id 'celery-juice'"),
        (
            GOOD.replace('"MMS"', '"celery juice"'),
            "The alias 'celery juice' stands for both 'celery-juice' and 'chlorine-dioxide'",
        ),
        (GOOD.replace('"MMS"', '"!!"'), "has an alias without a word: '!!'"),
    ],
)
def test_a_fault_is_told_where_it_stands(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(ClaimsError) as raised:
        load(tmp_path, text)

    assert told in str(raised.value)
