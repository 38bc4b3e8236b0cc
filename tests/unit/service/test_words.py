"""The bot never says nothing, and never something else than it means."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.case import CaseReason, case_about
from bot.domain.decide import decision_id
from bot.domain.decision import Action, ActionKind, Band, Decision, MatchedRule, Source
from bot.service.say import please_delete, words_for
from tests.factories import NOON, make_message, make_policy, make_rule

SPEAKING = [
    ActionKind.NOTE,
    ActionKind.NUDGE,
    ActionKind.REPLY,
    ActionKind.SCHEDULE,
    ActionKind.NOTIFY,
    ActionKind.PAGE,
    ActionKind.RESTORE,
    ActionKind.REPOST,
]
BARE = replace(make_message(), room_name="", permalink=None)


def _decision(*actions: Action, source: Source = Source.BOT) -> Decision:
    return Decision(
        id=decision_id(BARE),
        message=BARE.ref,
        revision=BARE.revision,
        author="ana",
        policy="h1",
        decided_at=NOON,
        actions=actions or (Action(kind=ActionKind.NOTE),),
        source=source,
    )


@pytest.mark.parametrize("wordings", [{}, {kind: {"en": "{{ room }}{{ phone }}"} for kind in SPEAKING}])
@pytest.mark.parametrize("kind", SPEAKING)
def test_no_words_are_ever_empty(kind: ActionKind, wordings: dict[str, dict[str, str]]) -> None:
    action = Action(kind=kind)
    decision = _decision(action)
    policy = make_policy(wordings=wordings, contacts=())

    words = words_for("k", decision, action, case_about(decision, BARE, CaseReason.HIDDEN), policy, at=NOON)

    assert words.text.strip()


def test_author_is_asked_to_delete_also_where_there_is_no_link_to_the_message() -> None:
    decision = _decision()

    words = please_delete("k", decision, case_about(decision, BARE, CaseReason.ASSISTED), make_policy())

    assert "delete" in words.text


def test_outcome_without_words_of_its_own_does_not_say_that_a_message_is_hidden() -> None:
    action = Action(kind=ActionKind.NOTE, wording="outcome_restored")
    decision = _decision(action, source=Source.HUMAN)
    policy = make_policy(wordings={"note": {"en": "We have hidden your message."}})

    words = words_for("k", decision, action, case_about(decision, BARE, CaseReason.HIDDEN), policy, at=NOON)

    assert "hidden" not in words.text
    assert words.text.strip()


def test_rule_whose_own_words_are_missing_says_what_its_action_says() -> None:
    action = Action(kind=ActionKind.NOTE, wording="note_of_mine")
    decision = _decision(action)
    policy = make_policy(wordings={"note": {"en": "We have hidden your message."}})

    words = words_for("k", decision, action, case_about(decision, BARE, CaseReason.HIDDEN), policy, at=NOON)

    assert words.text == "We have hidden your message."


@pytest.mark.parametrize(("title", "read"), [("Links to shops", "Links to shops"), ("", "our shop")])
def test_team_reads_which_rule_looked_for_words_where_no_label_says_why(title: str, read: str) -> None:
    action = Action(kind=ActionKind.NOTIFY)
    matches = tuple(
        MatchedRule(id=id_, band=Band.CERTAIN, labels=(), live=id_ == "our_shop") for id_ in ("our_shop", "trial")
    )
    decision = replace(_decision(action), rules=matches)
    policy = make_policy([replace(make_rule("our_shop"), title=title), make_rule("trial")])

    words = words_for("k", decision, action, case_about(decision, BARE, CaseReason.HIDDEN), policy, at=NOON)

    assert words.text.endswith(f": {read}")
