"""A local Slack: Web API, Socket Mode, Events API over HTTP, interactivity and files, as Slack documents them.

It runs in the event loop of the test, on a free port of 127.0.0.1, and is used with unmodified slack-sdk and
slack-bolt clients. Its state is plain Python objects under `sim.world`.

Start, and connect a client::

    async with SlackSimulator() as sim:
        marta = sim.world.add_user("marta")                      # is_admin=, is_owner=, is_stranger=, tz=, locale= …
        garden = sim.world.add_channel("garden", [marta])        # kind="group"; with_bot=False; is_archived=True …
        client = AsyncWebClient(token=sim.bot_token, base_url=sim.api_url)
        handler = AsyncSocketModeHandler(AsyncApp(client=client), sim.app_token)
        await handler.connect_async()

More tokens: `sim.world.add_user_token(owner).value` (xoxp-), `sim.world.add_org_token().value` (Discovery API). Change
`sim.world.bot_token.scopes` (a frozenset) or set `.revoked`. Signing secret: `sim.world.app.signing_secret`.

Members act; each call changes the world at once and sends the event in the background::

    message = sim.post(marta, garden, "typed text", thread_ts=None, files=[file], blocks=None)
    sim.edit(message, "new text"); sim.unfurl(message, url); sim.delete(message)
    sim.thread_broadcast(marta, garden, "text", parent.ts); sim.me_message(marta, garden, "waves")
    sim.bot_message(garden, "from another app"); sim.direct_message(marta, "to the bot")
    sim.join(marta, garden); sim.leave(marta, garden); sim.deactivate(marta); sim.archive(garden)
    sim.thread_replied(parent); sim.open_home(marta); sim.send_event({"type": "tokens_revoked", "tokens": {}})
    file = sim.world.add_file(marta, "diary.txt", b"…", file_access="check_file_info")
    await sim.settle()                                           # every event acknowledged, lost or given up
    await sim.wait_until(lambda: message.gone)                   # what the app does of it afterwards

Interactions wait for the app's acknowledgement and give a Delivery (`state`, `outcomes`, `response`)::

    await sim.click(marta, note_or_message_or_view, "action_id", value=None)
    await sim.submit_view(marta, view, {"action_id": "typed or chosen value"}); await sim.close_view(marta, view)
    await sim.slash_command(marta, garden, "/chaperone", "help")
    await sim.message_shortcut(marta, message, "callback_id"); await sim.global_shortcut(marta, "callback_id")
    sim.new_trigger(marta)                                       # a trigger_id without an interaction

Look at what happened::

    message.text, message.texts, message.deleted, message.tombstoned, message.dlp_tombstone, message.gone
    sim.world.visible_texts(garden); sim.world.message(channel_id, ts); garden.messages[ts]
    sim.world.notes_for(marta)                                   # ephemerals: .text, .blocks, .replaced, .deleted
    sim.world.direct_messages_to(marta); sim.world.views; sim.world.homes[marta.id]     # View: .payload, .versions
    sim.calls; sim.calls_of("chat.delete", error="cant_delete_message")     # ApiCall: .args, .token, .status, .error
    sim.deliveries; sim.lost(); sim.events_sent("message_changed")

Trouble, on command::

    sim.fail_next("chat.delete", status=500, times=2)            # or error="…", retry_after=1, delay_s=0.5, cut=True
    sim.fail_next("chat.postMessage", status=500, after_effect=True)        # done, but the answer is lost
    sim.limits.strict = True; sim.limits.per_minute["users.info"] = 3; sim.limits.post_burst = 1
    sim.limits.outside_marketplace = True                        # history: one call a minute, 15 messages
    sim.duplicate_next(); sim.redeliver(sim.deliveries[0])       # same event_id again
    await sim.disconnect("warning"); sim.cut_sockets()           # "refresh_requested"; "link_disabled" is final
    sim.world.settings.deletion = "admins"                       # "everyone", "nobody"; .compliance_exports = True

HTTP instead of sockets: `transport = sim.use_http(url)`, `await transport.verify_url("challenge")`,
`transport.bad_signature = True`; back with `sim.use_sockets()`.

Time: `SlackSimulator(clock=ManualClock(), timing=Timing(ack_timeout_s=0.3))`. The clock rules timestamps, rate limits,
triggers and response URLs; waiting for acknowledgements is in real seconds. With HTTP keep the system clock, because
clients check the age of signatures. An app that does not acknowledge costs `ack_timeout_s` for each of four attempts.

Not simulated: formatting in `rich_text` (lists, bold, emoji); user-token event subscriptions; workflows, canvases,
scheduled messages, calls, search; OAuth installation; Enterprise Grid's many workspaces; file uploads by the app;
`app_rate_limited` and the switching off of failing subscriptions; member_left and channel lifecycle events.
"""

from tests.simulators.slack.clock import Clock, ManualClock, system_clock
from tests.simulators.slack.delivery import Delivery, Timing
from tests.simulators.slack.server import SlackSimulator
from tests.simulators.slack.web_api import ApiCall
from tests.simulators.slack.workspace import SlackWorkspace
from tests.simulators.slack.world import Channel, Ephemeral, File, Message, Payload, Token, User, UserGroup, View

__all__ = [
    "ApiCall",
    "Channel",
    "Clock",
    "Delivery",
    "Ephemeral",
    "File",
    "ManualClock",
    "Message",
    "Payload",
    "SlackSimulator",
    "SlackWorkspace",
    "Timing",
    "Token",
    "User",
    "UserGroup",
    "View",
    "system_clock",
]
