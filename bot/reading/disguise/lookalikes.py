"""Letters of other scripts, styled alphabets and emoji that stand for plain letters."""

from __future__ import annotations

import re

from bot.reading.alphabets import FLAGS, FOREIGN, GREEK, GREEK_INSIDE, RAISED, STYLED
from bot.reading.edits import Edit

_WORD = re.compile(r"[^\W_]+")
_STYLED = re.compile(f"[{''.join(STYLED)}]")
_CLUSTER = re.compile(f"[{''.join(STYLED)}a-zA-Z0-9\ufe0f\u200d]+")
_RAISED = re.compile(f"[{''.join(RAISED)}]{{3,}}")
_REGIONAL = re.compile("[\U0001f1e6-\U0001f1ff]+")
_KEYCAPS = re.compile("(?:[0-9]\ufe0f?\u20e3[ ]?){3,}")
_FIRST_REGIONAL = 0x1F1E6
_LIKE = {**FOREIGN, **GREEK}
_STRANGE = re.compile(f"[{''.join(_LIKE)}{''.join(GREEK_INSIDE)}]")
_CJK = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_SMALL_WORD = 4


def find_styled(text: str) -> list[Edit]:
    """Edits for styled alphabets, raised letters and emoji letters, where they make up a word."""
    styled = _CLUSTER.finditer(text) if _STYLED.search(text) else ()
    edits = [edit for found in styled if _STYLED.search(found[0]) for edit in _styled_cluster(text, found)]
    edits += [(m.start(), m.end(), "".join(RAISED[c] for c in m[0])) for m in _RAISED.finditer(text)]
    edits += [edit for found in _REGIONAL.finditer(text) for edit in _regional(found)]
    for keys in _KEYCAPS.finditer(text):
        edits += [
            (keys.start() + m.start(), keys.start() + m.end(), "") for m in re.finditer("[\ufe0f\u20e3]+", keys[0])
        ]
    return sorted(edits)


def _styled_cluster(text: str, found: re.Match[str]) -> list[Edit]:
    start, end = found.span()
    letters = [c for c in found[0] if c in STYLED or c.isalpha()]
    if len(letters) < 2 or _CJK.match(text[end : end + 1]) or _CJK.match(text[max(0, start - 1) : start]):
        return []
    edits: list[Edit] = []
    for place, letter in enumerate(found[0], start=start):
        if letter in STYLED:
            edits.append((place, place + 1, STYLED[letter]))
        elif letter in "\ufe0f\u200d":
            edits.append((place, place + 1, ""))
    return edits


def _regional(found: re.Match[str]) -> list[Edit]:
    """Letters of a run that is not made of flags."""
    letters = "".join(chr(ord("a") + ord(c) - _FIRST_REGIONAL) for c in found[0])
    pairs = [letters[at : at + 2].upper() for at in range(0, len(letters), 2)]
    return [] if all(pair in FLAGS for pair in pairs) else [(found.start(), found.end(), letters)]


def find_foreign(text: str) -> list[Edit]:
    """Edits for look-alikes of other scripts, in words that mix scripts; genuine Russian or Greek words stay."""
    if not _STRANGE.search(text):
        return []
    words = list(_WORD.finditer(text))
    genuine = any(_is_genuine(found[0]) for found in words)
    return [edit for found in words for edit in _mixed_word(found, genuine=genuine)]


def _is_genuine(word: str) -> bool:
    """A whole word of another script, with a letter that no Latin word could borrow."""
    return not any(c.isascii() for c in word) and any(c.isalpha() and c not in _LIKE for c in word) and len(word) > 2


def _mixed_word(found: re.Match[str], *, genuine: bool) -> list[Edit]:
    word = found[0]
    if not any(c.isascii() and c.isalpha() for c in word) or not _STRANGE.search(word):
        return []
    scripts = "".join("l" if c.isascii() else "f" for c in word)
    if genuine and re.fullmatch("l+f+|f+l+", scripts):
        return []  # "SMSка": a Latin stem with a native ending
    if any(ord(c) >= 0x370 and c not in _LIKE and c not in GREEK_INSIDE for c in word):
        return []
    return [
        (place, place + 1, letter)
        for place, c in enumerate(word, start=found.start())
        if (letter := _LIKE.get(c) or _greek_inside(word, place - found.start()))
    ]


def _greek_inside(word: str, at: int) -> str | None:
    """The Latin letter that a Greek one stands for between small Latin letters; as a sign of science it stays."""
    before, after = word[max(0, at - 1) : at], word[at + 1 : at + 2]
    inside = _is_small(before) and (_is_small(after) or (not after and len(word) > _SMALL_WORD and word[at] == "ε"))
    heads = at == 0 and word[at] == "α" and len(word) > _SMALL_WORD and word[1:].isascii() and word[1:].islower()
    return GREEK_INSIDE.get(word[at]) if inside or heads else None


def _is_small(letter: str) -> bool:
    return letter.islower() and (letter.isascii() or letter in _LIKE)
