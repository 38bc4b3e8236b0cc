"""Messages as Discord writes them, and what is left of one without the message content intent.

Source: Message resource; Gateway documentation, "Message Content Intent" (its exceptions: own messages, direct
messages, messages that mention the app).
"""

from .attachments import AttachmentLinks
from .clock import iso
from .json_types import Json
from .model import Guild, Message, User
from .payloads import member_json, user_json


class MessagePayloads:
    """Builds message objects."""

    def __init__(self, links: AttachmentLinks, bot: User, application_id: int) -> None:
        self._links = links
        self._bot = bot
        self._application_id = application_id

    def message(self, message: Message, *, replied_to: Message | None = None) -> Json:
        """The message object of the REST API; `replied_to` is shown for replies while it exists."""
        data = self._core(message) | self._optional(message)
        if message.reference is not None:
            data["message_reference"] = message.reference
            if not message.snapshots:
                data["referenced_message"] = None if replied_to is None else self._referenced(replied_to)
        return data

    def event(self, message: Message, guild: Guild | None, *, replied_to: Message | None = None) -> Json:
        """The same with what only gateway events carry: guild_id, member, members of the mentioned."""
        data = self.message(message, replied_to=replied_to)
        if guild is None or message.ephemeral_for is not None:
            return data
        data["guild_id"] = str(guild.id)
        member = guild.members.get(message.author.id)
        if member is not None and message.webhook_id is None:
            data["member"] = member_json(member, with_user=False)
        for mention in data["mentions"]:
            mentioned = guild.members.get(int(mention["id"]))
            if mentioned is not None:
                mention["member"] = member_json(mentioned, with_user=False)
        return data

    def snapshot(self, message: Message) -> Json:
        """A forwarded message as a message snapshot: no author, no ids."""
        core = self._core(message)
        kept = ("content", "embeds", "attachments", "timestamp", "edited_timestamp", "flags", "mentions")
        inner: Json = {key: core[key] for key in (*kept, "mention_roles", "components", "type")}
        if message.sticker_items:
            inner["sticker_items"] = message.sticker_items
        return {"message": inner}

    def redacted(self, data: Json, *, in_guild: bool) -> Json:
        """What an app without the message content intent gets of a message object."""
        if not in_guild or self._is_exempt(data):
            return data
        out = data | {"content": "", "embeds": [], "attachments": [], "components": []}
        out.pop("poll", None)
        if out.get("referenced_message"):
            out["referenced_message"] = self.redacted(out["referenced_message"], in_guild=True)
        if "message_snapshots" in out:
            empty = {"content": "", "embeds": [], "attachments": [], "components": []}
            out["message_snapshots"] = [{"message": s["message"] | empty} for s in out["message_snapshots"]]
        return out

    def _is_exempt(self, data: Json) -> bool:
        own = data["author"]["id"] == str(self._bot.id) or data.get("application_id") == str(self._application_id)
        return own or any(user["id"] == str(self._bot.id) for user in data["mentions"])

    def _referenced(self, message: Message) -> Json:
        data = self._core(message) | self._optional(message)
        if message.reference is not None:
            data["message_reference"] = message.reference
        return data

    def _core(self, message: Message) -> Json:
        edited = message.edited_timestamp
        return {
            "id": str(message.id),
            "channel_id": str(message.channel_id),
            "author": user_json(message.author),
            "content": message.content,
            "timestamp": iso(message.timestamp),
            "edited_timestamp": iso(edited) if edited else None,
            "tts": message.tts,
            "mention_everyone": message.mention_everyone,
            "mentions": [user_json(user) for user in message.mentions],
            "mention_roles": [str(role) for role in message.mention_roles],
            "attachments": [self._links.describe(item) for item in message.attachments],
            "embeds": message.embeds,
            "components": message.components,
            "pinned": message.pinned,
            "type": int(message.kind),
            "flags": message.flags,
        }

    def _optional(self, message: Message) -> Json:
        fields: Json = {
            "webhook_id": _text(message.webhook_id),
            "application_id": _text(message.application_id),
            "nonce": message.nonce,
            "poll": message.poll,
            "sticker_items": message.sticker_items or None,
            "message_snapshots": message.snapshots or None,
            "interaction_metadata": message.interaction,
            "reactions": self._reactions(message) or None,
        }
        return {key: value for key, value in fields.items() if value is not None}

    def _reactions(self, message: Message) -> list[Json]:
        return [
            {
                "emoji": {"id": None, "name": emoji},
                "count": len(users),
                "count_details": {"burst": 0, "normal": len(users)},
                "burst_colors": [],
                "me_burst": False,
                "me": self._bot.id in users,
            }
            for emoji, users in message.reactions.items()
        ]


def _text(value: int | None) -> str | None:
    return None if value is None else str(value)
