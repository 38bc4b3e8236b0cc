"""Routes of messages. Source: Message resource."""

from datetime import timedelta
from urllib.parse import unquote

from .clock import iso, time_of
from .drafts import attachments_of, draft_of, number_components
from .errors import FormErrors, api_error
from .json_types import Json
from .message_changes import Draft
from .model import UNDELETABLE, Channel, ChannelType, Message, MessageFlag, MessageType
from .permissions import Permission
from .rest_types import NO_CONTENT, Reply, RestRequest, Route
from .validation import check_message, check_not_empty

BULK_AGE = timedelta(days=14)
HISTORY_DEFAULT, HISTORY_MAX = 50, 100


def list_messages(req: RestRequest) -> Reply:
    """Newest first; nothing at all without Read Message History."""
    channel = req.channel()
    limit = _limit(req)
    if not req.can(channel, Permission.READ_MESSAGE_HISTORY):
        return Reply(200, [])
    ordered = sorted(channel.messages.values(), key=lambda message: message.id, reverse=True)
    return Reply(200, [req.sim.world.message_json(message) for message in _page(req, ordered, limit)])


def _limit(req: RestRequest) -> int:
    limit = int(req.query.get("limit", HISTORY_DEFAULT))
    errors = FormErrors()
    if not 1 <= limit <= HISTORY_MAX:
        errors.add("limit", "NUMBER_TYPE_MAX", f"int value should be between 1 and {HISTORY_MAX}.")
    errors.raise_if_any()
    return limit


def _page(req: RestRequest, ordered: list[Message], limit: int) -> list[Message]:
    if "before" in req.query:
        return [m for m in ordered if m.id < int(req.query["before"])][:limit]
    if "after" in req.query:
        return [m for m in ordered if m.id > int(req.query["after"])][-limit:]
    if "around" in req.query:
        middle = int(req.query["around"])
        newer = [m for m in ordered if m.id > middle][-(limit // 2) :]
        return [*newer, *[m for m in ordered if m.id <= middle][: limit - len(newer)]]
    return ordered[:limit]


def get_message(req: RestRequest) -> Reply:
    """One message; wants Read Message History."""
    channel = req.channel()
    if not req.can(channel, Permission.READ_MESSAGE_HISTORY):
        raise api_error(50001)
    return Reply(200, req.sim.world.message_json(req.message(channel)))


def create_message(req: RestRequest) -> Reply:
    """Post a message as the bot."""
    channel = req.channel()
    check_may_post(req, channel)
    check_message(req.body, files=len(req.uploads))
    check_not_empty(req.body, files=len(req.uploads))
    draft = draft_of(req, req.body, channel.id)
    changes = _reference(req, channel)
    message = req.sim.messages.create(channel, req.sim.world.bot, _with(draft, changes))
    return Reply(200, req.sim.world.message_json(message))


def check_may_post(req: RestRequest, channel: Channel) -> None:
    """Raises the ApiError that keeps the bot from posting here, if any."""
    if channel.kind is ChannelType.FORUM:
        raise api_error(40058)
    if channel.kind is ChannelType.CATEGORY:
        raise api_error(50008)
    if channel.recipient is not None:
        _check_direct(req, channel)
        return
    req.require(channel, Permission.SEND_MESSAGES_IN_THREADS if channel.thread else Permission.SEND_MESSAGES)
    if req.uploads:
        req.require(channel, Permission.ATTACH_FILES)
    if req.body.get("embeds"):
        req.require(channel, Permission.EMBED_LINKS)
    if channel.thread and channel.thread.locked and not req.can(channel, Permission.MANAGE_THREADS):
        raise api_error(160005)


def _check_direct(req: RestRequest, channel: Channel) -> None:
    recipient = channel.recipient
    if recipient is None or recipient.bot:
        raise api_error(50007)
    if not req.sim.world.mutual_guilds(recipient):
        raise api_error(50278)
    if not recipient.dms_open:
        raise api_error(50007)


def _reference(req: RestRequest, channel: Channel) -> Json:
    wanted = req.body.get("message_reference")
    if not wanted:
        return {}
    source_channel = req.visible_channel(int(wanted.get("channel_id") or channel.id))
    source = source_channel.messages.get(int(wanted["message_id"]))
    if wanted.get("type") == 1:
        return _forward(req, source)
    if not req.can(channel, Permission.READ_MESSAGE_HISTORY):
        raise api_error(160002)
    if source is None:
        if wanted.get("fail_if_not_exists", True):
            _refuse_reference("REPLIES_UNKNOWN_MESSAGE", "Unknown message")
        return {}
    if source.kind not in _REPLIABLE:
        _refuse_reference("REPLIES_CANNOT_REPLY_TO_SYSTEM_MESSAGE", "Cannot reply to a system message")
    return {"reference": reply_reference(source), "kind": MessageType.REPLY}


_REPLIABLE = frozenset(
    {MessageType.DEFAULT, MessageType.REPLY, MessageType.CHAT_INPUT_COMMAND, MessageType.CONTEXT_MENU_COMMAND}
)


def reply_reference(source: Message) -> Json:
    """The message reference of a reply."""
    reference: Json = {"type": 0, "message_id": str(source.id), "channel_id": str(source.channel_id)}
    return reference | ({"guild_id": str(source.guild_id)} if source.guild_id else {})


def _forward(req: RestRequest, source: Message | None) -> Json:
    if source is None:
        raise api_error(10008)
    draft = req.sim.messages.forward(source)
    return {"reference": draft.reference, "snapshots": draft.snapshots, "flags": draft.flags}


def _refuse_reference(code: str, message: str) -> None:
    errors = FormErrors()
    errors.add("message_reference", code, message)
    errors.raise_if_any()


def _with(draft: Draft, changes: Json) -> Draft:
    fields = {name: getattr(draft, name) for name in Draft.__slots__}
    return Draft(**(fields | changes))


def edit_message(req: RestRequest) -> Reply:
    """Edit an own message; of others' only the flags, with Manage Messages."""
    channel = req.channel()
    message = req.message(channel)
    if channel.thread and channel.thread.archived:
        raise api_error(50083)
    if message.author is not req.sim.world.bot:
        return _suppress(req, channel, message)
    apply_edit(req, message)
    return Reply(200, req.sim.world.message_json(message))


def _suppress(req: RestRequest, channel: Channel, message: Message) -> Reply:
    if set(req.body) - {"flags"}:
        raise api_error(50005)
    req.require(channel, Permission.MANAGE_MESSAGES)
    kept = message.flags & ~MessageFlag.SUPPRESS_EMBEDS
    req.sim.messages.refresh(message, flags=kept | (req.body.get("flags") or 0) & MessageFlag.SUPPRESS_EMBEDS)
    return Reply(200, req.sim.world.message_json(message))


def apply_edit(req: RestRequest, message: Message, body: Json | None = None) -> None:
    """Carry an edit out: also used by webhooks and interactions. Raises ApiError 50035 or 50006."""
    body = req.body if body is None else body
    check_message(body, files=len(req.uploads), current_flags=message.flags & MessageFlag.COMPONENTS_V2)
    changes: Json = {}
    if "content" in body:
        changes["content"] = body["content"] or ""
    if "embeds" in body:
        changes["embeds"] = [{"type": "rich", **embed} for embed in body["embeds"] or []]
    if "components" in body:
        changes["components"] = number_components(body["components"] or [])
    if "attachments" in body or req.uploads:
        kept = message.attachments if "attachments" in body else []
        changes["attachments"] = attachments_of(req, body, message.channel_id, kept)
    if (body.get("flags") or 0) & MessageFlag.COMPONENTS_V2:
        changes["flags"] = message.flags | MessageFlag.COMPONENTS_V2
    _check_something_left(message, changes)
    req.sim.messages.edit(message, allowed_mentions=body.get("allowed_mentions"), **changes)


def _check_something_left(message: Message, changes: Json) -> None:
    names = ("content", "embeds", "components", "attachments")
    if not any(changes.get(name, getattr(message, name)) for name in names) and not message.poll:
        raise api_error(50006)


def delete_message(req: RestRequest) -> Reply:
    """Delete; somebody else's message wants Manage Messages."""
    channel = req.channel()
    message = req.message(channel)
    if message.author is not req.sim.world.bot:
        if channel.recipient is not None:
            raise api_error(50003)
        req.require(channel, Permission.MANAGE_MESSAGES)
    if message.kind in UNDELETABLE:
        raise api_error(50021)
    req.sim.messages.delete(message, by=req.sim.world.bot, reason=req.reason)
    return NO_CONTENT


def bulk_delete(req: RestRequest) -> Reply:
    """Delete 2 to 100 messages not older than two weeks."""
    channel = req.channel()
    if channel.recipient is not None:
        raise api_error(50003)
    req.require(channel, Permission.MANAGE_MESSAGES)
    ids = [int(item) for item in req.body.get("messages") or []]
    if not 2 <= len(ids) <= HISTORY_MAX:
        raise api_error(50016)
    if len(set(ids)) < len(ids):
        errors = FormErrors()
        errors.add("messages", "SET_TYPE_ALREADY_CONTAINS_VALUE", "Must contain unique values.")
        errors.raise_if_any()
    if any(req.sim.clock.now() - time_of(item) > BULK_AGE for item in ids):
        raise api_error(50034)
    req.sim.messages.delete_bulk(channel, ids, by=req.sim.world.bot, reason=req.reason)
    return NO_CONTENT


def add_reaction(req: RestRequest) -> Reply:
    """React as the bot."""
    channel = req.channel_with(Permission.READ_MESSAGE_HISTORY)
    message = req.message(channel)
    emoji = unquote(req.params["emoji"])
    if emoji not in message.reactions:
        req.require(channel, Permission.ADD_REACTIONS)
    req.sim.messages.react(message, req.sim.world.bot, emoji)
    return NO_CONTENT


def remove_own_reaction(req: RestRequest) -> Reply:
    """Take the bot's reaction away."""
    message = req.message(req.channel())
    emoji = unquote(req.params["emoji"])
    if req.sim.world.bot.id not in message.reactions.get(emoji, []):
        raise api_error(10014)
    req.sim.messages.unreact(message, req.sim.world.bot, emoji)
    return NO_CONTENT


def list_pins(req: RestRequest) -> Reply:
    """Pinned messages."""
    pinned = [message for message in req.channel().messages.values() if message.pinned]
    items = [{"pinned_at": iso(m.timestamp), "message": req.sim.world.message_json(m)} for m in pinned]
    return Reply(200, {"items": items, "has_more": False})


_MESSAGES = "/channels/{channel_id}/messages"
ROUTES = [
    Route("GET", "/channels/{channel_id}/messages/pins", list_pins),
    Route("GET", _MESSAGES, list_messages),
    Route("POST", _MESSAGES, create_message),
    Route("POST", f"{_MESSAGES}/bulk-delete", bulk_delete),
    Route("GET", f"{_MESSAGES}/{{message_id}}", get_message),
    Route("PATCH", f"{_MESSAGES}/{{message_id}}", edit_message),
    Route("DELETE", f"{_MESSAGES}/{{message_id}}", delete_message),
    Route("PUT", f"{_MESSAGES}/{{message_id}}/reactions/{{emoji}}/@me", add_reaction),
    Route("DELETE", f"{_MESSAGES}/{{message_id}}/reactions/{{emoji}}/@me", remove_own_reaction),
]
