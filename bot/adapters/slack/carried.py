"""What comes along with a message beside its text: blocks, forwarded messages, files (docs.slack.dev, "Block Kit", "File object")."""

from __future__ import annotations

from collections.abc import Iterator

from bot.adapters.slack.api import Payload
from bot.adapters.slack.text import Names, decode
from bot.domain.message import Attachment

#: Fields of blocks, of attachments and of their parts that members read.
_READ = ("pretext", "author_name", "title", "text", "alt_text", "value", "footer", "description")
#: Fields that hold further parts.
_PARTS = (
    "blocks",
    "message_blocks",
    "message",
    "elements",
    "element",
    "fields",
    "accessory",
    "attachments",
    "files",
    "rows",
)
#: Deeper than this nobody nests; a payload that does is not followed.
_DEPTH = 12
#: Every text of a file object that members can see or hear.
_FILE_TEXTS = ("title", "name", "alt_txt", "preview", "plain_text", "subject")
#: The ``file_access`` of a file that came as a stub, in Slack Connect channels: ask for more ("File object").
FILE_STUB = "check_file_info"


def carried_texts(payload: Payload, plain: str, names: Names) -> tuple[str, ...]:
    """Texts of the message's blocks and attachments that ``plain``, its decoded text, does not have already; each once."""
    found: list[str] = []
    for raw in [*_texts(payload.get("blocks")), *_attached(payload)]:
        text = decode(raw, names).plain.strip()
        if text and text not in plain and text not in found:
            found.append(text)
    return tuple(found)


def files_of(payload: Payload) -> tuple[Attachment, ...]:
    """The message's files with all their texts; those that were deleted are left out."""
    files = [file for file in payload.get("files") or () if file.get("mode") != "tombstone"]
    return tuple(
        Attachment(
            id=str(file["id"]),
            words="\n".join(dict.fromkeys(_file_texts(file))),
            url=file.get("url_private"),
            unread=file.get("file_access") == FILE_STUB,
        )
        for file in files
    )


def _attached(payload: Payload) -> Iterator[str]:
    """Texts of attachments, but for link previews: what a page says of itself is not what the member said."""
    for attachment in payload.get("attachments") or ():
        is_preview = attachment.get("from_url") and not any(
            attachment.get(mark) for mark in ("is_share", "is_msg_unfurl", "message_blocks")
        )
        if is_preview:
            continue
        texts = list(_texts(attachment))
        yield from texts or [str(attachment.get("fallback") or "")]


def _texts(part: object, depth: int = 0) -> Iterator[str]:
    if isinstance(part, list) and depth <= _DEPTH:
        for each in part:
            yield from _texts(each, depth + 1)
    if isinstance(part, dict) and depth <= _DEPTH:
        yield from (part[name] for name in _READ if isinstance(part.get(name), str))
        yield from [str(part.get("url", ""))] if part.get("type") == "link" else []
        for name in (*_READ, *_PARTS):
            yield from _texts(part.get(name), depth + 1)


def _file_texts(file: Payload) -> Iterator[str]:
    for name in _FILE_TEXTS:
        value = file.get(name)
        if isinstance(value, str) and value:
            yield value
    spoken = ((file.get("transcription") or {}).get("preview") or {}).get("content")
    if isinstance(spoken, str) and spoken:
        yield spoken
