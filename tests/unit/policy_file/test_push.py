"""What of a policy goes into Discord's native AutoMod."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest

from bot.domain.decision import Action, ActionKind
from bot.domain.message import Role
from bot.domain.policy import Condition, Mode, Policy, Rule
from bot.policy_file.automod_import import NativeRule
from bot.policy_file.automod_push import Guild, to_automod
from bot.policy_file.tree import Plain
from tests.factories import make_policy, make_rule

ROLES = {"staff": "11", "mods": "12"}
MEMBERS = frozenset({Role.MEMBER})


def guild(*rules: NativeRule, roles: Mapping[str, str] = ROLES, unwatched: Sequence[str] = ()) -> Guild:
    return Guild(bot="1", alerts="99", roles=roles, rules=rules, unwatched=tuple(unwatched))


def native(id_: str, *, creator: str = "1", name: str = "Chaperone: words 1", kind: int = 1) -> NativeRule:
    return NativeRule(id=id_, name=name, creator_id=creator, trigger_type=kind)


def words(*phrases: str, name: str = "words", patterns: Sequence[str] = (), priority: int = 0) -> Rule:
    when = Condition(phrases=frozenset(phrases), patterns=frozenset(patterns), roles=MEMBERS)
    return make_rule(name, when=when, do=(Action(kind=ActionKind.HIDE),), priority=priority)


def filters(rule: Plain) -> tuple[Plain, Plain]:
    assert isinstance(rule, dict)
    trigger = rule["trigger_metadata"]
    assert isinstance(trigger, dict)
    return trigger["keyword_filter"], trigger["regex_patterns"]


def policy(*rules: Rule) -> Policy:
    return make_policy(rules)


def test_words_and_patterns_of_several_rules_share_one() -> None:
    push = to_automod(policy(words("snake oil"), words(name="more", patterns=["cure+"])), guild(unwatched=("5",)))

    assert push.create == (
        {
            "name": "Chaperone: words 1",
            "event_type": 1,
            "trigger_type": 1,
            "trigger_metadata": {"keyword_filter": ["snake oil"], "regex_patterns": ["cure+"], "allow_list": []},
            "actions": [
                {
                    "type": 1,
                    "metadata": {
                        "custom_message": "This group does not allow some of these words. You can write it again without them."
                    },
                },
                {"type": 2, "metadata": {"channel_id": "99"}},
            ],
            "enabled": True,
            "exempt_roles": ["12", "11"],
            "exempt_channels": ["5"],
        },
    )
    assert (push.replace, push.delete, push.left_out) == ((), (), ())


def test_limits_are_kept_and_what_is_left_out_is_named() -> None:
    many = [f"word {number}" for number in range(2500)]
    patterns = [f"p{number}" for number in range(25)] + ["x" * 261]

    push = to_automod(policy(words(*many, "y" * 61), words(name="p", patterns=patterns)), guild())

    sizes = [tuple(len(part) if isinstance(part, list) else 0 for part in filters(rule)) for rule in push.create]
    assert sizes == [(1000, 10), (1000, 10), (500, 5)]
    assert push.left_out == (
        "p: a pattern of more than 260 characters",
        "words: a phrase of more than 60 characters",
    )


def test_rules_of_others_are_never_touched_and_take_room() -> None:
    others = [native(str(n), creator="2") for n in range(10, 14)] + [native("20", name="Mine by hand")]
    many = [f"word {number}" for number in range(1500)]

    push = to_automod(policy(words(*many)), guild(*others, native("30", kind=3, creator="2")))

    assert (len(push.create), push.replace, push.delete) == (1, (), ())
    assert push.left_out == ("1 of 2 rules: the server has room for 1 more",)


def test_own_rules_are_replaced_and_the_rest_deleted() -> None:
    own = [native("7"), native("8"), native("10")]

    push = to_automod(policy(words("snake oil")), guild(*own))

    assert ([id_ for id_, _ in push.replace], push.create, push.delete) == (["7"], (), ("8", "10"))


@pytest.mark.parametrize(
    ("rule", "reason"),
    [
        (replace(words("a b"), mode=Mode.SHADOW), "does not act"),
        (replace(words("a b"), act_share=0.5), "does not act"),
        (replace(words("a b"), unless=Condition(first_post=True)), "exceptions"),
        (replace(words("a b"), do=(Action(kind=ActionKind.NOTIFY),)), "does not hide"),
        (words("a b", patterns=["c"]), "more than one kind"),
        (replace(words("a b"), when=Condition(phrases=frozenset({"a b"}))), "roles: [member]"),
        (
            replace(words("a b"), when=Condition(phrases=frozenset({"a b"}), first_post=True, roles=MEMBERS)),
            "more than",
        ),
    ],
)
def test_only_what_is_certain_is_pushed(rule: Rule, reason: str) -> None:
    push = to_automod(policy(rule), guild())

    assert push.create == ()
    assert reason in push.left_out[0]


def test_roles_that_the_server_does_not_have_are_named() -> None:
    push = to_automod(policy(words("a b")), guild(roles={"mods": "12"}))

    assert push.create == ()
    assert push.left_out == (
        "words: AutoMod lets roles through, and the server has no role staff, which people: names",
    )


def test_rules_without_words_are_not_worth_naming() -> None:
    assert to_automod(policy(make_rule()), guild()).left_out == ()


def test_staff_that_are_no_role_of_the_server_keep_everything_back() -> None:
    assert to_automod(policy(words("a b")), guild(roles={"staff": "11"})).create == ()


def test_too_many_channels_to_leave_alone() -> None:
    push = to_automod(policy(words("a b")), guild(native("7"), unwatched=[str(n) for n in range(51)]))

    assert (push.create, push.replace) == ((), ())
    assert "50 channels" in push.left_out[0]
