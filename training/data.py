"""Cases as tensors: windows of token ids, the labels of the case, the role of each token."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from bot.domain.reading import Label, SpanRole, Utterance
from bot.reading.encoding import Encoding
from bot.reading.normalise import normalise
from training.case import Case

LABELS = tuple(Label)
ROLES = tuple(SpanRole)


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One window of a case. ``roles`` has one entry a token: 0 none, else 1 + place of the role in ROLES; -100 outside the text.

    ``weight`` is how much its labels count in training.
    """

    case: str
    ids: tuple[int, ...]
    segments: tuple[int, ...]
    labels: tuple[float, ...]
    roles: tuple[int, ...]
    weight: float = 1.0


def utterance_of(case: Case) -> Utterance:
    """The case as it will be read: normalised, in its room, after its context."""
    context = tuple((author == "same", normalise(said).plain) for author, said in case.context)
    return Utterance(text=normalise(case.text).plain, room=case.room, author=case.author, context=context)


def examples_of(case: Case, encoding: Encoding, weight: float = 1.0) -> list[Example]:
    """The windows of a case with what each should say."""
    text = normalise(case.text)
    utterance = utterance_of(case)
    labels = tuple(float(label in case.labels) for label in LABELS)
    built = []
    for window in encoding.windows(utterance):
        roles = [-100] * len(window.ids)
        for place, (start, end) in enumerate(window.offsets, start=window.first):
            roles[place] = _role(case, *text.to_source(start, end)) if end > start else 0
        built.append(
            Example(
                case=case.id,
                ids=window.ids,
                segments=window.segments,
                labels=labels,
                roles=tuple(roles),
                weight=weight,
            )
        )
    return built


def _role(case: Case, start: int, end: int) -> int:
    inside = next((span for span in case.spans if span.start < end and start < span.end), None)
    return 0 if inside is None else 1 + ROLES.index(SpanRole(inside.role))


def batches(examples: Sequence[Example], tokens: int, shuffle: random.Random | None) -> Iterator[list[Example]]:
    """Batches of similar length with at most ``tokens`` tokens, padding included; in random order where ``shuffle`` is given."""
    order = list(examples)
    if shuffle is not None:
        shuffle.shuffle(order)
    order.sort(key=lambda example: len(example.ids) // 4)
    made: list[list[Example]] = [[]]
    for example in order:
        if made[-1] and (len(made[-1]) + 1) * max(len(example.ids), len(made[-1][-1].ids)) > tokens:
            made.append([])
        made[-1].append(example)
    if shuffle is not None:
        shuffle.shuffle(made)
    yield from made


def tensors(batch: Sequence[Example], device: torch.device) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor]:
    """ids, segments, mask, labels, roles of a batch, padded to its longest window, on ``device``."""
    longest = max(len(example.ids) for example in batch)

    def padded(rows: Sequence[Sequence[int]], filler: int) -> Tensor:
        return torch.tensor([[*row, *[filler] * (longest - len(row))] for row in rows], device=device)

    ids = padded([example.ids for example in batch], 0)
    segments = padded([example.segments for example in batch], 0)
    mask = padded([[1] * len(example.ids) for example in batch], 0)
    roles = padded([example.roles for example in batch], -100)
    labels = torch.tensor([example.labels for example in batch], device=device)
    return ids, segments, mask, labels, roles
