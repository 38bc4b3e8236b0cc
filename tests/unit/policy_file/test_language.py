"""What moderators write, and what it becomes."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.decision import ActionKind, Urgency
from bot.domain.errors import PolicyError
from bot.domain.message import Role, RoomKind
from bot.domain.policy import Mode, Policy, Repetition, Rule
from bot.domain.reading import IdentifierKind, Label
from bot.policy_file.durations import parse_duration
from bot.policy_file.load import check_policy, load_policy, load_resolved
from bot.policy_file.resolved import resolved_text
from tests.unit.policy_file.conftest import Check, Write


def rule(policy: Policy | None, name: str) -> Rule:
    assert policy is not None
    return next(rule for rule in policy.rules if rule.id == name)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("30s", 30), ("10m", 600), ("2h", 7200), ("7d", 604800), ("1d12h", 129600), (" 4 w ", 2419200)],
)
def test_durations(text: str, seconds: int) -> None:
    assert parse_duration(text).total_seconds() == seconds


@pytest.mark.parametrize("text", ["521w", "", "7", "d", "7 days", "-1h", "0s", 7, None, "1.5h"])
def test_what_is_no_duration(text: object) -> None:
    with pytest.raises(ValueError, match=r"30s, 10m|longer than nothing|ten years"):
        parse_duration(text)


def test_every_key_of_a_rule(check: Check) -> None:
    checked = check("""
        rules:
          all_of_it:
            title: Everything
            when:
              labels: {pseudoscience: 0.8, bullying: }
              phrases: miracle cure
              patterns: ["cure[sd]?"]
              links: [bit.ly]
              identifiers: [ssn, birth_date]
              attachments: false
              roles: [member]
              room_kinds: community
              rooms: ["pat*"]
              languages: es
              member_for_less_than: 7d
              first_post: true
              repetition: {times: 3, within: 10m}
              strikes_at_least: 2
            unless: {roles: [staff], first_post: false}
            do:
              - hide
              - note: note_words
              - notify: {wording: notify_complaint, urgency: soon}
              - time_out: 10m
              - schedule: {contact: desk}
            mode: act 20%
            ask_at: 0.2
            hide_at: 0.9
            strikes: 1.5
            priority: 7
    """)

    found = rule(checked.policy, "all_of_it")
    assert found.when.labels == {Label.PSEUDOSCIENCE, Label.BULLYING}
    assert found.when.thresholds == {Label.PSEUDOSCIENCE: 0.8}
    assert [*found.when.phrases, *found.when.rooms, *found.when.languages] == ["miracle cure", "pat*", "es"]
    assert found.when.identifiers == {IdentifierKind.SSN, IdentifierKind.BIRTH_DATE}
    assert [*found.when.roles, *found.when.room_kinds] == [Role.MEMBER, RoomKind.COMMUNITY]
    assert found.when.member_for_less_than == timedelta(days=7)
    assert found.when.repetition == Repetition(times=3, within=timedelta(minutes=10))
    assert found.unless is not None
    assert [action.kind for action in found.do] == [
        ActionKind.HIDE,
        ActionKind.NOTE,
        ActionKind.NOTIFY,
        ActionKind.TIME_OUT,
        ActionKind.SCHEDULE,
    ]
    assert (found.do[1].wording, found.do[2].urgency) == ("note_words", Urgency.SOON)
    assert (found.do[3].seconds, found.do[4].destination) == (600, "desk")
    assert (found.mode, found.act_share, found.ask_at, found.hide_at) == (Mode.ACT, 0.2, 0.2, 0.9)
    assert (found.strike, found.priority, found.title) == (1.5, 7, "Everything")


def test_a_tiny_policy_hears_calls_for_help(check: Check) -> None:
    policy = check("").policy

    assert policy is not None
    assert {rule.id for rule in policy.rules} == {"emergency", "self_harm"}


def test_a_policy_changes_single_keys_of_a_rule(check: Check) -> None:
    policy = check("extends: patient-group\nrules: {leaks: {ask_at: 0.1}, pseudoscience: shadow, offers: off}").policy

    leaks = rule(policy, "leaks")
    assert (leaks.ask_at, leaks.priority, len(leaks.do)) == (0.1, 50, 3)
    assert rule(policy, "pseudoscience").mode is Mode.SHADOW
    assert rule(policy, "offers").mode is Mode.OFF


def test_of_packs_the_later_one_wins_and_a_shared_one_counts_once(check: Check) -> None:
    """``parents`` extends ``patient-group`` too, and must not undo what ``cancer`` changed of it."""
    policy = check("extends: [cancer, parents]").policy

    assert rule(policy, "pseudoscience").when.thresholds == {Label.PSEUDOSCIENCE: 0.6}
    assert ActionKind.QUEUE in {action.kind for action in rule(policy, "own_children").do}


@pytest.mark.parametrize("do", ["note", "[note]", "{note: }", "{note: note_flood}", "[{note: note_flood}]"])
def test_one_action_needs_no_list(check: Check, do: str) -> None:
    policy = check(f"rules: {{mine: {{when: {{phrases: a flood}}, do: {do}}}}}").policy

    [action] = rule(policy, "mine").do
    assert (action.kind, action.wording) == (ActionKind.NOTE, "note_flood" if "flood" in do else "")


def test_one_action_takes_the_place_of_a_packs_list(write: Write) -> None:
    write("rules: {theirs: {when: {phrases: flood}, do: {note: note_flood}}}", name="packs/ours.yaml", start="")
    checked = check_policy(
        write("extends: [patient-group, ours]\nrules: {leaks: {do: {nudge: nudge_own_dependent}}, theirs: shadow}")
    )

    assert [action.wording for action in rule(checked.policy, "theirs").do] == ["note_flood"]
    assert [action.wording for action in rule(checked.policy, "leaks").do] == ["nudge_own_dependent"]
    assert load_resolved(resolved_text(checked), "kept") == checked.policy


def test_two_actions_need_a_list(check: Check) -> None:
    rendered = check("rules: {mine: {when: {phrases: a flood}, do: {note: note_flood, hide: }}}").rendered()

    assert "rules.mine.do: must be a list" in rendered
    assert rendered.count("error:") == 1


def test_each_wrong_item_is_named_once_where_it_stands(check: Check) -> None:
    checked = check("rules: {mine: {when: {phrases: [12345, 2024-01-01, null, no]}, do: hide}}")

    assert [problem.key for problem in checked.errors] == ["rules.mine.when.phrases[0]", "rules.mine.when.phrases[2]"]


def test_a_pack_beside_the_policy_is_found_first(write: Write) -> None:
    write("rules: {mine: {when: {first_post: true}, do: queue}}", name="packs/patient-group.yaml", start="")

    policy = load_policy(write("extends: patient-group"))

    assert {rule.id for rule in policy.rules} == {"emergency", "mine", "self_harm"}


def test_a_changed_rule_promises_nothing_of_the_pack_any_more(check: Check) -> None:
    checked = check("extends: patient-group\nrules: {leaks: {do: [notify]}, offers: {ask_at: 0.1}}")

    assert checked.sheet is not None
    assert checked.sheet.rules is not None
    assert checked.sheet.rules["leaks"].examples == ()
    assert checked.sheet.rules["offers"].examples


def test_wordings_in_the_policys_own_language(check: Check) -> None:
    policy = check("language: es\nwordings: {note: 'Hola desde {{ room }}.'}").policy

    assert policy is not None
    assert policy.wordings["note"]["es"] == "Hola desde {{ room }}."
    assert policy.wordings["note"]["en"].startswith("Hello!")


def test_own_rooms_come_before_those_of_packs(write: Write) -> None:
    write("rooms: [{match: '*', kind: practice}]", name="packs/mine.yaml", start="")

    policy = load_policy(write("extends: mine"))

    assert [room.kind for room in policy.rooms] == [RoomKind.STAFF, RoomKind.COMMUNITY, RoomKind.PRACTICE]


REFUSED = [
    ("rules: {x: {when: {labels: [emergency]}, do: [hide]}}", "hide is not allowed on emergency"),
    ("rules: {x: {when: {labels: [self_harm, bullying]}, do: [time_out: 1h]}}", "time_out is not allowed on self_harm"),
    ("rules: {x: {when: {labels: [negative_feedback]}, do: [hide]}}", "hide is not allowed on negative_feedback"),
    ("rules: {x: {when: {labels: [negative_feedback]}, do: [notify], strikes: 1}}", "strikes are not allowed"),
    ("rules: {x: {when: {labels: [bullying]}, unless: {labels: [negative_feedback]}, do: [hide]}}", "complaint never"),
    ("rules: {emergency: off}", "emergency must always lead to page"),
    ("rules: {self_harm: act 50%}", "self_harm must always lead to reply"),
    ("rules: {emergency: {do: [reply]}}", "emergency must always lead to page"),
    ("rules: {emergency: {do: [page]}}", "emergency must always lead to reply"),
    ("rules: {emergency: {when: {labels: [emergency], roles: [member]}}}", "emergency must always lead to page"),
    ("rules: {self_harm: {unless: {first_post: true}}}", "self_harm must always lead to page"),
]


@pytest.mark.parametrize(("text", "reason"), REFUSED)
def test_what_a_policy_cannot_turn_off(check: Check, text: str, reason: str) -> None:
    checked = check(text)

    assert checked.policy is None
    assert reason in checked.rendered()


def test_help_may_be_worded_anew_and_split_over_rules(check: Check) -> None:
    assert check("""
        wordings: {page_ours: {en: "Look at case {{ case }} in {{ room }} now, please."}}
        rules:
          emergency: {do: [{page: page_ours}], examples: []}
          help: {when: {labels: [emergency, self_harm]}, do: [{reply: reply_emergency}], priority: 3}
    """).policy


def test_the_hash_names_what_counts_and_nothing_else(check: Check) -> None:
    def hash_of(text: str) -> str:
        policy = check(text).policy
        assert policy is not None
        return policy.hash

    first = hash_of("rules: {a: {when: {first_post: true}, do: [queue]}, b: {when: {attachments: true}, do: [queue]}}")

    assert first == hash_of("""
        # A comment, another order, an example: the same policy.
        rules:
          b: {do: queue, when: {attachments: true}}
          a: {do: queue, when: {first_post: true}, examples: [{text: hi, first_post: true, then: [queue]}]}
    """)
    assert first != hash_of("rules: {a: {when: {first_post: true}, do: [queue]}}")


def test_a_version_is_kept_whole(write: Write) -> None:
    checked = check_policy(write("extends: [cancer, cluster-headache]\nwordings: {note: Hello.}"))

    assert checked.policy is not None
    assert load_resolved(resolved_text(checked), "kept") == checked.policy


def test_loading_raises_every_error_rendered(write: Write) -> None:
    with pytest.raises(PolicyError) as caught:
        load_policy(write("extends: patient-groop\nfoo: 1\nlanguage: 7"))

    assert str(caught.value).count("error:") == 3
