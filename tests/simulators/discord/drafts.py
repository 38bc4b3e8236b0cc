"""From the body of a request to a message draft: files, polls, stickers, embeds."""

from datetime import timedelta

from .clock import iso
from .errors import api_error
from .json_types import Json
from .message_changes import PARSE_ALL, Draft
from .model import Attachment, MessageFlag
from .rest_types import RestRequest, Upload

SETTABLE = (
    MessageFlag.SUPPRESS_EMBEDS
    | MessageFlag.SUPPRESS_NOTIFICATIONS
    | MessageFlag.VOICE_MESSAGE
    | MessageFlag.COMPONENTS_V2
)
"""Flags a bot may set when it creates a message."""


def draft_of(req: RestRequest, body: Json, channel_id: int, *, default_mentions: Json = PARSE_ALL) -> Draft:
    """The draft a request describes. Raises ApiError 50081 for stickers: the guilds here own none."""
    _no_stickers(body)
    allowed = body.get("allowed_mentions")
    return Draft(
        content=body.get("content") or "",
        embeds=[_rich(embed) for embed in body.get("embeds") or []],
        components=number_components(body.get("components") or []),
        attachments=attachments_of(req, body, channel_id),
        poll=_poll(req, body.get("poll")),
        flags=(body.get("flags") or 0) & SETTABLE,
        tts=bool(body.get("tts")),
        nonce=body.get("nonce"),
        allowed_mentions=default_mentions if allowed is None else allowed,
    )


def attachments_of(
    req: RestRequest, body: Json, channel_id: int, kept: list[Attachment] | None = None
) -> list[Attachment]:
    """New files of the request after the ones the body says to keep."""
    described = {str(item.get("id")): item for item in body.get("attachments") or []}
    old = [item for item in kept or [] if str(item.id) in described]
    return [*old, *(_attachment(req, item, described.get(str(item.index), {}), channel_id) for item in req.uploads)]


def _attachment(req: RestRequest, upload: Upload, described: Json, channel_id: int) -> Attachment:
    return Attachment(
        id=req.sim.world.ids.next(),
        channel_id=channel_id,
        filename=(described.get("filename") or upload.filename).replace(" ", "_"),
        content=upload.content,
        content_type=upload.content_type,
        title=described.get("title"),
        description=described.get("description"),
        duration_secs=described.get("duration_secs"),
        waveform=described.get("waveform"),
    )


def number_components(components: list[Json], start: int = 1) -> list[Json]:
    """Components with the `id` Discord gives each one that has none, in order."""
    numbered: list[Json] = []
    for component in components:
        copy = {"id": start, **component}
        start += 1
        if "components" in component:
            copy["components"] = number_components(component["components"], start)
            start += len(component["components"])
        numbered.append(copy)
    return numbered


def _rich(embed: Json) -> Json:
    return {"type": "rich", **{key: value for key, value in embed.items() if key not in {"type", "provider", "video"}}}


def _no_stickers(body: Json) -> None:
    if body.get("sticker_ids"):
        raise api_error(50081)


def _poll(req: RestRequest, poll: Json | None) -> Json | None:
    if poll is None:
        return None
    expiry = req.sim.clock.now() + timedelta(hours=poll.get("duration") or 24)
    return poll_json(
        poll["question"]["text"],
        [answer["poll_media"]["text"] for answer in poll["answers"]],
        iso(expiry),
        many=bool(poll.get("allow_multiselect")),
    )


def poll_json(question: str, answers: list[str], expiry: str, *, many: bool) -> Json:
    """The poll object."""
    return {
        "question": {"text": question},
        "answers": [
            {"answer_id": number, "poll_media": {"text": text}} for number, text in enumerate(answers, start=1)
        ],
        "expiry": expiry,
        "allow_multiselect": many,
        "layout_type": 1,
        "results": {"is_finalized": False, "answer_counts": []},
    }
