"""Buttons and menus: answered in time, seen by one person, and still working after a restart."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.adapters.discord.menu import REPORT
from bot.domain.message import Author, Message
from bot.domain.words import Button, ButtonKind
from bot.service.desk import Answer
from bot.service.store import Kept
from tests.contract.discord_world import (
    ROOM,
    TEAM_ROOM,
    DiscordDriver,
    RecordingDesk,
    connected,
    make_driver,
    restarted,
)
from tests.factories import make_message
from tests.simulators.discord import CallbackType, DiscordSimulator
from tests.simulators.discord import Message as Posted
from tests.unit.adapters.discord.said import CASE, custom_ids, words

OPEN = f"chaperone:open:{CASE}"


class SlowDesk(RecordingDesk):
    """Answers when the test lets it; fails where it was told to."""

    def __init__(self) -> None:
        super().__init__()
        self.may_answer = asyncio.Event()
        self.broken = False

    async def press(self, kind: ButtonKind, case: str, by: Author) -> Answer:
        await self.may_answer.wait()
        if self.broken:
            raise RuntimeError("the store is away")
        return await super().press(kind, case, by)


class Reports:
    """Remembers what was reported."""

    def __init__(self) -> None:
        self.reported: list[tuple[Message, Author]] = []

    async def report(self, message: Message, by: Author) -> Answer:
        self.reported.append((message, by))
        return Answer(text="Thank you. A moderator will look at it.")


@pytest.fixture
def desk() -> SlowDesk:
    desk = SlowDesk()
    desk.may_answer.set()
    return desk


@pytest.fixture
async def world(sim: DiscordSimulator, desk: SlowDesk) -> AsyncIterator[DiscordDriver]:
    async with connected(make_driver(sim, desk=desk)) as driver:
        yield driver


async def case_in_team_room(world: DiscordDriver) -> Posted:
    message = await world.post("Joe has cancer")
    kinds = (ButtonKind.OPEN, ButtonKind.RESTORE, ButtonKind.UPHOLD)
    await world.adapter.platform.post(TEAM_ROOM, message.ref, words("A case", kinds=kinds), again=False)
    return world.sim.history(world.channels[TEAM_ROOM])[-1]


async def test_press_is_acknowledged_before_the_work_is_done(world: DiscordDriver, desk: SlowDesk) -> None:
    desk.may_answer.clear()
    posted = await case_in_team_room(world)
    press = await world.sim.answer(world.sim.click(world.users["ben"], posted, OPEN))
    acknowledged, pressed = press.callback, list(desk.pressed)
    desk.may_answer.set()
    reply = await world.sim.replied(press)

    assert acknowledged is CallbackType.DEFERRED_MESSAGE
    assert pressed == []
    assert (reply.content, reply.ephemeral_for) == ("Thank you.", world.users["ben"].id)


async def test_desk_hears_who_pressed_what_with_roles_and_language(world: DiscordDriver, desk: SlowDesk) -> None:
    role = world.sim.add_role(world.guild, "mods")
    world.sim.set_roles(world.users["ben"], world.guild, role)
    world.users["ben"].locale = "es-ES"
    posted = await case_in_team_room(world)
    await world.sim.replied(world.sim.click(world.users["ben"], posted, f"chaperone:restore:{CASE}"))

    [(kind, case, by)] = desk.pressed
    assert (kind, case, by.id, by.locale) == (ButtonKind.RESTORE, CASE, str(world.users["ben"].id), "es-ES")
    assert "mods" in by.platform_roles


async def test_opened_case_is_shown_whole_with_its_buttons_to_one_person(world: DiscordDriver, desk: SlowDesk) -> None:
    long = "\n".join(f"line {number} @everyone" for number in range(200))
    buttons = tuple(
        Button(kind=kind, case=CASE, label=kind.title()) for kind in (ButtonKind.RESTORE, ButtonKind.UPHOLD)
    )
    desk.answer = Answer(text="It looks like a leak.", kept=Kept(message=make_message(long)), buttons=buttons)
    press = world.sim.click(world.users["ben"], await case_in_team_room(world), OPEN)
    await world.sim.until(lambda: any(custom_ids(reply) for reply in press.replies))
    shown = "\n".join(reply.content for reply in press.replies)

    assert len(press.replies) > 1
    assert {reply.ephemeral_for for reply in press.replies} == {world.users["ben"].id}
    assert all(f"> line {number} @everyone" in shown for number in range(200))
    assert custom_ids(press.replies[-1]) == [f"chaperone:restore:{CASE}", f"chaperone:uphold:{CASE}"]
    assert not any(reply.mention_everyone for reply in press.replies)


async def test_buttons_in_an_answer_work_too(world: DiscordDriver, desk: SlowDesk) -> None:
    desk.answer = Answer(text="Open.", buttons=(Button(kind=ButtonKind.UPHOLD, case=CASE, label="Keep"),))
    opened = await world.sim.replied(world.sim.click(world.users["ben"], await case_in_team_room(world), OPEN))
    await world.sim.replied(world.sim.click(world.users["ben"], opened, f"chaperone:uphold:{CASE}"))

    assert [kind for kind, _, _ in desk.pressed] == [ButtonKind.OPEN, ButtonKind.UPHOLD]


async def test_buttons_survive_a_restart_in_rooms_and_in_private(sim: DiscordSimulator, desk: SlowDesk) -> None:
    async with connected(make_driver(sim, desk=desk)) as world:
        posted = await case_in_team_room(world)
        ana = str(world.users["ana"].id)
        said = words(kinds=(ButtonKind.APPEAL,))
        await world.adapter.platform.tell(ana, world.room, said, in_room=False, again=False)
    async with connected(replace(world, adapter=restarted(world))):
        await sim.replied(sim.click(world.users["ben"], posted, OPEN))
        [direct] = sim.direct_messages(world.users["ana"])
        await sim.replied(sim.click(world.users["ana"], direct, f"chaperone:appeal:{CASE}"))

    assert [(kind, by.id) for kind, _, by in desk.pressed] == [
        (ButtonKind.OPEN, str(world.users["ben"].id)),
        (ButtonKind.APPEAL, ana),
    ]


@pytest.mark.parametrize(
    ("locale", "heard"),
    [
        ("en-GB", "That did not work just now. Please try again in a minute."),
        ("es-ES", "Ahora no funcionó. Por favor, prueba otra vez dentro de un minuto."),
        ("pl", "That did not work just now. Please try again in a minute."),
    ],
)
async def test_desk_that_breaks_is_answered_kindly(
    world: DiscordDriver, desk: SlowDesk, locale: str, heard: str
) -> None:
    desk.broken = True
    world.users["ben"].locale = locale
    reply = await world.sim.replied(world.sim.click(world.users["ben"], await case_in_team_room(world), OPEN))

    assert reply.content == heard


async def test_interaction_that_discord_has_forgotten_presses_nothing(world: DiscordDriver, desk: SlowDesk) -> None:
    world.sim.fail_next("POST", r"/callback$", status=404, code=10062)
    posted = await case_in_team_room(world)
    world.sim.click(world.users["ben"], posted, OPEN)
    await world.sim.replied(world.sim.click(world.users["ben"], posted, f"chaperone:uphold:{CASE}"))

    assert [kind for kind, _, _ in desk.pressed] == [ButtonKind.UPHOLD]


async def test_any_message_can_be_reported_from_its_menu(sim: DiscordSimulator) -> None:
    reports = Reports()
    driver = make_driver(sim, reports=reports)
    sim.application.message_content = True
    async with connected(driver) as world:
        message = await world.post("Joe has cancer")
        await sim.until(lambda: sim.commands.get(None))
        menu = sim.context_menu(world.users["ben"], world.posted[message.ref.message], REPORT)
        reply = await sim.replied(menu)
        hook = sim.webhook_post(world.channels[ROOM], "news")
        refused = await sim.replied(sim.context_menu(world.users["ben"], hook, REPORT))

    [(reported, by)] = reports.reported
    assert (reported.ref, reported.typed.plain, by.id) == (message.ref, "Joe has cancer", str(world.users["ben"].id))
    assert (reply.content, reply.ephemeral_for) == ("Thank you. A moderator will look at it.", world.users["ben"].id)
    assert refused.content == "Only messages that people wrote can be reported."


async def test_the_menu_speaks_the_readers_language(sim: DiscordSimulator) -> None:
    async with connected(make_driver(sim, reports=Reports())):
        await sim.until(lambda: sim.commands.get(None))

    [menu] = sim.commands[None]
    spanish = "Avisar a moderación"
    assert (menu["name"], menu["name_localizations"]) == (REPORT, {"es-ES": spanish, "es-419": spanish})


async def test_commands_are_registered_only_when_they_changed(sim: DiscordSimulator) -> None:
    reports = Reports()
    first = make_driver(sim, reports=reports)
    async with connected(first):
        await sim.until(lambda: sim.commands.get(None))
    again = make_driver(sim, reports=reports)
    async with connected(again):
        await sim.until(lambda: len(sim.calls_to("GET", r"/commands$")) == 2)
    without = make_driver(sim)
    async with connected(without):
        await sim.until(lambda: not sim.commands.get(None))

    assert len(sim.calls_to("PUT", r"/commands$")) == 2
