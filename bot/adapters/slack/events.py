"""From Slack's payloads to what was said and what vanished. Pure: whatever must be asked of Slack is passed in.

Shapes: docs.slack.dev, "message event" and its subtypes, "Events API".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import MappingProxyType

from bot.adapters.slack.api import Identity, Payload
from bot.adapters.slack.carried import carried_texts, files_of
from bot.adapters.slack.text import Names, decode, mentioned
from bot.domain.message import Author, Message, MessageRef, PlatformName, RoomRef

#: Messages that a person wrote. Every other subtype is Slack's or an app's own.
_SPOKEN = (None, "file_share", "me_message", "thread_broadcast")
_GONE = ("tombstone", "dlp_tombstone")
#: The revision of a message that was never edited; sorts before every edit's timestamp.
FIRST_REVISION = "0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """One revision of a person's message. ``payload`` is Slack's message object."""

    payload: Payload
    channel: str
    revision: str

    @property
    def ts(self) -> str:
        """The message's id in its channel, which is also its time."""
        return str(self.payload["ts"])

    @property
    def author(self) -> str:
        """The author's id."""
        return str(self.payload["user"])

    @property
    def people(self) -> tuple[str, ...]:
        """Everybody whose name is needed to read the message, its author first."""
        return (self.author, *sorted(mentioned(_text(self.payload)) - {self.author}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Vanished:
    """A message that members no longer see."""

    channel: str
    ts: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What the payload does not say: the name of the channel, and who its author and the people it mentions are."""

    room_name: str = ""
    authors: Mapping[str, Author] = field(default_factory=lambda: MappingProxyType({}))


def sift(event: Payload, me: Identity) -> Spoken | Vanished | None:
    """What a message event tells; None for what is no person's word: the bot's own, other bots', Slack's, link previews."""
    subtype, channel = event.get("subtype"), str(event.get("channel", ""))
    if subtype == "message_deleted":
        return Vanished(channel=channel, ts=str(event["deleted_ts"]))
    if subtype == "message_changed":
        return _changed(event, channel, me)
    return None if event.get("hidden") else sift_kept(event, channel, me)


def sift_kept(payload: Payload, channel: str, me: Identity) -> Spoken | None:
    """The message that the channel's history, or a shortcut, shows; None for what is no person's word."""
    if payload.get("subtype") not in _SPOKEN or payload.get("bot_id"):
        return None
    if payload.get("user") in (None, me.user, "USLACKBOT") or "ts" not in payload:
        return None
    return Spoken(payload=payload, channel=channel, revision=_edited(payload) or FIRST_REVISION)


def message_ref(me: Identity, channel: str, ts: str, thread: str | None = None) -> MessageRef:
    """The reference of a message; ``thread`` is left out for the message that began it."""
    room = RoomRef(platform=PlatformName.SLACK, workspace=me.workspace, room=channel)
    return MessageRef(room=room, message=ts, thread=thread if thread != ts else None)


def message_from(spoken: Spoken, me: Identity, around: Surroundings) -> Message:
    """The message in the house's words."""
    payload = spoken.payload
    ref = message_ref(me, spoken.channel, spoken.ts, payload.get("thread_ts"))
    names = Names(users={user: author.name for user, author in around.authors.items()})
    typed = decode(_text(payload), names)
    edited = _edited(payload)
    return Message(
        ref=ref,
        revision=spoken.revision,
        author=around.authors.get(spoken.author) or Author(id=spoken.author, name=spoken.author),
        typed=typed,
        sent_at=moment(spoken.ts),
        room_name=around.room_name,
        edited_at=moment(edited) if edited else None,
        reply_to=message_ref(me, spoken.channel, ref.thread) if ref.thread else None,
        carried=carried_texts(payload, typed.plain, names),
        attachments=files_of(payload),
        permalink=permalink(me, ref),
    )


def permalink(me: Identity, ref: MessageRef) -> str:
    """The message's address, as chat.getPermalink gives it, without asking Slack."""
    link = f"{me.url}archives/{ref.room.room}/p{ref.message.replace('.', '')}"
    return f"{link}?thread_ts={ref.thread}&cid={ref.room.room}" if ref.thread else link


def moment(ts: str) -> datetime:
    """The time of a Slack timestamp such as ``1736207085.539649``."""
    seconds, _, micro = ts.partition(".")
    return datetime.fromtimestamp(int(seconds), UTC) + timedelta(microseconds=int(micro.ljust(6, "0")[:6] or 0))


def _changed(event: Payload, channel: str, me: Identity) -> Spoken | Vanished | None:
    now, before = event.get("message") or {}, event.get("previous_message") or {}
    if now.get("subtype") in _GONE:
        return Vanished(channel=channel, ts=str(now["ts"]))
    if before.get("subtype") in _GONE:
        return None  # it was brought back: a person has decided on it
    spoken = sift_kept(now, channel, me)
    if spoken is None or _words(now) == _words(before):
        return None
    if _edited(now) not in (None, _edited(before)):
        return spoken
    # Slack counts edits in whole seconds: a second one within the same second needs the event's own time to be told apart
    return Spoken(payload=now, channel=channel, revision=f"{spoken.revision}+{event['event_ts']}")


def _words(payload: Payload) -> tuple[object, ...]:
    """What the author can change. Link previews are Slack's doing."""
    return _text(payload), [file.words for file in files_of(payload)], carried_texts(payload, _text(payload), Names())


def _text(payload: Payload) -> str:
    return str(payload.get("text") or "")


def _edited(payload: Payload) -> str | None:
    edited = payload.get("edited")
    return str(edited["ts"]) if isinstance(edited, dict) else None
