"""The same words for Slack and Discord: people and rooms in a simulator, and the real bot beside it."""

from __future__ import annotations

import asyncio
import itertools
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.case import Case
from bot.domain.message import MessageRef, PlatformName
from bot.domain.outcome import ActionState
from bot.domain.words import ButtonKind
from tests.e2e.process import PATIENCE, BotProcess

PATIENTS, TEAM = "patients", "moderators"
FINAL = frozenset({ActionState.DONE, ActionState.FAILED})
_LOOK_EVERY = 0.005


class Call(StrEnum):
    """What the bot asks of a platform when it takes a message down."""

    HIDE = "hide"
    OPEN_DM = "open_dm"
    POST = "post"
    RESTORE = "restore"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody, by the platform's id."""

    id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """A message that somebody posted, by the platform's ids."""

    id: str
    room: str
    author: Person


class Scene(ABC):
    """Members in ``patients``, Mo (a moderator) in ``moderators``, and a bot."""

    platform: PlatformName
    bot: BotProcess
    mo: Person
    #: A harmless message from before the bot first ran.
    ancient: Posted

    def __init__(self) -> None:
        self._numbers = itertools.count(1)

    # --- what people do ---

    @abstractmethod
    def person(self, name: str = "ana", *, locale: str = "en-GB") -> Person:
        """A new member of every room for patients, who has the platform in this language."""

    @abstractmethod
    def room(self, name: str) -> str:
        """A new room in which everybody is; its name."""

    @abstractmethod
    def say(self, who: Person, text: str, *, room: str = PATIENTS, title: str = "", twice: bool = False) -> Posted:
        """Write; ``title`` is that of a file that goes with it; ``twice`` has the platform deliver it twice."""

    @abstractmethod
    def edit(self, message: Posted, text: str) -> None:
        """Change what one wrote."""

    @abstractmethod
    def close_dms(self, who: Person) -> None:
        """Take no direct messages from the bot any more."""

    @abstractmethod
    async def press(self, who: Person, kind: ButtonKind, case: str) -> str:
        """Press the newest such button that ``who`` sees; what they read then, and nobody else."""

    # --- what they see ---

    @abstractmethod
    def visible(self, message: Posted) -> bool:
        """Whether its room shows it."""

    @abstractmethod
    def private(self, who: Person) -> list[str]:
        """What the bot wrote to them in private, and what they alone see in rooms."""

    @abstractmethod
    def shown(self, room: str) -> list[str]:
        """What stands in a room, as members read it."""

    @abstractmethod
    def links(self, who: Person) -> list[str]:
        """The addresses under buttons in their private messages."""

    @abstractmethod
    def permalink(self, message: Posted) -> str:
        """The address of a message."""

    # --- what goes wrong ---

    @abstractmethod
    def trouble(
        self, call: Call, *, status: int, times: int = 1, after_effect: bool = False, retry_after: int = 1
    ) -> None:
        """The next such calls fail (429 asks to come back after ``retry_after`` seconds); where ``after_effect``, only the answer."""

    @abstractmethod
    def forbid_hiding(self) -> None:
        """The bot may not hide any more."""

    @abstractmethod
    def cut(self) -> None:
        """The connection breaks without a word."""

    @abstractmethod
    async def end_session(self) -> None:
        """The connection ends, what is said meanwhile is not sent again; returns once the bot is back."""

    # --- what the simulator saw ---

    @abstractmethod
    def connected(self) -> bool:
        """Whether the bot listens."""

    @abstractmethod
    def tries(self, call: Call) -> int:
        """How often the bot has made such a call, whatever came of it."""

    @abstractmethod
    def hidings(self, message: Posted) -> list[datetime]:
        """When the bot took the message down and was told so."""

    @abstractmethod
    def requests(self) -> list[str]:
        """Everything that the bot has sent, as text."""

    # --- the same everywhere ---

    @property
    @abstractmethod
    def workspace(self) -> str:
        """The platform's id of the workspace."""

    @abstractmethod
    def ref(self, message: Posted) -> MessageRef:
        """The message as the bot names it."""

    def team(self, case: str) -> list[str]:
        """What stands about a case in the team's room."""
        return [text for text in self.shown(TEAM) if case in text]

    async def case(self, message: Posted) -> Case:
        """The case about a message, once there is one."""
        found: list[Case] = []

        async def look() -> bool:
            case = await self.bot.case_of(self.ref(message))
            found.extend([case] if case is not None else [])
            return bool(found)

        await self.eventually(look)
        return found[-1]

    async def until(self, probe: Callable[[], object], *, within: float = PATIENCE) -> None:
        """Wait until something is so. Raises AssertionError with the end of the bot's log."""

        async def look() -> bool:
            return bool(probe())

        await self.eventually(look, within=within)

    async def eventually(self, look: Callable[[], Awaitable[bool]], *, within: float = PATIENCE) -> None:
        """As ``until``, for what has to be waited for itself."""
        try:
            async with asyncio.timeout(within):
                while True:
                    if await look():
                        return
                    await asyncio.sleep(_LOOK_EVERY)
        except TimeoutError:
            raise AssertionError(f"It did not come true. The bot's log ends:\n{self.bot.log[-3000:]}") from None

    async def start(self) -> None:
        """Start the bot and wait until it listens and has read what it missed."""
        await self.bot.start()
        await self.until(lambda: not self.bot.running or (self.connected() and self.bot.times_caught_up))
        assert self.bot.running, self.bot.log[-3000:]

    async def restart(self) -> None:
        """Kill the bot as a power cut would, and start it again."""
        await self.die()
        await self.start()

    async def die(self) -> None:
        """Kill the bot as a power cut would."""
        self.bot.kill()
        await self.bot.ended()
        await self.until(lambda: not self.connected())

    async def settled(self, message: Posted) -> None:
        """Wait until nothing is left to do about a message, or about any other."""

        async def look() -> bool:
            async with self.bot.store() as store:
                decisions = await store.decisions.of_message(self.ref(message))
                actions = [a for decision in decisions for a in await store.decisions.actions(decision.id)]
                return not await store.inbox.waiting() and all(action.state in FINAL for action in actions)

        await self.eventually(look)

    async def assert_done_once(self, message: Posted) -> None:
        """A leak is hidden; there is one note, one notice and one case."""
        case = await self.hidden_and_told(message)
        await self.settled(message)
        assert len(self.hidings(message)) <= 1
        assert len(self.private(message.author)) == 1
        assert len(self.team(case.id)) == 1
        assert [c.id for c in await self.bot.cases() if c.message == self.ref(message)] == [case.id]
        assert (await self.case(message)).hidden

    async def hidden_and_told(self, message: Posted) -> Case:
        """Wait until a leak is out of its room, its author has a note and the team a case."""
        await self.until(lambda: not self.visible(message) and self.private(message.author))
        case = await self.case(message)
        await self.until(lambda: self.team(case.id))
        return case
