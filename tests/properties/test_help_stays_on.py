"""Whatever a policy says that still checks: somebody in danger is answered with whom to call, people are called, and nothing is hidden."""

from __future__ import annotations

import json
from itertools import product
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.case import open_case
from bot.domain.decide import DANGER_AT, Facts, decide
from bot.domain.decision import HARSH, ActionKind
from bot.domain.message import Role, RoomKind
from bot.domain.policy import Policy
from bot.domain.reading import DANGER, Label
from bot.policy_file.load import check_policy
from bot.service.say import words_for
from tests.factories import NOON, make_message, make_reading
from tests.properties.test_policy_files import mutated
from tests.unit.policy_file.conftest import START

LEVELS = st.sampled_from([0.1, 0.5, 0.6, 1.0])
LABELS = st.sampled_from(["emergency", "self_harm", "bullying", "third_party_phi", "negative_feedback"])
CONDITIONS = st.fixed_dictionaries(
    {},
    optional={
        "labels": st.lists(LABELS, max_size=3) | st.dictionaries(LABELS, LEVELS, max_size=2),
        "phrases": st.just(["hello"]),
        "roles": st.lists(st.sampled_from(["member", "staff"]), max_size=2),
        "first_post": st.booleans(),
    },
)
KINDS = st.sampled_from(["page", "reply", "hide", "note", "queue", "schedule", "notify", "nudge"])
SPOKEN = st.builds(
    lambda kind, key: {kind: key},
    st.sampled_from(["page", "reply"]),
    st.sampled_from(["mine", "reply_emergency", "reply_self_harm", "page_self_harm", "page_emergency"]),
)
RULE = st.sampled_from(["act", "off", "shadow"]) | st.fixed_dictionaries(
    {},
    optional={
        "when": CONDITIONS,
        "unless": CONDITIONS,
        "do": st.lists(KINDS | SPOKEN, min_size=1, max_size=4),
        "mode": st.sampled_from(["act", "off", "shadow", "act 50%"]),
        "ask_at": LEVELS,
        "hide_at": LEVELS,
        "strikes": st.sampled_from([0, 1]),
        "priority": st.sampled_from([-100, 0, 100]),
    },
)
TEXTS = st.sampled_from(
    [
        "Wait.",
        "Call {{ emergency_number }}.",
        "Talk to {{ crisis_line }}.",
        "See {{ case }}: {{ message_link }}",
        "{{ hours }}",
    ]
)
POLICIES = st.fixed_dictionaries(
    {},
    optional={
        "extends": st.lists(
            st.sampled_from(["patient-group", "practice", "cluster-headache"]), max_size=2, unique=True
        ),
        "country": st.sampled_from(["US", "DE", "IT"]),
        "language": st.sampled_from(["en", "es"]),
        "help_lines": st.fixed_dictionaries({}, optional={"emergency": st.just("15"), "crisis": st.just("116 123")}),
        "wordings": st.dictionaries(
            st.sampled_from(["mine", "reply", "page", "reply_self_harm", "page_emergency"]), TEXTS, max_size=2
        ),
        "rules": st.dictionaries(st.sampled_from(["emergency", "self_harm", "mine", "zz"]), RULE, max_size=3),
    },
)


def help_is_given(policy: Policy) -> None:
    """In every kind of room, to everybody, from the bot's own bound on, beside a leak and an insult."""
    for label, kind, role in product(sorted(DANGER), RoomKind, Role):
        levels = {label: DANGER_AT, Label.THIRD_PARTY_PHI: 1.0, Label.BULLYING: 1.0}
        reading, message = make_reading(levels), make_message()
        facts = Facts(room_kind=kind, role=role, phrases=frozenset({"hello"}), first_post=True, strikes=9)

        decision = decide(policy, message, reading, facts, NOON)

        done = {action.kind: action for action in decision.actions}
        assert {ActionKind.PAGE, ActionKind.REPLY, ActionKind.QUEUE} <= done.keys()
        assert not done.keys() & HARSH
        assert not {action.kind for action in decision.shadow} & HARSH
        assert decision.strike == 0
        case = open_case(decision, message, reading, danger=True)
        assert case is not None
        answer = words_for("k", decision, done[ActionKind.REPLY], case, policy, at=NOON).text
        assert policy.help_lines.emergency in answer or policy.help_lines.crisis in answer
        page = words_for("k", decision, done[ActionKind.PAGE], case, policy, at=NOON)
        assert page.urgent
        assert case.id in page.text or str(message.permalink) in page.text


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("policy") / "policy.yaml"


def checked(path: Path, text: str) -> Policy | None:
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    return check_policy(path).policy


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(mutated())
def test_a_mangled_policy_never_turns_help_off(path: Path, text: str) -> None:
    policy = checked(path, text)

    if policy is not None:
        help_is_given(policy)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(POLICIES)
def test_no_policy_that_checks_turns_help_off(path: Path, sections: dict[str, object]) -> None:
    policy = checked(path, START + "".join(f"{key}: {json.dumps(value)}\n" for key, value in sections.items()))

    if policy is not None:
        help_is_given(policy)
