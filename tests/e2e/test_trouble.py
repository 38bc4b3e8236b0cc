"""What goes wrong on the way: the platform, the connection, the process, the permissions. Nothing is lost and nothing done twice."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest

from bot.domain.case import CaseReason
from bot.domain.decision import Urgency
from bot.domain.message import PlatformName
from tests.e2e.base import Call, Scene
from tests.e2e.messages import chat, leak
from tests.e2e.scene import SCENES

pytestmark = pytest.mark.asyncio(loop_scope="module")

#: Seconds within which everything has ended after SIGTERM.
GRACE = 10.0


async def test_what_is_delivered_twice_is_done_once(scene: Scene) -> None:
    message = scene.say(scene.person(), leak(), room=scene.room("patients-twice"), twice=True)

    await scene.assert_done_once(message)


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_hide_that_fails_is_tried_again(scene: Scene, status: int) -> None:
    scene.trouble(Call.HIDE, status=status)

    await scene.assert_done_once(scene.say(scene.person(), leak(), room=scene.room(f"patients-{status}")))


@pytest.mark.parametrize("call", [Call.HIDE, Call.POST])
async def test_call_whose_answer_is_lost_is_not_made_to_count_twice(scene: Scene, call: Call) -> None:
    scene.trouble(call, status=503, after_effect=True)

    await scene.assert_done_once(scene.say(scene.person(), leak(), room=scene.room(f"patients-lost-{call}")))


async def test_a_reader_that_is_killed_is_followed_by_another(scene: Scene) -> None:
    await scene.until(lambda: scene.bot.reader_pid)
    lost = scene.bot.reader_pid
    os.kill(lost, signal.SIGKILL)

    await scene.assert_done_once(scene.say(scene.person(), leak(), room=scene.room("patients-reader")))
    assert scene.bot.reader_pid != lost


async def test_what_is_said_while_the_connection_is_cut_is_read(scene: Scene) -> None:
    ana, room = scene.person(), scene.room("patients-cut")
    await scene.settled(scene.say(ana, chat(), room=room))

    scene.cut()

    await scene.assert_done_once(scene.say(ana, leak(), room=room))


async def test_session_that_can_not_be_resumed_is_made_up_for(scene: Scene) -> None:
    await scene.end_session()

    await scene.assert_done_once(scene.say(scene.person(), leak(), room=scene.room("patients-session")))


async def test_what_was_posted_and_edited_while_the_bot_was_dead_is_read(scene: Scene) -> None:
    ana, ben, room = scene.person(), scene.person("ben"), scene.room("patients-down")
    edited = scene.say(ben, chat(), room=room)
    await scene.settled(edited)
    await scene.die()

    posted = scene.say(ana, leak(), room=room)
    scene.edit(edited, leak())
    await scene.start()

    await scene.assert_done_once(posted)
    await scene.assert_done_once(edited)


async def test_first_words_of_quiet_and_of_new_rooms_are_read_though_the_bot_was_dead(scene: Scene) -> None:
    """Where nobody has spoken there is no last message to go on from; nor does a room count that came after the last catch-up."""
    quiet = scene.room("patients-quiet")
    await scene.end_session()
    new, spoken = scene.room("patients-new"), scene.room("patients-spoken")
    await scene.settled(scene.say(scene.person(), chat(), room=spoken))
    await scene.die()

    messages = [scene.say(scene.person(), leak(), room=room) for room in (quiet, new, spoken)]
    await scene.start()

    for message in messages:
        await scene.assert_done_once(message)


async def test_sigterm_ends_in_time_and_what_was_begun_is_done_after_the_next_start(scene: Scene) -> None:
    messages = [scene.say(scene.person(), leak(), room=scene.room(f"patients-term-{n}")) for n in range(2)]
    began = time.monotonic()

    status = await scene.bot.stop()

    assert (status, time.monotonic() - began < GRACE) == (0, True)
    await scene.start()
    for message in messages:
        await scene.assert_done_once(message)


@pytest.mark.parametrize("platform", list(SCENES))
async def test_where_the_bot_may_not_hide_author_and_team_are_asked(platform: PlatformName, tmp_path: Path) -> None:
    async with SCENES[platform](tmp_path, may_hide=False) as scene:
        await scene.start()
        ana = scene.person()

        message = scene.say(ana, leak())
        case = await scene.case(message)
        await scene.settled(message)

        assert scene.visible(message)
        asked = [*scene.private(ana), *(text for text in scene.shown(message.room) if ana.id in text)]
        assert len(asked) == 1
        case = await scene.case(message)
        assert (case.reason, case.urgency, case.hidden) == (CaseReason.ASSISTED, Urgency.NOW, False)
        [told] = scene.team(case.id)
        assert scene.permalink(message) in told
