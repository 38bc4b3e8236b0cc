"""A local Discord for tests: REST API, gateway and attachment server on 127.0.0.1, in the test's own event loop.

It is built from Discord's documentation and used with the unmodified discord.py::

    async with DiscordSimulator() as sim:
        guild = sim.add_guild("Patients")  # the bot is in it, with EVERYONE_DEFAULT | MODERATION_BOT
        general = sim.add_channel(guild, "general")
        ann = sim.add_user("ann")
        sim.join(ann, guild)
        # the bot's launcher: Route.BASE = sim.api_url, DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(sim.gateway_url),
        # token sim.token; inside one process `client.pointed_at(sim)` sets and restores both
        await sim.ready()
        message = sim.post(ann, general, "my neighbour has ...")
        await sim.until(lambda: message.id not in general.messages)
        assert sim.calls_to("DELETE", f"/messages/{message.id}$")[0].reason == "..."
        note = await sim.until(lambda: sim.direct_messages(ann))
        pressed = await sim.answer(sim.click(ann, note[-1], "review:1"))

Driver calls are synchronous and take effect at once; events are queued to the sockets. Wait with `until`, which wakes
on every change; never with sleeps.

People: `post`, `direct`, `reply`, `forward`, `voice_message`, `poll`, `thread`, `forum_post`, `edit`, `resolve_embed`,
`pin`, `delete`, `bulk_delete`, `react`, `webhook_post`; `click`, `submit_modal`, `slash`, `context_menu`, `user_menu`,
then `await answer(interaction)` or `await replied(interaction)`. What Discord's app would not let them do raises
`NotAllowedError`; what native AutoMod stops raises `BlockedByAutoModError`.

World: `add_guild`, `add_channel`, `add_user`, `add_role`, `join`, `leave`, `set_bot_permissions`, `overwrite`,
`hide_from_bot`, `set_role`, `set_roles`, `set_nick`, `time_out`, `set_dms`, `rename`, `delete_channel`, `outage`,
`kick_bot`; `sim.application.message_content = False` and its like switch privileged intents off in the portal.

State: `history(channel)`, `direct_messages(user)`, `guild.members`, `.bans`, `.audit_log`, `.webhooks`, `.rules`,
`sim.world.ephemerals`, `sim.interactions.all`, `sim.commands`, `sim.calls`, `sim.events(name)`, `sim.invalid_requests`.

Trouble: `fail_next`, `slow_next`, `duplicate_last_event`, `sim.rate_limits.mode = RateLimitMode.STRICT`,
`sim.rate_limits.set_limit(...)`, `sim.clock.advance(timedelta(...))`; `sim.gateway.cut_all()`, `.close_all(code,
ends_sessions=...)`, `.invalidate(resumable=...)`, `.ask_to_reconnect()`, `.options.refuse`, `.options.acknowledge`,
`.options.heartbeat_interval` (seconds), `.options.resume_window`, `.options.shards`.
"""

from .clock import SimClock
from .faults import Call
from .interaction_state import CallbackType, Interaction, InteractionType
from .message_driver import BlockedByAutoModError, File, NotAllowedError
from .model import AuditAction, Channel, ChannelType, Guild, Member, Message, MessageFlag, MessageType, Role, User
from .permissions import EVERYONE_DEFAULT, MODERATION_BOT, Permission
from .rate_limits import RateLimitMode
from .simulator import DiscordSimulator

__all__ = [
    "EVERYONE_DEFAULT",
    "MODERATION_BOT",
    "AuditAction",
    "BlockedByAutoModError",
    "Call",
    "CallbackType",
    "Channel",
    "ChannelType",
    "DiscordSimulator",
    "File",
    "Guild",
    "Interaction",
    "InteractionType",
    "Member",
    "Message",
    "MessageFlag",
    "MessageType",
    "NotAllowedError",
    "Permission",
    "RateLimitMode",
    "Role",
    "SimClock",
    "User",
]
