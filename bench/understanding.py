"""How well the shipped reader understands: ``python -m bench.understanding [--data FOLDER] [--part dev] [--errors]``.

Measures on the locked test scenes of the corpus, and on public chat where ``--data`` names a folder with ``chat_*.jsonl``. In the same
run: what Presidio's patterns and scrubadub find of third-party PHI, taking any find of theirs as "leaks".
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import numpy as np

from bench.afterwards import afterwards
from bench.baselines import BASELINES
from bench.measures import Truths, calibration_error, score, table, wilson
from bot.bootstrap.reading import shipped_reader
from bot.domain.reading import Label, Reading, Utterance
from bot.reading.reader import ChaperoneReader
from training.background import lines
from training.case import Case, load_corpus
from training.split import split

CORPUS = Path(__file__).parents[1] / "training" / "corpus"
HIDING = (Label.THIRD_PARTY_PHI, Label.PSEUDOSCIENCE, Label.SOLICITATION, Label.BULLYING, Label.STAFF_CONFIRMS_PATIENT)
TOGETHER = 64


def read_all(reader: ChaperoneReader, utterances: Sequence[Utterance]) -> list[Reading]:
    """Readings in batches, with a line of progress every so often."""
    readings: list[Reading] = []
    for at in range(0, len(utterances), TOGETHER):
        readings += reader.read(utterances[at : at + TOGETHER])
        if sys.stderr.isatty():
            print(f"\r{len(readings)}/{len(utterances)} ", end="", file=sys.stderr, flush=True)
    return readings


def utterance(case: Case) -> Utterance:
    """A corpus case as the bot would meet it."""
    context = tuple((author == "same", text) for author, text in case.context)
    return Utterance(text=case.text, room=case.room, author=case.author, context=context)


def by_label(said: Truths, truth: Truths) -> str:
    """The main table, with the macro average."""
    scores = [score(said[:, i], truth[:, i]) for i in range(len(Label))]
    rows = [
        (
            label.value,
            str(s.positives),
            f"{s.precision:.3f}",
            f"{s.recall:.3f}",
            f"{s.f1:.3f}",
            f"{s.low:.2f}-{s.high:.2f}",
        )
        for label, s in zip(Label, scores, strict=True)
    ]
    rows.append(("macro", "", "", "", f"{np.mean([s.f1 for s in scores]):.3f}", ""))
    return table("By label", ("label", "cases", "precision", "recall", "F1", "95 %"), rows)


def by_group(title: str, cases: Sequence[Case], key: Callable[[Case], str], said: Truths, truth: Truths) -> str:
    """How many cases of each group are wholly right, and how many without a hiding label would be hidden."""
    hides = [list(Label).index(label) for label in HIDING]
    rows = []
    for name in sorted({key(case) for case in cases}):
        inside = np.array([key(case) == name for case in cases])
        right = (said[inside] == truth[inside]).all(axis=1)
        clean = inside & ~truth[:, hides].any(axis=1)
        wrong = said[clean][:, hides].any(axis=1)
        rows.append((name, str(inside.sum()), f"{right.mean():.3f}", f"{wrong.sum()}/{clean.sum()}"))
    return table(title, ("group", "cases", "all labels right", "wrongly hidden"), rows)


def ordinary_chat(reader: ChaperoneReader, folder: Path) -> str:
    """The share of public, ordinary chat that would be hidden, by file; only of the half that the model never saw."""
    rows = []
    for path in sorted(folder.glob("chat_*.jsonl")):
        texts = list(lines(path, for_training=False))
        readings = read_all(reader, [Utterance(text=text, room="community", author="member") for text in texts])
        hidden = [reading for reading in readings if set(reading.labels) & set(HIDING)]
        low, high = wilson(len(hidden), len(texts))
        why = {label: sum(label in reading.labels for reading in hidden) for label in HIDING}
        said = ", ".join(f"{label} {count}" for label, count in why.items() if count)
        rows.append((path.stem, str(len(texts)), str(len(hidden)), f"{1000 * low:.1f}-{1000 * high:.1f}", said))
    return table("Ordinary chat", ("file", "messages", "hidden", "per 1,000, 95 %", "for"), rows)


def baselines(cases: Sequence[Case], truth: Truths) -> str:
    """What other tools find of third-party PHI."""
    leak = truth[:, list(Label).index(Label.THIRD_PARTY_PHI)]
    rows = []
    for name, finds in BASELINES.items():
        said = np.array([finds(case.text) for case in cases])
        s = score(said, leak)
        rows.append((name, f"{s.precision:.3f}", f"{s.recall:.3f}", f"{s.f1:.3f}"))
    return table("Third-party PHI by other tools, same cases", ("tool", "precision", "recall", "F1"), rows)


def errors(cases: Sequence[Case], readings: Sequence[Reading]) -> str:
    """Every case that was read wrongly."""
    lines = []
    for case, reading in zip(cases, readings, strict=True):
        if set(reading.labels) != set(case.labels):
            missed, extra = set(case.labels) - set(reading.labels), set(reading.labels) - set(case.labels)
            lines.append(
                f"{case.id} [{case.kind}] missed {sorted(missed)} extra {sorted(extra)}\n    {case.text[:200]!r}"
            )
    return "\n".join(lines)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="folder with chat_*.jsonl")
    parser.add_argument("--part", default="test", choices=["train", "dev", "test"])
    parser.add_argument("--errors", action="store_true", help="print each case that was read wrongly")
    options = parser.parse_args()
    reader = shipped_reader()
    cases = split(load_corpus(CORPUS))[options.part]
    readings = read_all(reader, [utterance(case) for case in cases])
    truth = np.array([[label in case.labels for label in Label] for case in cases])
    said = np.array([[label in reading.labels for label in Label] for reading in readings])
    probabilities = np.array([[reading.probability(label) for label in Label] for reading in readings])
    print(f"{len(cases)} cases of the {options.part} scenes")
    print(by_label(said, truth))
    print(f"\nexpected calibration error {calibration_error(probabilities, truth):.4f}")
    print(by_group("By room and author", cases, lambda case: f"{case.room}/{case.author}", said, truth))
    print(by_group("By kind", cases, lambda case: case.kind, said, truth))
    print(afterwards(cases, partial(read_all, reader)))
    print(baselines(cases, truth))
    if options.data:
        print(ordinary_chat(reader, options.data))
    if options.errors:
        print(errors(cases, readings))


if __name__ == "__main__":
    main()
