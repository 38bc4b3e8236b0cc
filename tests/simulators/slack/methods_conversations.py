"""conversations.* and users.conversations.

Errors, scopes and tiers: docs.slack.dev, the methods' pages. `cannot_dm_bot` is not on the page of
conversations.open; it is what Slack answers there (HubSpot slack-client pull request 90).
"""

import re

from tests.simulators.slack.api import (
    HISTORY_SCOPES,
    READ_SCOPES,
    ApiError,
    Arguments,
    Caller,
    make_cursor,
    method,
    page,
    read_cursor,
)
from tests.simulators.slack.shapes import channel_object, message_object
from tests.simulators.slack.world import Channel, ChannelKind, Message, Payload, User

_TYPES: dict[str, ChannelKind] = {"public_channel": "channel", "private_channel": "group", "im": "im", "mpim": "mpim"}
_TS = re.compile(r"\d+(?:\.\d+)?")
_OPEN_SCOPES = ("channels:manage", "groups:write", "im:write", "mpim:write")
SHORT_PAGE = 15
"""Messages a page for apps sold outside the Marketplace."""


def _read_channel(caller: Caller, args: Arguments) -> Channel:
    channel = caller.channel(args.text("channel"))
    caller.need_scope(READ_SCOPES[channel.kind])
    return channel


@method("conversations.info", tier=3, scopes=tuple(READ_SCOPES.values()))
def info(caller: Caller, args: Arguments) -> Payload:
    """About one conversation."""
    channel = _read_channel(caller, args)
    with_count = bool(args.flag("include_num_members"))
    shape = channel_object(channel, viewer=caller.user_id, with_member_count=with_count)
    return {"channel": shape | ({"locale": "en-US"} if args.flag("include_locale") else {})}


@method("conversations.members", tier=4, scopes=tuple(READ_SCOPES.values()))
def members(caller: Caller, args: Arguments) -> Payload:
    """The ids of a conversation's members."""
    channel = _read_channel(caller, args)
    ids, cursor = page([{"id": user} for user in channel.members], args, default=100, most=1000)
    return {"members": [each["id"] for each in ids], "response_metadata": {"next_cursor": cursor}}


def _kinds(caller: Caller, args: Arguments) -> list[ChannelKind]:
    kinds: list[ChannelKind] = []
    for given in (args.text("types") or "public_channel").split(","):
        kind = _TYPES.get(given.strip())
        if kind is None:
            raise ApiError("invalid_types")
        caller.need_scope(READ_SCOPES[kind])
        kinds.append(kind)
    return kinds


def _list_page(caller: Caller, args: Arguments, channels: list[Channel]) -> Payload:
    if args.flag("exclude_archived"):
        channels = [channel for channel in channels if not channel.is_archived]
    shapes = [channel_object(channel, viewer=caller.user_id, with_member_count=True) for channel in channels]
    found, cursor = page(shapes, args, default=100, most=999)
    return {"channels": found, "response_metadata": {"next_cursor": cursor}}


@method("conversations.list", tier=2, scopes=tuple(READ_SCOPES.values()))
def list_all(caller: Caller, args: Arguments) -> Payload:
    """All public channels, and the private ones the caller is in."""
    kinds = _kinds(caller, args)
    known = [channel for channel in caller.world.channels.values() if channel.kind in kinds]
    return _list_page(caller, args, [c for c in known if c.kind == "channel" or caller.user_id in c.members])


@method("users.conversations", tier=3, scopes=tuple(READ_SCOPES.values()))
def list_joined(caller: Caller, args: Arguments) -> Payload:
    """The conversations a user is in; private ones only if the caller is in them too."""
    kinds = _kinds(caller, args)
    user = args.text("user") or caller.user_id
    joined = [
        channel for channel in caller.world.channels.values() if channel.kind in kinds and user in channel.members
    ]
    return _list_page(caller, args, [c for c in joined if c.kind == "channel" or caller.user_id in c.members])


@method("conversations.join", tier=3, scopes=("channels:join", "channels:write"))
def join(caller: Caller, args: Arguments) -> Payload:
    """Join a public channel; a channel_join message tells so."""
    channel = caller.channel(args.text("channel"))
    if channel.kind != "channel":
        raise ApiError("method_not_supported_for_channel_type")
    if channel.is_archived:
        raise ApiError("is_archived")
    shape = channel_object(channel, viewer=caller.user_id)
    if caller.user_id in channel.members:
        return {
            "channel": shape,
            "warning": "already_in_channel",
            "response_metadata": {"warnings": ["already_in_channel"]},
        }
    caller.timeline.join(channel, caller.user_id)
    return {"channel": channel_object(channel, viewer=caller.user_id)}


@method("conversations.open", tier=3, scopes=_OPEN_SCOPES)
def open_direct(caller: Caller, args: Arguments) -> Payload:
    """Open a DM with one user, or a group DM with several."""
    world = caller.world
    if args.text("channel") is not None:
        channel = caller.channel(args.text("channel"))
        if channel.kind not in ("im", "mpim"):
            raise ApiError("method_not_supported_for_channel_type")
        return _opened(caller, args, channel, already=True)
    ids = [each.strip() for each in (args.text("users") or "").split(",") if each.strip()]
    if not ids:
        raise ApiError("users_list_not_supplied")
    if len(ids) > 8:
        raise ApiError("too_many_users")
    for each in ids:
        _check_can_be_opened(caller.user(each))
    caller.need_scope("im:write" if len(ids) == 1 else "mpim:write")
    wanted = {caller.user_id, *ids}
    kind: ChannelKind = "im" if len(ids) == 1 else "mpim"
    existing = next((c for c in world.channels.values() if c.kind == kind and set(c.members) == wanted), None)
    if existing is None and args.flag("prevent_creation"):
        raise ApiError("channel_not_found")
    channel = existing or world.add_channel(
        "" if kind == "im" else f"mpdm-{'--'.join(ids)}-1",
        [world.users[each] for each in (caller.user_id, *ids)],
        kind=kind,
        with_bot=False,
    )
    return _opened(caller, args, channel, already=existing is not None)


def _check_can_be_opened(user: User) -> None:
    if user.is_bot:
        raise ApiError("cannot_dm_bot")
    if user.deleted:
        raise ApiError("user_disabled")
    if user.is_stranger:
        raise ApiError("invalid_user_combination")


def _opened(caller: Caller, args: Arguments, channel: Channel, *, already: bool) -> Payload:
    full = bool(args.flag("return_im")) or channel.kind == "mpim"
    shape = channel_object(channel, viewer=caller.user_id) if full else {"id": channel.id}
    return {"channel": shape} | ({"no_op": True, "already_open": True} if already else {})


def _history_channel(caller: Caller, args: Arguments) -> Channel:
    channel = caller.channel(args.text("channel"))
    caller.need_scope(HISTORY_SCOPES[channel.kind])
    if caller.is_bot and caller.user_id not in channel.members:
        raise ApiError("not_in_channel")
    return channel


def _between(messages: list[Message], args: Arguments) -> list[Message]:
    oldest, latest = args.text("oldest"), args.text("latest")
    for value, error in ((oldest, "invalid_ts_oldest"), (latest, "invalid_ts_latest")):
        if value is not None and not _TS.fullmatch(value):
            raise ApiError(error)
    inclusive = bool(args.flag("inclusive"))
    low, high = float(oldest or 0), float(latest) if latest else float("inf")

    def fits(message: Message) -> bool:
        at = float(message.ts)
        return low < at < high or (inclusive and at in (low, high))

    return [message for message in messages if fits(message)]


def _shown(caller: Caller, args: Arguments, messages: list[Message]) -> list[Payload]:
    shapes = []
    for message in messages:
        shape = message_object(caller.world, message)
        if message.metadata is not None and args.flag("include_all_metadata"):
            shape["metadata"] = message.metadata
        shapes.append(shape)
    return shapes


def _in_history(caller: Caller, message: Message) -> bool:
    if message.deleted or (message.tombstoned and not caller.world.replies(message)):
        return False
    return not message.in_thread or message.subtype == "thread_broadcast"


@method("conversations.history", tier=3, scopes=tuple(HISTORY_SCOPES.values()))
def history(caller: Caller, args: Arguments) -> Payload:
    """A conversation's messages, newest first, without the replies in threads."""
    channel = _history_channel(caller, args)
    listed = [message for message in channel.messages.values() if _in_history(caller, message)]
    found = sorted(_between(listed, args), key=lambda message: message.ts)
    limit = _page_limit(caller, args, default=100)
    last = read_cursor(args, "next_ts:")
    only_oldest = args.text("oldest") not in (None, "0") and args.text("latest") is None
    if only_oldest and caller.world.settings.oldest_pages_forward:
        left = [message for message in found if last is None or message.ts > last]
        shown, boundary = left[:limit], -1
    else:
        left = [message for message in found if last is None or message.ts < last]
        shown, boundary = left[-limit:], 0
    more = len(left) > limit
    answer: Payload = {"messages": _shown(caller, args, shown[::-1]), "has_more": more, "pin_count": 0}
    answer |= {"channel_actions_ts": None, "channel_actions_count": 0}
    return answer | (_next_page(shown[boundary]) if more else {})


def _next_page(last_shown: Message) -> Payload:
    return {"response_metadata": {"next_cursor": make_cursor(f"next_ts:{last_shown.ts}")}}


def _page_limit(caller: Caller, args: Arguments, *, default: int) -> int:
    if caller.short_history:
        return args.number("limit", SHORT_PAGE, SHORT_PAGE)
    return args.number("limit", default, 999)


@method("conversations.replies", tier=3, scopes=tuple(HISTORY_SCOPES.values()))
def replies(caller: Caller, args: Arguments) -> Payload:
    """A thread, oldest first; its parent comes first on every page."""
    channel = _history_channel(caller, args)
    named = channel.messages.get(args.required("ts"))
    parent = channel.messages.get(named.thread_ts) if named is not None and named.thread_ts else named
    if parent is None or parent.deleted:
        raise ApiError("thread_not_found")
    last = read_cursor(args, "next_ts:")
    left = [reply for reply in _between(caller.world.replies(parent), args) if last is None or reply.ts > last]
    limit = _page_limit(caller, args, default=1000)
    more = len(left) > limit
    answer: Payload = {"messages": _shown(caller, args, [parent, *left[:limit]]), "has_more": more}
    return answer | (_next_page(left[limit - 1]) if more else {})
