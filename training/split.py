"""Which scenes the model learns from, which tune its thresholds, and which are locked away for the final measure."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from training.case import Case

SPLIT = Path(__file__).parent / "split.json"


def split(cases: Sequence[Case]) -> dict[str, list[Case]]:
    """The cases as ``train``, ``dev`` and ``test``, by scene; a scene that ``split.json`` does not name is for training."""
    named: dict[str, list[str]] = json.loads(SPLIT.read_text(encoding="utf-8"))
    place = {scene: part for part, scenes in named.items() for scene in scenes}
    parts: dict[str, list[Case]] = {"train": [], "dev": [], "test": []}
    for case in cases:
        parts[place.get(case.scene, "train")].append(case)
    return parts
