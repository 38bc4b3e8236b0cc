"""The whole service on Discord: from a leak to the restored message, with every step seen from the members' side."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace

import pytest

from bot.adapters.discord.adapter import DiscordAdapter
from bot.clock import SystemClock
from bot.domain.case import CaseState
from bot.domain.message import PlatformName
from bot.service.desk import Desk
from bot.service.enforce import Enforcer
from bot.service.moderate import Moderator
from bot.service.review import Review
from bot.service.understand import Understanding
from bot.service.work import Worker
from tests.contract.discord_world import ROOM, SETTLE, TEAM_ROOM, DiscordDriver, connected, make_driver, settings_for
from tests.factories import MarkReader, NoMatcher, OnePolicy, make_policy
from tests.simulators.discord import ChannelType, DiscordSimulator, Message
from tests.unit.adapters.discord.said import custom_ids

LEAK = "Joe has cancer [third_party_phi=.9]"


@dataclass
class House:
    """The service around the adapter."""

    world: DiscordDriver
    worker: Worker

    async def say(self, text: str) -> None:
        await self.world.post(text)
        await self.worker.settle()

    async def press(self, who: str, under: Message, kind: str) -> list[str]:
        """Press a button, let the bot work; what the one who pressed reads."""
        [button] = [name for name in custom_ids(under) if name.startswith(f"chaperone:{kind}:")]
        press = self.world.sim.click(self.world.users[who], under, button)
        await self.world.sim.replied(press)
        await self.worker.settle()
        return [reply.content for reply in press.replies]


@pytest.fixture
async def house(sim: DiscordSimulator) -> AsyncIterator[House]:
    made = make_driver(sim)
    mods = sim.add_role(made.guild, "mods")
    sim.set_roles(made.users["ben"], made.guild, mods)
    clock, store, policies, wake = SystemClock(), made.intake.store, OnePolicy(make_policy()), asyncio.Event()
    desk = Desk(store, Review(store, clock, wake), policies)
    adapter = DiscordAdapter(settings_for(sim), made.intake, desk, clock, settle=SETTLE)
    world = replace(made, adapter=adapter, desk=desk)
    understanding = Understanding(MarkReader(), budget=1.0)
    moderator = Moderator(
        store=store, understanding=understanding, policies=policies, matcher=NoMatcher(), clock=clock, secret=b"k"
    )
    enforcer = Enforcer(store=store, platforms={PlatformName.DISCORD: adapter.platform}, policies=policies, clock=clock)
    async with connected(world):
        yield House(world, Worker(store=store, moderator=moderator, enforcer=enforcer, clock=clock, wake=wake))


async def test_leak_is_hidden_told_filed_opened_and_restored(house: House) -> None:
    world, sim = house.world, house.world.sim
    await house.say(LEAK)
    [note] = sim.direct_messages(world.users["ana"])
    [case] = sim.history(world.channels[TEAM_ROOM])
    assert await world.room_texts(ROOM) == []
    assert note.content == "We have hidden your message in patients."
    assert "cancer" not in f"{note.content} {case.content}"

    assert "not a reviewer" in (await house.press("ana", case, "open"))[0].lower()
    assert f"> {LEAK}" in "\n".join(await house.press("ben", case, "open"))
    await house.press("ben", case, "restore")

    [back] = sim.history(world.channels[ROOM])
    assert (back.author.username, back.content.splitlines()[0]) == ("Ana", LEAK)
    assert "Your message is back." in sim.direct_messages(world.users["ana"])[-1].content


@pytest.mark.parametrize(
    ("who", "kind", "back"), [("ana", "repost", f"[someone]{LEAK.removeprefix('Joe')}"), ("ben", "restore", LEAK)]
)
async def test_title_is_hidden_told_and_given_back(house: House, who: str, kind: str, back: str) -> None:
    world, sim = house.world, house.world.sim
    thread = sim.thread(world.users["ana"], world.channels[ROOM], LEAK)
    await sim.until(lambda: world.intake.accepted)
    await house.worker.settle()
    hidden = thread.name
    under = {"ana": sim.direct_messages(world.users["ana"])[0], "ben": sim.history(world.channels[TEAM_ROOM])[0]}
    await house.press(who, under[who], kind)

    assert (hidden, thread.name) == ("[…]", back)
    assert [message.content for message in sim.history(thread) if message.author is not sim.bot] == []


async def test_author_posts_the_redacted_version_with_one_click(house: House) -> None:
    world, sim = house.world, house.world.sim
    await house.say(LEAK)
    await house.press("ana", sim.direct_messages(world.users["ana"])[0], "repost")

    [back] = sim.history(world.channels[ROOM])
    assert back.content.startswith("[someone] has cancer")


async def test_danger_is_paged_and_answered_and_not_hidden(house: House) -> None:
    await house.say("my chest hurts [emergency=.9]")

    said, answer = await house.world.room_texts(ROOM)
    assert said.startswith("my chest hurts")
    assert answer == "Please call 911 now."
    assert house.world.sim.history(house.world.channels[TEAM_ROOM])[0].content.startswith("@here Somebody may be")


async def test_without_permission_the_author_is_asked_and_staff_told(house: House) -> None:
    await house.world.forbid_hiding()
    await house.say(LEAK)
    [leak, note] = house.world.sim.history(house.world.channels[ROOM])
    shown = await house.press("ana", note, "show")

    assert leak.content == LEAK
    assert note.mentions == [house.world.users["ana"]]
    assert shown[0].startswith("Please delete your message")
    case = (await house.world.intake.store.cases.listed(frozenset({CaseState.OPEN}), 10))[0]
    assert case.problem is not None
    assert "Manage Messages" in case.problem


async def test_case_of_a_post_that_its_author_deletes_whole_is_closed(house: House) -> None:
    world, sim = house.world, house.world.sim
    forum = sim.add_channel(world.guild, "questions", ChannelType.FORUM)
    await world.forbid_hiding()
    post, opening = sim.forum_post(world.users["ana"], forum, "Joe's results", LEAK)
    other = await world.delivered(sim.post(world.users["ben"], world.channels[ROOM], LEAK))
    await world.delivered(opening)
    await house.worker.settle()
    cases = world.intake.store.cases
    sim.delete_channel(post)
    await world.post("events are handed on in order, so this is after it")
    states = {case.message.thread: case.state for case in await cases.listed(frozenset(CaseState), 10)}

    assert states == {str(post.id): CaseState.EXPIRED, other.ref.thread: CaseState.OPEN}


async def test_cases_of_a_channel_that_is_deleted_are_closed_with_those_of_its_threads(house: House) -> None:
    world, sim = house.world, house.world.sim
    await world.forbid_hiding()
    doomed = sim.add_channel(world.guild, "doomed")
    await world.delivered(sim.post(world.users["ana"], doomed, LEAK))
    await world.delivered(sim.post(world.users["ana"], sim.thread(world.users["ben"], doomed, "tea"), LEAK))
    await world.delivered(sim.post(world.users["ben"], world.channels[ROOM], LEAK))
    await house.worker.settle()
    sim.delete_channel(doomed)
    await world.post("events are handed on in order, so this is after it")

    cases = await world.intake.store.cases.listed(frozenset(CaseState), 10)
    gone = [case.state for case in cases if case.message.room.room == str(doomed.id)]
    left = [case.state for case in cases if case.message.room.room != str(doomed.id)]
    assert (gone, left) == ([CaseState.EXPIRED] * 2, [CaseState.OPEN])
