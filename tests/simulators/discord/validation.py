"""Limits on what a bot may post, answered with nested form errors.

Source: Message, Webhook and Poll resources ("Embed Limits", field tables); error codes as seen in public reports of
answers by Discord.
"""

from .component_validation import check_components
from .errors import FormErrors, api_error
from .json_types import Json
from .model import MessageFlag

CONTENT_LIMIT = 2000
EMBED_TOTAL = 6000
_EMBED_TEXTS = (("title", 256), ("description", 4096))
_FORBIDDEN_NAMES = ("clyde", "discord")


def check_message(body: Json, *, files: int = 0, current_flags: int = 0) -> None:
    """Raises ApiError 50035 for what breaks a limit."""
    errors = FormErrors()
    errors.length("content", body.get("content"), 0, CONTENT_LIMIT)
    errors.length("embeds", body.get("embeds"), 0, 10)
    errors.length("sticker_ids", body.get("sticker_ids"), 0, 3)
    errors.length("nonce", body.get("nonce"), 0, 25)
    _check_embeds(body.get("embeds") or [], errors)
    _check_allowed_mentions(body.get("allowed_mentions") or {}, errors)
    flags = (body.get("flags") or 0) | current_flags
    is_v2 = bool(flags & MessageFlag.COMPONENTS_V2)
    if is_v2:
        _check_no_legacy_fields(body, errors)
    check_components(body.get("components") or [], errors, is_v2=is_v2)
    if body.get("poll"):
        _check_poll(body["poll"], errors)
    if files > 10:
        errors.length("attachments", ["file"] * files, 0, 10)
    errors.raise_if_any()


def check_not_empty(body: Json, *, files: int = 0) -> None:
    """Raises ApiError 50006 for a message with nothing in it."""
    anything = any(body.get(key) for key in ("content", "embeds", "sticker_ids", "components", "poll"))
    if not anything and not files and not body.get("message_reference", {}).get("type"):
        raise api_error(50006)


def check_webhook_name(name: object, path: str, *, needed: bool) -> None:
    """Raises ApiError 50035 for a webhook name Discord does not take (1 to 80 characters, no reserved words)."""
    errors = FormErrors()
    if needed:
        errors.required(path, name)
    if isinstance(name, str):
        errors.length(path, name, 1, 80)
        for word in _FORBIDDEN_NAMES:
            if word in name.lower():
                errors.add(path, "USERNAME_INVALID_CONTAINS", f'Username cannot contain "{word}"')
    errors.raise_if_any()


def _check_embeds(embeds: list[Json], errors: FormErrors) -> None:
    for index, embed in enumerate(embeds):
        path = f"embeds.{index}"
        for name, limit in _EMBED_TEXTS:
            errors.length(f"{path}.{name}", embed.get(name), 0, limit)
        errors.length(f"{path}.footer.text", embed.get("footer", {}).get("text"), 0, 2048)
        errors.length(f"{path}.author.name", embed.get("author", {}).get("name"), 0, 256)
        errors.length(f"{path}.fields", embed.get("fields"), 0, 25)
        for number, entry in enumerate(embed.get("fields") or []):
            _check_field(entry, f"{path}.fields.{number}", errors)
    if sum(_embed_size(embed) for embed in embeds) > EMBED_TOTAL:
        errors.add("embeds", "MAX_EMBED_SIZE_EXCEEDED", f"Embed size exceeds maximum size of {EMBED_TOTAL}")


def _check_field(entry: Json, path: str, errors: FormErrors) -> None:
    for name, limit in (("name", 256), ("value", 1024)):
        errors.required(f"{path}.{name}", entry.get(name))
        errors.length(f"{path}.{name}", entry.get(name), 0, limit)


def _embed_size(embed: Json) -> int:
    texts = [
        embed.get("title"),
        embed.get("description"),
        embed.get("footer", {}).get("text"),
        embed.get("author", {}).get("name"),
    ]
    for entry in embed.get("fields") or []:
        texts += [entry.get("name"), entry.get("value")]
    return sum(len(text) for text in texts if isinstance(text, str))


def _check_allowed_mentions(allowed: Json, errors: FormErrors) -> None:
    parse = allowed.get("parse") or []
    for name in ("users", "roles"):
        errors.length(f"allowed_mentions.{name}", allowed.get(name), 0, 100)
        if name in parse and allowed.get(name):
            errors.add(
                "allowed_mentions",
                "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE",
                f'parse:["{name}"] and {name}: [ids...] are mutually exclusive.',
            )


def _check_no_legacy_fields(body: Json, errors: FormErrors) -> None:
    for name in ("content", "embeds", "sticker_ids", "poll"):
        if body.get(name):
            errors.add(
                name,
                "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
                f"The '{name}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2",
            )


def _check_poll(poll: Json, errors: FormErrors) -> None:
    errors.length("poll.question.text", poll.get("question", {}).get("text"), 1, 300)
    errors.length("poll.answers", poll.get("answers"), 1, 10)
    for index, answer in enumerate(poll.get("answers") or []):
        errors.length(f"poll.answers.{index}.poll_media.text", answer.get("poll_media", {}).get("text"), 1, 55)
