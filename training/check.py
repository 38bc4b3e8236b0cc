"""Check the corpus: ``python -m training.check [EXAMPLES.jsonl]``. Ends with 1 where a case must be mended.

Rejected: duplicates, near-duplicates (also of the examples file), unknown labels, rooms or roles, spans outside the text, phone
numbers that are not 555 numbers, domains that are not ``example.*``. Printed: the balance by label, room, kind and scene.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from training.case import AUTHORS, KINDS, LABELS, ROLES, ROOMS, Case, load_corpus

STAFF_LABELS = {"staff_advice", "staff_confirms_patient"}
CORPUS = Path(__file__).parent / "corpus"
#: Two texts are near-duplicates where their sets of word 3-grams overlap by more than this (Jaccard).
NEAR = 0.6
_WORD = re.compile(r"\w+")
_US_PHONE = re.compile(r"(?<!\d)\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4}(?!\d)")
_DOMAIN = re.compile(r"(?:https?://|@)([a-z0-9-]+(?:\.[a-z0-9-]+)+)", re.IGNORECASE)


def shingles(text: str) -> frozenset[tuple[str, ...]]:
    """The set of word 3-grams of ``text``, lower-cased; shorter texts give one shingle."""
    words = _WORD.findall(text.lower())
    return frozenset(tuple(words[i : i + 3]) for i in range(max(1, len(words) - 2)))


def faults(case: Case) -> Iterator[str]:
    """What is wrong with one case by itself."""
    yield from _unknown_names(case)
    if (case.author != "staff" or case.room == "staff") and STAFF_LABELS & set(case.labels):
        yield "a staff label where staff does not write, or where patients do not read"
    for span in case.spans:
        if not 0 <= span.start < span.end <= len(case.text):
            yield f"bad span {span}"
    for phone in _US_PHONE.findall(case.text):
        if "555" not in phone:
            yield f"not a 555 number: {phone}"
    for domain in _DOMAIN.findall(case.text):
        if ".example" not in f".{domain.lower()}":
            yield f"not an example domain: {domain}"


def _unknown_names(case: Case) -> Iterator[str]:
    known = {
        "room": (ROOMS.values(), (case.room,)),
        "author": (AUTHORS.values(), (case.author,)),
        "label": (LABELS, case.labels),
        "kind": (KINDS, (case.kind,)),
        "role": (ROLES.values(), tuple(span.role for span in case.spans)),
    }
    for what, (names, used) in known.items():
        yield from (f"unknown {what} {name!r}" for name in used if name not in names)


def near_duplicates(texts: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Pairs of ids whose texts share more than NEAR of their shingles; ``texts`` are (id, text, in order)."""
    seen: dict[tuple[str, ...], list[int]] = defaultdict(list)
    sets: list[tuple[str, frozenset[tuple[str, ...]]]] = []
    for index, (name, text) in enumerate(texts):
        mine = shingles(text)
        shared = Counter(other for shingle in mine for other in seen[shingle])
        for other, overlap in shared.items():
            other_name, theirs = sets[other]
            if overlap / (len(mine) + len(theirs) - overlap) > NEAR:
                yield name, other_name
                break
        for shingle in mine:
            seen[shingle].append(index)
        sets.append((name, mine))


def balance(cases: list[Case]) -> str:
    """A readable table: how many cases carry what."""
    empty = [case for case in cases if not case.labels]
    hard = [case for case in empty if case.kind != "chatter"]
    share, hard_share = len(empty) / max(1, len(cases)), len(hard) / max(1, len(empty))
    lines = [
        f"{len(cases)} cases, {len(empty)} without label ({share:.0%}), of these {len(hard)} hard ({hard_share:.0%})"
    ]
    tables: dict[str, Counter[object]] = {
        "labels": Counter(label for case in cases for label in case.labels),
        "rooms": Counter(f"{case.room}/{case.author}" for case in cases),
        "kinds": Counter(case.kind for case in cases),
        "scenes": Counter(case.scene for case in cases),
        "with context": Counter(bool(case.context) for case in cases),
    }
    for title, table in tables.items():
        lines.append(f"{title}: " + ", ".join(f"{key} {count}" for key, count in table.most_common()))
    return "\n".join(lines)


def main() -> int:
    """Print every fault and the balance."""
    cases = load_corpus(CORPUS)
    problems = [f"{case.id}: {fault}" for case in cases for fault in faults(case)]
    texts = [(case.id, " ".join([*(text for _, text in case.context), case.text])) for case in cases]
    if len(sys.argv) > 1:
        lines = Path(sys.argv[1]).read_text(encoding="utf-8").splitlines()
        texts = [(f"example {raw['id']}", raw["text"]) for raw in map(json.loads, lines)] + texts
    problems += [f"{name}: near-duplicate of {other}" for name, other in near_duplicates(texts)]
    print("\n".join([*problems, balance(cases)]))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
