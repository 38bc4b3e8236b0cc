"""A discord.Message as a domain Message: everything in it that people can read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import discord

from bot.adapters.discord.markup import decoded
from bot.adapters.discord.places import Place, position
from bot.domain.message import Attachment, Author, Message, MessageRef

#: What people write. Everything else is a system message.
_WRITTEN = frozenset({discord.MessageType.default, discord.MessageType.reply})

Person = discord.Member | discord.User


def message_of(
    source: discord.Message, place: Place, *, titled: bool = False, author: Person | None = None
) -> Message | None:
    """The message; None where no person wrote it (system, bots, webhooks: so that the bot never reads its own restored messages).

    ``titled``: the thread's title belongs to this message. ``author`` with its roles, where the source came without them.
    """
    if source.type not in _WRITTEN or source.author.bot or source.webhook_id is not None:
        return None
    ref = MessageRef(room=place.room.ref, message=str(source.id), thread=place.thread)
    title = [place.title] if place.title and (titled or ref.message == ref.thread) else []
    return Message(
        ref=ref,
        revision=source.edited_at.isoformat() if source.edited_at else position(source.id),
        author=author_of(author or source.author),
        typed=decoded(source.content, lambda kind, snowflake: _name(source, kind, snowflake)),
        sent_at=source.created_at,
        room_name=place.room.name,
        room_parent=place.room.parent,
        edited_at=source.edited_at,
        reply_to=_reply_to(source, ref),
        carried=tuple(text for text in (*title, *_carried(source)) if text and text.strip()),
        attachments=tuple(_attachments(source)),
        permalink=source.jump_url,
    )


def author_of(person: Person, *, locale: str | None = None) -> Author:
    """A user, with roles by id and name where they are seen as a member."""
    roles: frozenset[str] = frozenset()
    joined_at = None
    if isinstance(person, discord.Member):
        own = [role for role in person.roles if not role.is_default()]
        roles = frozenset([*(str(role.id) for role in own), *(role.name for role in own)])
        joined_at = person.joined_at
    return Author(
        id=str(person.id),
        name=person.display_name,
        platform_roles=roles,
        joined_at=joined_at,
        locale=locale,
        picture=person.display_avatar.url,
    )


def is_blank(source: discord.Message) -> bool:
    """Whether nothing at all can be read or seen in the message: Discord takes no such messages, so its content was withheld."""
    return not (source.content or source.stickers or source.poll or source.embeds or source.attachments) and not (
        source.components or source.message_snapshots
    )


def _reply_to(source: discord.Message, ref: MessageRef) -> MessageRef | None:
    answered = source.reference
    if source.type is not discord.MessageType.reply or answered is None or answered.message_id is None:
        return None
    return MessageRef(room=ref.room, message=str(answered.message_id), thread=ref.thread)


def _name(source: discord.Message, kind: str, snowflake: int) -> str | None:
    if kind == "@":
        return next((person.display_name for person in source.mentions if person.id == snowflake), None)
    if source.guild is None:
        return None
    found = source.guild.get_role(snowflake) if kind == "@&" else source.guild.get_channel_or_thread(snowflake)
    return None if found is None else found.name


def _carried(source: discord.Message) -> Iterator[str]:
    for snapshot in source.message_snapshots:
        yield snapshot.content
        yield from _shown(snapshot.embeds, snapshot.stickers, snapshot.components)
    if source.poll is not None:
        yield source.poll.question
        yield from (answer.text for answer in source.poll.answers)
    yield from _shown(source.embeds, source.stickers, source.components)


def _shown(
    embeds: Sequence[discord.Embed],
    stickers: Sequence[discord.StickerItem],
    components: Sequence[discord.components.MessageComponentType],
) -> Iterator[str]:
    for embed in embeds:
        yield from _embed_texts(embed)
    yield from (sticker.name for sticker in stickers)
    for component in components:
        yield from _component_texts(component)


def _embed_texts(embed: discord.Embed) -> Iterator[str]:
    texts = [embed.author.name, embed.title, embed.description]
    for field in embed.fields:
        texts += [field.name, field.value]
    yield from (text for text in [*texts, embed.footer.text] if text)


def _component_texts(component: discord.Component) -> Iterator[str]:
    if isinstance(component, discord.TextDisplay):
        yield component.content
    elif isinstance(component, discord.Container | discord.SectionComponent):
        for child in component.children:
            yield from _component_texts(child)
    elif isinstance(component, discord.MediaGalleryComponent):
        yield from (item.description for item in component.items if item.description)


def _attachments(source: discord.Message) -> Iterator[Attachment]:
    """Files of the message and of what it forwards. A voice message is one with an audio type; Discord gives no transcript."""
    forwarded = [item for snapshot in source.message_snapshots for item in snapshot.attachments]
    for item in (*source.attachments, *forwarded):
        words = "\n".join(text for text in (item.filename, item.title, item.description) if text)
        yield Attachment(id=str(item.id), words=words, media_type=item.content_type, url=item.url)
