"""Routes of channels, threads, typing and direct messages. Source: Channel and User resources."""

from dataclasses import replace

from .drafts import draft_of
from .errors import FormErrors, api_error
from .json_types import Json
from .message_changes import Draft
from .model import Channel, ChannelType, Message, MessageType, Overwrite, Role, User
from .payloads import member_json, thread_member_json
from .permissions import Permission
from .rest_types import NO_CONTENT, Reply, RestRequest, Route
from .routes_messages import check_may_post
from .validation import check_message, check_not_empty
from .world import Event


def get_channel(req: RestRequest) -> Reply:
    """Any channel or thread the bot may view."""
    channel = req.channel()
    return Reply(200, _json(req, channel))


def _json(req: RestRequest, channel: Channel) -> Json:
    return req.sim.world.payloads.channel(channel, req.sim.world.guild_of(channel))


def edit_channel(req: RestRequest) -> Reply:
    """Rename a channel or thread; archive, unarchive, lock a thread."""
    channel = req.channel()
    if channel.recipient is not None:
        raise api_error(50003)
    errors = FormErrors()
    errors.length("name", req.body.get("name"), 1, 100)
    errors.raise_if_any()
    if channel.thread is not None:
        _edit_thread(req, channel)
    else:
        req.require(channel, Permission.MANAGE_CHANNELS)
        channel.topic = req.body.get("topic", channel.topic)
    if "name" in req.body:
        req.sim.messages.rename(channel, req.body["name"], by=req.sim.world.bot)
    return Reply(200, _json(req, channel))


def _edit_thread(req: RestRequest, thread: Channel) -> None:
    state = thread.thread
    if state is not None and state.archived and req.body.get("archived") is not False:
        raise api_error(50083)
    is_owner = state is not None and state.owner_id == req.sim.world.bot.id
    only_reopens = req.body.get("archived") is False and set(req.body) == {"archived"}
    if state is not None and only_reopens and not state.locked:
        req.require(thread, Permission.SEND_MESSAGES_IN_THREADS)
    elif "locked" in req.body or not is_owner:
        req.require(thread, Permission.MANAGE_THREADS)
    if "archived" in req.body or "locked" in req.body:
        req.sim.channels.set_thread_state(thread, archived=req.body.get("archived"), locked=req.body.get("locked"))


def delete_channel(req: RestRequest) -> Reply:
    """Delete a channel or a thread."""
    channel = req.channel()
    if channel.recipient is not None:
        return Reply(200, _json(req, channel))
    req.require(channel, Permission.MANAGE_THREADS if channel.thread else Permission.MANAGE_CHANNELS)
    data = _json(req, channel)
    req.sim.channels.delete(channel)
    return Reply(200, data)


def put_overwrite(req: RestRequest) -> Reply:
    """Set a permission overwrite."""
    channel = req.channel_with(Permission.MANAGE_ROLES)
    who = _overwritten(req, channel)
    allow, deny = int(req.body.get("allow") or 0), int(req.body.get("deny") or 0)
    req.sim.guilds.set_overwrite(channel, who, allow=allow, deny=deny)
    channel.overwrites.setdefault(who.id, Overwrite(id=who.id, kind=0 if isinstance(who, Role) else 1))
    return NO_CONTENT


def delete_overwrite(req: RestRequest) -> Reply:
    """Remove a permission overwrite."""
    channel = req.channel_with(Permission.MANAGE_ROLES)
    req.sim.guilds.set_overwrite(channel, _overwritten(req, channel))
    return NO_CONTENT


def _overwritten(req: RestRequest, channel: Channel) -> Role | User:
    target = req.number("overwrite_id")
    found = req.sim.world.home(channel).roles.get(target) or req.sim.world.users.get(target)
    if found is None:
        raise api_error(10011)
    return found


def typing(req: RestRequest) -> Reply:
    """Show the typing indicator."""
    channel = req.channel()
    check_may_post(req, channel)
    req.sim.typing.append(channel.id)
    guild = req.sim.world.guild_of(channel)
    data: Json = {
        "channel_id": str(channel.id),
        "user_id": str(req.sim.world.bot.id),
        "timestamp": int(req.sim.clock.now().timestamp()),
    }
    if guild is not None:
        data |= {"guild_id": str(guild.id), "member": member_json(guild.members[req.sim.world.bot.id])}
    req.sim.world.emit(Event(name="TYPING_START", data=data, guild=guild, channel=channel))
    return NO_CONTENT


def open_direct(req: RestRequest) -> Reply:
    """Open (or find) the channel of direct messages with a user; works even if they take none."""
    user = req.sim.world.users.get(int(req.body.get("recipient_id") or -1))
    if user is None:
        raise api_error(50033)
    if user.bot:
        raise api_error(50007, status=400)
    if user.id not in req.sim.world.direct_channels:
        req.sim.rate_limits.open_direct()
    return Reply(200, req.sim.world.payloads.channel(req.sim.channels.open_direct(user), None))


def start_thread(req: RestRequest) -> Reply:
    """A thread without a message, or a forum post."""
    parent = req.channel()
    _check_thread_name(req)
    if parent.kind is ChannelType.FORUM:
        return _forum_post(req, parent)
    private = req.body.get("type", ChannelType.PRIVATE_THREAD) == ChannelType.PRIVATE_THREAD
    req.require(parent, Permission.CREATE_PRIVATE_THREADS if private else Permission.CREATE_PUBLIC_THREADS)
    thread = req.sim.channels.start_thread(parent, req.body["name"], req.sim.world.bot, private=private)
    return Reply(201, _json(req, thread))


def _check_thread_name(req: RestRequest) -> None:
    errors = FormErrors()
    errors.required("name", req.body.get("name"))
    errors.length("name", req.body.get("name"), 1, 100)
    errors.raise_if_any()


def _forum_post(req: RestRequest, forum: Channel) -> Reply:
    req.require(forum, Permission.SEND_MESSAGES)
    inner: Json = req.body.get("message") or {}
    check_message(inner, files=len(req.uploads))
    check_not_empty(inner, files=len(req.uploads))
    tags = [int(tag) for tag in req.body.get("applied_tags") or []]
    thread = req.sim.channels.start_thread(forum, req.body["name"], req.sim.world.bot, applied_tags=tags)
    draft = replace(draft_of(req, inner, thread.id), message_id=thread.id)
    message = req.sim.messages.create(thread, req.sim.world.bot, draft)
    return Reply(201, _json(req, thread) | {"message": req.sim.world.message_json(message)})


def start_thread_from_message(req: RestRequest) -> Reply:
    """A public thread under a message."""
    parent = req.channel_with(Permission.CREATE_PUBLIC_THREADS)
    source: Message = req.message(parent)
    _check_thread_name(req)
    if source.thread_id is not None:
        raise api_error(160004)
    thread = req.sim.channels.start_thread(parent, req.body["name"], req.sim.world.bot, source=source)
    starter: Json = {
        "type": 0,
        "message_id": str(source.id),
        "channel_id": str(parent.id),
        "guild_id": str(parent.guild_id),
    }
    draft = Draft(kind=MessageType.THREAD_STARTER_MESSAGE, reference=starter)
    req.sim.messages.create(thread, source.author, draft)
    return Reply(201, _json(req, thread))


def active_threads(req: RestRequest) -> Reply:
    """All active threads of a guild that the bot may view."""
    guild = req.guild()
    payloads = req.sim.world.payloads
    threads = [c for c in guild.channels.values() if c.thread and not c.thread.archived]
    return Reply(200, _thread_list(req, [thread for thread in threads if payloads.bot_sees(guild, thread)]))


def _thread_list(req: RestRequest, threads: list[Channel]) -> Json:
    bot = req.sim.world.bot.id
    members = [thread_member_json(t, bot) for t in threads if t.thread and bot in t.thread.member_ids]
    return {"threads": [_json(req, thread) for thread in threads], "members": members}


def archived_public(req: RestRequest) -> Reply:
    """Archived public threads of a channel, newest first."""
    return _archived(req, private=False)


def archived_private(req: RestRequest) -> Reply:
    """Archived private threads; wants Manage Threads."""
    req.channel_with(Permission.MANAGE_THREADS)
    return _archived(req, private=True)


def _archived(req: RestRequest, *, private: bool) -> Reply:
    parent = req.channel_with(Permission.READ_MESSAGE_HISTORY)
    guild = req.sim.world.home(parent)
    found = [c for c in guild.channels.values() if c.parent_id == parent.id and c.thread and c.thread.archived]
    found = [thread for thread in found if (thread.kind is ChannelType.PRIVATE_THREAD) == private]
    found.sort(key=lambda thread: thread.thread.archived_at if thread.thread else req.sim.clock.now(), reverse=True)
    limit = int(req.query.get("limit", 50))
    return Reply(200, _thread_list(req, found[:limit]) | {"has_more": len(found) > limit})


def join_thread(req: RestRequest) -> Reply:
    """The bot joins a thread."""
    thread = req.channel()
    if thread.thread is None:
        raise api_error(50024)
    if thread.thread.archived:
        raise api_error(50083)
    req.sim.channels.join_thread(thread, req.sim.world.bot)
    return NO_CONTENT


def leave_thread(req: RestRequest) -> Reply:
    """The bot leaves a thread."""
    thread = req.channel()
    if thread.thread is None:
        raise api_error(50024)
    req.sim.channels.leave_thread(thread, req.sim.world.bot)
    return NO_CONTENT


_CHANNEL = "/channels/{channel_id}"
ROUTES = [
    Route("POST", "/users/@me/channels", open_direct),
    Route("GET", _CHANNEL, get_channel),
    Route("PATCH", _CHANNEL, edit_channel),
    Route("DELETE", _CHANNEL, delete_channel),
    Route("PUT", f"{_CHANNEL}/permissions/{{overwrite_id}}", put_overwrite),
    Route("DELETE", f"{_CHANNEL}/permissions/{{overwrite_id}}", delete_overwrite),
    Route("POST", f"{_CHANNEL}/typing", typing),
    Route("POST", f"{_CHANNEL}/threads", start_thread),
    Route("POST", f"{_CHANNEL}/messages/{{message_id}}/threads", start_thread_from_message),
    Route("GET", "/guilds/{guild_id}/threads/active", active_threads),
    Route("GET", f"{_CHANNEL}/threads/archived/public", archived_public),
    Route("GET", f"{_CHANNEL}/threads/archived/private", archived_private),
    Route("PUT", f"{_CHANNEL}/thread-members/@me", join_thread),
    Route("DELETE", f"{_CHANNEL}/thread-members/@me", leave_thread),
]
