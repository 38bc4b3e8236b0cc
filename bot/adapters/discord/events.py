"""A discord.Message as a domain Message: everything in it that people can read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

import discord

from bot.adapters.discord.markup import decoded
from bot.adapters.discord.places import Place, is_forum_starter, position, title_ref
from bot.domain.message import Attachment, Author, Message, MessageRef
from bot.domain.text import MappedText

#: What people write. Everything else is a system message.
_WRITTEN = frozenset({discord.MessageType.default, discord.MessageType.reply})

Person = discord.Member | discord.User


def message_of(source: discord.Message, place: Place, *, author: Person | None = None) -> Message | None:
    """The message; None where no person wrote it (system, bots, webhooks: so that the bot never reads its own restored messages).

    Of the system messages only a thread's new title is people's own words. A forum post's title belongs to its first message.
    ``author`` with its roles, where the source came without them.
    """
    renamed = source.type is discord.MessageType.channel_name_change and place.thread is not None
    if not (renamed or source.type in _WRITTEN) or source.author.bot or source.webhook_id is not None:
        return None
    ref = MessageRef(room=place.room.ref, message=str(source.id), thread=place.thread)
    title = [place.title] if place.title and is_forum_starter(ref) else []
    if renamed:
        ref = title_ref(ref.room, int(place.thread or 0), source.id)
    return Message(
        ref=ref,
        revision=source.edited_at.isoformat() if source.edited_at else position(source.id),
        author=author_of(author or source.author),
        typed=decoded(source.content, lambda kind, snowflake: _name(source, kind, snowflake)),
        sent_at=source.created_at,
        room_name=place.room.name,
        edited_at=source.edited_at,
        reply_to=_reply_to(source, ref),
        carried=tuple(text for text in (*title, *_carried(source)) if text and text.strip()),
        attachments=tuple(_attachments(source)),
        permalink=source.jump_url,
    )


def title_of(thread: discord.Thread, place: Place, owner: discord.Member | None) -> Message | None:
    """The title with which a thread was opened; None where a bot opened it. ``owner`` is None where they have left."""
    if owner is not None and owner.bot:
        return None
    return Message(
        ref=title_ref(place.room.ref, thread.id, thread.id),
        revision=position(thread.id),
        author=Author(id=str(thread.owner_id), name="") if owner is None else author_of(owner),
        typed=MappedText.same(place.title or ""),
        sent_at=opened_at(thread),
        room_name=place.room.name,
        permalink=thread.jump_url,
    )


def has_own_title(thread: discord.Thread) -> bool:
    """Whether the title belongs to no message: a forum post's belongs to its first one."""
    return not isinstance(thread.parent, discord.ForumChannel)


def opened_at(thread: discord.Thread) -> datetime:
    """When a thread was opened. One opened under a message has that message's older id."""
    return thread.created_at or discord.utils.snowflake_time(thread.id)


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
        yield Attachment(id=str(item.id), words=words, url=item.url)
