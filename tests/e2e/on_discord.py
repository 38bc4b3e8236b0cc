"""The scene on Discord: the simulated server and the bot at its gateway."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

from bot.domain.message import MessageRef, PlatformName, RoomRef
from bot.domain.words import ButtonKind
from tests.contract.discord_world import GRANTED
from tests.e2e.base import PATIENTS, TEAM, Call, Person, Posted, Scene
from tests.e2e.process import bot_process
from tests.simulators.discord import DiscordSimulator, File, Message, Permission, User
from tests.simulators.discord.json_types import Json

_ROUTES = {
    Call.HIDE: ("DELETE", r"^/channels/\d+/messages/\d+$"),
    Call.OPEN_DM: ("POST", r"^/users/@me/channels$"),
    Call.POST: ("POST", r"^/channels/\d+/messages$"),
    Call.RESTORE: ("POST", r"^/webhooks/(?!{application}/)\d+/[^/]+$"),
}


class DiscordScene(Scene):
    """A server."""

    platform = PlatformName.DISCORD

    def __init__(self, sim: DiscordSimulator) -> None:
        super().__init__()
        self.sim = sim
        self.guild = sim.add_guild("River Practice", bot_permissions=int(GRANTED))
        self._channels = {name: sim.add_channel(self.guild, name) for name in (PATIENTS, TEAM)}
        everyone = self.guild.roles[self.guild.id]
        sim.overwrite(self._channels[TEAM], everyone, deny=Permission.VIEW_CHANNEL)
        moderators = sim.add_role(self.guild, "moderators")
        for role in (moderators, sim.bot_role(self.guild)):
            sim.overwrite(self._channels[TEAM], role, allow=Permission.VIEW_CHANNEL)
        mo = sim.add_user("mo", global_name="Mo")
        sim.join(mo, self.guild, moderators)
        self.mo = _person(mo)

    @property
    def environment(self) -> dict[str, str]:
        """What points the bot at the simulator."""
        return {
            "DISCORD_TOKEN": self.sim.token,
            "DISCORD_API_BASE_URL": self.sim.api_url,
            "DISCORD_GATEWAY_URL": self.sim.gateway_url,
        }

    def person(self, name: str = "ana", *, locale: str = "en-GB") -> Person:
        """See the scene."""
        user = self.sim.add_user(f"{name}{next(self._numbers)}", global_name=name.title())
        user.locale = locale
        self.sim.join(user, self.guild)
        return _person(user)

    def room(self, name: str) -> str:
        """See the scene."""
        self._channels[name] = self.sim.add_channel(self.guild, name)
        return name

    def say(self, who: Person, text: str, *, room: str = PATIENTS, title: str = "", twice: bool = False) -> Posted:
        """See the scene."""
        files = (File(filename="file.txt", title=title, description=title),) if title else ()
        posted = self.sim.post(self._user(who), self._channels[room], text, files=files)
        if twice:
            self.sim.duplicate_last_event()
        return Posted(id=str(posted.id), room=room, author=who)

    def edit(self, message: Posted, text: str) -> None:
        """See the scene."""
        self.sim.edit(self._channels[message.room].messages[int(message.id)], text)

    def close_dms(self, who: Person) -> None:
        """See the scene."""
        self.sim.set_dms(self._user(who), is_open=False)

    async def press(self, who: Person, kind: ButtonKind, case: str) -> str:
        """See the scene."""
        user, wanted = self._user(who), f"chaperone:{kind}:{case}"
        shown = next(one for one in self._seen_by(user) if wanted in _custom_ids(one))
        interaction = await self.sim.answer(self.sim.click(user, shown, wanted))
        reply = await self.sim.replied(interaction)
        return "\n".join(found.content for found in (interaction.replies or [reply]))

    def visible(self, message: Posted) -> bool:
        """See the scene."""
        return int(message.id) in self._channels[message.room].messages

    def private(self, who: Person) -> list[str]:
        """See the scene."""
        user = self._user(who)
        alone = [m.content for m in self.sim.world.ephemerals if m.ephemeral_for == user.id]
        return [*(m.content for m in self.sim.direct_messages(user)), *alone]

    def shown(self, room: str) -> list[str]:
        """See the scene."""
        return [message.content for message in self.sim.history(self._channels[room])]

    def links(self, who: Person) -> list[str]:
        """See the scene."""
        direct = self.sim.direct_messages(self._user(who))
        return [str(button["url"]) for m in direct for button in _buttons(m) if button.get("url")]

    def permalink(self, message: Posted) -> str:
        """See the scene."""
        return f"/channels/{self.guild.id}/{self._channels[message.room].id}/{message.id}"

    def trouble(
        self, call: Call, *, status: int, times: int = 1, after_effect: bool = False, retry_after: int = 1
    ) -> None:
        """See the scene."""
        method, path = self._route(call)
        self.sim.fail_next(
            method, path, status=status, times=times, after_effect=after_effect, retry_after=float(retry_after)
        )

    def forbid_hiding(self) -> None:
        """See the scene."""
        self.sim.set_bot_permissions(self.guild, GRANTED & ~Permission.MANAGE_MESSAGES)

    def cut(self) -> None:
        """See the scene."""
        self.sim.gateway.cut_all()

    async def end_session(self) -> None:
        """See the scene."""
        begun, caught_up = len(self.sim.gateway.identifies), self.bot.times_caught_up
        self.sim.gateway.invalidate(resumable=False)
        self.sim.gateway.cut_all()
        await self.until(lambda: len(self.sim.gateway.identifies) > begun and self.bot.times_caught_up > caught_up)

    def connected(self) -> bool:
        """See the scene."""
        return self.sim.connected

    def tries(self, call: Call) -> int:
        """See the scene."""
        return len(self.sim.calls_to(*self._route(call)))

    def hidings(self, message: Posted) -> list[datetime]:
        """See the scene."""
        return [call.at for call in self.sim.calls_to("DELETE", rf"/messages/{message.id}$") if call.status == 204]

    def requests(self) -> list[str]:
        """See the scene."""
        return [
            f"{call.method} {call.path} {call.query} {call.reason} {json.dumps(call.body, ensure_ascii=False)}"
            for call in self.sim.calls
        ]

    @property
    def workspace(self) -> str:
        """See the scene."""
        return str(self.guild.id)

    def ref(self, message: Posted) -> MessageRef:
        """See the scene."""
        room = str(self._channels[message.room].id)
        return MessageRef(room=RoomRef(platform=self.platform, workspace=self.workspace, room=room), message=message.id)

    def _route(self, call: Call) -> tuple[str, str]:
        """Answers to presses are webhook calls too, under the application's own id: those are not meant."""
        method, path = _ROUTES[call]
        return method, path.replace("{application}", str(self.sim.application.id))

    def _user(self, who: Person) -> User:
        return self.sim.world.users[int(who.id)]

    def _seen_by(self, user: User) -> list[Message]:
        team = self._channels[TEAM]
        standing = self.sim.history(team) if self.sim.world.allowed(user, team) & Permission.VIEW_CHANNEL else []
        alone = [m for m in self.sim.world.ephemerals if m.ephemeral_for == user.id]
        return [*alone, *self.sim.direct_messages(user), *standing][::-1]


def _person(user: User) -> Person:
    return Person(id=str(user.id), name=user.global_name or user.username)


def _buttons(message: Message) -> Iterator[Json]:
    for row in message.components:
        yield from row.get("components", [])


def _custom_ids(message: Message) -> set[str]:
    return {str(button.get("custom_id")) for button in _buttons(message)}


@asynccontextmanager
async def discord_scene(folder: Path, *, may_hide: bool = True) -> AsyncIterator[DiscordScene]:
    """A server and the bot beside it, not started; without the permission to manage messages where it may not hide."""
    async with DiscordSimulator() as sim:
        scene = DiscordScene(sim)
        if not may_hide:
            scene.forbid_hiding()
        async with bot_process(folder, scene.environment) as bot:
            scene.bot = bot
            yield scene
