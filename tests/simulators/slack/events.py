"""Event payloads: the inner events, and the `event_callback` that carries them.

Shapes: docs.slack.dev ("Events", "Events API"), captured payloads in bolt-python's scenario tests.
"""

from tests.simulators.slack.shapes import message_object, view_object
from tests.simulators.slack.workspace import SlackWorkspace
from tests.simulators.slack.world import Channel, Message, Payload

_NEEDS: dict[str, tuple[str, str]] = {
    "channel": ("message.channels", "channels:history"),
    "group": ("message.groups", "groups:history"),
    "im": ("message.im", "im:history"),
    "mpim": ("message.mpim", "mpim:history"),
    "app_mention": ("app_mention", "app_mentions:read"),
    "member_joined_channel": ("member_joined_channel", "channels:read"),
    "app_home_opened": ("app_home_opened", ""),
}


def message_event(world: SlackWorkspace, message: Message) -> Payload:
    """A new message of any kind."""
    return message_object(world, message) | {
        "channel": message.channel,
        "event_ts": message.ts,
        "channel_type": world.channels[message.channel].kind,
    }


def changed_event(world: SlackWorkspace, channel: Channel, current: Payload, previous: Payload) -> Payload:
    """`message_changed`: an edit, an unfurled link, or a thread's parent turned into a tombstone."""
    ts = world.new_ts()
    inner = dict(current)
    if current.get("subtype") != "tombstone":
        inner |= {"source_team": world.team.id, "user_team": world.team.id}
    return {
        "type": "message",
        "subtype": "message_changed",
        "message": inner,
        "previous_message": previous,
        "channel": channel.id,
        "hidden": True,
        "ts": ts,
        "event_ts": ts,
        "channel_type": channel.kind,
    }


def deleted_event(world: SlackWorkspace, channel: Channel, previous: Payload) -> Payload:
    """`message_deleted`."""
    ts = world.new_ts()
    return {
        "type": "message",
        "subtype": "message_deleted",
        "previous_message": previous,
        "channel": channel.id,
        "hidden": True,
        "deleted_ts": previous["ts"],
        "event_ts": ts,
        "ts": ts,
        "channel_type": channel.kind,
    }


def replied_event(world: SlackWorkspace, parent: Message, *, with_subtype: bool) -> Payload:
    """`message_replied`, which the documentation warns often comes without its subtype."""
    ts = world.new_ts()
    replies = [{"user": reply.user, "ts": reply.ts} for reply in world.replies(parent)]
    event: Payload = {
        "type": "message",
        "message": message_object(world, parent) | {"replies": replies},
        "channel": parent.channel,
        "hidden": True,
        "ts": ts,
        "event_ts": ts,
        "channel_type": world.channels[parent.channel].kind,
    }
    return event | ({"subtype": "message_replied"} if with_subtype else {})


def mention_event(world: SlackWorkspace, message: Message) -> Payload:
    """`app_mention`, which comes beside the message event for the same message."""
    keys = ("user", "ts", "client_msg_id", "text", "team", "blocks", "thread_ts", "parent_user_id")
    shown = message_object(world, message)
    kept = {key: shown[key] for key in keys if key in shown}
    return {"type": "app_mention", **kept, "channel": message.channel, "event_ts": message.ts}


def joined_event(world: SlackWorkspace, channel: Channel, user: str, inviter: str | None) -> Payload:
    """`member_joined_channel`."""
    event: Payload = {
        "type": "member_joined_channel",
        "user": user,
        "channel": channel.id,
        "channel_type": "C" if channel.kind == "channel" else "G",
        "team": world.team.id,
        "event_ts": world.new_ts(),
    }
    return event | ({"inviter": inviter} if inviter else {})


def home_opened_event(world: SlackWorkspace, user: str, channel: Channel, tab: str) -> Payload:
    """`app_home_opened`; a view that was published comes along on the Home tab."""
    event: Payload = {
        "type": "app_home_opened",
        "user": user,
        "channel": channel.id,
        "tab": tab,
        "event_ts": world.new_ts(),
    }
    home = world.homes.get(user)
    return event | ({"view": view_object(world, home)} if home is not None and tab == "home" else {})


def event_callback(world: SlackWorkspace, inner: Payload) -> Payload:
    """The outer payload of an event, with a fresh `event_id`."""
    channel = world.channels.get(str(inner.get("channel", "")))
    return {
        "token": world.app.verification_token,
        "team_id": world.team.id,
        "context_team_id": world.team.id,
        "context_enterprise_id": None,
        "api_app_id": world.app.id,
        "event": inner,
        "type": "event_callback",
        "event_id": world.new_id("Ev"),
        "event_time": world.now(),
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": world.team.id,
                "user_id": world.app.bot_user_id,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": channel.is_ext_shared if channel is not None else False,
        "event_context": f"4-{world.new_id('x')}",
    }


def is_wanted(world: SlackWorkspace, inner: Payload) -> bool:
    """Whether the app gets this event: subscribed to, scope granted, and its bot in the channel."""
    kind = str(inner["type"])
    channel = world.channels.get(str(inner.get("channel", "")))
    if kind == "message" and channel is not None:
        kind = channel.kind
    if kind != "app_home_opened" and channel is not None and world.app.bot_user_id not in channel.members:
        return False
    subscription, scope = _NEEDS.get(kind, (kind, ""))
    return subscription in world.app.event_types and (not scope or scope in world.bot_token.scopes)
