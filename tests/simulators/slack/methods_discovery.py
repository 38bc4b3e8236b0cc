"""discovery.chat.*: what an Enterprise Grid organisation's DLP tool does to messages.

The Discovery API's reference is not public. Arguments and answers are those of Slack's own Discovery SDK
(slackapi/python-slack-discovery-sdk: the client and its test_chat.py); the errors are modelled on chat.delete.
"""

from tests.simulators.slack.api import ApiError, Arguments, Caller, invalid_arguments, method
from tests.simulators.slack.shapes import message_object
from tests.simulators.slack.world import Message, Payload

DEFAULT_CONTENT = "This message is being reviewed because it may not comply with your organization's policies."


def _message(caller: Caller, args: Arguments) -> Message:
    if args.text("team") not in (None, caller.world.team.id):
        raise ApiError("team_not_found")
    channel = caller.world.channels.get(args.required("channel"))
    if channel is None:
        raise ApiError("channel_not_found")
    found = channel.messages.get(args.required("ts"))
    if found is None or found.gone:
        raise ApiError("message_not_found")
    return found


def _answer(caller: Caller, message: Message) -> Payload:
    shape = message_object(caller.world, message)
    return {"channel": message.channel, "ts": message.ts, "message": shape}


@method("discovery.chat.tombstone", tier=3, scopes=("discovery:write",), tokens=("org",))
def tombstone(caller: Caller, args: Arguments) -> Payload:
    """Hide a message behind a notice."""
    message = _message(caller, args)
    caller.timeline.set_dlp_tombstone(message, args.text("content") or DEFAULT_CONTENT)
    return _answer(caller, message)


@method("discovery.chat.restore", tier=3, scopes=("discovery:write",), tokens=("org",))
def restore(caller: Caller, args: Arguments) -> Payload:
    """Bring a hidden message back."""
    message = _message(caller, args)
    if message.dlp_tombstone is None:
        raise invalid_arguments("message is not tombstoned")
    caller.timeline.set_dlp_tombstone(message, None)
    return _answer(caller, message)
