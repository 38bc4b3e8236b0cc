"""chat.*: posting, notes, updating, deleting, permalinks.

Errors, scopes and tiers: docs.slack.dev, the methods' pages. Not from there, but seen by others: a reply to a parent
that is gone is posted to the channel instead (slack-go issue 1571); `invalid_thread_ts` for a malformed one.
"""

import re
from dataclasses import dataclass

from tests.simulators.slack.api import ApiError, Arguments, Caller, method
from tests.simulators.slack.blocks import MESSAGE_BLOCKS, check_blocks
from tests.simulators.slack.shapes import message_object
from tests.simulators.slack.text import stored_text
from tests.simulators.slack.timeline import Change
from tests.simulators.slack.world import Channel, Ephemeral, Message, Payload

TEXT_KEPT = 40_000
"""Longer texts of chat.postMessage are cut (changelog of 2018-04, "truncating really long messages")."""
UPDATE_TEXT = 4_000
"""Longer texts make chat.update fail with `msg_too_long`."""
_TS = re.compile(r"\d{1,12}\.\d{1,6}")
_WRITE = ("chat:write",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What a call wants a message to say; None where nothing was given."""

    text: str | None
    blocks: list[Payload] | None
    attachments: list[Payload] | None


def read_content(caller: Caller, args: Arguments) -> Content:
    """Text, blocks and attachments of a call, checked; `no_text` when there is none of them."""
    blocks = args.object_list("blocks", "invalid_blocks_format")
    attachments = args.object_list("attachments", "invalid_attachments")
    markdown = args.text("markdown_text")
    raw = args.text("text")
    if markdown is not None and (raw is not None or blocks is not None):
        raise ApiError("markdown_text_conflict")
    text = raw if markdown is None else markdown
    if text is None and not blocks and not attachments:
        raise ApiError("no_text")
    complaints = check_blocks(blocks or [], MESSAGE_BLOCKS)
    if complaints:
        messages = [f"[ERROR] {complaint}" for complaint in complaints]
        raise ApiError("invalid_blocks", errors=complaints, response_metadata={"messages": messages})
    if attachments is not None and len(attachments) > 100:
        raise ApiError("too_many_attachments")
    stored = None if text is None else stored_text(text, sent_by_app=True)
    kept = None if blocks is None else caller.timeline.with_block_ids(blocks)
    return Content(text=stored, blocks=kept, attachments=attachments)


def _writable_channel(caller: Caller, args: Arguments) -> Channel:
    given = args.text("channel")
    world = caller.world
    if given in world.users:
        recipient = world.users[given]
        _check_can_be_written_to(caller, recipient.id)
        return world.open_direct_channel(caller.user_id, recipient.id)
    channel = caller.channel(given)
    if channel.is_archived:
        raise ApiError("is_archived")
    is_guest_poster = caller.is_bot and channel.kind == "channel" and "chat:write.public" in caller.token.scopes
    if caller.user_id not in channel.members and not is_guest_poster:
        raise ApiError("not_in_channel")
    return channel


def _check_can_be_written_to(caller: Caller, recipient: str) -> None:
    user = caller.world.users[recipient]
    if user.is_bot:
        raise ApiError("cannot_dm_bot")
    if user.deleted:
        raise ApiError("user_disabled")
    if user.is_stranger:
        raise ApiError("channel_not_found")


def _thread_of(channel: Channel, args: Arguments) -> str | None:
    given = args.text("thread_ts")
    if given is None:
        return None
    if not _TS.fullmatch(given):
        raise ApiError(
            "invalid_thread_ts", response_metadata={"messages": [f"[ERROR] {given} is not a valid thread_ts"]}
        )
    parent = channel.messages.get(given)
    if parent is None or parent.deleted:
        return None
    return parent.thread_ts or parent.ts


def _custom_author(caller: Caller, args: Arguments) -> Payload:
    given = {name: args.text(name) for name in ("username", "icon_url", "icon_emoji")}
    if not any(given.values()):
        return {}
    caller.need_scope("chat:write.customize")
    icons: Payload = {}
    if given["icon_emoji"]:
        icons = {"emoji": given["icon_emoji"]}
    elif given["icon_url"]:
        icons = {f"image_{size}": given["icon_url"] for size in (36, 48, 72)}
    return {"username": given["username"] or caller.world.app.name, "icons": icons or None}


@method("chat.postMessage", tier=5, scopes=_WRITE)
def post_message(caller: Caller, args: Arguments) -> Payload:
    """Post a message; a user id as channel posts to the DM with that user."""
    channel = _writable_channel(caller, args)
    content = read_content(caller, args)
    author = _custom_author(caller, args)
    thread_ts = _thread_of(channel, args)
    metadata = args.json_object("metadata", "invalid_metadata_format")
    text = (content.text or "")[:TEXT_KEPT]
    world = caller.world
    subtype = "bot_message" if author else None
    if thread_ts is not None and args.flag("reply_broadcast"):
        subtype = "thread_broadcast"
    message = Message(
        ts=world.new_ts(),
        channel=channel.id,
        text=text,
        user=None if author else caller.user_id,
        subtype=subtype,
        thread_ts=thread_ts,
        blocks=content.blocks if content.blocks is not None else caller.timeline.blocks_for(text),
        attachments=content.attachments or [],
        bot_id=world.app.bot_id,
        app_id=world.app.id,
        metadata=metadata,
        unfurl_links=args.flag("unfurl_links"),
        unfurl_media=args.flag("unfurl_media"),
        **author,
    )
    caller.timeline.add(message)
    return {"channel": channel.id, "ts": message.ts, "message": shown_to_app(caller, message)}


def shown_to_app(caller: Caller, message: Message) -> Payload:
    """A message in an answer to the app that posted it: metadata included."""
    shape = message_object(caller.world, message)
    return shape | ({"metadata": message.metadata} if message.metadata is not None else {})


@method("chat.postEphemeral", tier=4, scopes=_WRITE)
def post_ephemeral(caller: Caller, args: Arguments) -> Payload:
    """Post a note only one member sees. It never shows in history and makes no event."""
    channel = _writable_channel(caller, args)
    recipient = caller.world.users.get(args.required("user"))
    if recipient is None or recipient.deleted or recipient.id not in channel.members:
        raise ApiError("user_not_in_channel")
    content = read_content(caller, args)
    if content.text is not None and len(content.text) > TEXT_KEPT:
        raise ApiError("msg_too_long")
    author = _custom_author(caller, args)
    note = Ephemeral(
        ts=caller.world.new_ts(),
        channel=channel.id,
        user=recipient.id,
        text=content.text or "",
        blocks=content.blocks or [],
        attachments=content.attachments or [],
        thread_ts=_thread_of(channel, args),
        username=author.get("username"),
    )
    caller.world.ephemerals.append(note)
    return {"message_ts": note.ts}


@method("chat.update", tier=3, scopes=_WRITE)
def update(caller: Caller, args: Arguments) -> Payload:
    """Change one's own message. With blocks the `edited` mark is not shown."""
    channel = caller.channel(args.text("channel"))
    message = caller.message(channel, args.required("ts"))
    if channel.is_archived:
        raise ApiError("is_inactive")
    if not _is_own(caller, message):
        raise ApiError("cant_update_message")
    content = read_content(caller, args)
    if content.text is not None and len(content.text) > UPDATE_TEXT:
        raise ApiError("msg_too_long")
    blocks = content.blocks
    if blocks is None and content.text is not None:
        blocks = caller.timeline.blocks_for(content.text)
    change = Change(
        text=content.text,
        blocks=blocks,
        attachments=content.attachments,
        metadata=args.json_object("metadata", "invalid_metadata_format"),
    )
    caller.timeline.change(message, change, editor=None if content.blocks else caller.user_id)
    shown = shown_to_app(caller, message)
    return {"channel": channel.id, "ts": message.ts, "text": message.text, "message": shown}


def _is_own(caller: Caller, message: Message) -> bool:
    if caller.is_bot:
        return message.bot_id == caller.world.app.bot_id
    return message.user == caller.user_id


@method("chat.delete", tier=3, scopes=_WRITE)
def delete(caller: Caller, args: Arguments) -> Payload:
    """Delete a message: a bot its own, a user what that user may delete in Slack."""
    channel = caller.channel(args.text("channel"))
    message = caller.message(channel, args.required("ts"))
    settings = caller.world.settings
    if settings.compliance_exports:
        raise ApiError("compliance_exports_prevent_deletion")
    if not _may_delete(caller, message) or (settings.impersonated_stay and message.username is not None):
        raise ApiError("cant_delete_message")
    caller.timeline.delete(message)
    return {"channel": channel.id, "ts": message.ts}


def _may_delete(caller: Caller, message: Message) -> bool:
    if caller.is_bot:
        return _is_own(caller, message)
    right = caller.world.settings.deletion
    if caller.user(caller.user_id).may_manage:
        return right != "nobody"
    return right == "everyone" and _is_own(caller, message)


@method("chat.getPermalink", tier=5)
def permalink(caller: Caller, args: Arguments) -> Payload:
    """The link to a message."""
    channel = caller.channel(args.text("channel"))
    message = caller.message(channel, args.required("message_ts"))
    link = f"https://{caller.world.team.domain}.slack.com/archives/{channel.id}/p{message.ts.replace('.', '')}"
    if message.in_thread:
        link += f"?thread_ts={message.thread_ts}&cid={channel.id}"
    return {"channel": channel.id, "permalink": link}


@method("reactions.add", tier=3, scopes=("reactions:write",))
def add_reaction(caller: Caller, args: Arguments) -> Payload:
    """Add a reaction to a message."""
    given, timestamp = args.text("channel"), args.text("timestamp")
    if given is None or timestamp is None:
        raise ApiError("no_item_specified")
    channel = caller.channel(given)
    message = caller.message(channel, timestamp)
    if channel.is_archived:
        raise ApiError("is_archived")
    name = args.text("name")
    if name is None:
        raise ApiError("invalid_name")
    for reaction in message.reactions:
        if reaction["name"] == name:
            if caller.user_id in reaction["users"]:
                raise ApiError("already_reacted")
            reaction["users"].append(caller.user_id)
            reaction["count"] += 1
            return {}
    message.reactions.append({"name": name, "users": [caller.user_id], "count": 1})
    return {}
