"""The scene on Slack: the simulated workspace and the bot in Socket Mode."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

from bot.adapters.slack.manifest import BOT_SCOPES, EVENTS, USER_SCOPES
from bot.adapters.slack.text import decode
from bot.domain.message import MessageRef, PlatformName, RoomRef
from bot.domain.words import ButtonKind
from tests.e2e.base import PATIENTS, TEAM, Call, Person, Posted, Scene
from tests.e2e.process import bot_process
from tests.simulators.slack import Channel, Ephemeral, Message, SlackSimulator, User
from tests.simulators.slack.world import Payload

_METHODS = {
    Call.HIDE: "chat.delete",
    Call.OPEN_DM: "conversations.open",
    Call.POST: "chat.postMessage",
    Call.RESTORE: "chat.postMessage",
}


class SlackScene(Scene):
    """A workspace; who shall hide is ``boss``, whose admin token the bot has."""

    platform = PlatformName.SLACK

    def __init__(self, sim: SlackSimulator) -> None:
        super().__init__()
        self.sim = sim
        sim.world.bot_token.scopes = frozenset(BOT_SCOPES)
        sim.world.app.event_types = set(EVENTS)
        self._boss = sim.world.add_user("boss", is_admin=True)
        moderator = sim.world.add_user("mo", display_name="Mo")
        sim.world.add_user_group("moderators", [moderator])
        self.mo = _person(moderator)
        self._members = [moderator]
        self._channels = {name: sim.world.add_channel(name, [moderator, self._boss]) for name in (PATIENTS, TEAM)}

    def environment(self, *, admin: bool = True) -> dict[str, str]:
        """What points the bot at the simulator."""
        settings = {
            "SLACK_API_BASE_URL": self.sim.api_url,
            "SLACK_BOT_TOKEN": self.sim.bot_token,
            "SLACK_APP_TOKEN": self.sim.app_token,
        }
        if admin:
            settings["SLACK_ADMIN_TOKEN"] = self.sim.world.add_user_token(self._boss, USER_SCOPES).value
        return settings

    def person(self, name: str = "ana", *, locale: str = "en-GB") -> Person:
        """See the scene."""
        user = self.sim.world.add_user(f"{name}{next(self._numbers)}", display_name=name.title(), locale=locale)
        self._members.append(user)
        for room, channel in self._channels.items():
            if room != TEAM:
                channel.members.append(user.id)
        return _person(user)

    def room(self, name: str) -> str:
        """See the scene."""
        made = self.sim.world.add_channel(name, [*self._members, self._boss], with_bot=False)
        self.sim.join(self.sim.world.bot, made)
        self._channels[name] = made
        return name

    def say(self, who: Person, text: str, *, room: str = PATIENTS, title: str = "", twice: bool = False) -> Posted:
        """See the scene."""
        user = self._user(who)
        files = [self.sim.world.add_file(user, title, b"nothing")] if title else []
        if twice:
            self.sim.duplicate_next()
        posted = self.sim.post(user, self._channels[room], text, files=files)
        return Posted(id=posted.ts, room=room, author=who)

    def edit(self, message: Posted, text: str) -> None:
        """See the scene."""
        self.sim.edit(self._message(message), text)

    def close_dms(self, who: Person) -> None:
        """Slack takes them for another organisation's: the bot can't open a direct message."""
        self._user(who).is_stranger = True

    async def press(self, who: Person, kind: ButtonKind, case: str) -> str:
        """See the scene."""
        user, action = self._user(who), f"chaperone:{kind}:{case}"
        shown = next(one for one in self._seen_by(user) if action in _actions(one.blocks))
        notes, views = len(self.sim.world.notes_for(user)), set(self.sim.world.views)
        delivery = await self.sim.click(user, shown, action)
        assert delivery.state == "acked"
        await self.until(lambda: self._answer(user, notes, views))
        return self._answer(user, notes, views)

    def visible(self, message: Posted) -> bool:
        """See the scene."""
        return not self._message(message).gone

    def private(self, who: Person) -> list[str]:
        """See the scene."""
        user = self._user(who)
        direct = [message.text for message in self.sim.world.direct_messages_to(user)]
        return [decode(text).plain for text in [*direct, *(note.text for note in self.sim.world.notes_for(user))]]

    def shown(self, room: str) -> list[str]:
        """See the scene."""
        return [decode(text).plain for text in self.sim.world.visible_texts(self._channels[room])]

    def links(self, who: Person) -> list[str]:
        """See the scene."""
        blocks = [block for m in self.sim.world.direct_messages_to(self._user(who)) for block in m.blocks]
        return [str(element["url"]) for element in _elements(blocks) if "url" in element]

    def permalink(self, message: Posted) -> str:
        """See the scene."""
        return f"/archives/{self._channels[message.room].id}/p{message.id.replace('.', '')}"

    def trouble(
        self, call: Call, *, status: int, times: int = 1, after_effect: bool = False, retry_after: int = 1
    ) -> None:
        """See the scene."""
        self.sim.fail_next(
            _METHODS[call],
            status=status,
            retry_after=retry_after if status == 429 else None,
            after_effect=after_effect,
            times=times,
        )

    def forbid_hiding(self) -> None:
        """See the scene."""
        self.sim.world.settings.deletion = "nobody"

    def cut(self) -> None:
        """See the scene."""
        self.sim.cut_sockets()

    async def end_session(self) -> None:
        """Slack never sends again what happened while no socket was open."""
        opened, caught_up = self.sim.sockets.connections, self.bot.times_caught_up
        await self.sim.disconnect("refresh_requested")
        await self.until(lambda: self.sim.sockets.connections > opened and self.bot.times_caught_up > caught_up)

    def connected(self) -> bool:
        """See the scene."""
        return self.sim.sockets.open_count > 0

    def tries(self, call: Call) -> int:
        """See the scene."""
        return len(self.sim.calls_of(_METHODS[call]))

    def hidings(self, message: Posted) -> list[datetime]:
        """See the scene."""
        done = [call for call in self.sim.calls_of("chat.delete") if call.error is None and call.status == 200]
        return [call.at for call in done if call.args["ts"] == message.id]

    def requests(self) -> list[str]:
        """See the scene."""
        calls = [f"{call.method} {json.dumps(call.args, ensure_ascii=False)}" for call in self.sim.calls]
        notes = [f"note {note.text} {json.dumps(note.blocks)}" for note in self.sim.world.ephemerals]
        return [*calls, *notes, *(f"ack {delivery.response}" for delivery in self.sim.deliveries)]

    @property
    def workspace(self) -> str:
        """See the scene."""
        return self.sim.world.team.id

    def ref(self, message: Posted) -> MessageRef:
        """See the scene."""
        room = self._channels[message.room].id
        return MessageRef(room=RoomRef(platform=self.platform, workspace=self.workspace, room=room), message=message.id)

    def _user(self, who: Person) -> User:
        return self.sim.world.users[who.id]

    def _message(self, posted: Posted) -> Message:
        return self._channels[posted.room].messages[posted.id]

    def _seen_by(self, user: User) -> list[Message | Ephemeral]:
        team: Channel = self._channels[TEAM]
        standing = [message for message in team.messages.values() if user.id in team.members and not message.gone]
        notes, direct = self.sim.world.notes_for(user), self.sim.world.direct_messages_to(user)
        seen: list[Message | Ephemeral] = [*notes, *direct, *standing]
        return seen[::-1]

    def _answer(self, user: User, notes: int, views: set[str]) -> str:
        for view_id, view in self.sim.world.views.items():
            if view_id not in views and len(view.versions) > 1:
                return "\n".join(str(block["text"]["text"]) for block in view.payload["blocks"] if "text" in block)
        return "\n".join(decode(note.text).plain for note in self.sim.world.notes_for(user)[notes:])


def _person(user: User) -> Person:
    return Person(id=user.id, name=user.display_name)


def _elements(blocks: list[Payload]) -> Iterator[Payload]:
    for block in blocks:
        yield from block.get("elements", [])


def _actions(blocks: list[Payload]) -> set[str]:
    return {str(element.get("action_id")) for element in _elements(blocks)}


@asynccontextmanager
async def slack_scene(folder: Path, *, may_hide: bool = True) -> AsyncIterator[SlackScene]:
    """A workspace and the bot beside it, not started; without an admin's token where it may not hide."""
    async with SlackSimulator() as sim:
        scene = SlackScene(sim)
        async with bot_process(folder, scene.environment(admin=may_hide)) as bot:
            scene.bot = bot
            yield scene
