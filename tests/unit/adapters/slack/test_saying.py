"""Private notes, answers, the team's room: each once, to the right people, calling nobody by accident."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from bot.adapters.slack.groups import FRESH
from bot.domain.errors import GoneError, TemporaryPlatformError, UnreachableError
from bot.domain.outcome import How
from bot.domain.words import Link, Words
from tests.contract.slack_world import HurriedClock, SlackDriver, connected, make_driver, settings_for
from tests.simulators.slack import SlackSimulator


async def test_a_note_comes_by_direct_message_with_its_buttons_and_links(slack: SlackDriver, words: Words) -> None:
    words = replace(words, text="Tom & Jerry <3", links=(Link(url="https://book.example/", label="Book"),))

    outcome = await slack.adapter.platform.tell(slack.users["ana"].id, slack.room, words, in_room=False, again=False)

    assert outcome.how is How.PRIVATE
    [note] = slack.sim.world.direct_messages_to(slack.users["ana"])
    assert await slack.private_texts("ana") == ["Tom & Jerry <3"]
    elements = note.blocks[-1]["elements"]
    assert [element["action_id"] for element in elements] == ["chaperone:appeal:c0ffee", "chaperone:link:0"]
    assert elements[1]["url"] == "https://book.example/"


async def test_in_the_room_only_the_author_sees_it(slack: SlackDriver, words: Words) -> None:
    outcome = await slack.adapter.platform.tell(slack.users["ana"].id, slack.room, words, in_room=True, again=False)

    assert outcome.how is How.IN_ROOM
    assert [note.text for note in slack.sim.world.notes_for(slack.users["ana"])] == [words.text]
    assert slack.sim.world.direct_messages_to(slack.users["ana"]) == []


async def test_who_left_the_room_is_written_to_in_private(slack: SlackDriver, words: Words) -> None:
    slack.sim.leave(slack.users["ana"], slack.channels["patients"])

    outcome = await slack.adapter.platform.tell(slack.users["ana"].id, slack.room, words, in_room=True, again=False)

    assert outcome.how is How.PRIVATE


async def test_who_can_not_be_reached_at_all_is_unreachable(slack: SlackDriver, words: Words) -> None:
    slack.sim.deactivate(slack.users["ana"])

    with pytest.raises(UnreachableError) as caught:
        await slack.adapter.platform.tell(slack.users["ana"].id, slack.room, words, in_room=False, again=False)
    assert words.text not in str(caught.value)


async def test_a_note_whose_answer_was_lost_is_found_and_not_repeated(slack: SlackDriver, words: Words) -> None:
    ana = slack.users["ana"].id
    slack.sim.fail_next("chat.postMessage", cut=True, after_effect=True)
    with pytest.raises(TemporaryPlatformError):
        await slack.adapter.platform.tell(ana, slack.room, words, in_room=False, again=False)

    outcome = await slack.adapter.platform.tell(ana, slack.room, words, in_room=False, again=True)

    [note] = slack.sim.world.direct_messages_to(slack.users["ana"])
    assert outcome.posted is not None
    assert outcome.posted.message == note.ts


async def test_where_the_past_can_not_be_read_it_is_said_again_rather_than_lost(
    slack: SlackDriver, words: Words
) -> None:
    slack.sim.fail_next("conversations.history", error="missing_scope")

    await slack.adapter.platform.tell(slack.users["ana"].id, slack.room, words, in_room=False, again=True)

    assert await slack.private_texts("ana") == [words.text]


async def test_an_answer_stands_in_the_messages_thread(slack: SlackDriver, words: Words) -> None:
    message = await slack.post("my chest hurts")

    outcome = await slack.adapter.platform.answer(message.ref, replace(words, urgent=True), again=False)

    assert outcome.posted is not None
    assert outcome.posted.thread == message.ref.message
    answer = slack.sim.world.message(message.ref.room.room, outcome.posted.message)
    assert answer is not None
    assert "<!" not in answer.text  # urgent or not, an answer calls nobody: patients read it


@pytest.mark.parametrize(
    ("call", "expected"),
    [((), "<!channel>"), (("nurses", "U0123456789"), "<!subteam^{group}> <@U0123456789>"), (("nobody",), "<!channel>")],
)
async def test_a_page_calls_who_is_on_call(
    slack: SlackDriver, words: Words, call: tuple[str, ...], expected: str
) -> None:
    group = slack.sim.world.add_user_group("nurses", [slack.users["ben"]])
    message = await slack.post("my chest hurts")

    page = replace(words, urgent=True, call=call)
    outcome = await slack.adapter.platform.post("#moderators", message.ref, page, again=False)

    assert outcome.posted is not None
    posted = slack.sim.world.message(slack.channels["moderators"].id, outcome.posted.message)
    assert posted is not None
    assert posted.text == f"{expected.format(group=group.id)} {words.text}"
    assert posted.blocks[0]["text"]["text"] == posted.text


async def test_a_page_does_not_wait_for_a_groups_id(slack: SlackDriver, words: Words) -> None:
    message = await slack.post("my chest hurts")
    slack.clock.move(FRESH)
    slack.sim.fail_next("usergroups.list", status=503)

    await slack.adapter.platform.post(
        slack.channels["moderators"].id, message.ref, replace(words, urgent=True, call=("nurses",)), again=False
    )

    [posted] = slack.sim.world.visible_texts(slack.channels["moderators"])
    assert posted.startswith("<!channel>")


async def test_a_room_that_the_bot_was_invited_to_later_is_found(slack: SlackDriver, words: Words) -> None:
    message = await slack.post("hello")
    with pytest.raises(GoneError):
        await slack.adapter.platform.post("late", message.ref, words, again=False)
    slack.sim.world.add_channel("late", [slack.users["ana"]])
    with pytest.raises(GoneError):  # not asked again at once
        await slack.adapter.platform.post("late", message.ref, words, again=False)


async def test_no_burst_is_lost_or_doubled(words: Words) -> None:
    clock = HurriedClock()
    async with SlackSimulator(clock=clock.now) as sim:
        driver = make_driver(sim, settings_for(sim), clock=clock)
        async with connected(driver):
            message = await driver.post("hello")
            sim.limits.strict, sim.limits.post_burst = True, 3

            async def notify(n: int) -> None:
                note = replace(words, key=f"decision:notify:{n}", text=f"note {n}")
                for _ in range(20):  # as the service does
                    try:
                        await driver.adapter.platform.post("moderators", message.ref, note, again=False)
                    except TemporaryPlatformError as error:
                        await driver.clock.sleep(error.retry_after or 1)
                    else:
                        return

            await asyncio.gather(*(notify(n) for n in range(12)))
            assert sorted(await driver.room_texts("moderators")) == sorted(f"note {n}" for n in range(12))


async def test_a_very_long_text_is_cut_into_blocks_that_slack_takes(slack: SlackDriver, words: Words) -> None:
    message = await slack.post("hello")

    await slack.adapter.platform.post("moderators", message.ref, replace(words, text="word " * 2000), again=False)

    [posted] = slack.sim.world.channels[slack.channels["moderators"].id].messages.values()
    assert "".join(block["text"]["text"] for block in posted.blocks[:-1]).strip() == ("word " * 2000).strip()
