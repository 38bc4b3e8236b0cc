"""Before reviewers press a button, they read what it will do; and why a case is there that nobody understood."""

from __future__ import annotations

from dataclasses import replace
from html import unescape
from itertools import product

import pytest

from bot.console.wording import button, what_follows
from bot.domain.case import Case, CaseReason, CaseState, Verb
from bot.domain.decision import ActionKind, Urgency
from bot.service.review import consequences
from tests.factories import NOON, make_ref
from tests.unit.console.conftest import Console

UNREAD = "The bot could not read this message to its end. Please read it yourself."
CASE = Case(
    id="c1",
    decision="d1",
    message=make_ref(),
    room_name="patients",
    author="ana",
    author_name="Ana",
    reason=CaseReason.LIKELY,
    labels=(),
    urgency=Urgency.SOON,
    opened_at=NOON,
)


HIDDEN = replace(CASE, hidden=True)
TRIAL_WORDS = "The message stays where it is. Nobody is told; it counts in the rule&#39;s record."
COMPLAINT_WORDS = (
    "The message is taken out of its room. Its author is told in private. "
    "A complaint is not hidden for being one: do this only for another reason."
)


async def _put(console: Console, like: Case) -> Case:
    before = await console.case()
    after = replace(like, id=before.id, decision=before.decision)
    await console.store.cases.change(before, after, None)
    await console.log_in()
    return after


async def test_queue_and_case_say_why_an_unread_message_is_there(console: Console) -> None:
    case = await _put(console, replace(CASE, reason=CaseReason.UNREAD))

    for path in ("/queue", f"/cases/{case.id}"):
        assert UNREAD in (await console.browser.get(path)).text


async def test_other_cases_say_what_the_bot_understood(console: Console) -> None:
    case = await _put(console, replace(CASE, explanation="It names somebody else's illness."))

    assert UNREAD not in (await console.browser.get("/queue")).text
    page = unescape((await console.browser.get(f"/cases/{case.id}")).text)
    assert "It names somebody else's illness." in page
    assert UNREAD not in page


def test_what_was_understood_of_an_unread_message_is_said_too() -> None:
    unread = replace(CASE, reason=CaseReason.UNREAD, explanation="It asks for a dose.")

    assert unread.why == f"{UNREAD} It asks for a dose."


@pytest.mark.parametrize(
    ("like", "verb", "label", "words"),
    [
        (CASE, Verb.UPHOLD, "Hide it", "The message is taken out of its room. Its author is told in private."),
        (CASE, Verb.RESTORE, "It is fine", "The message stays where it is."),
        (HIDDEN, Verb.UPHOLD, "Keep it hidden", "The message stays hidden."),
        (
            replace(HIDDEN, appealed_at=NOON),
            Verb.UPHOLD,
            "Keep it hidden",
            "The message stays hidden. Its author is told in private.",
        ),
        (
            HIDDEN,
            Verb.RESTORE,
            "Bring it back",
            "The message comes back into its room. Its author is told in private.",
        ),
        (
            replace(CASE, reason=CaseReason.ASSISTED),
            Verb.UPHOLD,
            "Try to hide it",
            "The bot could not hide it before. It tries again; where it may not, it asks the author to delete it.",
        ),
        (
            replace(CASE, reason=CaseReason.COMPLAINT),
            Verb.UPHOLD,
            "Hide it",
            COMPLAINT_WORDS,
        ),
        (
            replace(CASE, reason=CaseReason.DANGER),
            Verb.RESTORE,
            "It is fine",
            "The message stays where it is. The people on call hear that somebody is there.",
        ),
        (replace(CASE, reason=CaseReason.TRIAL), Verb.UPHOLD, "The rule was right", TRIAL_WORDS),
        (replace(CASE, reason=CaseReason.TRIAL), Verb.RESTORE, "The rule was wrong", TRIAL_WORDS),
    ],
)
async def test_each_button_says_what_it_will_do(
    console: Console, like: Case, verb: Verb, label: str, words: str
) -> None:
    case = await _put(console, like)

    page = (await console.browser.get(f"/cases/{case.id}")).text

    assert f'<button aria-describedby="after-{verb}">{label}</button> <small id="after-{verb}">{words}</small>' in page


@pytest.mark.parametrize(
    ("reason", "state", "hidden", "appealed", "verb"),
    list(product(CaseReason, CaseState, (True, False), (True, False), (Verb.RESTORE, Verb.UPHOLD))),
)
def test_nothing_is_promised_that_does_not_follow(
    reason: CaseReason, state: CaseState, hidden: bool, appealed: bool, verb: Verb
) -> None:
    case = replace(CASE, reason=reason, state=state, hidden=hidden, appealed_at=NOON if appealed else None)
    kinds = {action.kind for action in consequences(case, verb)}

    words = what_follows(case, verb)

    assert button(case, verb)
    assert ("stays" in words) is kinds.isdisjoint({ActionKind.HIDE, ActionKind.RESTORE})
    assert ("comes back" in words) is (ActionKind.RESTORE in kinds)
    assert ("taken out" in words or "tries again" in words) is (ActionKind.HIDE in kinds)
    assert ("told in private" in words or "asks the author" in words) is (ActionKind.NOTE in kinds)


async def test_closed_case_offers_only_what_is_still_possible(console: Console) -> None:
    case = await _put(console, replace(HIDDEN, state=CaseState.UPHELD))

    page = (await console.browser.get(f"/cases/{case.id}")).text

    assert 'id="after-restore"' in page
    assert 'id="after-uphold"' not in page
