"""Public, ordinary chat as background: messages without a label, so that the model learns what most traffic looks like.

Not part of the repository. Every second line of a file is for training; the bench measures false alarms on the others.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from training.case import Case


def lines(path: Path, *, for_training: bool) -> Iterator[str]:
    """The texts of one half of a JSON-lines file: the odd ones for training, the even ones for measuring."""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines()):
        if (number % 2 == 1) is for_training:
            yield str(json.loads(line)["text"])


def background(paths: Iterable[Path]) -> list[Case]:
    """The training halves of the files as cases without label."""
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
    ]
