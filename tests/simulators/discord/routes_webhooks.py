"""Routes of webhooks. Source: Webhook resource."""

import secrets
from dataclasses import replace

from .audit import write_audit
from .drafts import draft_of
from .errors import api_error
from .json_types import Json
from .message_changes import PARSE_USERS
from .model import AuditAction, Channel, ChannelType, Guild, Message, User, Webhook
from .payloads import webhook_json
from .permissions import Permission
from .rest_types import NO_CONTENT, Auth, Reply, RestRequest, Route
from .routes_interactions import delete_followup, edit_followup, get_followup, post_followup
from .routes_messages import apply_edit
from .validation import check_message, check_not_empty, check_webhook_name
from .world import Event

PER_CHANNEL, PER_GUILD = 15, 1000
_WITH_WEBHOOKS = frozenset({ChannelType.TEXT, ChannelType.ANNOUNCEMENT, ChannelType.FORUM, ChannelType.VOICE})


def create_webhook(req: RestRequest) -> Reply:
    """A new webhook owned by the application."""
    channel = req.channel_with(Permission.MANAGE_WEBHOOKS)
    if channel.kind not in _WITH_WEBHOOKS:
        raise api_error(50024)
    check_webhook_name(req.body.get("name"), "name", needed=True)
    guild = req.sim.world.home(channel)
    if len([hook for hook in guild.webhooks.values() if hook.channel_id == channel.id]) >= PER_CHANNEL:
        raise api_error(30007)
    if len(guild.webhooks) >= PER_GUILD:
        raise api_error(30058)
    webhook = Webhook(
        id=req.sim.world.ids.next(),
        token=secrets.token_urlsafe(48),
        guild_id=guild.id,
        channel_id=channel.id,
        name=req.body["name"],
        user=req.sim.world.bot,
        application_id=req.sim.world.application.id,
    )
    guild.webhooks[webhook.id] = webhook
    _changed(req, guild, webhook, AuditAction.WEBHOOK_CREATE)
    return Reply(200, webhook_json(webhook))


def _changed(req: RestRequest, guild: Guild, webhook: Webhook, action: int) -> None:
    data = {"guild_id": str(guild.id), "channel_id": str(webhook.channel_id)}
    req.sim.world.emit(Event(name="WEBHOOKS_UPDATE", data=data, guild=guild))
    write_audit(req.sim.world, guild, action, by=req.sim.world.bot.id, target=webhook.id, reason=req.reason)


def channel_webhooks(req: RestRequest) -> Reply:
    """A channel's webhooks; tokens only of those the application owns."""
    channel = req.channel_with(Permission.MANAGE_WEBHOOKS)
    hooks = req.sim.world.home(channel).webhooks.values()
    return Reply(200, [_listed(req, hook) for hook in hooks if hook.channel_id == channel.id])


def guild_webhooks(req: RestRequest) -> Reply:
    """A guild's webhooks."""
    guild = req.guild_with(Permission.MANAGE_WEBHOOKS)
    return Reply(200, [_listed(req, hook) for hook in guild.webhooks.values()])


def _listed(req: RestRequest, webhook: Webhook) -> Json:
    data = webhook_json(webhook)
    if webhook.application_id not in {None, req.sim.world.application.id}:
        del data["token"]
    return data


def _by_id(req: RestRequest) -> Webhook:
    webhook = req.sim.world.find_webhook(req.number("webhook_id"))
    if webhook is None:
        raise api_error(10015)
    if webhook.application_id != req.sim.world.application.id:
        req.require(req.visible_channel(webhook.channel_id), Permission.MANAGE_WEBHOOKS)
    return webhook


def by_token(req: RestRequest) -> Webhook:
    """The webhook of a path with id and token. Raises ApiError 10015 (unknown id) or 50027 (wrong token)."""
    webhook = req.sim.world.find_webhook(req.number("webhook_id"))
    if webhook is None:
        raise api_error(10015)
    if webhook.token != req.params["webhook_token"]:
        raise api_error(50027)
    return webhook


def get_webhook(req: RestRequest) -> Reply:
    """A webhook by id."""
    return Reply(200, webhook_json(_by_id(req)))


def get_webhook_with_token(req: RestRequest) -> Reply:
    """A webhook by id and token."""
    return Reply(200, webhook_json(by_token(req), with_user=False))


def edit_webhook(req: RestRequest) -> Reply:
    """Rename or move a webhook."""
    webhook = _by_id(req)
    guild = req.sim.world.guilds[webhook.guild_id]
    check_webhook_name(req.body.get("name"), "name", needed=False)
    webhook.name = req.body.get("name") or webhook.name
    if "channel_id" in req.body:
        webhook.channel_id = req.visible_channel(int(req.body["channel_id"])).id
    _changed(req, guild, webhook, AuditAction.WEBHOOK_UPDATE)
    return Reply(200, webhook_json(webhook))


def delete_webhook(req: RestRequest) -> Reply:
    """Delete a webhook by id, or by id and token."""
    webhook = by_token(req) if "webhook_token" in req.params else _by_id(req)
    guild = req.sim.world.guilds[webhook.guild_id]
    del guild.webhooks[webhook.id]
    _changed(req, guild, webhook, AuditAction.WEBHOOK_DELETE)
    return NO_CONTENT


def execute(req: RestRequest) -> Reply:
    """Post through a webhook, or follow an interaction up."""
    if req.number("webhook_id") == req.sim.world.application.id:
        return post_followup(req)
    webhook = by_token(req)
    check_webhook_name(req.body.get("username"), "username", needed=False)
    check_message(req.body, files=len(req.uploads))
    check_not_empty(req.body, files=len(req.uploads))
    target = _target(req, webhook)
    draft = replace(
        draft_of(req, req.body, target.id, default_mentions=PARSE_USERS),
        webhook_id=webhook.id,
        application_id=webhook.application_id,
        message_id=target.id if req.body.get("thread_name") else None,
    )
    message = req.sim.messages.create(target, mask(req, webhook), draft)
    if req.query.get("wait", "").lower() not in {"1", "true"}:
        return NO_CONTENT
    return Reply(200, req.sim.world.message_json(message))


def mask(req: RestRequest, webhook: Webhook) -> User:
    """The author a webhook message shows; `avatar_url` becomes a hash, as Discord re-hosts the picture."""
    url = req.body.get("avatar_url")
    avatar = secrets.token_hex(16) if url else webhook.avatar
    name = req.body.get("username") or webhook.name
    return User(id=webhook.id, username=name, avatar=avatar, bot=True, discriminator="0000")


def _target(req: RestRequest, webhook: Webhook) -> Channel:
    world = req.sim.world
    channel = world.guilds[webhook.guild_id].channels[webhook.channel_id]
    thread_id, thread_name = req.query.get("thread_id"), req.body.get("thread_name")
    if thread_id and thread_name:
        raise api_error(220002)
    if thread_id:
        thread = world.find_channel(int(thread_id))
        if thread is None or thread.parent_id != channel.id:
            raise api_error(10003)
        return thread
    if channel.kind is ChannelType.FORUM:
        if not thread_name:
            raise api_error(220001)
        tags = [int(tag) for tag in req.body.get("applied_tags") or []]
        owner = User(id=webhook.id, username=webhook.name, bot=True)
        return req.sim.channels.start_thread(channel, thread_name, owner, applied_tags=tags)
    if thread_name:
        raise api_error(220003)
    return channel


def _own_message(req: RestRequest) -> Message:
    webhook = by_token(req)
    place = int(req.query.get("thread_id") or webhook.channel_id)
    channel = req.sim.world.find_channel(place)
    message = channel.messages.get(req.number("message_id")) if channel else None
    if message is None or message.webhook_id != webhook.id:
        raise api_error(10008)
    return message


def _is_interaction(req: RestRequest) -> bool:
    return req.number("webhook_id") == req.sim.world.application.id


def get_webhook_message(req: RestRequest) -> Reply:
    """A message this webhook (or interaction) made."""
    if _is_interaction(req):
        return get_followup(req)
    return Reply(200, req.sim.world.message_json(_own_message(req)))


def edit_webhook_message(req: RestRequest) -> Reply:
    """Edit a message this webhook (or interaction) made."""
    if _is_interaction(req):
        return edit_followup(req)
    message = _own_message(req)
    apply_edit(req, message)
    return Reply(200, req.sim.world.message_json(message))


def delete_webhook_message(req: RestRequest) -> Reply:
    """Delete a message this webhook (or interaction) made."""
    if _is_interaction(req):
        return delete_followup(req)
    message = _own_message(req)
    req.sim.messages.delete(message)
    return NO_CONTENT


_ID = "/webhooks/{webhook_id}"
_TOKEN = f"{_ID}/{{webhook_token}}"
ROUTES = [
    Route("POST", "/channels/{channel_id}/webhooks", create_webhook),
    Route("GET", "/channels/{channel_id}/webhooks", channel_webhooks),
    Route("GET", "/guilds/{guild_id}/webhooks", guild_webhooks),
    Route("GET", _ID, get_webhook),
    Route("PATCH", _ID, edit_webhook),
    Route("DELETE", _ID, delete_webhook),
    Route("GET", _TOKEN, get_webhook_with_token, Auth.NONE),
    Route("DELETE", _TOKEN, delete_webhook, Auth.NONE),
    Route("POST", _TOKEN, execute, Auth.NONE),
    Route("GET", f"{_TOKEN}/messages/{{message_id}}", get_webhook_message, Auth.NONE),
    Route("PATCH", f"{_TOKEN}/messages/{{message_id}}", edit_webhook_message, Auth.NONE),
    Route("DELETE", f"{_TOKEN}/messages/{{message_id}}", delete_webhook_message, Auth.NONE),
]
