"""Words planted in messages of every kind: they stand where they were posted and nowhere else."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import httpx
import pytest

from bot.domain.case import CaseReason
from bot.domain.words import ButtonKind
from tests.e2e.base import TEAM, Person, Posted, Scene
from tests.e2e.messages import CANARIES, chat, complaint, emergency, leak, leaking_emergency, promotion, question
from tests.e2e.process import POLICY

pytestmark = pytest.mark.asyncio(loop_scope="module")

LEAK = CANARIES[leak.__name__]
UNREAD = "Unreadbrumbelwick"
LONG = "Longbrumbelwick"
#: Those words, and what else the messages give away.
EVERY = (
    *CANARIES.values(),
    LONG,
    "Whitfield",
    "chemo",
    "diabetes",
    "ibuprofen",
    "receptionist",
    "lips are blue",
)


def found(words: Iterable[str], places: Sequence[str]) -> list[str]:
    """The places where one of the words stands."""
    wanted = [word.casefold() for word in words]
    return [place for place in places if any(word in place.casefold() for word in wanted)]


async def pages(scene: Scene) -> list[str]:
    """What the bot tells of itself over HTTP: metrics, and every page of the console that opens no case; with their addresses."""
    cases = [f"/cases/{case.id}" for case in await scene.bot.cases()]
    async with httpx.AsyncClient(timeout=30, base_url=f"http://127.0.0.1:{scene.bot.port}") as browser:
        seen = [await browser.get("/metrics"), await browser.get("/healthz")]
        door = await browser.post("/login", data={"name": "rita", "password": "correct horse battery"})
        seen += [await browser.get(path) for path in ("/queue", "/queue?show=closed", "/policy", *cases)]
    assert (door.status_code, {page.status_code for page in seen}) == (303, {200})
    assert all(f'href="{path}"' in "".join(page.text for page in seen) for path in cases)
    return [f"{page.url} {page.headers} {page.text}" for page in (door, *seen)]


async def printed(scene: Scene) -> list[str]:
    """What the commands print that open no case."""
    commands = ("doctor",), ("cases", "list", "--all"), ("policy", "backtest", str(POLICY))
    ended = [await scene.bot.command(*command) for command in commands]
    assert all(out for _, out, _ in ended)
    assert [status for status, _, _ in ended[1:]] == [0, 0], ended
    return [f"{out} {err}" for _, out, err in ended]


async def exported(scene: Scene, who: Person) -> str:
    """What is kept of one person, as a privacy officer reads it."""
    status, out, err = await scene.bot.command("person", "export", scene.platform, scene.workspace, who.id)
    assert status == 0, err
    assert not found(EVERY, [err])
    return out


async def assert_nowhere(scene: Scene, words: Sequence[str], people: Iterable[Posted]) -> None:
    """Not in what the bot wrote to its folder, tells of itself, sends out, or says to anybody."""
    said = [text for message in people for text in scene.private(message.author)]
    assert not found(words, [*await pages(scene), *scene.requests(), *scene.shown(TEAM), *said])
    assert_not_written(scene, words)


def assert_not_written(scene: Scene, words: Sequence[str]) -> None:
    """Not in its logs, nor in its database with its write-ahead log."""
    written = scene.bot.written.lower()
    assert b"sqlite format 3" in written
    assert b'"action": "decided"' in written
    assert not [word for word in words if word.lower().encode() in written]


async def plant(scene: Scene) -> list[Posted]:
    """One message of every kind, each in a room of its own."""
    said = {
        kind.__name__: kind(CANARIES[kind.__name__])
        for kind in (leak, question, emergency, leaking_emergency, complaint, promotion, chat)
    }
    said["long"] = f"{leak()} {(chat() + ' ') * 25}{LONG}"
    messages = [scene.say(scene.person(), text, room=scene.room(f"patients-{name}")) for name, text in said.items()]
    titled = scene.say(scene.person(), "", room=scene.room("patients-title"), title=leak(LEAK))
    edited = scene.say(scene.person(), chat(), room=scene.room("patients-edited"))
    await scene.settled(edited)
    scene.edit(edited, leak(LEAK))
    await scene.hidden_and_told(edited)
    return [*messages, titled, edited]


async def test_what_people_wrote_stands_where_they_wrote_it_and_before_who_opens_the_case(scene: Scene) -> None:
    messages = await plant(scene)
    for message in messages:
        await scene.settled(message)
    case = await scene.hidden_and_told(messages[0])
    await assert_nowhere(scene, EVERY, messages)
    await scene.press(messages[0].author, ButtonKind.APPEAL, case.id)
    await scene.until(lambda: any("second look" in told for told in scene.team(case.id)))
    await assert_nowhere(scene, EVERY, messages)

    assert not found(EVERY, await printed(scene))
    assert LEAK in await exported(scene, messages[0].author)
    assert not found([LEAK], [await exported(scene, messages[1].author)])

    assert LEAK in await scene.press(scene.mo, ButtonKind.OPEN, case.id)

    assert len(found([LEAK], scene.requests())) == 1
    await scene.press(scene.mo, ButtonKind.RESTORE, case.id)
    await scene.until(lambda: found([LEAK], scene.shown(messages[0].room)))
    await scene.settled(messages[0])
    assert len(found([LEAK], scene.requests())) == 2
    assert_not_written(scene, EVERY)


async def test_message_that_could_not_be_read_is_not_given_away_either(scene: Scene) -> None:
    await scene.die()
    scene.bot.extra["CHAPERONE_READ_BUDGET"] = "0.00001"
    await scene.start()

    message = scene.say(scene.person(), f"{leak()} {UNREAD}", room=scene.room("patients-unread"))
    case = await scene.case(message)
    await scene.settled(message)

    assert case.reason is CaseReason.UNREAD
    assert scene.visible(message)
    await assert_nowhere(scene, [UNREAD], [message])
