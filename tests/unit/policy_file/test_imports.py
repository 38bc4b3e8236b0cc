"""Rules of other bots, brought over."""

from __future__ import annotations

import json

import pytest

from bot.domain.errors import PolicyError
from bot.domain.policy import Mode
from bot.policy_file.automod_import import import_automod
from bot.policy_file.wordlist_import import import_wordlist
from tests.unit.policy_file.conftest import START, Check

NATIVE = [
    {
        "id": "1",
        "name": "No cures!",
        "creator_id": "9",
        "trigger_type": 1,
        "trigger_metadata": {"keyword_filter": ["*miracle*", "cure all", "x"], "regex_patterns": ["free+", "(?=a)"]},
        "actions": [
            {"type": 1, "metadata": {}},
            {"type": 2, "metadata": {"channel_id": "5"}},
            {"type": 3, "metadata": {"duration_seconds": 90}},
            {"type": 3, "metadata": {}},
            {"type": 4},
            {"type": 9},
        ],
        "enabled": True,
        "exempt_roles": ["7"],
        "exempt_channels": ["8"],
    },
    {
        "name": "No cures!",
        "trigger_type": 1,
        "trigger_metadata": {"keyword_filter": ["snake oil"], "allow_list": ["oil painting"]},
        "actions": [],
        "enabled": False,
        "exempt_channels": ["8"],
    },
    {"name": "Spam", "trigger_type": 3, "trigger_metadata": None, "actions": []},
]


def test_automod_rules_come_on_trial(check: Check) -> None:
    imported = import_automod(json.dumps(NATIVE))
    policy = check("", start=START + imported.text).policy

    assert policy is not None
    rules = {rule.id: rule for rule in policy.rules}
    assert rules["no_cures"].when.phrases == {"*miracle*", "cure all"}
    assert rules["no_cures_patterns"].when.patterns == {"free+"}
    assert [action.kind for action in rules["no_cures"].do] == ["hide", "note", "notify", "time_out"]
    assert rules["no_cures"].unless is not None
    assert rules["no_cures"].unless.rooms == {"8"}
    assert rules["no_cures_2"].unless is not None
    assert rules["no_cures_2"].unless.phrases == {"oil painting"}
    assert (rules["no_cures"].mode, rules["no_cures_2"].mode) == (Mode.SHADOW, Mode.OFF)


def test_what_automod_has_and_we_have_not_is_named() -> None:
    left_out = import_automod(json.dumps(NATIVE)).left_out

    assert [line.split(": ", 1)[1][:20] for line in left_out] == [
        "a time-out that does",
        "the action that keep",
        "an unknown kind of a",
        "exempt roles; use ro",
        "word 3, 'x', is too ",
        "a pattern can't be u",
        "an allowed word now ",
        "exempt channels, bes",
        "spam",
    ]


@pytest.mark.parametrize("text", ["", "{}", "[1]", '[{"name": "x"}]', "[" * 100_000])
def test_what_is_no_automod(text: str) -> None:
    with pytest.raises(PolicyError, match="no list of Discord AutoMod rules"):
        import_automod(text)


ZEPPELIN = """
plugins:
  automod:
    config:
      rules:
        Bad Words:
          triggers:
          - match_words:
              words: ['banana bread', 'cure']
              only_full_words: false
          - match_regex:
              patterns: ['ban+ana']
          - match_links:
              include_domains: ['bit.ly']
          - mention_spam: {amount: 5}
          actions:
            clean: true
            mute: {duration: 1h}
            alert: {channel: '5'}
            add_roles: ['9']
            warn: false
"""
RED = '{"filter": ["snake oil", "miracle"], "channels": {"1": {"filter": ["cure"]}}}'


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ("snake oil\n# a comment\n\n- miracle\n", {"filter": {"phrases": ["snake oil", "miracle"]}}),
        ("- snake oil\n- miracle\n- 7\n", {"filter": {"phrases": ["snake oil", "miracle"]}}),
        ('"snake oil" miracle\n"odd', {"filter": {"phrases": ["snake oil", "miracle", "odd"]}}),
        (RED, {"filter": {"phrases": ["snake oil", "miracle", "cure"]}}),
        (
            ZEPPELIN,
            {
                "bad_words": {"phrases": ["*banana bread*", "*cure*"]},
                "bad_words_patterns": {"patterns": ["ban+ana"]},
                "bad_words_links": {"links": ["bit.ly"]},
            },
        ),
    ],
    ids=["lines", "list", "quotes", "red", "zeppelin"],
)
def test_word_lists(check: Check, text: str, rules: dict[str, object]) -> None:
    imported = import_wordlist(text)

    found = {name: rule["when"] for name, rule in imported.rules.items() if isinstance(rule, dict)}
    assert found == rules
    assert check("", start=START + imported.text).errors == ()


def test_what_zeppelin_has_and_we_have_not_is_named() -> None:
    assert import_wordlist(ZEPPELIN).left_out == (
        "Bad Words: mention_spam",
        "Bad Words: the action mute; time_out: 10m under do: comes near to it",
        "Bad Words: the action alert; notify under do: comes near to it",
        "Bad Words: the action add_roles",
    )


@pytest.mark.parametrize(
    ("text", "left_out"),
    [
        (
            '{"GUILD": {"7": {"filter": ["cure"], "filter_names": true, "filterban_count": 3, "filter_default_name": "J"}}}',
            (
                "Word list: filter_names: members' names are not looked at, only what they write",
                "Word list: filterban_count: to ban after so many matches; strikes with time_out come near to it",
            ),
        ),
        ('{"GUILD": {"7": {"filter": ["cure"], "filter_names": false, "filterban_count": 0}}}', ()),
        (
            "R: {enabled: false, cooldown: 5m, affects_bots: false, triggers: [{match_words: {words: [cure]}}]}",
            ("R: it was switched off; here it is on trial", "R: the setting cooldown"),
        ),
        ("R: {enabled: true, triggers: [{match_words: {words: [cure]}}]}", ()),
    ],
)
def test_settings_that_have_no_counterpart_are_named(text: str, left_out: tuple[str, ...]) -> None:
    imported = import_wordlist(text)

    assert imported.left_out == left_out
    assert imported.rules


@pytest.mark.parametrize(
    ("text", "left_out"),
    [
        ("snake oil\n\nx\n", ["Word list: line 3, 'x', is too short"]),
        ('"a b" ? "("\n', ["Word list: line 1, '?', is too short", "Word list: line 1, '(', is too short"]),
        ("- cure\n- " + "y" * 201, [f"Word list: word 2, '{'y' * 20}'…, is too long; at most 200"]),
        ('{"filter": ["cure", "x"]}', ["Word list: word 2, 'x', is too short"]),
        ("R: {triggers: [{match_links: {include_domains: [a.example, z]}}]}", ["R: word 2, 'z', is too short"]),
    ],
)
def test_words_that_do_not_fit_are_named_with_their_place(text: str, left_out: list[str]) -> None:
    found = import_wordlist(text).left_out

    assert len(found) == len(left_out)
    assert all(line.startswith(words) for line, words in zip(found, left_out, strict=True))


@pytest.mark.parametrize("text", ["", "{}", "filter: 7", "- [1]", "rules: {x: {triggers: [7, {match_words: 7}]}}"])
def test_lists_without_words(text: str) -> None:
    assert import_wordlist(text).text == ""


def test_lists_of_several_channels_become_one_and_it_is_said() -> None:
    assert import_wordlist(RED).left_out == (
        "Word list: where each of the 2 lists counted; use rooms: for words of one channel",
    )
    assert import_wordlist('{"filter": ["cure"], "channels": {"1": {"filter": []}}}').left_out == ()
