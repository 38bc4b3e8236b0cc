"""Changes to guilds, roles, members and permissions, with the events Discord sends for them."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from .audit import write_audit
from .clock import iso
from .model import AuditAction, Availability, Channel, Guild, Member, Overwrite, Role, User
from .payloads import member_json, role_json, thread_member_json, user_json
from .permissions import EVERYONE_DEFAULT
from .world import Event, World


class GuildChanges:
    """The one place where guilds change."""

    def __init__(self, world: World) -> None:
        self._world = world

    def create(self, name: str, owner: User) -> Guild:
        """A new guild with its owner in it; the bot is not."""
        guild = Guild(id=self._world.ids.next(), name=name, owner_id=owner.id, availability=Availability.NOT_A_MEMBER)
        guild.roles[guild.id] = Role(
            id=guild.id, guild_id=guild.id, name="@everyone", permissions=int(EVERYONE_DEFAULT), position=0
        )
        self._world.guilds[guild.id] = guild
        self.add_member(guild, owner)
        return guild

    def install_bot(self, guild: Guild, permissions: int) -> Role:
        """Let the bot in with a managed role of its own."""
        role = Role(
            id=self._world.ids.next(),
            guild_id=guild.id,
            name=self._world.application.name,
            permissions=permissions,
            position=len(guild.roles),
            managed_bot_id=self._world.bot.id,
        )
        guild.roles[role.id] = role
        guild.availability = Availability.AVAILABLE
        guild.members[self._world.bot.id] = Member(
            user=self._world.bot, guild_id=guild.id, joined_at=self._world.clock.now(), roles=[role.id]
        )
        self._world.emit(Event(name="GUILD_CREATE", data={"id": str(guild.id)}, guild=guild))
        return role

    def remove_bot(self, guild: Guild) -> None:
        """Kick the bot: GUILD_DELETE without `unavailable`."""
        del guild.members[self._world.bot.id]
        guild.availability = Availability.NOT_A_MEMBER
        self._world.emit(Event(name="GUILD_DELETE", data={"id": str(guild.id)}, guild=guild))

    def set_outage(self, guild: Guild, *, down: bool) -> None:
        """An outage begins (GUILD_DELETE, unavailable) or ends (GUILD_CREATE)."""
        guild.availability = Availability.OUTAGE if down else Availability.AVAILABLE
        if down:
            self._world.emit(Event(name="GUILD_DELETE", data={"id": str(guild.id), "unavailable": True}, guild=guild))
        else:
            self._world.emit(Event(name="GUILD_CREATE", data={"id": str(guild.id), "unavailable": False}, guild=guild))

    def add_role(self, guild: Guild, name: str, permissions: int, position: int | None = None) -> Role:
        """A new role; by default just below nothing, at the end of the list."""
        role = Role(
            id=self._world.ids.next(),
            guild_id=guild.id,
            name=name,
            permissions=permissions,
            position=len(guild.roles) if position is None else position,
        )
        guild.roles[role.id] = role
        self._role_event("GUILD_ROLE_CREATE", guild, role)
        return role

    def change_role(
        self, guild: Guild, role: Role, *, permissions: int | None = None, position: int | None = None
    ) -> None:
        """Give a role other permissions or another place."""
        with self.watching_visibility(guild):
            role.permissions = role.permissions if permissions is None else permissions
            role.position = role.position if position is None else position
            self._role_event("GUILD_ROLE_UPDATE", guild, role)

    def delete_role(self, guild: Guild, role: Role) -> None:
        """Remove a role from the guild and from everyone who had it."""
        with self.watching_visibility(guild):
            del guild.roles[role.id]
            for member in guild.members.values():
                member.roles = [role_id for role_id in member.roles if role_id != role.id]
            data = {"guild_id": str(guild.id), "role_id": str(role.id)}
            self._world.emit(Event(name="GUILD_ROLE_DELETE", data=data, guild=guild))

    def _role_event(self, name: str, guild: Guild, role: Role) -> None:
        data = {"guild_id": str(guild.id), "role": role_json(role)}
        self._world.emit(Event(name=name, data=data, guild=guild))

    def add_member(self, guild: Guild, user: User, roles: list[Role] | None = None, nick: str | None = None) -> Member:
        """A user joins."""
        member = Member(
            user=user,
            guild_id=guild.id,
            joined_at=self._world.clock.now(),
            roles=[role.id for role in roles or []],
            nick=nick,
        )
        guild.members[user.id] = member
        data = member_json(member) | {"guild_id": str(guild.id)}
        self._world.emit(Event(name="GUILD_MEMBER_ADD", data=data, guild=guild, about=user.id))
        return member

    def remove_member(self, guild: Guild, user: User) -> None:
        """A user leaves or is removed."""
        del guild.members[user.id]
        data = {"guild_id": str(guild.id), "user": user_json(user)}
        self._world.emit(Event(name="GUILD_MEMBER_REMOVE", data=data, guild=guild, about=user.id))

    def change_member(self, member: Member, *, nick: str | None = None, roles: list[int] | None = None) -> None:
        """Set nickname (empty: none) or roles."""
        guild = self._world.guilds[member.guild_id]
        with self.watching_visibility(guild):
            member.nick = member.nick if nick is None else nick or None
            member.roles = member.roles if roles is None else roles
            self._member_event(guild, member)

    def set_timeout(self, member: Member, until: datetime | None, *, by: User, reason: str | None = None) -> None:
        """Time a member out, or end it; the audit log keeps the reason."""
        guild = self._world.guilds[member.guild_id]
        change = {"key": "communication_disabled_until", "new_value": iso(until) if until else None}
        member.communication_disabled_until = until
        self._member_event(guild, member)
        write_audit(
            self._world,
            guild,
            AuditAction.MEMBER_UPDATE,
            by=by.id,
            target=member.user.id,
            reason=reason,
            changes=[change],
        )

    def _member_event(self, guild: Guild, member: Member) -> None:
        data = member_json(member) | {"guild_id": str(guild.id)}
        self._world.emit(Event(name="GUILD_MEMBER_UPDATE", data=data, guild=guild, about=member.user.id))

    def ban(self, guild: Guild, user: User, *, by: User, reason: str | None = None) -> None:
        """Ban a user, member or not."""
        guild.bans[user.id] = reason
        data = {"guild_id": str(guild.id), "user": user_json(user)}
        self._world.emit(Event(name="GUILD_BAN_ADD", data=data, guild=guild))
        if user.id in guild.members:
            self.remove_member(guild, user)
        write_audit(self._world, guild, AuditAction.MEMBER_BAN_ADD, by=by.id, target=user.id, reason=reason)

    def unban(self, guild: Guild, user: User, *, by: User, reason: str | None = None) -> None:
        """Lift a ban. Raises KeyError when there is none."""
        del guild.bans[user.id]
        data = {"guild_id": str(guild.id), "user": user_json(user)}
        self._world.emit(Event(name="GUILD_BAN_REMOVE", data=data, guild=guild))
        write_audit(self._world, guild, AuditAction.MEMBER_BAN_REMOVE, by=by.id, target=user.id, reason=reason)

    def set_overwrite(self, channel: Channel, who: Role | User, *, allow: int = 0, deny: int = 0) -> None:
        """Set a channel's overwrite for a role or a member; both 0 takes it away."""
        guild = self._world.home(channel)
        before = self._world.payloads.bot_sees(guild, channel)
        with self.watching_visibility(guild):
            if allow or deny:
                kind = 0 if isinstance(who, Role) else 1
                channel.overwrites[who.id] = Overwrite(id=who.id, kind=kind, allow=allow, deny=deny)
            else:
                channel.overwrites.pop(who.id, None)
        if before == self._world.payloads.bot_sees(guild, channel):
            self.channel_event("CHANNEL_UPDATE", channel)

    def channel_event(self, name: str, channel: Channel) -> None:
        """Announce a channel as the bot may see it."""
        guild = self._world.home(channel)
        data = self._world.payloads.gateway_channel(channel, guild)
        self._world.emit(Event(name=name, data=data, guild=guild))

    @contextmanager
    def watching_visibility(self, guild: Guild) -> Iterator[None]:
        """Announce the channels that a change of permissions opened to the bot or closed to it."""
        before = self._visible(guild)
        yield
        after = self._visible(guild)
        for channel_id in before ^ after:
            self.channel_event("CHANNEL_UPDATE", guild.channels[channel_id])
        for channel_id in after - before:
            self._sync_threads(guild, guild.channels[channel_id])

    def _visible(self, guild: Guild) -> set[int]:
        plain = [channel for channel in guild.channels.values() if channel.thread is None]
        return {channel.id for channel in plain if self._world.payloads.bot_sees(guild, channel)}

    def _sync_threads(self, guild: Guild, channel: Channel) -> None:
        active = [
            thread
            for thread in guild.channels.values()
            if thread.thread and not thread.thread.archived and thread.parent_id == channel.id
        ]
        seen = [thread for thread in active if self._world.payloads.bot_sees(guild, thread)]
        bot = self._world.bot.id
        data = {
            "guild_id": str(guild.id),
            "channel_ids": [str(channel.id)],
            "threads": [self._world.payloads.thread(thread, guild) for thread in seen],
            "members": [thread_member_json(t, bot) for t in seen if t.thread and bot in t.thread.member_ids],
        }
        self._world.emit(Event(name="THREAD_LIST_SYNC", data=data, guild=guild))
