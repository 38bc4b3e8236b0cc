"""A corpus case: the labelling guide's JSON object plus spans, kind and scene."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

LABELS = (
    "third_party_phi",
    "own_dependent",
    "own_identifier",
    "pseudoscience",
    "solicitation",
    "medical_question",
    "scheduling_request",
    "emergency",
    "self_harm",
    "bullying",
    "negative_feedback",
    "staff_advice",
    "staff_confirms_patient",
)

ROLES = {
    "po": "person_other",
    "ps": "person_self",
    "oc": "own_child",
    "cl": "clinician",
    "st": "staff",
    "pf": "public_figure",
    "an": "animal",
    "h": "health",
    "r": "remedy",
    "id": "identifier",
    "f": "facility",
}

ROOMS = {"c": "community", "p": "practice", "s": "staff"}
AUTHORS = {"m": "member", "s": "staff", "o": "moderator"}

#: What makes a case easy or hard; ``corpus/README.md`` says what each means.
KINDS = frozenset(
    {
        *("plain", "veiled", "praise", "on-behalf", "evasion", "mixed"),
        *(
            "chatter",
            "own-story",
            "unidentified-other",
            "clinician-role",
            "public-figure",
            "name-no-health",
            "name-is-word",
        ),
        *("eponym", "animal", "remedy-asked", "remedy-doubted", "debunk", "joke", "comfort", "trial-or-doctor"),
        *("peer-experience", "general-knowledge", "past-danger", "idiom", "heated-but-fair", "other-complaint"),
        *("staff-neutral", "product-no-sale", "foreign-words"),
        *("context-decides", "sarcasm", "long", "hard"),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Characters ``start`` to ``end`` (exclusive) of the case's text play ``role``."""

    role: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One labelled message. ``context`` holds (author, text) pairs, oldest first."""

    id: str
    scene: str
    text: str
    room: str
    author: str
    context: tuple[tuple[str, str], ...]
    labels: tuple[str, ...]
    spans: tuple[Span, ...]
    kind: str
    why: str

    def to_json(self) -> str:
        """The case as one line of JSON, keys in the order people read them."""
        return json.dumps(
            {
                "id": self.id,
                "text": self.text,
                "room": self.room,
                "author": self.author,
                "context": [{"author": author, "text": text} for author, text in self.context],
                "labels": list(self.labels),
                "spans": [{"role": s.role, "start": s.start, "end": s.end} for s in self.spans],
                "kind": self.kind,
                "why": self.why,
            },
            ensure_ascii=False,
        )


def case_from_json(line: str, scene: str) -> Case:
    """Read one corpus line. Raises KeyError or ValueError where it is malformed."""
    raw = json.loads(line)
    return Case(
        id=raw["id"],
        scene=scene,
        text=raw["text"],
        room=raw["room"],
        author=raw["author"],
        context=tuple((c["author"], c["text"]) for c in raw["context"]),
        labels=tuple(raw["labels"]),
        spans=tuple(Span(role=s["role"], start=s["start"], end=s["end"]) for s in raw["spans"]),
        kind=raw["kind"],
        why=raw["why"],
    )


def load_corpus(folder: Path) -> list[Case]:
    """Every case of every scene file in ``folder``, scenes in the order of their names."""
    return [
        case_from_json(line, path.stem)
        for path in sorted(folder.glob("*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.strip()
    ]
