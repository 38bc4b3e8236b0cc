"""Discord's markup decoded: mentions become names, and every character knows where it came from."""

from __future__ import annotations

import re
from collections.abc import Callable

from bot.domain.text import MappedText

#: Mentions of members, roles and channels, and custom emoji. Source: reference, "Message Formatting".
_MARKUP = re.compile(r"<(?P<kind>@!?|@&|#)(?P<id>[0-9]{15,20})>|<a?:(?P<emoji>\w{2,32}):[0-9]{15,20}>")

#: The name for a kind of mention (``@``, ``@&``, ``#``) and an id; None where it is not known.
Names = Callable[[str, int], str | None]


def decoded(text: str, name: Names) -> MappedText:
    """``text`` as members see it; what is not known stays as it was typed."""
    plain: list[str] = []
    origins: list[tuple[int, int]] = []
    at = 0
    for found in _MARKUP.finditer(text):
        shown = _shown(found, name)
        if shown is None:
            continue
        plain += [text[at : found.start()], shown]
        origins += [(i, i + 1) for i in range(at, found.start())]
        origins += [(found.start(), found.end())] * len(shown)
        at = found.end()
    if not plain:
        return MappedText.same(text)
    origins += [(i, i + 1) for i in range(at, len(text))]
    return MappedText(source=text, plain="".join([*plain, text[at:]]), origins=tuple(origins))


def _shown(found: re.Match[str], name: Names) -> str | None:
    if found["emoji"]:
        return f":{found['emoji']}:"
    kind = found["kind"].removesuffix("!")
    known = name(kind, int(found["id"]))
    return None if known is None else f"{kind[0]}{known}"
