"""Phrases, patterns and links in messages."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.policy import Condition, Policy
from bot.policy_file.match import PolicyMatcher, pattern_problem
from tests.factories import make_policy, make_rule


def policy(*, phrases: str = "", patterns: str = "", links: str = "", version: str = "h") -> Policy:
    when = Condition(
        phrases=frozenset(phrases.split("|")) - {""},
        patterns=frozenset(patterns.split(" ")) - {""},
        links=frozenset(links.split(" ")) - {""},
    )
    return make_policy([make_rule("words", when=when)], hash=version)


def as_written(text: str) -> str:
    return text


@pytest.fixture
def matcher() -> PolicyMatcher:
    return PolicyMatcher(as_written)


@pytest.mark.parametrize(
    ("phrase", "text", "found"),
    [
        ("miracle cure", "a Miracle\n  CURE!", True),
        ("miracle cure", "miracle cures", False),
        ("cure", "manicure", False),
        ("cure*", "cures", True),
        ("*cure", "manicure", True),
        ("*cur*", "manicures", True),
        ("niño", "mi NIÑO", True),
        ("straße", "STRASSE", True),
        ("a-b", "x a-b y", True),
        ("walk ins", "Do you take Walk-ins?", True),
        ("walk-ins", "do you take walk\u2011ins or walk ins", True),
        ("walk ins", "walkins", False),
        ("lsd", "lsd", True),
        ("lsd", "", False),
    ],
)
def test_phrases_are_whole_words_whatever_the_case(matcher: PolicyMatcher, phrase: str, text: str, found: bool) -> None:
    assert matcher.match(policy(phrases=phrase), text).phrases == ({phrase} if found else set())


def test_phrases_may_overlap(matcher: PolicyMatcher) -> None:
    assert matcher.match(policy(phrases="black salve|salve|salve cure"), "black salve cure").phrases == {
        "black salve",
        "salve",
        "salve cure",
    }


def test_disguise_is_undone_first() -> None:
    matcher = PolicyMatcher(lambda text: text.replace("0", "o"))

    assert matcher.match(policy(phrases="bleach bo0st"), "BLEACH B00ST").phrases == {"bleach bo0st"}


def test_patterns_match_all_at_once_whatever_the_case(matcher: PolicyMatcher) -> None:
    found = matcher.match(policy(patterns=r"\bfoo+\b ba[rz]$ quux"), "FOOO at the Bar")

    assert found.patterns == {r"\bfoo+\b", "ba[rz]$"}


@pytest.mark.parametrize(
    ("domain", "text", "found"),
    [
        ("bit.ly", "look: https://bit.ly/x", True),
        ("bit.ly", "look: BIT.LY/x", True),
        ("bit.ly", "https://go.bit.ly", True),
        ("bit.ly", "https://rabbit.ly", False),
        ("bit.ly", "https://bit.ly.example.com", False),
        ("bit.ly", "https://bit.ly@example.com/", False),
        ("example.com", "https://bit.ly@example.com:8443/", True),
        ("*.example.com", "http://a.b.example.com?q", True),
        ("*.example.com", "http://example.com", False),
        ("*", "www.anything.org", True),
        ("*", "https://anything", True),
        ("*", "I said no.really", False),
        ("example.com", "<https://example.com|here>", True),
    ],
)
def test_links_by_domain(matcher: PolicyMatcher, domain: str, text: str, found: bool) -> None:
    assert matcher.match(policy(links=domain), text).links == ({domain} if found else set())


def test_exceptions_are_looked_for_too(matcher: PolicyMatcher) -> None:
    rule = make_rule("words", when=Condition(phrases=frozenset({"mushrooms"})))
    rule = replace(rule, unless=Condition(phrases=frozenset({"risotto"})))

    assert matcher.match(make_policy([rule]), "risotto").phrases == {"risotto"}


def test_half_a_surrogate_pair_is_no_obstacle(matcher: PolicyMatcher) -> None:
    found = matcher.match(policy(phrases="cure", patterns="c.re", links="bit.ly"), "\ud83d cure bit.ly")

    assert [*found.phrases, *found.patterns, *found.links] == ["cure", "c.re", "bit.ly"]


def test_each_version_has_its_own_words(matcher: PolicyMatcher) -> None:
    versions = [policy(phrases=f"word{number}", version=str(number)) for number in range(20)]

    for version in (*versions, *versions):
        assert matcher.match(version, "word7 word13").phrases <= {"word7", "word13"}
    assert matcher.match(versions[7], "word7 word13").phrases == {"word7"}


@pytest.mark.parametrize("pattern", ["(a", "a(?=b)", r"(a)\1", "x*", ""])
def test_patterns_that_cannot_be_used(pattern: str) -> None:
    assert pattern_problem(pattern)


def test_a_pattern_that_hangs_other_engines_takes_no_time(matcher: PolicyMatcher) -> None:
    assert not pattern_problem("(a+)+b")
    assert matcher.match(policy(patterns="(a+)+b"), "a" * 40_000).patterns == set()
