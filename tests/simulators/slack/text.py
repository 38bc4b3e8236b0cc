"""Slack's message text: escaping, links, and the `rich_text` block that stands beside it.

Rules: docs.slack.dev, "Formatting message text". `&`, `<` and `>` are escaped; references stand in angle brackets.
"""

import re

from tests.simulators.slack.world import Payload

_REFERENCE = re.compile(
    r"<(?:@[UWB][A-Z0-9]+(?:\|[^<>]*)?|#C[A-Z0-9]+(?:\|[^<>]*)?"
    r"|!(?:here|channel|everyone|subteam\^S[A-Z0-9]+|date\^[^<>]+)(?:\|[^<>]*)?"
    r"|(?:https?://|mailto:|tel:)[^<>|\s]+(?:\|[^<>]*)?)>"
)
_LINK = re.compile(r"(?P<url>https?://[^\s<>|]+)|(?P<mail>\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+)")
_ESCAPED_AMPERSAND = re.compile(r"&(?!(?:amp|lt|gt);)")


def stored_text(raw: str, *, sent_by_app: bool = False) -> str:
    """What Slack stores for what somebody typed.

    References such as `<@U1>` pass as given and bare links and addresses become links. An app is expected to have
    escaped its text already, so what is escaped stays escaped once.
    """
    parts: list[str] = []
    position = 0
    for reference in _REFERENCE.finditer(raw):
        parts.append(_escape_and_link(raw[position : reference.start()], sent_by_app))
        parts.append(reference.group())
        position = reference.end()
    parts.append(_escape_and_link(raw[position:], sent_by_app))
    return "".join(parts)


def _escape_and_link(plain: str, sent_by_app: bool) -> str:
    ampersands = _ESCAPED_AMPERSAND.sub("&amp;", plain) if sent_by_app else plain.replace("&", "&amp;")
    escaped = ampersands.replace("<", "&lt;").replace(">", "&gt;")

    def link(match: re.Match[str]) -> str:
        if match["url"]:
            bare = match["url"].rstrip(".,;:!?)")
            return f"<{bare}>{match['url'][len(bare) :]}"
        return f"<mailto:{match['mail']}|{match['mail']}>"

    return _LINK.sub(link, escaped)


def unescaped(text: str) -> str:
    """Text with `&amp;`, `&lt;` and `&gt;` turned back."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def rich_text_block(text: str, block_id: str) -> Payload:
    """The `rich_text` block Slack puts beside stored text (one section; no formatting is recognised)."""
    elements: list[Payload] = []
    position = 0
    for reference in _REFERENCE.finditer(text):
        _add_plain(elements, text[position : reference.start()])
        elements.append(_reference_element(reference.group()[1:-1]))
        position = reference.end()
    _add_plain(elements, text[position:])
    section = {"type": "rich_text_section", "elements": elements}
    return {"type": "rich_text", "block_id": block_id, "elements": [section]}


def _add_plain(elements: list[Payload], plain: str) -> None:
    if plain:
        elements.append({"type": "text", "text": unescaped(plain)})


def _reference_element(reference: str) -> Payload:
    target, _, label = reference.partition("|")
    if target.startswith("@"):
        return {"type": "user", "user_id": target[1:]}
    if target.startswith("#"):
        return {"type": "channel", "channel_id": target[1:]}
    if target.startswith("!subteam^"):
        return {"type": "usergroup", "usergroup_id": target.removeprefix("!subteam^")}
    if target.startswith("!date^"):
        return {"type": "text", "text": unescaped(label)}
    if target.startswith("!"):
        return {"type": "broadcast", "range": target[1:]}
    link: Payload = {"type": "link", "url": unescaped(target)}
    return {**link, "text": unescaped(label)} if label else link
