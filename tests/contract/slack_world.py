"""Slack for the contract suite and for the adapter's own tests: the real adapter, over Socket Mode, against the simulated workspace."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from pydantic import SecretStr

from bot.adapters.slack.adapter import SlackAdapter
from bot.adapters.slack.manifest import BOT_SCOPES, EVENTS, USER_SCOPES
from bot.adapters.slack.platform import SlackPlatform
from bot.adapters.slack.presses import Reports
from bot.adapters.slack.text import decode
from bot.clock import StandingClock
from bot.domain.message import Message, MessageRef, RoomRef
from bot.domain.words import Link
from bot.service.desk import Desk
from bot.service.intake import Intake
from bot.service.ports import Clock
from bot.service.review import Review
from bot.settings import Settings
from bot.stores.memory import MemoryStore
from tests.factories import OnePolicy, make_policy, shipped_wordings
from tests.simulators.slack import Channel, ManualClock, SlackSimulator, User
from tests.simulators.slack.world import Message as Posted
from tests.simulators.slack.world import Payload

#: How a member or channel is called in the simulated workspace, whatever its id.
MEMBERS = ("ana", "ben")
ROOM, TEAM_ROOM = "patients", "moderators"
PING = 0.1


class SharedClock(StandingClock):
    """The adapter's clock and the simulator's as one: where the bot sleeps, Slack's minute passes too."""

    def __init__(self, slacks: ManualClock) -> None:
        super().__init__(slacks())
        self._slacks = slacks

    def now(self) -> datetime:
        """Slack's time."""
        return self._slacks()

    def move(self, by: timedelta) -> None:
        """Both go on."""
        self._slacks.advance(by.total_seconds())


class HurriedClock(StandingClock):
    """Runs twenty times as fast as the machine's: for what several do at the same time."""

    FACTOR = 20

    def now(self) -> datetime:
        """Hurried time."""
        return super().now() + timedelta(seconds=time.monotonic() * self.FACTOR)

    async def sleep(self, seconds: float) -> None:
        """Wait a twentieth of it."""
        await asyncio.sleep(seconds / self.FACTOR)


class RecordingIntake(Intake):
    """The service's intake over a store in memory, which tells a test what came in."""

    def __init__(self, clock: Clock) -> None:
        self.store = MemoryStore()
        self.wake = asyncio.Event()
        super().__init__(self.store, clock, self.wake, OnePolicy(make_policy()))
        self.accepted: list[Message] = []
        self.vanished: list[MessageRef] = []
        self.emptied: list[RoomRef] = []
        self.kept: list[Message] = []
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

    async def room_gone(self, room: RoomRef) -> None:
        """Record."""
        await super().room_gone(room)
        self.emptied.append(room)


@dataclass(kw_only=True)
class SlackDriver:
    """What happens on the other side of the platform."""

    sim: SlackSimulator
    adapter: SlackAdapter
    intake: RecordingIntake
    desk: Desk
    users: dict[str, User]
    channels: dict[str, Channel]
    clock: StandingClock
    posted: dict[str, Posted] = field(default_factory=dict)

    async def post(self, text: str, author: str = "ana") -> Message:
        """A member posts; the message as the adapter delivered it."""
        posted = self.sim.post(self.users[author], self.channels[ROOM], text)
        self.posted[posted.ts] = posted
        return await self.delivered(posted)

    async def delivered(self, posted: Posted) -> Message:
        """Wait until the adapter has delivered the message's latest state."""
        await self.sim.wait_until(lambda: any(m.ref.message == posted.ts for m in self.intake.accepted))
        return next(m for m in reversed(self.intake.accepted) if m.ref.message == posted.ts)

    async def visible(self, ref: MessageRef) -> bool:
        """Whether members see the message."""
        found = self.sim.world.message(ref.room.room, ref.message)
        return found is not None and not found.gone and found.dlp_tombstone is None

    async def private_texts(self, author: str) -> list[str]:
        """What the member was told alone, as they read it: direct messages first, then notes in channels."""
        user = self.users[author]
        direct = [message.text for message in self.sim.world.direct_messages_to(user)]
        return [decode(text).plain for text in [*direct, *(note.text for note in self.sim.world.notes_for(user))]]

    async def room_texts(self, room_name: str) -> list[str]:
        """What stands in a channel as members read it, oldest first."""
        return [decode(text).plain for text in self.sim.world.visible_texts(self.channels[room_name])]

    async def private_links(self, author: str) -> list[Link]:
        """The buttons that open an address, under what the member was told alone."""
        user = self.users[author]
        direct = [link for message in self.sim.world.direct_messages_to(user) for link in _links(message.blocks)]
        return [*direct, *(link for note in self.sim.world.notes_for(user) for link in _links(note.blocks))]

    async def room_links(self, room_name: str) -> list[Link]:
        """The same under what stands in a channel."""
        standing = [message for message in self.channels[room_name].messages.values() if not message.gone]
        return [link for message in standing for link in _links(message.blocks)]

    async def close_dms(self, author: str) -> None:
        """From now on the bot can't open a direct message with this member: Slack takes them for another organisation's."""
        self.users[author].is_stranger = True

    async def forbid_hiding(self) -> None:
        """From now on the workspace's settings let nobody delete messages."""
        self.sim.world.settings.deletion = "nobody"

    async def fail_next(self, times: int) -> None:
        """The next calls fail as they do when Slack is down."""
        self.sim.fail_next("*", status=503, times=times)

    @property
    def room(self) -> RoomRef:
        """The members' channel."""
        return RoomRef(
            platform=self.adapter.platform.name, workspace=self.sim.world.team.id, room=self.channels[ROOM].id
        )


def _links(blocks: Iterable[Payload]) -> list[Link]:
    buttons = [element for block in blocks for element in block.get("elements", []) if "url" in element]
    return [Link(url=button["url"], label=button["text"]["text"]) for button in buttons]


def settings_for(
    sim: SlackSimulator,
    *,
    admin: bool = True,
    grid: bool = False,
    sockets: bool = True,
    scopes: Iterable[str] = BOT_SCOPES,
) -> Settings:
    """Settings with the simulator's address and tokens, and with exactly the manifest's scopes."""
    world = sim.world
    world.bot_token.scopes = frozenset(scopes)
    world.app.event_types = set(EVENTS)
    boss = world.add_user("boss", is_admin=True)
    return Settings(
        slack_api_base_url=sim.api_url,
        slack_bot_token=SecretStr(sim.bot_token),
        slack_app_token=SecretStr(sim.app_token) if sockets else None,
        slack_signing_secret=SecretStr(world.app.signing_secret),
        slack_admin_token=SecretStr(world.add_user_token(boss, USER_SCOPES).value) if admin else None,
        slack_grid_token=SecretStr(world.add_org_token().value) if grid else None,
    )


def make_driver(
    sim: SlackSimulator,
    settings: Settings,
    *,
    reports: Reports | None = None,
    clock: StandingClock | None = None,
    language: str = "en",
) -> SlackDriver:
    """The adapter with its recording intake; nothing runs yet. Its clock stands still, but moves where somebody sleeps."""
    clock = clock or StandingClock()
    intake = RecordingIntake(clock)
    policy = make_policy(wordings=shipped_wordings(), language=language)
    desk = Desk(intake.store, Review(intake.store, clock, intake.wake), OnePolicy(policy))
    users = {name: sim.world.add_user(name, display_name=name.title()) for name in MEMBERS}
    channels = {name: sim.world.add_channel(name, users.values()) for name in (ROOM, TEAM_ROOM)}
    adapter = SlackAdapter(settings, intake, desk, clock, reports=reports, ping=PING)
    return SlackDriver(sim=sim, adapter=adapter, intake=intake, desk=desk, users=users, channels=channels, clock=clock)


@contextlib.asynccontextmanager
async def connected(driver: SlackDriver) -> AsyncIterator[None]:
    """The adapter connected by Socket Mode and caught up, until the block ends."""
    stop = asyncio.Event()
    running = asyncio.create_task(driver.adapter.run(stop))
    await driver.sim.wait_until(lambda: running.done() or _listed(driver.sim))
    try:
        yield
    finally:
        stop.set()
        await running


@contextlib.asynccontextmanager
async def slack_world(
    *, admin: bool = True, grid: bool = False, language: str = "en"
) -> AsyncIterator[tuple[SlackPlatform, SlackDriver]]:
    """A workspace with members, rooms and the running adapter."""
    async with SlackSimulator() as sim:
        driver = make_driver(sim, settings_for(sim, admin=admin, grid=grid), language=language)
        async with connected(driver):
            yield driver.adapter.platform, driver


def _listed(sim: SlackSimulator) -> bool:
    """Whether the adapter is connected and has begun to catch up with its rooms."""
    return sim.sockets.open_count > 0 and bool(sim.calls_of("users.conversations"))
