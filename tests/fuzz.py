"""Texts nobody would write, made from texts somebody did: the corpus mutated, and plain noise. Seeded, so that a fault comes back."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from bot.domain.reading import Utterance
from bot.reading.encoder import MODEL, Encoder
from bot.reading.identifiers import Identifiers
from bot.reading.reader import ChaperoneReader
from tests.fakes.encoder import FakeEncoder

CORPUS = Path(__file__).parents[1] / "training" / "corpus"
_ODD = "\u200b\u202e\u202c\ufe0f\u0336\u0301🅰🇨🇬🇧😀ёαﬁ½İß𝓒&;%@|*_~`<>.,-0134789 \n\t\x00\ud7ff"
_PIECES = (
    *(
        "&amp;",
        "%63",
        "||",
        "**",
        "c h e m o",
        "m0dafinil",
        "555-0142",
        "@jo",
        "jo@example.com",
        "<@U1>",
        "1/2/1990",
        "```",
    ),
    *("one two three", "Anna Kowalski", "chemo", "celery juice"),
)
_LONGEST = 40_000


class Dice:
    """Chance that comes back with its seed."""

    def __init__(self, seed: int) -> None:
        self._chance = np.random.default_rng(seed)

    def below(self, limit: int) -> int:
        """A number from 0 to ``limit`` - 1."""
        return int(self._chance.integers(limit))

    def among(self, things: Sequence[str]) -> str:
        """One of ``things``."""
        return things[self.below(len(things))]


def opened_reader() -> ChaperoneReader:
    """The reader with the trained network where there is one, else with the fake."""
    return ChaperoneReader(Encoder() if (MODEL / "model.onnx").exists() else FakeEncoder(), Identifiers())


def fuzzed(*, seed: int, count: int) -> Iterator[Utterance]:
    """``count`` utterances: eight in ten are corpus lines with a few wounds, the others noise; one in a thousand is very long."""
    dice = Dice(seed)
    lines = [
        json.loads(line)["text"]
        for path in sorted(CORPUS.glob("*.jsonl"))
        for line in path.read_text("utf-8").splitlines()
    ]
    for number in range(count):
        text = _wounded(dice, dice.among(lines)) if dice.below(10) < 8 else _noise(dice)
        if number % 1_000 == 999:
            text = (text * (_LONGEST // max(1, len(text)) + 1))[:_LONGEST]
        yield Utterance(
            text=text,
            room=dice.among(("community", "practice", "staff")),
            author=dice.among(("member", "staff", "moderator")),
            context=((False, dice.among(lines)),) if dice.below(5) == 0 else (),
        )


def wrong_with(reader: ChaperoneReader, said: Utterance) -> str | None:
    """What rule the reading of ``said`` breaks, if it does. Whatever the reader raises comes through."""
    first, second = reader.read([said])[0], reader.read([said])[0]
    if first != second:
        return "read differently the second time"
    spans = [*first.spans, *(span for finding in first.findings for span in finding.spans)]
    places = [(span.start, span.end) for span in spans] + [(cut.start, cut.end) for cut in first.redactions]
    if any(not 0 <= start < end <= len(said.text) for start, end in places):
        return "a span outside the text"
    if first.faults:
        return f"faults: {first.faults}"
    return None if all(0 <= p <= 1 for p in first.probabilities.values()) else "a probability outside 0 to 1"


def _wounded(dice: Dice, text: str) -> str:
    letters = list(text)
    for _ in range(1 + dice.below(8)):
        at = dice.below(len(letters) + 1)
        wound = dice.below(5)
        if wound == 0:
            letters.insert(at, dice.among(_ODD))
        elif wound == 1:
            letters.insert(at, dice.among(_PIECES))
        elif wound == 2:
            del letters[at : at + 1 + dice.below(5)]
        elif wound == 3:
            letters[at : at + 6] = list(" ".join("".join(letters[at : at + 6])))
        else:
            other = dice.below(len(letters) + 1)
            letters[at:at] = letters[other : other + 10]
    return "".join(letters)


def _noise(dice: Dice) -> str:
    return "".join(_letter(dice) for _ in range(dice.below(121)))


def _letter(dice: Dice) -> str:
    kind = dice.below(4)
    if kind == 0:
        return chr(0x80 + dice.below(0xD780))
    if kind == 1:
        return chr(0xE000 + dice.below(0x12000))
    return dice.among(_ODD) if kind == 2 else dice.among("abcdef 0123456789")
