"""Bringing messages back: under their author's name, in their thread, calling nobody."""

from __future__ import annotations

import pytest

from bot.adapters.slack.manifest import BOT_SCOPES
from bot.domain.message import Message
from bot.domain.outcome import How
from bot.domain.words import Words
from tests.contract.slack_world import SlackDriver, slack_world
from tests.simulators.slack.world import Message as Posted


def bots_posts(driver: SlackDriver) -> list[Posted]:
    return [m for m in driver.channels["patients"].messages.values() if m.bot_id == driver.sim.world.app.bot_id]


async def hidden(driver: SlackDriver, text: str, thread: str | None = None) -> Message:
    posted = driver.sim.post(driver.users["ana"], driver.channels["patients"], text, thread_ts=thread)
    message = await driver.delivered(posted)
    await driver.adapter.platform.hide(message.ref, reason="Case 1", again=False)
    return message


async def test_it_stands_again_under_the_authors_name_and_picture_in_its_thread(
    slack: SlackDriver, words: Words
) -> None:
    first = await slack.post("hello")
    message = await hidden(slack, "I am *fine* & well", first.ref.message)

    outcome = await slack.adapter.platform.restore(message, message.typed.source, words, again=False)

    [back] = bots_posts(slack)
    assert (back.text, back.username, back.thread_ts) == ("I am *fine* &amp; well", "Ana", first.ref.message)
    assert back.icons is not None
    assert message.author.picture in back.icons.values()
    assert words.text in str(back.attachments)
    assert outcome.how is How.RESTORED
    assert outcome.posted is not None
    assert (outcome.posted.message, outcome.posted.thread) == (back.ts, first.ref.message)


async def test_nobody_is_called_a_second_time(slack: SlackDriver, words: Words) -> None:
    ben = slack.users["ben"].id
    message = await hidden(slack, f"<!here> <@{ben}> see https://a.example/x")

    await slack.adapter.platform.restore(message, message.typed.source, words, again=False)

    [back] = bots_posts(slack)
    assert back.text == "@here @Ben see <https://a.example/x>"


async def test_where_the_app_may_not_borrow_names_the_author_is_named(words: Words) -> None:
    async with slack_world() as (platform, driver):
        driver.sim.world.bot_token.scopes = frozenset(BOT_SCOPES) - {"chat:write.customize"}
        for _ in range(2):
            message = await hidden(driver, "hello")
            await platform.restore(message, message.typed.source, words, again=False)

        assert [back.text for back in bots_posts(driver)] == ["Ana wrote:\nhello"] * 2
        assert len(driver.sim.calls_of("chat.postMessage", error="missing_scope")) == 1


async def test_a_long_message_comes_back_in_parts_and_in_order(slack: SlackDriver, words: Words) -> None:
    text = " ".join(f"word{n}" for n in range(1500))
    message = await hidden(slack, text)

    slack.sim.fail_next("chat.postMessage", delay_s=0.01)
    await slack.adapter.platform.restore(message, message.typed.source, words, again=False)

    parts = [back.text for back in bots_posts(slack)]
    assert "".join(parts) == text
    assert max(map(len, parts)) <= 4000
    assert [bool(back.attachments) for back in bots_posts(slack)] == [False] * (len(parts) - 1) + [True]


async def test_a_second_try_posts_only_the_parts_that_are_missing(slack: SlackDriver, words: Words) -> None:
    text = " ".join(f"word{n}" for n in range(1500))
    message = await hidden(slack, text)
    await slack.adapter.platform.restore(message, message.typed.source, words, again=False)
    first, *_, last = bots_posts(slack)
    slack.sim.delete(last)

    outcome = await slack.adapter.platform.restore(message, message.typed.source, words, again=True)

    assert "".join(m.text for m in bots_posts(slack) if not m.gone) == text
    assert outcome.posted is not None
    assert outcome.posted.message == first.ts


async def test_a_message_of_files_only_is_named_as_such(slack: SlackDriver, words: Words) -> None:
    ana, room = slack.users["ana"], slack.channels["patients"]
    file = slack.sim.world.add_file(ana, "joe.txt", b"x")
    message = await slack.delivered(slack.sim.post(ana, room, "", files=[file]))

    await slack.adapter.platform.restore(message, message.typed.source, words, again=False)

    assert [back.text for back in bots_posts(slack)] == ["(a message without text)"]


async def test_on_enterprise_grid_the_message_itself_comes_back_and_is_not_read_again(words: Words) -> None:
    async with slack_world(admin=False, grid=True) as (platform, driver):
        message = await hidden(driver, "hello")

        outcome = await platform.restore(message, message.typed.source, words, again=False)
        await driver.sim.settle()

        assert outcome.posted == message.ref
        assert await driver.visible(message.ref)
        assert bots_posts(driver) == []
        assert len(driver.intake.kept) == 1


async def test_on_enterprise_grid_a_redacted_version_is_a_post_of_its_own(words: Words) -> None:
    async with slack_world(admin=False, grid=True) as (platform, driver):
        message = await hidden(driver, "Joe has cancer")

        await platform.restore(message, "[someone] has cancer", words, again=False)

        assert [back.text for back in bots_posts(driver)] == ["[someone] has cancer"]
        assert not await driver.visible(message.ref)


@pytest.mark.parametrize("grid", [False, True])
async def test_what_was_deleted_before_the_grid_is_posted_again(words: Words, grid: bool) -> None:
    async with slack_world(grid=grid) as (platform, driver):
        message = await hidden(driver, "hello")

        await platform.restore(message, message.typed.source, words, again=False)

        assert [back.text for back in bots_posts(driver)] == ["hello"]
