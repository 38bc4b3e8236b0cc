"""The bot never says nothing, and never something else than it means."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.case import CaseReason, case_about
from bot.domain.claim import Claim
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


CELERY = Claim(
    id="celery-juice",
    said="Celery juice cures lupus.",
    known={"en": "No study has shown that.", "es": "Ningún estudio lo ha mostrado."},
    authority="Example Health Authority",
    title="Juices",
    url="https://example.org/juices",
)
UNLISTED = {"en": "this one is not on our list", "es": "no está en nuestra lista"}


@pytest.mark.parametrize(
    ("claim", "language", "read"),
    [
        (CELERY, "en", "No study has shown that.\nJuices (Example Health Authority): https://example.org/juices"),
        (
            CELERY,
            "es",
            "Ningún estudio lo ha mostrado.\nJuices (Example Health Authority): https://example.org/juices",
        ),
        (replace(CELERY, url=None), "en", "No study has shown that.\nJuices (Example Health Authority)"),
        (None, "en", "this one is not on our list"),
        (None, "es", "no está en nuestra lista"),
    ],
)
def test_author_reads_what_is_known_of_the_claim_and_honestly_where_nothing_is(
    claim: Claim | None, language: str, read: str
) -> None:
    action = Action(kind=ActionKind.NOTE)
    decision = replace(_decision(action), claim=claim, language=language)
    policy = make_policy(wordings={"note": {"en": "{{ known }}\n{{ source }}"}, "claim_unlisted": UNLISTED})

    words = words_for("k", decision, action, case_about(decision, BARE, CaseReason.HIDDEN), policy, at=NOON)

    assert words.text == read
