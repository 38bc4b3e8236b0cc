"""Discord for the contract suite and for the adapter's own tests: the real adapter with unmodified discord.py, against the simulator."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from pydantic import SecretStr

from bot.adapters.discord.adapter import DiscordAdapter
from bot.adapters.discord.counter import Presses, Reports
from bot.adapters.discord.platform import DiscordPlatform
from bot.clock import SystemClock
from bot.domain.message import Author, Message, MessageRef, RoomRef
from bot.domain.words import ButtonKind, Link, Remarks
from bot.service.desk import Answer
from bot.service.intake import Intake
from bot.service.ports import Clock
from bot.service.say import remarks_for
from bot.settings import Settings
from bot.stores.memory import MemoryStore
from tests.factories import OnePolicy, make_policy, shipped_wordings
from tests.simulators.discord import Channel, DiscordSimulator, Guild, Permission, User
from tests.simulators.discord import Message as Posted
from tests.simulators.discord.client import pointed_at

ROOM, TEAM_ROOM = "patients", "moderators"
#: Seconds; everything is on this machine.
SETTLE = 0.05
#: What the bot's role has: everything that the invite link asks for.
GRANTED = (
    Permission.VIEW_CHANNEL
    | Permission.READ_MESSAGE_HISTORY
    | Permission.SEND_MESSAGES
    | Permission.SEND_MESSAGES_IN_THREADS
    | Permission.MANAGE_MESSAGES
    | Permission.MANAGE_WEBHOOKS
    | Permission.MANAGE_THREADS
    | Permission.MODERATE_MEMBERS
)


class RecordingIntake(Intake):
    """The service's intake over a store in memory, which tells a test what came in."""

    def __init__(self, clock: Clock) -> None:
        self.store = MemoryStore()
        super().__init__(self.store, clock, asyncio.Event(), OnePolicy(make_policy()))
        self.accepted: list[Message] = []
        self.kept: list[Message] = []
        self.vanished: list[MessageRef] = []
        self.caught_up = 0
        self.refuse_next = 0

    async def accept(self, message: Message, position: str) -> None:
        """Record, then keep; fails first as often as a test asked for."""
        if self.refuse_next:
            self.refuse_next -= 1
            raise OSError("the store is away")
        await super().accept(message, position)
        self.accepted.append(message)

    async def keep(self, message: Message) -> bool:
        """Record what is new."""
        new = await super().keep(message)
        if new:
            self.kept.append(message)
        return new

    async def gone(self, message: MessageRef) -> None:
        """Record."""
        await super().gone(message)
        self.vanished.append(message)

    async def catch_up(self, platform: object) -> int:
        """Count."""
        assert isinstance(platform, DiscordPlatform)
        found = await super().catch_up(platform)
        self.caught_up += 1
        return found


class RecordingDesk:
    """A desk that remembers who pressed what and gives the answer that a test laid out."""

    def __init__(self) -> None:
        self.pressed: list[tuple[ButtonKind, str, Author]] = []
        self.answer = Answer(text="Thank you.")

    async def press(self, kind: ButtonKind, case: str, by: Author) -> Answer:
        """Record."""
        self.pressed.append((kind, case, by))
        return self.answer

    def remarks(self, room: RoomRef, locale: str | None) -> Remarks:
        """The words that ship."""
        return remarks_for(make_policy(wordings=shipped_wordings()), locale)


@dataclass(kw_only=True)
class DiscordDriver:
    """What happens on the other side of the platform."""

    sim: DiscordSimulator
    guild: Guild
    adapter: DiscordAdapter
    intake: RecordingIntake
    desk: Presses
    users: dict[str, User]
    channels: dict[str, Channel]
    posted: dict[str, Posted] = field(default_factory=dict)

    async def post(self, text: str, author: str = "ana") -> Message:
        """A member posts; the message as the adapter delivered it."""
        return await self.delivered(self.sim.post(self.users[author], self.channels[ROOM], text))

    async def delivered(self, posted: Posted) -> Message:
        """Wait until the adapter has delivered the message; its latest state."""
        self.posted[str(posted.id)] = posted
        return await self.sim.until(lambda: self._latest(str(posted.id)))

    def _latest(self, message: str) -> Message | None:
        return next((m for m in reversed(self.intake.accepted) if m.ref.message == message), None)

    async def visible(self, ref: MessageRef) -> bool:
        """Whether members see the message."""
        channel = self.sim.world.find_channel(int(ref.thread or ref.room.room))
        return channel is not None and int(ref.message) in channel.messages

    async def private_texts(self, author: str) -> list[str]:
        """What the member was told alone: direct messages first, then what they alone see in channels."""
        user = self.users[author]
        alone = [m.content for m in self.sim.world.ephemerals if m.ephemeral_for == user.id]
        return [*(m.content for m in self.sim.direct_messages(user)), *alone]

    async def room_texts(self, room_name: str) -> list[str]:
        """What stands in a channel, oldest first."""
        return [message.content for message in self.sim.history(self.channels[room_name])]

    async def private_links(self, author: str) -> list[Link]:
        """The buttons that open an address, under what the member was told alone."""
        return [link for message in self.sim.direct_messages(self.users[author]) for link in _links(message)]

    async def room_links(self, room_name: str) -> list[Link]:
        """The same under what stands in a channel."""
        return [link for message in self.sim.history(self.channels[room_name]) for link in _links(message)]

    async def close_dms(self, author: str) -> None:
        """The member takes no direct messages any more."""
        self.sim.set_dms(self.users[author], is_open=False)

    async def forbid_hiding(self) -> None:
        """The bot loses Manage Messages."""
        self.sim.set_bot_permissions(self.guild, GRANTED & ~Permission.MANAGE_MESSAGES)

    async def fail_next(self, times: int) -> None:
        """The next calls fail as they do when Discord is down."""
        for method in ("GET", "POST", "DELETE", "PATCH"):
            self.sim.fail_next(method, "", status=503, times=times)

    @property
    def room(self) -> RoomRef:
        """The members' channel."""
        room = str(self.channels[ROOM].id)
        return RoomRef(platform=self.adapter.platform.name, workspace=str(self.guild.id), room=room)


def _links(message: Posted) -> list[Link]:
    buttons = [button for row in message.components for button in row["components"] if "url" in button]
    return [Link(url=button["url"], label=button["label"]) for button in buttons]


def settings_for(sim: DiscordSimulator, token: str | None = None) -> Settings:
    """Settings with the simulator's address and token."""
    return Settings(
        discord_token=SecretStr(token or sim.token),
        discord_api_base_url=sim.api_url,
        discord_gateway_url=sim.gateway_url,
    )


def make_driver(
    sim: DiscordSimulator, *, clock: Clock | None = None, desk: Presses | None = None, reports: Reports | None = None
) -> DiscordDriver:
    """A server with two rooms and two members, and the adapter; nothing runs yet."""
    clock = clock or SystemClock()
    guild = sim.add_guild(bot_permissions=int(GRANTED))
    channels = {name: sim.add_channel(guild, name) for name in (ROOM, TEAM_ROOM)}
    users = {name: sim.add_user(name, global_name=name.title()) for name in ("ana", "ben")}
    for user in users.values():
        sim.join(user, guild)
    intake, counter = RecordingIntake(clock), desk or RecordingDesk()
    adapter = DiscordAdapter(settings_for(sim), intake, counter, clock, reports, settle=SETTLE)
    return DiscordDriver(
        sim=sim, guild=guild, adapter=adapter, intake=intake, desk=counter, users=users, channels=channels
    )


def restarted(driver: DiscordDriver, clock: Clock | None = None) -> DiscordAdapter:
    """A new adapter over the same intake and desk, as after a restart."""
    return DiscordAdapter(settings_for(driver.sim), driver.intake, driver.desk, clock or SystemClock(), settle=SETTLE)


@asynccontextmanager
async def connected(driver: DiscordDriver) -> AsyncIterator[DiscordDriver]:
    """Run the adapter until the block ends; starts when it has caught up. Raises what the adapter raised."""
    stop = asyncio.Event()
    before = driver.intake.caught_up
    running = asyncio.create_task(driver.adapter.run(stop))
    try:
        await driver.sim.until(lambda: running.done() or driver.intake.caught_up > before, within=10)
        if running.done():
            await running
        yield driver
    finally:
        stop.set()
        await asyncio.wait_for(asyncio.gather(running, return_exceptions=True), 10)


@asynccontextmanager
async def discord_world() -> AsyncIterator[tuple[DiscordPlatform, DiscordDriver]]:
    """The world that the contract suite looks at."""
    async with DiscordSimulator() as sim:
        with pointed_at(sim):
            async with connected(make_driver(sim)) as driver:
                yield driver.adapter.platform, driver
