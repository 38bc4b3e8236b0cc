"""HTML entities and URL percent-encoding inside words."""

from __future__ import annotations

import re
from html.entities import html5
from urllib.parse import unquote_to_bytes

from bot.reading.edits import Edit

#: Encodings laid over one another ("&amp;amp;lt;") fall together, so that one pass undoes any depth.
_ENTITY = re.compile(r"&(?:amp;)*(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|([a-zA-Z][a-zA-Z0-9]{1,30}));")
_PERCENT = re.compile(r"(?<![\d%])(?:%(?:25)*[0-9a-fA-F]{2})+")
#: What an entity may not bring into being, lest the text grow new encodings.
_NEVER = frozenset("#;%")


def find(text: str) -> list[Edit]:
    """Edits that decode entities and, beside letters, percent-encoded letters."""
    edits = [(m.start(), m.end(), plain) for m in _ENTITY.finditer(text) if (plain := _entity(m)) is not None]
    taken = iter([*edits, (len(text) + 1, len(text) + 1, "")])
    later = next(taken)
    percents: list[Edit] = []
    for found in _PERCENT.finditer(text):
        while later[1] <= found.start():
            later = next(taken)
        plain = _letters(found[0])
        if plain and found.end() <= later[0] and _is_in_word(text, found.start(), found.end(), plain):
            percents.append((found.start(), found.end(), plain))
    return sorted([*edits, *percents])


def _entity(found: re.Match[str]) -> str | None:
    decimal, hexadecimal, name = found.groups()
    plain = html5.get(f"{name};") if name else _character(int(decimal) if decimal else int(hexadecimal, 16))
    return plain if plain and len(plain) == 1 and plain not in _NEVER else None


def _character(point: int) -> str | None:
    is_character = 0x20 <= point < 0x110000 and not 0xD800 <= point < 0xE000 and not 0x7F <= point < 0xA0
    return chr(point) if is_character else None


def _letters(encoded: str) -> str | None:
    """The letters that ``encoded`` stands for, or None where it stands for anything else."""
    try:
        plain = unquote_to_bytes(re.sub("%(?:25)+", "%", encoded)).decode("utf-8")
    except UnicodeDecodeError:
        return None
    return plain if plain.isalpha() else None


def _is_in_word(text: str, start: int, end: int, plain: str) -> bool:
    beside = text[max(0, start - 1) : start] + text[end : end + 1]
    return len(plain) > 2 or any(c.isalpha() for c in beside)
