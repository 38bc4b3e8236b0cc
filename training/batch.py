"""Examples as batches of tensors. All windows of an example are in the same batch, and the surest of them says each label.

So nobody has to know in which window of a long message its label lies: the windows that hold nothing of it are free to say nothing.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from training.data import OUTSIDE, Example


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """``ids``, ``segments``, ``mask`` and ``roles`` are (windows, tokens); ``labels`` (examples, labels) and ``weights`` (examples).

    ``owners`` (windows) has the place of each window's example.
    """

    ids: Tensor
    segments: Tensor
    mask: Tensor
    roles: Tensor
    labels: Tensor
    weights: Tensor
    owners: Tensor

    def surest(self, logits: Tensor) -> Tensor:
        """The highest of each label's ``logits`` (windows, labels) over the windows of each example: (examples, labels)."""
        owners = self.owners.unsqueeze(1).expand_as(logits)
        return logits.new_zeros(self.labels.shape).scatter_reduce(0, owners, logits, "amax", include_self=False)


def batches(examples: Sequence[Example], tokens: int, shuffle: random.Random | None) -> Iterator[list[Example]]:
    """Batches of similar length with at most ``tokens`` tokens, padding included; in random order where ``shuffle`` is given."""
    order = list(examples)
    if shuffle is not None:
        shuffle.shuffle(order)
    order.sort(key=lambda example: example.longest // 4)
    made: list[list[Example]] = [[]]
    windows = longest = 0
    for example in order:
        windows, longest = windows + len(example.parts), max(longest, example.longest)
        if made[-1] and windows * longest > tokens:
            made.append([])
            windows, longest = len(example.parts), example.longest
        made[-1].append(example)
    if shuffle is not None:
        shuffle.shuffle(made)
    yield from made


def tensors(batch: Sequence[Example], device: torch.device) -> Batch:
    """The examples as tensors on ``device``, padded to the longest window."""
    parts = [part for example in batch for part in example.parts]
    longest = max(example.longest for example in batch)

    def padded(rows: Sequence[Sequence[int]], filler: int) -> Tensor:
        return torch.tensor([[*row, *[filler] * (longest - len(row))] for row in rows], device=device)

    return Batch(
        ids=padded([part.ids for part in parts], 0),
        segments=padded([part.segments for part in parts], 0),
        mask=padded([[1] * len(part.ids) for part in parts], 0),
        roles=padded([part.roles for part in parts], OUTSIDE),
        labels=torch.tensor([example.labels for example in batch], device=device),
        weights=torch.tensor([example.weight for example in batch], device=device),
        owners=torch.tensor([place for place, example in enumerate(batch) for _ in example.parts], device=device),
    )
