"""Telling one person alone: by direct message, else by a note that says nothing and goes."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.decision import Action, ActionKind, Decision
from bot.domain.errors import TemporaryPlatformError, UnreachableError
from bot.domain.outcome import How, Outcome
from bot.domain.words import ButtonKind, Words
from bot.service.say import words_for
from tests.contract.discord_world import ROOM, DiscordDriver, connected, make_driver, restarted
from tests.factories import NOON, make_policy, make_ref, shipped_wordings
from tests.simulators.discord import ChannelType, DiscordSimulator, Message, Permission
from tests.unit.adapters.discord.said import CASE, custom_ids, words

APPEAL = words(kinds=(ButtonKind.APPEAL,))


class PatientClock:
    """The machine's time; sleeping ends when the test says so."""

    def __init__(self) -> None:
        self.over = asyncio.Event()
        self.ahead = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    async def sleep(self, seconds: float) -> None:
        await self.over.wait()


async def tell(world: DiscordDriver, said: Words, *, in_room: bool = False, again: bool = False) -> Outcome:
    ana = str(world.users["ana"].id)
    return await world.adapter.platform.tell(ana, world.room, said, in_room=in_room, again=again)


def notes(world: DiscordDriver) -> list[Message]:
    return [message for message in world.sim.history(world.channels[ROOM]) if message.author is world.sim.bot]


async def test_direct_message_carries_buttons_and_links(world: DiscordDriver) -> None:
    said = words("Book here.", kinds=(ButtonKind.APPEAL, ButtonKind.REPOST), link="https://book.example/")
    outcome = await tell(world, said)
    [direct] = world.sim.direct_messages(world.users["ana"])

    assert outcome.how is How.PRIVATE
    assert direct.content == "Book here."
    assert custom_ids(direct) == [f"chaperone:appeal:{CASE}", f"chaperone:repost:{CASE}", ""]
    assert direct.components[0]["components"][2]["url"] == "https://book.example/"


@pytest.mark.parametrize(
    "said", [APPEAL, words(link="https://book.example/"), words()], ids=["button", "link", "plain"]
)
async def test_second_try_after_the_nonces_time_tells_nothing_twice(world: DiscordDriver, said: Words) -> None:
    for key, again in (("k1", False), ("k1", True), ("k2", True), ("k2", True)):
        await tell(world, replace(said, key=key), again=again)

    assert len(world.sim.direct_messages(world.users["ana"])) == 2


async def test_closed_dms_lead_to_a_note_that_only_its_reader_can_open(world: DiscordDriver) -> None:
    await world.close_dms("ana")
    outcome = await tell(world, APPEAL)
    [note] = notes(world)
    [button] = custom_ids(note)
    other = await world.sim.replied(world.sim.click(world.users["ben"], note, button))
    own = await world.sim.replied(world.sim.click(world.users["ana"], note, button))

    assert outcome.how is How.IN_ROOM
    assert note.mentions == [world.users["ana"]]
    assert note.content == f"<@{world.users['ana'].id}> {APPEAL.knock}"
    assert (other.content, other.ephemeral_for) == ("This note is for somebody else.", world.users["ben"].id)
    assert (own.content, own.ephemeral_for) == (APPEAL.text, world.users["ana"].id)
    assert custom_ids(own) == [f"chaperone:appeal:{CASE}"]


async def test_the_note_in_the_room_speaks_its_readers_language_and_so_do_answers_to_presses(
    world: DiscordDriver,
) -> None:
    await world.close_dms("ana")
    world.users["ben"].locale = "es-ES"
    action = Action(kind=ActionKind.NOTE)
    decision = Decision(
        id="d1", message=make_ref(), revision="1", author="ana", policy="h1", decided_at=NOON, language="es"
    )
    await tell(world, words_for("k", decision, action, None, make_policy(wordings=shipped_wordings()), at=NOON))
    [note] = notes(world)
    other = await world.sim.replied(world.sim.click(world.users["ben"], note, custom_ids(note)[0]))

    assert note.content.endswith(
        "> Tengo un mensaje privado para ti. Por favor, abre tus mensajes directos o pulsa el botón."
    )
    assert note.components[0]["components"][0]["label"] == "Mostrármelo solo a mí"
    assert other.content == "Esta nota es para otra persona."


async def test_closed_dms_are_not_tried_again_at_once(world: DiscordDriver) -> None:
    await world.close_dms("ana")
    await tell(world, words("first", "k1"))
    await tell(world, words("second", "k2"))

    assert world.sim.invalid_requests == 1
    assert len(notes(world)) == 2


async def test_note_in_the_room_is_found_again(world: DiscordDriver) -> None:
    for again in (False, True):
        await tell(world, APPEAL, in_room=True, again=again)

    assert len(notes(world)) == 1


async def test_note_goes_after_a_minute(sim: DiscordSimulator) -> None:
    clock = PatientClock()
    async with connected(make_driver(sim, clock=clock)) as world:
        await tell(world, APPEAL, in_room=True)
        assert len(notes(world)) == 1
        clock.over.set()
        await sim.until(lambda: not notes(world))


async def test_note_left_by_a_process_that_ended_is_removed_by_the_next(sim: DiscordSimulator) -> None:
    clock = PatientClock()
    async with connected(make_driver(sim, clock=clock)) as world:
        await tell(world, APPEAL, in_room=True)
        [note] = notes(world)
    after = replace(world, adapter=restarted(world, clock))
    async with connected(after):
        said = await sim.replied(sim.click(world.users["ana"], note, custom_ids(note)[0]))
        assert said.content.startswith("I no longer have this message at hand.")
        assert len(notes(world)) == 1
    clock.ahead = timedelta(minutes=2)
    async with connected(replace(world, adapter=restarted(world, clock))):
        await sim.until(lambda: not notes(world))


async def test_note_stands_in_the_thread_where_the_member_wrote(world: DiscordDriver) -> None:
    thread = world.sim.thread(world.users["ana"], world.channels[ROOM], "side talk")
    await world.delivered(world.sim.post(world.users["ana"], thread, "hello"))
    await tell(world, APPEAL, in_room=True)

    assert notes(world) == []
    assert world.sim.history(thread)[-1].mentions == [world.users["ana"]]


async def test_in_a_forum_the_note_stands_in_the_members_own_post(driver: DiscordDriver) -> None:
    forum = driver.sim.add_channel(driver.guild, "questions", ChannelType.FORUM)
    post, _ = driver.sim.forum_post(driver.users["ana"], forum, "A title", "text")
    room = replace(driver.room, room=str(forum.id))
    async with connected(driver):
        platform = driver.adapter.platform
        driver.adapter.platform.places.saw(driver.intake.kept[0])
        await platform.tell(str(driver.users["ana"].id), room, APPEAL, in_room=True, again=False)
        with pytest.raises(UnreachableError):
            await platform.tell(str(driver.users["ben"].id), room, APPEAL, in_room=True, again=False)

    assert custom_ids(driver.sim.history(post)[-1])[0].startswith("chaperone:show:")


async def test_member_who_can_not_be_written_to_at_all(world: DiscordDriver) -> None:
    await world.close_dms("ana")
    world.sim.overwrite(world.channels[ROOM], world.sim.bot, deny=Permission.SEND_MESSAGES)

    with pytest.raises(UnreachableError):
        await tell(world, APPEAL)


async def test_opening_direct_messages_too_fast_is_temporary(world: DiscordDriver) -> None:
    world.sim.fail_next("POST", r"/users/@me/channels$", status=403, code=40003)

    with pytest.raises(TemporaryPlatformError) as asked:
        await tell(world, APPEAL)
    assert asked.value.retry_after is not None
