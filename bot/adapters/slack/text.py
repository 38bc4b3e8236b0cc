"""Slack's markup to plain text and back (docs.slack.dev, "Formatting message text").

``&``, ``<`` and ``>`` stand as ``&amp;``, ``&lt;`` and ``&gt;``; people, channels, links and calls stand in angle brackets.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from bot.domain.text import MappedText

#: Slack advises at most so many characters a message (docs.slack.dev, chat.postMessage).
PART = 4000
_TOKEN = re.compile(r"<(?P<reference>[^<>]+)>|&(?P<entity>amp|lt|gt);")
_ENTITIES = {"amp": "&", "lt": "<", "gt": ">"}
_MENTION = re.compile(r"<@([A-Z0-9]+)")
_CALL = re.compile(r"<([@!])([^<>|]+)(?:\|([^<>]*))?>")


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """Names of people and channels by their ids."""

    users: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    channels: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


def decode(source: str, names: Names | None = None) -> MappedText:
    """What members read, each character mapped to the markup it came from; a whole reference is one piece of it."""
    plain: list[str] = []
    origins: list[tuple[int, int]] = []
    at = 0
    for token in _TOKEN.finditer(source):
        plain.append(source[at : token.start()])
        origins += [(i, i + 1) for i in range(at, token.start())]
        shown = _ENTITIES[token["entity"]] if token["entity"] else _shown(token["reference"], names or Names())
        plain.append(shown)
        origins += [token.span()] * len(shown)
        at = token.end()
    if at == 0:
        return MappedText.same(source)
    plain.append(source[at:])
    origins += [(i, i + 1) for i in range(at, len(source))]
    return MappedText(source=source, plain="".join(plain), origins=tuple(origins))


def encode(text: str) -> str:
    """Plain text as Slack wants it: it calls nobody and is shown as it stands."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def mentioned(source: str) -> frozenset[str]:
    """The ids of the people that the markup mentions."""
    return frozenset(_MENTION.findall(source))


def without_calls(source: str, names: Names) -> str:
    """The same markup, but nobody is called by it: mentions become names, ``<!here>`` becomes ``@here``."""

    def name(call: re.Match[str]) -> str:
        return encode(_call(call[1] + call[2], _unescape(call[3] or ""), names))

    return _CALL.sub(name, source)


def split(source: str, limit: int = PART) -> list[str]:
    """The markup in parts of at most ``limit`` characters, cut at a line or word where there is one, never inside a token."""
    parts: list[str] = []
    rest = source
    while len(rest) > limit:
        cut = _cut(rest, limit)
        parts.append(rest[:cut])
        rest = rest[cut:]
    return [*parts, rest] if rest or not parts else parts


def _cut(text: str, limit: int) -> int:
    cut = max(text.rfind("\n", 0, limit), text.rfind(" ", limit // 2, limit)) + 1 or limit
    for token in _TOKEN.finditer(text):
        if token.start() >= cut:
            break
        if token.end() > cut and token.start() > 0 and len(token[0]) <= limit:
            return token.start()
    return cut


def _shown(reference: str, names: Names) -> str:
    target, _, given = reference.partition("|")
    label = _unescape(given)
    if target[:1] in ("@", "!") and len(target) > 1:
        return _call(target, label, names)
    if target.startswith("#") and len(target) > 1:
        return "#" + (label or names.channels.get(target[1:], target[1:])).removeprefix("#")
    address = _unescape(target)
    bare = address.removeprefix("mailto:").removeprefix("tel:")
    if not label or label in (address, bare, address.partition("://")[2]):
        return bare or reference
    return f"{label} ({bare})"


def _call(target: str, label: str, names: Names) -> str:
    """``@U1``, ``!here``, ``!subteam^S1`` or ``!date^1^fallback`` as members read it."""
    kind, word = target[0], target[1:]
    if kind == "@":
        return "@" + (names.users.get(word) or label or word).removeprefix("@")
    if word.startswith("date^"):
        return label or word
    return "@" + (label or word.partition("^")[0]).removeprefix("@")


def _unescape(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
