"""Buttons, the case modal and the shortcut, as members and reviewers meet them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from bot.adapters.slack.view import REPORT
from bot.domain.case import Case, CaseReason, CaseState
from bot.domain.decision import Decision, Urgency
from bot.domain.message import Author, Message
from bot.domain.reading import Label
from bot.domain.words import Button, ButtonKind, Words
from bot.service.desk import Answer
from bot.service.store import Kept
from tests.contract.slack_world import SlackDriver, connected, make_driver, settings_for
from tests.factories import NOON
from tests.simulators.slack import Delivery, SlackSimulator, View


async def with_a_case(driver: SlackDriver, text: str = "Joe has cancer") -> Case:
    """A message of Ana's that waits for a reviewer; Ben is one."""
    driver.sim.world.add_user_group("mods", [driver.users["ben"]])
    message = await driver.post(text)
    decision = Decision(
        id="d1", message=message.ref, revision="0", author=message.author.id, policy="h1", decided_at=NOON
    )
    case = Case(
        id="c0ffee",
        decision="d1",
        message=message.ref,
        room_name="patients",
        author=message.author.id,
        author_name=message.author.name,
        reason=CaseReason.LIKELY,
        labels=(Label.THIRD_PARTY_PHI,),
        urgency=Urgency.SOON,
        opened_at=NOON,
        permalink=message.permalink,
        problem="It could not be hidden.",
    )
    await driver.intake.store.decisions.record(decision, case, Kept(message=message), timedelta(minutes=2))
    return case


async def press(driver: SlackDriver, who: str, kind: ButtonKind) -> Delivery:
    """Press a button in the team's room."""
    words = Words(key="k", text="A case", buttons=(Button(kind=kind, case="c0ffee", label=kind.value),))
    message = await driver.post("anything")
    outcome = await driver.adapter.platform.post("moderators", message.ref, words, again=False)
    assert outcome.posted is not None
    posted = driver.sim.world.message(driver.channels["moderators"].id, outcome.posted.message)
    assert posted is not None
    return await driver.sim.click(driver.users[who], posted, f"chaperone:{kind}:c0ffee")


def notes(driver: SlackDriver, who: str) -> list[str]:
    return [note.text for note in driver.sim.world.notes_for(driver.users[who])]


def shown(view: View) -> str:
    return "\n".join(block["text"]["text"] for block in view.payload["blocks"] if "text" in block)


async def opened(driver: SlackDriver) -> View:
    """The modal, once it shows more than that it is waiting."""
    await driver.sim.wait_until(lambda: any(len(view.versions) > 1 for view in driver.sim.world.views.values()))
    return next(iter(driver.sim.world.views.values()))


async def test_a_reviewer_opens_a_case_reads_it_and_upholds_it_in_the_modal(slack: SlackDriver) -> None:
    await with_a_case(slack, "Joe <3 has cancer & " + "x" * 5000)

    assert (await press(slack, "ben", ButtonKind.OPEN)).state == "acked"
    view = await opened(slack)

    assert "Joe <3 has cancer & xxx" in shown(view)
    assert shown(view).count("x") >= 5000
    assert "*Ana* · #patients · third party phi · open" in shown(view)
    assert "It could not be hidden." in shown(view)
    await slack.sim.click(slack.users["ben"], view, "chaperone:uphold:c0ffee")
    await slack.sim.wait_until(lambda: len(view.versions) > 2)
    assert (await slack.intake.store.cases.case("c0ffee")).state is CaseState.UPHELD
    assert "Joe" not in shown(view)


async def test_the_modal_and_the_answers_speak_the_reviewers_language(slack: SlackDriver) -> None:
    await with_a_case(slack)
    slack.users["ben"].locale = "es-MX"
    await press(slack, "ben", ButtonKind.REPOST)
    await slack.sim.wait_until(lambda: bool(notes(slack, "ben")))
    await press(slack, "ben", ButtonKind.OPEN)
    view = await opened(slack)

    assert notes(slack, "ben") == ["Solo quien escribió el mensaje puede hacer esto."]
    assert "Un momento…" in str(view.versions[0])
    assert (view.payload["title"]["text"], view.payload["close"]["text"]) == ("Caso", "Cerrar")
    assert "|Dónde se publicó>" in shown(view)


async def test_the_text_of_a_case_stands_nowhere_but_in_the_modal(slack: SlackDriver) -> None:
    await with_a_case(slack)
    await press(slack, "ben", ButtonKind.OPEN)
    await opened(slack)

    outside = [call for call in slack.sim.calls if "cancer" in str(call.args) and call.method != "views.update"]
    assert outside == []
    assert notes(slack, "ben") == []


async def test_who_is_no_reviewer_learns_nothing(slack: SlackDriver) -> None:
    await with_a_case(slack)
    await press(slack, "ana", ButtonKind.OPEN)

    assert "Joe" not in shown(await opened(slack))


async def test_the_author_asks_for_a_review_and_reads_the_answer_alone(slack: SlackDriver) -> None:
    await with_a_case(slack)
    await press(slack, "ana", ButtonKind.APPEAL)
    await slack.sim.wait_until(lambda: bool(notes(slack, "ana")))

    assert (await slack.intake.store.cases.case("c0ffee")).appealed_at is not None
    assert notes(slack, "ben") == []


async def test_what_is_not_allowed_is_said_kindly(slack: SlackDriver) -> None:
    await with_a_case(slack)
    await press(slack, "ben", ButtonKind.REPOST)
    await slack.sim.wait_until(lambda: bool(notes(slack, "ben")))

    assert notes(slack, "ben") == ["Only the author of the message can do this."]


async def test_when_slack_is_in_trouble_the_one_who_pressed_hears_of_it(slack: SlackDriver) -> None:
    await with_a_case(slack)
    slack.sim.fail_next("users.info", status=503)
    await press(slack, "ben", ButtonKind.UPHOLD)
    await slack.sim.wait_until(lambda: bool(notes(slack, "ben")))

    assert notes(slack, "ben") == ["That did not work just now. Please try again in a minute."]
    assert (await slack.intake.store.cases.case("c0ffee")).state is CaseState.OPEN


async def test_a_link_button_is_only_acknowledged(slack: SlackDriver) -> None:
    block = {
        "type": "actions",
        "elements": [{"type": "button", "action_id": "chaperone:link:0", "url": "https://x.example"}],
    }
    posted = slack.sim.post(slack.users["ana"], slack.channels["patients"], "book", blocks=[{**block, "block_id": "b"}])

    assert (await slack.sim.click(slack.users["ana"], posted, "chaperone:link:0")).state == "acked"


@dataclass
class Desk:
    """Takes reports."""

    reported: list[tuple[Message, Author]] = field(default_factory=list)

    async def report(self, message: Message, by: Author) -> Answer:
        self.reported.append((message, by))
        return Answer(text="Thank you.")


async def test_a_member_reports_a_message() -> None:
    desk = Desk()
    async with SlackSimulator() as sim:
        driver = make_driver(sim, settings_for(sim), reports=desk)
        async with connected(driver):
            await driver.post("buy my cure")
            posted = next(iter(driver.posted.values()))
            await sim.message_shortcut(driver.users["ben"], posted, REPORT)
            await sim.wait_until(lambda: notes(driver, "ben") == ["Thank you."])
            own = sim.bot_message(driver.channels["patients"], "reminder")
            await sim.message_shortcut(driver.users["ben"], own, REPORT)
            refusal = "Only messages that people wrote can be reported."
            await sim.wait_until(lambda: notes(driver, "ben")[1:] == [refusal])

    [(message, by)] = desk.reported
    assert (message.typed.plain, message.room_name, by.name) == ("buy my cure", "patients", "Ben")
    assert [kept.key for kept in driver.intake.kept] == [message.key]
