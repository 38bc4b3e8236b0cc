"""Everything that was kept, for a backtest."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.domain.case import Case, CaseState
from bot.domain.decision import Action, ActionKind, Decision, Source
from bot.domain.errors import VaultError
from bot.domain.message import Message
from bot.domain.policy import Condition, Repetition
from bot.domain.reading import Label
from bot.policy_file.archive import Archive, Unknown, asks_for_the_unknown, gather, in_force
from bot.policy_file.backtest import backtest
from bot.policy_file.load import check_policy, load_policy
from bot.policy_file.match import PolicyMatcher
from bot.policy_file.resolved import resolved_text
from bot.service.store import Kept, PolicyVersion
from bot.service.track_record import Verdict
from bot.service.understand import Understanding
from bot.stores.memory import MemoryStore, MemoryVault
from bot.stores.memory_work import Tables
from tests.factories import NOON, MarkReader, make_message, make_policy, make_ref, make_rule
from tests.unit.policy_file.conftest import Write
from tests.unit.service import past

LEAK = "[third_party_phi=.9] Joe is ill"


class LockedVault(MemoryVault):
    """A vault whose key is lost."""

    async def kept(self, case: str) -> Kept:
        raise VaultError


async def keep(
    store: MemoryStore,
    number: int,
    text: str = LEAK,
    *,
    state: CaseState | None = CaseState.OPEN,
    reported: bool = False,
    at: datetime = NOON,
) -> None:
    """A message that was decided on, or reported by a member; without a state there was no case."""
    message = make_message(text, ref=make_ref(str(number)))
    decision = replace(past.decision(message), decided_at=at)
    if reported:
        decision = replace(decision, id=f"report-{decision.id}", source=Source.HUMAN)
    case = opened(decision, message, state) if state is not None else None
    decision = replace(decision, case=case.id if case else None)
    await store.decisions.record(decision, case, Kept(message=message), timedelta())


def opened(decision: Decision, message: Message, state: CaseState) -> Case:
    at = decision.decided_at
    return replace(past.case(state), id=f"case-{decision.id}", decision=decision.id, message=message.ref, opened_at=at)


async def gathered(store: MemoryStore) -> Archive:
    heard: list[tuple[int, int]] = []
    understanding = Understanding(MarkReader(), budget=5.0)
    archive = await gather(store, NOON, make_policy(), understanding, lambda *read: heard.append(read))
    assert not heard or heard[-1][0] == heard[-1][1]
    return archive


async def test_kept_texts_are_read_anew_and_verdicts_are_the_truth() -> None:
    store = MemoryStore()
    await keep(store, 1, state=CaseState.UPHELD)
    await keep(store, 2, "hello", state=CaseState.RESTORED)
    await keep(store, 3, state=None)

    archive = await gathered(store)

    [leak, harmless, no_case] = archive.past
    assert [one.verdict for one in archive.past] == [Verdict.RIGHT, Verdict.WRONG, None]
    assert leak.reading.probability(Label.THIRD_PARTY_PHI) == 0.9
    assert (leak.message.text, harmless.reading.labels) == (LEAK, ())
    assert (no_case.has_text, no_case.reading.labels) == (False, (Label.THIRD_PARTY_PHI,))
    assert archive.unknown == Unknown(never_kept=1)
    assert archive.cases.keys() == {leak.message.ref.key, harmless.message.ref.key}


async def test_what_is_gone_is_counted() -> None:
    store = MemoryStore()
    await keep(store, 1)
    await keep(store, 2, "[boom]")
    await keep(store, 3)
    await store.vault.erase((await gathered(store)).cases[make_ref("3").key], "rita", NOON)

    archive = await gathered(store)
    assert archive.unknown == Unknown(erased=1, unread=1)
    assert [one.has_text for one in archive.past] == [True, True, False]
    assert archive.past[1].reading.labels == (Label.THIRD_PARTY_PHI,)

    store.vault = LockedVault(Tables())
    assert (await gathered(store)).unknown == Unknown(sealed=3)


async def test_more_texts_than_are_read_together() -> None:
    store = MemoryStore()
    for number in range(40):
        await keep(store, number, f"[bullying=.{number + 10}]")

    found = [one.reading.probability(Label.BULLYING) for one in (await gathered(store)).past]

    assert found == pytest.approx([(number + 10) / 100 for number in range(40)])


async def test_reports_of_members_count_and_what_people_did_to_cases_does_not() -> None:
    store = MemoryStore()
    await keep(store, 1)
    await keep(store, 2, reported=True, state=CaseState.UPHELD)
    case = (await store.cases.opened_since(NOON))[1].id
    reviewed = replace(past.decision(make_message()), id="human", source=Source.HUMAN, case=case)
    await store.decisions.record(reviewed, None, Kept(message=make_message()), timedelta())

    assert [one.message.ref.message for one in (await gathered(store)).past] == ["1", "2"]


async def test_a_message_counts_once_with_what_people_said_of_it() -> None:
    store = MemoryStore()
    await keep(store, 1, state=CaseState.RESTORED)
    await keep(store, 1, reported=True)
    await keep(store, 2)
    await keep(store, 2, reported=True, state=CaseState.UPHELD)

    assert [one.verdict for one in (await gathered(store)).past] == [Verdict.WRONG, Verdict.RIGHT]


async def test_what_is_older_is_left_out() -> None:
    store = MemoryStore()
    await keep(store, 1, at=NOON - timedelta(seconds=1))

    assert (await gathered(store)).past == ()


async def test_a_backtest_of_what_was_kept() -> None:
    store = MemoryStore()
    await keep(store, 1, state=CaseState.UPHELD)
    kinder = make_policy([make_rule(do=[Action(kind=ActionKind.QUEUE)])], hash="kinder")

    result = backtest(make_policy(), kinder, (await gathered(store)).past, PolicyMatcher(str))

    assert result.newly_shown == (make_ref("1").key,)


async def test_the_policy_in_force_is_the_version_kept_last(write: Write) -> None:
    store, path = MemoryStore(), write("language: es")
    assert await in_force(store.memory, path) == load_policy(path)

    other = write("language: en", name="other.yaml")
    kept = PolicyVersion(hash=load_policy(other).hash, source=resolved_text(check_policy(other)), since=NOON)
    await store.memory.keep_policy(kept)
    assert (await in_force(store.memory, path)).language == "en"

    await store.memory.keep_policy(PolicyVersion(hash="broken", source="rulez: 1", since=NOON))
    assert (await in_force(store.memory, path)).language == "es"


async def test_where_no_text_was_kept_the_rules_that_matched_are_recalled_with_their_version(write: Write) -> None:
    path, store = write("language: en"), MemoryStore()
    await keep(store, 1, state=None)
    assert [one.recalled for one in (await gathered(store)).past] == [None]

    await store.memory.keep_policy(PolicyVersion(hash="h1", source=resolved_text(check_policy(path)), since=NOON))

    [recalled] = [one.recalled for one in (await gathered(store)).past]
    assert recalled is not None
    assert (recalled.matched, len(recalled.policy.rules)) == ({"leak", "trial"}, len(load_policy(path).rules))


def test_rules_that_ask_for_what_is_never_stored() -> None:
    young, again = Condition(member_for_less_than=timedelta(days=1)), Repetition(times=2, within=timedelta(hours=1))
    rules = [
        make_rule("plain"),
        make_rule("young", when=young),
        replace(make_rule("first"), unless=Condition(first_post=True)),
        make_rule("again", when=Condition(repetition=again)),
        make_rule("strikes", when=Condition(strikes_at_least=2)),
    ]

    assert asks_for_the_unknown(make_policy(rules)) == ("young", "first", "again", "strikes")
