"""Rules that can never match, that do nothing of their own, and whose numbers go unheard."""

from __future__ import annotations

import pytest

from bot.policy_file.load import Checked
from tests.unit.policy_file.conftest import ONE_RULE, START, Check

ROOMS = START.replace(
    'rooms: [{match: "staff*", kind: staff}, {match: "*", kind: community}]',
    "rooms: [{match: staff-room, kind: staff}, {match: front-desk, kind: practice}, {match: lounge, kind: community}]",
)


def rule(keys: str, name: str = "x") -> str:
    return f"rules: {{{name}: {{{keys}, do: [queue]}}}}"


def said(checked: Checked) -> list[str]:
    """What is said of the policy, without places and hints."""
    return [f"{problem.severity}: {problem.key}: {problem.what}" for problem in checked.problems]


NEVER = [
    "when: {labels: {bullying: 0.9}}, unless: {labels: {bullying: 0.1}}",
    "when: {labels: {bullying: 0.9}, strikes_at_least: 5}, unless: {labels: {bullying: 0.1}}",
    "when: {labels: [bullying]}, unless: {labels: [bullying, solicitation]}",
    "when: {labels: [bullying]}, hide_at: 0.8, unless: {labels: {bullying: 0.8}}",
    "when: {labels: {bullying: 0.9}}, ask_at: 0.4, unless: {labels: {bullying: 0.3}}",
    "when: {phrases: [buy pills online now]}, unless: {phrases: [pills]}",
    "when: {phrases: [Buy  PILLS]}, unless: {phrases: [offers, pills]}",
    "when: {phrases: ['pills, now']}, unless: {phrases: ['pill*']}",
    "when: {phrases: ['pills*']}, unless: {phrases: ['pill*']}",
    "when: {links: [shop.example.com]}, unless: {links: [example.com]}",
    "when: {links: ['*.shop.example.com']}, unless: {links: ['*.example.com']}",
    "when: {roles: [member], first_post: true}, unless: {roles: [member, staff]}",
    "when: {rooms: [lounge-one]}, unless: {rooms: ['lounge*']}",
    "when: {member_for_less_than: 1d}, unless: {member_for_less_than: 7d}",
    "when: {strikes_at_least: 5}, unless: {strikes_at_least: 2}",
    "when: {repetition: {times: 4, within: 10m}}, unless: {repetition: {times: 2, within: 1h}}",
    "when: {repetition: {times: 4, within: 10m}}, unless: {first_post: false}",
    "when: {attachments: true, roles: [member]}, unless: {attachments: true}",
]


@pytest.mark.parametrize("keys", NEVER)
def test_an_exception_that_always_holds(check: Check, keys: str) -> None:
    assert "error: rules.x.unless: holds whenever when: does, so the rule never matches" in said(check(rule(keys)))


SOMETIMES = [
    "when: {labels: {bullying: 0.3}}, unless: {labels: {bullying: 0.6}}",
    "when: {labels: {bullying: 0.3}}, unless: {labels: [bullying]}",
    "when: {labels: {bullying: 0.9}}, ask_at: 0.2, unless: {labels: {bullying: 0.3}}",
    "when: {labels: [bullying]}, ask_at: 0.2, unless: {labels: [bullying]}",
    "when: {labels: [bullying, solicitation]}, unless: {labels: [bullying]}",
    "when: {labels: {bullying: 0.9}}, unless: {labels: {bullying: 0.1}, first_post: true}",
    "when: {phrases: [spills]}, unless: {phrases: [pill]}",
    "when: {phrases: ['pill*']}, unless: {phrases: [pill]}",
    "when: {phrases: [buy pills, powders]}, unless: {phrases: [pills]}",
    "when: {links: [example.com]}, unless: {links: [shop.example.com]}",
    "when: {links: ['*']}, unless: {links: [example.com]}",
    "when: {rooms: ['lounge*']}, unless: {rooms: ['lounge-?']}",
    "when: {strikes_at_least: 2}, strikes: 1, unless: {strikes_at_least: 5}",
    "when: {repetition: {times: 4, within: 1h}}, unless: {repetition: {times: 2, within: 10m}}",
    "when: {attachments: true}, unless: {attachments: false}",
    "when: {patterns: ['pills?']}, unless: {phrases: [pills]}",
]


@pytest.mark.parametrize("keys", SOMETIMES)
def test_an_exception_that_leaves_something(check: Check, keys: str) -> None:
    assert said(check(rule(keys))) == []


@pytest.mark.parametrize("links", ["[shop.example.com]", "['*.example.com']"])
def test_an_exception_for_any_link_leaves_only_bare_domains(check: Check, links: str) -> None:
    """ "*" takes addresses that are written out; a domain without https:// is heard all the same."""
    keys = f"when: {{links: {links}}}, unless: {{links: ['*']}}"

    assert said(check(rule(keys))) == [
        "warning: rules.x.unless.links: '*' takes every address with https://, so only bare domains are left"
    ]


def test_a_first_post_repeats_nothing(check: Check) -> None:
    keys = "when: {first_post: true, repetition: {times: 3, within: 1h}}"

    assert said(check(rule(keys))) == [
        "warning: rules.x: never matches: who repeats themselves has posted before, so first_post never holds"
    ]
    assert said(check(rule(keys.replace("true", "false")))) == []


def test_a_room_of_another_kind(check: Check) -> None:
    keys = "when: {room_kinds: [practice], rooms: [staff-room]}"

    assert said(check(rule(keys), start=ROOMS)) == [
        "warning: rules.x: never matches: none of the rooms it names is of kind practice"
    ]


@pytest.mark.parametrize("rooms", ["front-desk", "[staff-room, front-desk]", "'f*'", "'*'"])
def test_a_room_of_the_same_kind(check: Check, rooms: str) -> None:
    assert said(check(rule(f"when: {{room_kinds: [practice], rooms: {rooms}}}"), start=ROOMS)) == []


@pytest.mark.parametrize(("platform", "never"), [("", True), ("platform: slack, ", False)])
def test_the_first_entry_for_a_room_counts_on_its_platform(check: Check, platform: str, never: bool) -> None:
    first, then = f"{platform}match: 'staff*', kind: staff", "match: '*', kind: practice"
    start = START.replace('match: "staff*", kind: staff}, {match: "*", kind: community', f"{first}}}, {{{then}")
    keys = "when: {room_kinds: [practice], rooms: [staff-room]}"

    assert any("never matches" in what for what in said(check(rule(keys), start=start))) is never


BROAD = "{when: {phrases: [cheap meds]}, do: [hide, queue]}"
NEEDLESS = [
    ("{when: {phrases: [cheap meds], roles: [member]}, do: [queue]}", BROAD),
    ("{when: {phrases: [very cheap meds]}, do: queue}", BROAD),
    ("{when: {phrases: [cheap meds]}, unless: {roles: [staff]}, do: [queue]}", BROAD),
    ("{when: {phrases: [cheap meds], roles: [member]}, do: [queue], mode: shadow}", BROAD),
    ("{when: {labels: {bullying: 0.9}}, do: [hide]}", "{when: {labels: {bullying: 0.6}}, do: [hide]}"),
    ("{when: {labels: [bullying]}, do: [hide]}", "{when: {labels: [bullying, solicitation]}, do: [hide]}"),
    ("{when: {labels: [bullying], roles: [member]}, do: [hide]}", "{when: {roles: [member]}, do: [hide]}"),
    (
        "{when: {labels: [bullying], roles: [member]}, do: [hide], ask_at: 0.3}",
        "{when: {labels: [bullying]}, do: [hide], ask_at: 0.2}",
    ),
    ("{when: {labels: [emergency], roles: [member]}, do: [queue]}", "{when: {labels: [emergency]}, do: [queue]}"),
]


@pytest.mark.parametrize(("narrow", "broad"), NEEDLESS)
@pytest.mark.parametrize(("first", "second"), [("a", "b"), ("b", "a")])
def test_a_rule_that_a_broader_one_leaves_nothing_to_do(
    check: Check, narrow: str, broad: str, first: str, second: str
) -> None:
    found = check(f"rules: {{{first}: {narrow}, {second}: {broad}}}")

    assert said(found) == [f"warning: rules.{first}: does nothing that {second} does not do already"]


NEEDED = [
    ("{when: {phrases: [cheap meds], roles: [member]}, do: [queue, notify]}", BROAD),
    ("{when: {phrases: [cheap meds], roles: [member]}, do: [queue], strikes: 1}", BROAD),
    ("{when: {phrases: [cheap meds], roles: [member]}, do: [queue: {urgency: now}]}", BROAD),
    ("{when: {phrases: [cheap meds], roles: [member]}, do: [queue], mode: off}", BROAD),
    ("{when: {phrases: [cheap meds], roles: [member]}, do: [queue]}", BROAD[:-1] + ", mode: shadow}"),
    ("{when: {phrases: [cheap meds], roles: [member]}, do: [queue]}", BROAD[:-1] + ", mode: act 50%}"),
    ("{when: {phrases: [cheap meds], roles: [member]}, do: [queue]}", BROAD[:-1] + ", unless: {first_post: true}}"),
    ("{when: {phrases: [meds], roles: [member]}, do: [queue]}", BROAD),
    ("{when: {labels: {bullying: 0.6}}, do: [hide]}", "{when: {labels: {bullying: 0.9}}, do: [hide]}"),
    ("{when: {labels: {bullying: 0.4}}, do: [hide]}", "{when: {labels: [bullying]}, do: [hide]}"),
    ("{when: {labels: [bullying]}, do: [hide], ask_at: 0.3}", "{when: {labels: [bullying]}, do: [hide]}"),
    (
        "{when: {labels: [emergency], roles: [member]}, do: [queue]}",
        "{when: {roles: [member], first_post: true}, do: [queue]}",
    ),
    # In danger nothing is hidden, and a rule that would hide keeps its words to itself.
    ("{when: {first_post: true, roles: [member]}, do: [nudge]}", "{when: {first_post: true}, do: [hide, nudge]}"),
    # A higher priority decides whose words are said where a third rule speaks too.
    (
        "{when: {first_post: true, roles: [member]}, do: [nudge], priority: 2}",
        "{when: {first_post: true}, do: [nudge], priority: 1}",
    ),
]


@pytest.mark.parametrize(("narrow", "broad"), NEEDED)
def test_a_rule_that_does_something_of_its_own(check: Check, narrow: str, broad: str) -> None:
    assert not any("rules.a" in what for what in said(check(f"rules: {{a: {narrow}, b: {broad}}}")))


def test_a_rule_whose_name_wins_over_another_that_speaks(check: Check) -> None:
    """Where priorities are equal the last name's words are said: c says its own before b does."""
    rules = """
        a: {when: {first_post: true}, do: [nudge: nudge_sources]}
        b: {when: {attachments: true}, do: [nudge: nudge_own_dependent]}
        c: {when: {first_post: true, roles: [member]}, do: [nudge: nudge_sources]}
    """

    assert said(check(f"rules:{rules}")) == []
    assert said(check(f"rules:{rules.replace('b: {', 'd: {')}")) == [
        "warning: rules.c: does nothing that a does not do already"
    ]


def test_of_two_rules_that_do_the_same_one_is_reported(check: Check) -> None:
    rules = "rules: {a: {when: {phrases: [meds]}, do: [queue]}, b: {when: {phrases: [MEDS]}, do: [queue]}}"

    assert said(check(rules)) == ["warning: rules.a: does nothing that b does not do already"]


def test_a_threshold_that_every_label_overrules(check: Check) -> None:
    found = check(rule("when: {labels: {bullying: 0.9}}, ask_at: 0.5, hide_at: 0.6"))

    assert said(found) == ["error: rules.x.hide_at: is not heard: labels: says 0.9 for bullying"]
    assert "Keep one of the two numbers." in found.rendered()


@pytest.mark.parametrize("labels", ["[bullying]", "{bullying: 0.6}", "{bullying: 0.9, solicitation: }"])
def test_a_threshold_that_is_heard(check: Check, labels: str) -> None:
    assert said(check(rule(f"when: {{labels: {labels}}}, hide_at: 0.6"))) == []


WAITING = [
    (
        f"rules: {{emergency: {{when: {{labels: {{emergency: 1.0}}}}}}, {ONE_RULE}}}",
        "emergency",
        ["emergency.when.labels.emergency"],
    ),
    (
        f"rules: {{emergency: {{hide_at: 1.0, ask_at: 0.99}}, {ONE_RULE}}}",
        "emergency",
        ["emergency.hide_at", "emergency.ask_at"],
    ),
    (f"rules: {{self_harm: {{hide_at: 0.501}}, {ONE_RULE}}}", "self_harm", ["self_harm.hide_at"]),
    (rule("when: {labels: {self_harm: 0.9, bullying: 0.9}}"), "self_harm", ["x.when.labels.self_harm"]),
    (rule("when: {labels: [self_harm, bullying]}, hide_at: 0.8"), "self_harm", ["x.hide_at"]),
]


@pytest.mark.parametrize(("text", "label", "keys"), WAITING)
def test_help_does_not_wait_for_certainty(check: Check, text: str, label: str, keys: list[str]) -> None:
    found = check(text)

    assert said(found) == [f"error: rules.{key}: {label} may not wait for more than 0.5" for key in keys]
    assert "Help may not wait for more certainty than that" in found.rendered()


@pytest.mark.parametrize(
    "text",
    [
        "rules: {emergency: {hide_at: 0.5, ask_at: 0.2}}",
        "rules: {self_harm: {when: {labels: {self_harm: 0.3}}}}",
        rule("when: {labels: {self_harm: 0.5, bullying: }}, hide_at: 0.8"),
        rule("when: {labels: {bullying: 0.9}}"),
        rule("when: {labels: [bullying]}, unless: {labels: {emergency: 0.9}}"),
    ],
)
def test_help_that_does_not_wait(check: Check, text: str) -> None:
    assert check(text).errors == ()


RUDE = "{text: a rude receptionist, %s}"


@pytest.mark.parametrize(
    "example", ["labels: [negative_feedback], then: [hide]", "labels: {negative_feedback: 0.9}, then: hide"]
)
def test_no_example_may_hide_a_complaint(check: Check, example: str) -> None:
    found = check(rule(f"when: {{phrases: [rude]}}, examples: [{RUDE % example}]"))

    assert said(found) == ["error: rules.x.examples[0].then: hide is not allowed on negative_feedback"]
    assert "People may complain." in found.rendered()


@pytest.mark.parametrize(
    "example",
    [
        "labels: [negative_feedback, bullying], then: [hide]",
        "labels: [negative_feedback], identifiers: [phone], then: [hide]",
        "labels: [negative_feedback], repeats: 3, then: [hide]",
        "labels: {negative_feedback: 0.1}, then: [hide]",
        "labels: [negative_feedback], then: [queue]",
        "labels: [negative_feedback], never: [hide]",
    ],
)
def test_a_complaint_that_is_more_than_one(check: Check, example: str) -> None:
    assert said(check(rule(f"when: {{phrases: [rude]}}, examples: [{RUDE % example}]"))) == []


def desk(rooms: str, start: str = ROOMS) -> str:
    return start.replace("name: the front desk", f"name: the front desk, rooms: {rooms}")


def test_a_desk_for_a_room_that_is_none(check: Check) -> None:
    found = check(f"rules: {{{ONE_RULE}}}", start=desk("[lonuge]"))

    assert said(found) == ["warning: contacts.desk.rooms[0]: 'lonuge' is none of the rooms"]
    assert "Did you mean lounge?" in found.rendered()


@pytest.mark.parametrize("rooms", ["[lounge]", "['#Lounge']", "'lou*'", "[front-desk, 'staff-?oom']"])
def test_a_desk_for_rooms_that_there_are(check: Check, rooms: str) -> None:
    assert said(check(f"rules: {{{ONE_RULE}}}", start=desk(rooms))) == []


def test_where_every_room_is_watched_any_name_will_do(check: Check) -> None:
    assert said(check(f"rules: {{{ONE_RULE}}}", start=desk("[lonuge]", START))) == []


def test_two_patterns_may_name_the_same_room(check: Check) -> None:
    start = START.replace('{match: "*", kind: community}', '{match: "*-talk", kind: community}')

    assert said(check(rule("when: {rooms: ['heart-*']}"), start=desk("'heart-*'", start))) == []
    assert "'heart-*-desk' is none" in check(rule("when: {rooms: ['heart-*-desk']}"), start=start).rendered()
