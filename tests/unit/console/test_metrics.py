"""What /metrics says of the work: kinds and states, and nothing that somebody wrote or is called."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.console.metrics import KEEP
from bot.domain.case import CaseReason, Verb
from bot.domain.decision import Action, ActionKind, Decision, Source, Urgency
from bot.domain.errors import ChaperoneError
from bot.domain.outcome import How, Outcome
from tests.factories import NOON, make_message, make_ref
from tests.unit.console.conftest import Console


async def _numbers(console: Console) -> dict[str, float]:
    """Every sample by its name and labels, as Prometheus' own parser reads them."""
    answer = await console.browser.get("/metrics")
    assert answer.status_code == 200
    return {
        "|".join([sample.name, *sample.labels.values()]): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


async def _danger(console: Console, number: str) -> None:
    case = await console.case(number, hidden=False, urgency=Urgency.NOW)
    await console.store.cases.change(case, replace(case, reason=CaseReason.DANGER), None)


async def test_process_keeps_its_own_numbers(console: Console) -> None:
    assert (await _numbers(console))["process_resident_memory_bytes"] > 0


async def test_a_quiet_house_says_so_in_zeros(console: Console) -> None:
    numbers = await _numbers(console)

    assert numbers["chaperone_store_up"] == 1
    own = {name: value for name, value in numbers.items() if name.startswith("chaperone_")}
    assert {name for name, value in own.items() if value} == {"chaperone_store_up"}
    assert "chaperone_open_cases|danger|now" in own
    assert "chaperone_actions_last_hour|hide|failed" in own


async def test_messages_that_wait(console: Console) -> None:
    await console.store.inbox.put(make_message(ref=make_ref("7")), NOON)
    await console.store.inbox.put(make_message(ref=make_ref("8")), NOON)

    assert (await _numbers(console))["chaperone_inbox_waiting"] == 2


async def test_open_cases_by_reason_and_urgency(console: Console) -> None:
    await console.case("1")
    await console.case("2", urgency=Urgency.SOON)
    await console.case("3", urgency=Urgency.SOON)
    closed = await console.case("4")
    await console.store.cases.change(closed, closed.after(Verb.UPHOLD, by="rita", at=NOON), None)

    numbers = await _numbers(console)

    assert numbers["chaperone_open_cases|hidden|routine"] == 1
    assert numbers["chaperone_open_cases|hidden|soon"] == 2
    assert numbers["chaperone_cases_last_hour|hidden|open"] == 3
    assert numbers["chaperone_cases_last_hour|hidden|upheld"] == 1


async def test_age_of_the_oldest_danger_that_nobody_has_answered(console: Console) -> None:
    await _danger(console, "1")
    case = (await console.store.cases.opened_since(NOON))[0]
    console.clock.move(timedelta(minutes=10))

    assert (await _numbers(console))["chaperone_oldest_danger_case_seconds|no"] == 600

    await console.store.cases.change(case, case.after(Verb.ACKNOWLEDGE, by="rita", at=console.clock.now()), None)
    console.clock.move(KEEP)
    numbers = await _numbers(console)

    assert numbers["chaperone_oldest_danger_case_seconds|no"] == 0
    assert numbers["chaperone_oldest_danger_case_seconds|yes"] == 610


async def test_decisions_and_how_far_their_actions_are(console: Console) -> None:
    await console.case("1")
    done = await console.case("2")
    (planned,) = await console.store.decisions.actions(done.decision)
    await console.store.decisions.done(planned.key, Outcome(how=How.DELETED), NOON)
    failed = await console.case("3")
    (planned,) = await console.store.decisions.actions(failed.decision)
    await console.store.decisions.failed(planned.key, "It may not.", NOON)

    numbers = await _numbers(console)

    assert numbers["chaperone_decisions_last_hour|bot"] == 3
    assert {state: numbers[f"chaperone_actions_last_hour|hide|{state}"] for state in ("planned", "done", "failed")} == {
        "planned": 1,
        "done": 1,
        "failed": 1,
    }


async def test_readings_that_failed(console: Console) -> None:
    case = await console.case(hidden=False)
    await console.store.cases.change(case, replace(case, reason=CaseReason.UNREAD), None)

    assert (await _numbers(console))["chaperone_readings_failed_last_hour"] == 1


async def test_what_is_older_than_an_hour_counts_no_more_but_what_is_open_does(console: Console) -> None:
    await console.case()
    console.clock.move(timedelta(hours=1, seconds=1))

    numbers = await _numbers(console)

    assert numbers["chaperone_decisions_last_hour|bot"] == 0
    assert numbers["chaperone_actions_last_hour|hide|planned"] == 0
    assert numbers["chaperone_cases_last_hour|hidden|open"] == 0
    assert numbers["chaperone_open_cases|hidden|routine"] == 1


async def test_asking_again_and_again_costs_the_database_nothing(console: Console) -> None:
    await _numbers(console)
    await console.case()

    console.clock.move(KEEP - timedelta(seconds=1))
    assert (await _numbers(console))["chaperone_open_cases|hidden|routine"] == 0

    console.clock.move(timedelta(seconds=1))
    assert (await _numbers(console))["chaperone_open_cases|hidden|routine"] == 1


async def test_process_numbers_survive_a_database_that_does_not(
    console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def down() -> int:
        raise ChaperoneError("The database can't be used just now.")

    monkeypatch.setattr(console.store.inbox, "waiting", down)

    numbers = await _numbers(console)

    assert numbers["chaperone_store_up"] == 0
    assert numbers["process_resident_memory_bytes"] > 0


async def test_nothing_of_anybody_is_among_the_numbers(console: Console) -> None:
    case = await console.case()
    await console.store.cases.change(case, case.after(Verb.HAND_ON, by="rita", at=NOON, to="boss"), None)

    page = (await console.browser.get("/metrics")).text

    for word in ("Castellano", "ana", "Ana", "patients", "rita", "boss", case.id, case.decision, "third_party_phi"):
        assert f'"{word}"' not in page
    assert "Castellano" not in page


def _decision(number: int, at: datetime) -> Decision:
    return Decision(
        id=f"d{number:04}",
        message=make_ref(str(number)),
        revision="1",
        author="ana",
        policy="h1",
        decided_at=at,
        source=Source.BOT,
        actions=(Action(kind=ActionKind.HIDE),),
    )
