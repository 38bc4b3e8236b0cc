"""The gateway: sessions, identify and resume, dispatch, and the failures a test may order.

Source: Gateway documentation and "Gateway Close Event Codes".
"""

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from .audience import ALL_INTENTS, PRIVILEGED, Audience, Intent
from .gateway_session import Connection, GatewayCloseError, Session
from .json_types import Json
from .model import Availability, Guild
from .payloads import member_json, own_user_json
from .world import Event, World

CHUNK_SIZE = 1000
GUILDS_PER_SHARD = 2500
IDENTIFIES_PER_DAY = 1000
IDENTIFY_SPACING = timedelta(seconds=5)


@dataclass(slots=True, kw_only=True)
class GatewayOptions:
    """How the gateway behaves; tests may change it at any time."""

    heartbeat_interval: float = 41.25
    acknowledge: bool = True
    refuse: bool = False
    resume_window: timedelta = timedelta(minutes=3)
    shards: int = 1
    max_concurrency: int = 16
    spaced_identifies: bool = False
    identifies_left: int = IDENTIFIES_PER_DAY
    identified_at: dict[int, datetime] = field(default_factory=dict)


class Gateway:
    """Keeps sessions and sends them what concerns them."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._audience = Audience(world.payloads, world.bot.id)
        self.options = GatewayOptions()
        self.sessions: dict[str, Session] = {}
        self.connections: set[Connection] = set()
        self.identifies: list[Json] = []
        self.resumes: list[Json] = []
        self.url = ""
        world.listeners.append(self.dispatch)

    def dispatch(self, event: Event) -> None:
        """Give an event to every session it concerns; sessions cut off keep it for a resume."""
        for session in self.sessions.values():
            if self._audience.gets(event, session.intents, session.shard):
                session.push(event.name, self._data_for(session, event))

    def _data_for(self, session: Session, event: Event) -> Json:
        if event.name == "GUILD_CREATE" and event.guild is not None:
            return self._guild_create(session, event.guild, joined="unavailable" not in event.data)
        wants = session.intents & Intent.MESSAGE_CONTENT
        if event.has_content and not wants:
            return self._world.message_payloads.redacted(event.data, in_guild=event.guild is not None)
        if event.name == "AUTO_MODERATION_ACTION_EXECUTION" and not wants:
            return event.data | {"content": "", "matched_content": ""}
        return event.data

    def _guild_create(self, session: Session, guild: Guild, *, joined: bool) -> Json:
        everyone = bool(session.intents & Intent.GUILD_PRESENCES)
        members = list(guild.members.values()) if everyone else [guild.members[self._world.bot.id]]
        data = self._world.payloads.guild_create(guild, members)
        if joined:
            del data["unavailable"]
        return data

    def identify(self, connection: Connection, data: Json) -> None:
        """Start a session. Raises GatewayCloseError 4004, 4005, 4010, 4011, 4013 or 4014."""
        if connection.session is not None:
            raise GatewayCloseError(4005)
        self.identifies.append(data)
        self._check_token(data)
        self._spend_identify()
        shard, sharded = self._shard(data)
        if not self._spaced(shard[0]):
            connection.send({"op": 9, "d": False})
            return
        intents = self._intents(data)
        session = Session(id=secrets.token_hex(16), intents=intents, shard=shard, sharded=sharded)
        session.connection, connection.session = connection, session
        self.sessions[session.id] = session
        self._greet(session)

    def _check_token(self, data: Json) -> None:
        if str(data.get("token", "")).removeprefix("Bot ") != self._world.application.token:
            raise GatewayCloseError(4004)

    def _spend_identify(self) -> None:
        if self.options.identifies_left <= 0:
            self._world.application.token = secrets.token_hex(16)
            self.close_all(4004)
            raise GatewayCloseError(4004, ends_session=True)
        self.options.identifies_left -= 1

    def _shard(self, data: Json) -> tuple[tuple[int, int], bool]:
        number, count = data.get("shard") or (0, 1)
        if not 0 <= number < count:
            raise GatewayCloseError(4010)
        if len(self._world.joined_guilds()) > GUILDS_PER_SHARD * count:
            raise GatewayCloseError(4011)
        return (number, count), "shard" in data

    def _spaced(self, shard: int) -> bool:
        key, now = shard % self.options.max_concurrency, self._world.clock.now()
        last = self.options.identified_at.get(key)
        self.options.identified_at[key] = now
        return not self.options.spaced_identifies or last is None or now - last >= IDENTIFY_SPACING

    def _intents(self, data: Json) -> int:
        intents = data.get("intents")
        if not isinstance(intents, int) or intents & ~ALL_INTENTS:
            raise GatewayCloseError(4013)
        application = self._world.application
        allowed = (
            application.message_content * Intent.MESSAGE_CONTENT
            | application.guild_members * Intent.GUILD_MEMBERS
            | application.presences * Intent.GUILD_PRESENCES
        )
        if intents & PRIVILEGED & ~allowed:
            raise GatewayCloseError(4014)
        return intents

    def _greet(self, session: Session) -> None:
        number, count = session.shard
        mine = [g for g in self._world.joined_guilds() if (g.id >> 22) % count == number]
        data: Json = {
            "v": 10,
            "user": own_user_json(self._world.bot),
            "guilds": [{"id": str(guild.id), "unavailable": True} for guild in mine],
            "session_id": session.id,
            "resume_gateway_url": self.url,
            "session_type": "normal",
            "application": {"id": str(self._world.application.id), "flags": self._world.application.flags},
        }
        if session.sharded:
            data["shard"] = [number, count]
        session.push("READY", data)
        for guild in mine:
            if guild.availability is Availability.AVAILABLE and session.intents & Intent.GUILDS:
                session.push("GUILD_CREATE", self._guild_create(session, guild, joined=False))

    def resume(self, connection: Connection, data: Json) -> None:
        """Continue a session. Raises GatewayCloseError 4004 or 4007; an unknown one gets op 9."""
        self.resumes.append(data)
        self._check_token(data)
        session = self.sessions.get(str(data.get("session_id")))
        seq = data.get("seq")
        if session is None or not isinstance(seq, int) or self._is_stale(session, seq):
            self.sessions.pop(str(data.get("session_id")), None)
            connection.send({"op": 9, "d": False})
            return
        if seq > session.seq:
            del self.sessions[session.id]
            raise GatewayCloseError(4007)
        if session.connection is not None:
            session.connection.close(4000)
        session.connection, connection.session, session.lost_at = connection, session, None
        session.replay(seq)

    def _is_stale(self, session: Session, seq: int) -> bool:
        lost_at = session.lost_at
        late = lost_at is not None and self._world.clock.now() - lost_at > self.options.resume_window
        return late or not session.can_replay_from(seq)

    def lost(self, connection: Connection, *, ends_session: bool) -> None:
        """A socket is gone; its session waits for a resume unless it ended."""
        self.connections.discard(connection)
        session = connection.session
        if session is None or session.connection is not connection:
            return
        session.connection, session.lost_at = None, self._world.clock.now()
        if ends_session:
            self.sessions.pop(session.id, None)

    def send_members(self, connection: Connection, data: Json) -> None:
        """Answer Request Guild Members in chunks of 1,000."""
        session = connection.session
        guild = self._world.guilds.get(int(data["guild_id"]))
        if session is None or guild is None or self._world.bot.id not in guild.members:
            return
        wanted, missing = self._wanted_members(session, guild, data)
        if wanted is None:
            return
        count = max(1, -(-len(wanted) // CHUNK_SIZE))
        for index in range(count):
            part = wanted[index * CHUNK_SIZE : (index + 1) * CHUNK_SIZE]
            chunk: Json = {"guild_id": str(guild.id), "members": part, "chunk_index": index, "chunk_count": count}
            if missing:
                chunk["not_found"] = missing
            if "nonce" in data:
                chunk["nonce"] = data["nonce"]
            session.push("GUILD_MEMBERS_CHUNK", chunk)

    @staticmethod
    def _wanted_members(session: Session, guild: Guild, data: Json) -> tuple[list[Json] | None, list[str]]:
        if "user_ids" in data:
            raw = data["user_ids"]
            ids = [int(item) for item in (raw if isinstance(raw, list) else [raw])][:100]
            missing = [str(item) for item in ids if item not in guild.members]
            return [member_json(guild.members[item]) for item in ids if item in guild.members], missing
        query, limit = str(data.get("query", "")).lower(), int(data.get("limit", 0))
        if not query and limit == 0 and not session.intents & Intent.GUILD_MEMBERS:
            return None, []
        found = [m for m in guild.members.values() if (m.nick or m.user.username).lower().startswith(query)]
        return [member_json(member) for member in (found[:limit] if limit else found)], []

    def close_all(self, code: int, *, ends_sessions: bool = False) -> None:
        """Close every socket with a code, as Discord does."""
        for connection in list(self.connections):
            self.lost(connection, ends_session=ends_sessions)
            connection.close(code)

    def cut_all(self) -> None:
        """Tear every socket down without a word."""
        for connection in list(self.connections):
            self.lost(connection, ends_session=False)
            connection.cut()

    def invalidate(self, *, resumable: bool) -> None:
        """Op 9 to every socket; sessions end unless resumable."""
        for connection in list(self.connections):
            connection.send({"op": 9, "d": resumable})
            if not resumable and connection.session is not None:
                self.sessions.pop(connection.session.id, None)

    def ask_to_reconnect(self) -> None:
        """Op 7 to every socket."""
        for connection in list(self.connections):
            connection.send({"op": 7, "d": None})
