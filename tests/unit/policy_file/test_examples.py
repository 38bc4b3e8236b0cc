"""Examples in a policy, run as tests."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import dedent

import pytest

from bot.domain.reading import Label, Reading, Utterance
from bot.policy_file.examples import check_examples, with_examples
from bot.policy_file.match import PolicyMatcher
from bot.policy_file.problems import Severity
from tests.factories import make_reading
from tests.unit.policy_file.conftest import Check

MATCHER = PolicyMatcher(lambda text: text)
#: Examples of the pack that lies under every policy, and how many of them give a probability, which no reader is asked about.
UNDER_EVERY_POLICY, ABOUT_THRESHOLDS = 4, 1


class StubReader:
    """Reads the same into every message, and remembers what it was given."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.given: list[Utterance] = []

    def read(self, utterances: Sequence[Utterance]) -> list[Reading]:
        self.given += utterances
        return [self.reading for _ in utterances]


def policy(example: str, mode: str = "act") -> str:
    return f"""
        rules:
          sugar:
            when: {{labels: [pseudoscience], phrases: [sugar]}}
            do: [hide, note]
            mode: {mode}
            examples:
              - {{text: sugar feeds it, labels: [pseudoscience], {example}}}
    """


@pytest.mark.parametrize(
    ("identifiers", "done"),
    [("[ssn]", "hide"), ("[phone, ssn]", "hide"), ("[phone]", "nudge"), ("[]", "nudge")],
)
def test_what_happens_depends_on_the_kinds_of_identifier(check: Check, identifiers: str, done: str) -> None:
    checked = check(f"""
        rules:
          numbers:
            when: {{labels: [own_identifier], identifiers: [ssn, card]}}
            do: [hide, note]
          contact:
            when: {{labels: [own_identifier]}}
            unless: {{identifiers: [ssn, card]}}
            do: nudge
            examples:
              - {{text: mine, labels: [own_identifier], identifiers: {identifiers}, then: {done}}}
    """)

    tried = check_examples(checked, MATCHER)

    assert not [problem for problem in tried.problems if problem.severity is Severity.ERROR]
    assert tried.count > 0


@pytest.mark.parametrize(
    ("example", "problem"),
    [
        ("then: [hide, note]", ""),
        ("then: hide", ""),
        ("never: [page]", ""),
        ("then: [hide, notify, page]", "page, notify should happen; what happens: hide, note"),
        ("never: [note]", "note should not happen; what happens: hide, note"),
        ("then: []", "hide, note should not happen; what happens: hide, note"),
        ("then: [hide], author: staff", ""),
    ],
)
def test_what_must_happen(check: Check, example: str, problem: str) -> None:
    tried = check_examples(check(policy(example)), MATCHER)

    assert tried.count == UNDER_EVERY_POLICY + 1
    assert [p.what.removeprefix("this example fails: ") for p in tried.problems] == ([problem] if problem else [])


def test_a_failing_example_is_shown_at_its_place(check: Check) -> None:
    [problem] = check_examples(check(policy("then: [page]")), MATCHER).problems

    assert (problem.place.line, problem.key) == (13, "rules.sugar.examples[0]")


def test_a_rule_on_trial_is_tried_as_if_it_acted(check: Check) -> None:
    assert check_examples(check(policy("then: [hide]", "shadow")), MATCHER).problems == ()


def test_a_rule_that_rests_is_not_tried(check: Check) -> None:
    assert check_examples(check(policy("then: [page]", "off")), MATCHER).count == UNDER_EVERY_POLICY


def test_with_a_reader_it_counts_what_is_read(check: Check) -> None:
    reader = StubReader(make_reading({Label.PSEUDOSCIENCE: 0.1}))
    example = "then: [hide], context: [{author: same, text: a}, {text: b}], room: staff, author: staff"

    problems = check_examples(check(policy(example)), MATCHER, reader).problems

    assert [problem.key for problem in problems if problem.key.startswith("rules.sugar")] == ["rules.sugar.examples[0]"]
    assert (
        Utterance(text="sugar feeds it", room="staff", author="staff", context=((True, "a"), (False, "b")))
        in reader.given
    )


def test_an_example_about_thresholds_is_not_read(check: Check) -> None:
    reader = StubReader(make_reading({Label.PSEUDOSCIENCE: 1.0}))
    example = "then: []}\n              - {text: sugar, labels: {pseudoscience: 0.2}, then: []"

    problems = check_examples(check(policy(example)), MATCHER, reader).problems

    assert [p.key for p in problems if p.key.startswith("rules.sugar")] == ["rules.sugar.examples[0]"]
    assert "sugar" not in {utterance.text for utterance in reader.given}


def test_a_message_that_cannot_be_read_is_no_success(check: Check) -> None:
    tried = check_examples(check(policy("then: []")), MATCHER, StubReader(make_reading(faults=["model"])))

    assert len(tried.problems) == tried.count - ABOUT_THRESHOLDS


def test_circumstances_of_an_example(check: Check) -> None:
    checked = check("""
        rules:
          quiet_door:
            when:
              room_kinds: [staff]
              rooms: [staff-room]
              languages: [es]
              attachments: true
              first_post: true
              member_for_less_than: 2d
              strikes_at_least: 2
            do: [queue]
            strikes: 1
            examples:
              - text: hola
                room: staff
                room_name: staff-room
                language: es
                attachments: true
                first_post: true
                member_for: 1d
                strikes: 2
                then: [queue]
              - {text: hola, then: []}
          echo:
            when: {repetition: {times: 3, within: 1h}}
            do: [notify]
            examples:
              - {text: hola, repeats: 2, then: [notify]}
              - {text: hola, repeats: 1, then: []}
    """)

    assert checked.rendered() == ""
    assert check_examples(checked, MATCHER).problems == ()


DESKS = """
    name: Friends
    team_room: moderators
    people: {staff: [team], moderators: [mods]}
    rooms: [{match: "*", kind: practice}]
    contacts:
      desk: {name: the front desk, phone: "+1 555 010 0100"}
      heart: {name: the heart clinic, phone: "+1 555 010 0101", topics: [heart]}
"""


@pytest.mark.parametrize(
    ("example", "problem"),
    [
        ("text: when does the heart clinic open, desk: heart", ""),
        ("text: when do you open, desk: desk", ""),
        ("text: when do you open, desk: heart", "desk heart should answer; desk desk does"),
        ("text: hello, labels: [], then: [], desk: heart", "desk heart should answer; no desk does"),
    ],
)
@pytest.mark.parametrize("mode", ["act", "shadow"])
def test_which_desk_must_answer(check: Check, example: str, problem: str, mode: str) -> None:
    asked = example if "labels" in example else f"{example}, labels: [scheduling_request]"
    rule = f"when: {{labels: [scheduling_request]}}, do: [schedule], mode: {mode}, examples: [{{{asked}}}]"

    tried = check_examples(check(f"rules: {{asks: {{{rule}}}}}", start=dedent(DESKS)), MATCHER)

    assert [p.what.removeprefix("this example fails: ") for p in tried.problems] == ([problem] if problem else [])


def test_a_desk_that_is_not_there_is_a_mistake(check: Check) -> None:
    example = "{text: when do you open, labels: [scheduling_request], desk: hart}"
    rule = f"when: {{labels: [scheduling_request]}}, do: [schedule], examples: [{example}]"

    [problem] = check(f"rules: {{asks: {{{rule}}}}}", start=dedent(DESKS)).problems

    assert (problem.key, problem.what) == ("rules.asks.examples[0].desk", "there is no contact 'hart'")
    assert problem.hint == "Did you mean heart?"


def test_a_policy_with_errors_has_nothing_to_try(check: Check) -> None:
    assert check_examples(check("rulez: 1"), MATCHER).count == 0


@pytest.mark.parametrize(
    ("then", "by"), [("then: hide", "by spice"), ("never: page", ""), ("then: []", ""), ("then: queue", "")]
)
def test_an_example_that_comes_true_without_its_rule_is_told(check: Check, then: str, by: str) -> None:
    checked = check(f"""
        rules:
          spice: {{when: {{phrases: [turmeric]}}, do: [hide, note]}}
          sugar:
            when: {{phrases: [sugar]}}
            do: [queue]
            examples:
              - {{text: {"sugar" if "queue" in then else "tea" if "[]" in then else "turmeric"} feeds it, {then}}}
    """)

    checked, _ = with_examples(checked, MATCHER)

    assert checked.policy is not None
    told = [problem for problem in checked.problems if problem.key.startswith("rules.sugar.examples")]
    assert [(problem.severity, problem.what) for problem in told] == (
        [(Severity.WARNING, f"comes true without this rule, {by}")] if by else []
    )
