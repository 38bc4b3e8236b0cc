"""Public, ordinary chat as background: messages without a label, so that the model learns what most traffic looks like.

Not part of the repository. Every second line of a file is for training; the bench measures false alarms on the others.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from training.case import Case

#: Nobody has labelled this talk, and some of it is unkind. What may be an insult at somebody is no example of harmless talk.
_UNKIND = re.compile(
    r"\b(idiots?|stupid|morons?|dumb\w*|shut up|stfu|losers?|pathetic|disgust\w*|scum\w*|trash|ugly|clowns?|freaks?|liars?"
    r"|hate you|kill yourself|kys|fat|lazy|fuck (?:you|off)|ass ?holes?|go to hell|worthless)\b",
    re.IGNORECASE,
)


def lines(path: Path, *, for_training: bool) -> Iterator[str]:
    """The texts of one half of a JSON-lines file: the odd ones for training, the even ones for measuring."""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines()):
        if (number % 2 == 1) is for_training:
            yield str(json.loads(line)["text"])


def background(paths: Iterable[Path]) -> list[Case]:
    """The training halves of the files as cases without label, but for what may be unkind."""
    return [
        Case(
            id=f"{path.stem}-{number}",
            scene=path.stem,
            text=text,
            room="community",
            author="member",
            context=(),
            labels=(),
            spans=(),
            kind="chatter",
            why="background",
        )
        for path in paths
        for number, text in enumerate(lines(path, for_training=True))
        if not _UNKIND.search(text)
    ]
