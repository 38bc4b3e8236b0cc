"""kill -9 at twenty points of the way, and a new start: everything is done, and nothing twice."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from bot.domain.case import CaseState
from bot.domain.words import ButtonKind
from tests.e2e.base import TEAM, Call, Person, Posted, Scene
from tests.e2e.messages import leak

pytestmark = pytest.mark.asyncio(loop_scope="module")

#: Messages of different people that are on their way when the bot is killed.
TOGETHER = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """What stood in the simulator before; a point is reached by what has changed since."""

    scene: Scene
    messages: list[Posted]
    tries: dict[Call, int]
    team: int

    def tried(self, call: Call) -> bool:
        """Whether the bot has made such a call since."""
        return self.scene.tries(call) > self.tries[call]


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """Where the bot is killed: ``reached`` says that it is there, ``prepare`` stops it between two calls."""

    name: str
    reached: Callable[[Moment], bool] = lambda moment: True
    prepare: Callable[[Scene], None] = lambda scene: None
    after: float = 0.0


POINTS = (
    Point(name="before anything is kept"),
    Point(name="while the message is kept or read", after=0.02),
    Point(name="while it is decided", after=0.06),
    Point(
        name="hiding begun, not done",
        prepare=lambda scene: scene.trouble(Call.HIDE, status=503),
        reached=lambda moment: moment.tried(Call.HIDE),
    ),
    Point(
        name="hidden, answer lost",
        prepare=lambda scene: scene.trouble(Call.HIDE, status=503, after_effect=True),
        reached=lambda moment: not all(moment.scene.visible(message) for message in moment.messages),
    ),
    Point(
        name="note begun, not said",
        prepare=lambda scene: scene.trouble(Call.OPEN_DM, status=503),
        reached=lambda moment: moment.tried(Call.OPEN_DM),
    ),
    Point(
        name="note said, answer lost",
        prepare=lambda scene: scene.trouble(Call.POST, status=503, after_effect=True),
        reached=lambda moment: moment.tried(Call.POST),
    ),
    Point(name="between note and notice", reached=lambda moment: any(map(moment.scene.private, authors(moment)))),
    Point(name="notice said", reached=lambda moment: len(moment.scene.shown(TEAM)) > moment.team),
)


def authors(moment: Moment) -> list[Person]:
    """Those who wrote."""
    return [message.author for message in moment.messages]


@pytest.mark.parametrize("point", POINTS, ids=lambda point: point.name.replace(" ", "-"))
async def test_killed_and_started_again_it_does_everything_once(scene: Scene, point: Point) -> None:
    room = scene.room(f"patients-{POINTS.index(point)}")
    point.prepare(scene)
    tries = {call: scene.tries(call) for call in Call}
    team = len(scene.shown(TEAM))
    messages = [scene.say(scene.person(), leak(), room=room) for _ in range(TOGETHER)]
    moment = Moment(scene=scene, messages=messages, tries=tries, team=team)

    await scene.until(lambda: point.reached(moment))
    await asyncio.sleep(point.after)
    await scene.die()
    await scene.start()

    for message in messages:
        await scene.assert_done_once(message)


async def test_killed_while_it_restores_it_brings_the_message_back_once(scene: Scene) -> None:
    message = scene.say(scene.person(), leak(), room=scene.room("patients-restore"))
    case = await scene.hidden_and_told(message)
    await scene.settled(message)
    scene.trouble(Call.RESTORE, status=503, after_effect=True)

    await scene.press(scene.mo, ButtonKind.RESTORE, case.id)
    await scene.until(lambda: any(leak() in text for text in scene.shown(message.room)))
    await scene.die()
    await scene.start()

    await scene.until(lambda: any("Good news" in text for text in scene.private(message.author)))
    await scene.settled(message)
    assert sum(leak() in text for text in scene.shown(message.room)) == 1
    assert sum("Good news" in text for text in scene.private(message.author)) == 1
    assert (await scene.case(message)).state is CaseState.RESTORED
