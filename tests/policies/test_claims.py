"""The shipped catalogue of claims is whole, links only to known authorities, and stays out of ordinary talk."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import TypeAdapter
from ruamel.yaml import YAML

from bot.reading.claims import Claims, ClaimSheet

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "policies" / "claims"

#: Public health authorities, and the libraries that publish Cochrane's reviews.
AUTHORITIES = (
    "cancer.gov",
    "cancerresearchuk.org",
    "canada.ca",
    "cdc.gov",
    "cochrane.org",
    "cochranelibrary.com",
    "efsa.europa.eu",
    "fda.gov",
    "ftc.gov",
    "medlineplus.gov",
    "nhs.uk",
    "nih.gov",
    "tga.gov.au",
    "who.int",
)


def shipped() -> list[ClaimSheet]:
    reader = TypeAdapter(list[ClaimSheet])
    yaml = YAML(typ="safe", pure=True)
    return [
        claim
        for path in sorted(FOLDER.glob("*.yaml"))
        for claim in reader.validate_python(yaml.load(path.read_text(encoding="utf-8")))
    ]


def chatter() -> Iterator[str]:
    for path in sorted((ROOT / "training" / "corpus").glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            case = json.loads(line)
            if case["kind"] == "chatter" and not case["labels"]:
                yield case["text"]


@pytest.fixture(scope="module")
def catalogue() -> Claims:
    return Claims.load(FOLDER)


@pytest.fixture(scope="module")
def claims() -> list[ClaimSheet]:
    return shipped()


def test_the_catalogue_loads_and_is_large_enough(catalogue: Claims, claims: list[ClaimSheet]) -> None:
    assert len(catalogue) == len(claims) >= 120


def test_no_id_and_no_alias_comes_twice(claims: list[ClaimSheet]) -> None:
    ids = Counter(claim.id for claim in claims)
    aliases = Counter(alias for claim in claims for alias in claim.aliases)

    assert [name for name, times in (ids + aliases).items() if max(ids[name], aliases[name]) > 1] == []


def test_every_alias_leads_to_its_own_claim(catalogue: Claims, claims: list[ClaimSheet]) -> None:
    astray = [(alias, claim.id) for claim in claims for alias in claim.aliases if catalogue.match(alias) != claim.meant]

    assert astray == []


def test_every_claim_has_several_lower_case_aliases(claims: list[ClaimSheet]) -> None:
    assert [claim.id for claim in claims if not 3 <= len(claim.aliases) <= 10] == []
    assert [alias for claim in claims for alias in claim.aliases if alias != alias.lower() or len(alias) < 3] == []


def test_links_are_secure_and_lead_to_known_authorities(claims: list[ClaimSheet]) -> None:
    links = [claim.url for claim in claims if claim.url is not None]

    assert len(links) >= 30
    for link in links:
        assert link.scheme == "https", link
        assert any(f".{link.host}".endswith(f".{authority}") for authority in AUTHORITIES), link
        assert link.query is None or link.host == "www.accessdata.fda.gov", link


@pytest.mark.parametrize("language", ["en", "es"])
def test_what_is_known_is_one_short_sentence_in_each_shipped_language(claims: list[ClaimSheet], language: str) -> None:
    known = {claim.id: claim.known.get(language, "") for claim in claims}

    assert [name for name, said in known.items() if not 20 < len(said) < 220] == []
    assert [name for name, said in known.items() if not said.endswith(".") or ". " in said] == []


@pytest.mark.parametrize("language", ["en", "es"])
def test_what_is_known_neither_repeats_nor_addresses_its_reader(claims: list[ClaimSheet], language: str) -> None:
    addressed = {"en": r"\b(?:you|your|please)\b", "es": r"\b(?:tú|tu|tus|usted|ustedes|te|por favor)\b"}[language]

    assert [claim.id for claim in claims if re.search(addressed, claim.known[language].lower())] == []


def test_ordinary_chatter_hardly_ever_matches_an_alias(catalogue: Claims) -> None:
    texts = list(chatter())

    assert len(texts) > 500
    assert len([text for text in texts if catalogue.match(text) is not None]) <= len(texts) / 500
