"""Which way a message is hidden, and what happens where none is granted."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.adapters.slack.hide import REST
from bot.domain.errors import ForbiddenError, TemporaryPlatformError
from bot.domain.outcome import How
from tests.contract.slack_world import SlackDriver, slack_world


async def test_an_admins_token_deletes(slack: SlackDriver) -> None:
    message = await slack.post("Joe has cancer")

    assert await slack.adapter.platform.hide(message.ref, reason="Case 1", again=False) is How.DELETED
    assert not await slack.visible(message.ref)


@pytest.mark.parametrize(
    ("language", "notice"),
    [
        ("en", "This message is hidden while a moderator looks at it."),
        ("es", "Este mensaje está oculto mientras lo mira un moderador."),
    ],
)
async def test_on_enterprise_grid_a_notice_in_the_communitys_language_stands_in_its_place(
    language: str, notice: str
) -> None:
    async with slack_world(admin=False, grid=True, language=language) as (platform, driver):
        message = await driver.post("Joe has cancer")

        assert await platform.hide(message.ref, reason="Case 1", again=False) is How.TOMBSTONED
        assert not await driver.visible(message.ref)
        assert [m.dlp_tombstone for m in driver.channels["patients"].messages.values()] == [notice]


async def test_where_the_admin_may_not_the_grid_may() -> None:
    async with slack_world(grid=True) as (platform, driver):
        await driver.forbid_hiding()
        message = await driver.post("Joe has cancer")

        assert await platform.hide(message.ref, reason="Case 1", again=False) is How.TOMBSTONED


async def test_without_any_token_it_is_forbidden_and_said_why() -> None:
    async with slack_world(admin=False) as (platform, driver):
        message = await driver.post("Joe has cancer")

        with pytest.raises(ForbiddenError, match="neither an admin's token nor Enterprise Grid"):
            await platform.hide(message.ref, reason="Case 1", again=False)


@pytest.mark.parametrize(("setting", "calls"), [("deletion", 3), ("compliance_exports", 1)])
async def test_a_forbidden_call_is_not_repeated_for_a_while(slack: SlackDriver, setting: str, calls: int) -> None:
    settings = slack.sim.world.settings
    settings.deletion = "nobody" if setting == "deletion" else "everyone"
    settings.compliance_exports = setting == "compliance_exports"
    for n in range(5):
        message = await slack.post(f"Joe has cancer {n}")
        with pytest.raises(ForbiddenError, match="admin token: "):
            await slack.adapter.platform.hide(message.ref, reason="Case 1", again=False)
    assert len(slack.sim.calls_of("chat.delete")) == calls

    settings.deletion, settings.compliance_exports = "everyone", False
    slack.clock.move(REST + timedelta(seconds=1))

    assert await slack.adapter.platform.hide(message.ref, reason="Case 1", again=True) is How.DELETED


async def test_a_message_that_can_not_be_seen_does_not_end_hiding_elsewhere(slack: SlackDriver) -> None:
    secret = slack.sim.world.add_channel("board", [slack.users["ana"]], kind="group")
    posted = slack.sim.post(slack.users["ana"], secret, "Joe has cancer")
    private = await slack.delivered(posted)
    with pytest.raises(ForbiddenError, match="not in this private channel"):
        await slack.adapter.platform.hide(private.ref, reason="Case 1", again=False)

    message = await slack.post("Joe has cancer")
    assert await slack.adapter.platform.hide(message.ref, reason="Case 1", again=False) is How.DELETED


async def test_a_lost_answer_is_no_second_deletion(slack: SlackDriver) -> None:
    message = await slack.post("Joe has cancer")
    slack.sim.fail_next("chat.delete", cut=True, after_effect=True)

    with pytest.raises(TemporaryPlatformError):
        await slack.adapter.platform.hide(message.ref, reason="Case 1", again=False)
    assert await slack.adapter.platform.hide(message.ref, reason="Case 1", again=True) is How.ALREADY


async def test_a_short_rate_limit_is_waited_out_and_a_long_one_is_handed_on(slack: SlackDriver) -> None:
    message = await slack.post("Joe has cancer")
    slack.sim.fail_next("chat.delete", retry_after=2)
    before = slack.clock.now()
    assert await slack.adapter.platform.hide(message.ref, reason="Case 1", again=False) is How.DELETED
    assert slack.clock.now() - before == timedelta(seconds=2)

    slack.sim.fail_next("chat.delete", retry_after=40)
    with pytest.raises(TemporaryPlatformError) as caught:
        await slack.adapter.platform.hide(message.ref, reason="Case 1", again=True)
    assert caught.value.retry_after == 40
