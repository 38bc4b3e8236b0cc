"""Driver: building the world and changing who may do what."""

from datetime import datetime

from .core import SimulatorCore
from .model import Channel, ChannelType, Guild, Member, Role, User
from .permissions import EVERYONE_DEFAULT, MODERATION_BOT, Permission


class SetupDriver(SimulatorCore):
    """Guilds, users, roles, permissions."""

    def add_user(self, username: str, *, bot: bool = False, global_name: str | None = None) -> User:
        """A new account."""
        return self.world.add_user(username, bot=bot, global_name=global_name)

    def add_guild(
        self, name: str = "Patients", *, owner: User | None = None, bot_permissions: int | None = None
    ) -> Guild:
        """A new guild with the bot in it; `bot_permissions` are those of its own role."""
        guild = self.guilds.create(name, owner or self.add_user("owner"))
        granted = EVERYONE_DEFAULT | MODERATION_BOT if bot_permissions is None else bot_permissions
        self.guilds.install_bot(guild, int(granted))
        return guild

    def add_channel(
        self,
        guild: Guild,
        name: str = "general",
        kind: ChannelType = ChannelType.TEXT,
        *,
        parent: Channel | None = None,
        tags: list[str] | None = None,
        topic: str | None = None,
    ) -> Channel:
        """A new channel; `tags` for forums."""
        return self.channels.create(guild, name, kind, parent=parent, tags=tags, topic=topic)

    def add_role(self, guild: Guild, name: str, permissions: int = 0, *, position: int | None = None) -> Role:
        """A new role. The bot's own role is at position 1 in a fresh guild; a higher number outranks it."""
        return self.guilds.add_role(guild, name, int(permissions), position)

    def join(self, user: User, guild: Guild, *roles: Role, nick: str | None = None) -> Member:
        """A user joins a guild."""
        return self.guilds.add_member(guild, user, list(roles), nick)

    def leave(self, user: User, guild: Guild) -> None:
        """A user leaves a guild."""
        self.guilds.remove_member(guild, user)

    def kick_bot(self, guild: Guild) -> None:
        """Remove the bot from a guild."""
        self.guilds.remove_bot(guild)

    def outage(self, guild: Guild, *, down: bool = True) -> None:
        """Make a guild unavailable, or available again."""
        self.guilds.set_outage(guild, down=down)

    def bot_role(self, guild: Guild) -> Role:
        """The bot's own role in a guild."""
        return guild.roles[guild.members[self.world.bot.id].roles[0]]

    def set_bot_permissions(self, guild: Guild, permissions: int) -> None:
        """Replace the permissions of the bot's own role; everyone's permissions still apply."""
        self.guilds.change_role(guild, self.bot_role(guild), permissions=int(permissions))

    def set_role(
        self, guild: Guild, role: Role, *, permissions: int | None = None, position: int | None = None
    ) -> None:
        """Change a role."""
        self.guilds.change_role(guild, role, permissions=permissions, position=position)

    def overwrite(self, channel: Channel, who: Role | User, *, allow: int = 0, deny: int = 0) -> None:
        """Set a channel's permission overwrite; both 0 removes it."""
        self.guilds.set_overwrite(channel, who, allow=int(allow), deny=int(deny))

    def hide_from_bot(self, channel: Channel) -> None:
        """Take View Channel from the bot in one channel."""
        self.overwrite(channel, self.world.bot, deny=Permission.VIEW_CHANNEL)

    def set_nick(self, user: User, guild: Guild, nick: str) -> None:
        """Change a nickname; empty removes it."""
        self.guilds.change_member(guild.members[user.id], nick=nick)

    def set_roles(self, user: User, guild: Guild, *roles: Role) -> None:
        """Replace a member's roles."""
        self.guilds.change_member(guild.members[user.id], roles=[role.id for role in roles])

    def time_out(self, user: User, guild: Guild, until: datetime | None, *, by: User) -> None:
        """A moderator times a member out, or ends it."""
        self.guilds.set_timeout(guild.members[user.id], until, by=by)

    def set_dms(self, user: User, is_open: bool) -> None:
        """Whether the user takes direct messages."""
        user.dms_open = is_open

    def open_direct(self, user: User) -> Channel:
        """The channel of direct messages between the bot and a user, opened if need be."""
        return self.channels.open_direct(user)

    def delete_channel(self, channel: Channel) -> None:
        """Delete a channel or thread."""
        self.channels.delete(channel)

    def rename(self, channel: Channel, name: str, *, by: User | None = None) -> None:
        """Rename a channel or thread, by default as its owner."""
        owner = channel.thread.owner_id if channel.thread else self.world.home(channel).owner_id
        self.messages.rename(channel, name, by=by or self.world.users[owner])
