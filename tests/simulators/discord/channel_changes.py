"""Channels, forums and threads coming, changing and going."""

from .audit import write_audit
from .guild_changes import GuildChanges
from .json_types import Json
from .model import AuditAction, Channel, ChannelType, ForumTag, Guild, Message, MessageFlag, ThreadState, User
from .payloads import thread_member_json
from .world import Event, World


class ChannelChanges:
    """The one place where channels change."""

    def __init__(self, world: World, guilds: GuildChanges) -> None:
        self._world = world
        self._guilds = guilds

    def create(
        self,
        guild: Guild,
        name: str,
        kind: ChannelType = ChannelType.TEXT,
        *,
        parent: Channel | None = None,
        tags: list[str] | None = None,
        topic: str | None = None,
    ) -> Channel:
        """A new channel of a guild."""
        channel = Channel(
            id=self._world.ids.next(),
            kind=kind,
            name=name,
            guild_id=guild.id,
            position=len(guild.channels),
            parent_id=parent.id if parent else None,
            topic=topic,
            tags=[ForumTag(id=self._world.ids.next(), name=tag) for tag in tags or []],
        )
        guild.channels[channel.id] = channel
        self._guilds.channel_event("CHANNEL_CREATE", channel)
        return channel

    def open_direct(self, user: User) -> Channel:
        """The channel of direct messages between the bot and a user, made if need be."""
        channel = self._world.direct_channels.get(user.id)
        if channel is None:
            channel = Channel(id=self._world.ids.next(), kind=ChannelType.DM, recipient=user)
            self._world.direct_channels[user.id] = channel
        return channel

    def rename(self, channel: Channel, name: str) -> None:
        """Give a channel or thread another name."""
        channel.name = name
        if channel.thread is None:
            self._guilds.channel_event("CHANNEL_UPDATE", channel)
        else:
            self.thread_event("THREAD_UPDATE", channel)

    def delete(self, channel: Channel) -> None:
        """Delete a channel with its threads, or one thread."""
        guild = self._world.home(channel)
        if channel.thread is not None:
            self._delete_thread(guild, channel)
            return
        self._guilds.channel_event("CHANNEL_DELETE", channel)
        gone = [c.id for c in guild.channels.values() if c.thread and c.parent_id == channel.id]
        for channel_id in (*gone, channel.id):
            del guild.channels[channel_id]
        guild.webhooks = {k: hook for k, hook in guild.webhooks.items() if hook.channel_id != channel.id}

    def _delete_thread(self, guild: Guild, channel: Channel) -> None:
        data = {
            "id": str(channel.id),
            "guild_id": str(guild.id),
            "parent_id": str(channel.parent_id),
            "type": int(channel.kind),
        }
        event = Event(name="THREAD_DELETE", data=data, guild=guild, channel=channel)
        self._world.emit(event)
        del guild.channels[channel.id]

    def start_thread(
        self,
        parent: Channel,
        name: str,
        owner: User,
        *,
        private: bool = False,
        source: Message | None = None,
        applied_tags: list[int] | None = None,
        auto_archive_duration: int = 1440,
    ) -> Channel:
        """A new thread; one started from a message shares the message's id."""
        now = self._world.clock.now()
        thread = Channel(
            id=source.id if source else self._world.ids.next(),
            kind=self._kind_of_thread(parent, private=private),
            name=name,
            guild_id=parent.guild_id,
            parent_id=parent.id,
            thread=ThreadState(
                owner_id=owner.id,
                created_at=now,
                archived_at=now,
                member_ids={owner.id},
                applied_tags=applied_tags or [],
                auto_archive_duration=auto_archive_duration,
            ),
        )
        guild = self._world.home(parent)
        guild.channels[thread.id] = thread
        if source is not None:
            source.thread_id = thread.id
            source.flags |= MessageFlag.HAS_THREAD
        self.thread_event("THREAD_CREATE", thread, {"newly_created": True})
        write_audit(self._world, guild, AuditAction.THREAD_CREATE, by=owner.id, target=thread.id)
        return thread

    @staticmethod
    def _kind_of_thread(parent: Channel, *, private: bool) -> ChannelType:
        if private:
            return ChannelType.PRIVATE_THREAD
        announcement = parent.kind is ChannelType.ANNOUNCEMENT
        return ChannelType.ANNOUNCEMENT_THREAD if announcement else ChannelType.PUBLIC_THREAD

    def set_thread_state(self, thread: Channel, *, archived: bool | None = None, locked: bool | None = None) -> None:
        """Archive, unarchive, lock or unlock."""
        state = thread_state(thread)
        if archived is not None and archived != state.archived:
            state.archived, state.archived_at = archived, self._world.clock.now()
        state.locked = state.locked if locked is None else locked
        self.thread_event("THREAD_UPDATE", thread)

    def join_thread(self, thread: Channel, user: User) -> None:
        """Add a user; being added to a private thread also brings THREAD_CREATE."""
        state = thread_state(thread)
        state.member_ids.add(user.id)
        if user is self._world.bot:
            self.thread_event("THREAD_CREATE", thread)
        self._members_event(thread, added=[user.id], removed=[])

    def leave_thread(self, thread: Channel, user: User) -> None:
        """Take a user out of a thread."""
        thread_state(thread).member_ids.discard(user.id)
        self._members_event(thread, added=[], removed=[user.id])

    def _members_event(self, thread: Channel, *, added: list[int], removed: list[int]) -> None:
        data: Json = {
            "id": str(thread.id),
            "guild_id": str(thread.guild_id),
            "member_count": len(thread_state(thread).member_ids),
        }
        if added:
            data["added_members"] = [thread_member_json(thread, user_id) for user_id in added]
        if removed:
            data["removed_member_ids"] = [str(user_id) for user_id in removed]
        guild = self._world.home(thread)
        about = (added or removed)[0]
        self._world.emit(Event(name="THREAD_MEMBERS_UPDATE", data=data, guild=guild, channel=thread, about=about))

    def thread_event(self, name: str, thread: Channel, extra: Json | None = None) -> None:
        """Announce a thread."""
        guild = self._world.home(thread)
        data = self._world.payloads.thread(thread, guild) | (extra or {})
        self._world.emit(Event(name=name, data=data, guild=guild, channel=thread))


def thread_state(channel: Channel) -> ThreadState:
    """What only threads have. Raises ValueError for another channel."""
    if channel.thread is None:
        raise ValueError("not a thread")
    return channel.thread
