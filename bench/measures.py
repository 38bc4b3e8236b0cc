"""Precision, recall and F1 with bootstrap intervals, calibration error, and tables for people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Truths = NDArray[np.bool_]
#: Resamples for an interval, and the quantiles that bound it (95 %).
RESAMPLES = 500
BOUNDS = (0.025, 0.975)


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """Of ``positives`` cases that carry a label, how well they were found."""

    positives: int
    precision: float
    recall: float
    f1: float
    low: float
    high: float


def score(said: Truths, truth: Truths, seed: int = 7) -> Score:
    """Compare what was said with the truth, both (cases,); the interval is that of F1."""
    precision, recall, f1 = _prf(said, truth)
    chance = np.random.default_rng(seed)
    resampled = []
    for _ in range(RESAMPLES):
        picked = chance.integers(0, len(truth), len(truth))
        resampled.append(_prf(said[picked], truth[picked])[2])
    low, high = np.quantile(resampled, BOUNDS)
    return Score(
        positives=int(truth.sum()), precision=precision, recall=recall, f1=f1, low=float(low), high=float(high)
    )


def _prf(said: Truths, truth: Truths) -> tuple[float, float, float]:
    hits = float((said & truth).sum())
    precision = hits / max(float(said.sum()), 1.0)
    recall = hits / max(float(truth.sum()), 1.0)
    return precision, recall, 2 * hits / max(float(said.sum() + truth.sum()), 1.0)


def calibration_error(probabilities: NDArray[np.float64], truth: Truths, bins: int = 15) -> float:
    """Expected calibration error over (cases, labels): how far confidence is from frequency, on average."""
    flat, hit = probabilities.ravel(), truth.ravel()
    place = np.minimum((flat * bins).astype(int), bins - 1)
    total = 0.0
    for index in range(bins):
        inside = place == index
        if inside.any():
            total += abs(flat[inside].mean() - hit[inside].mean()) * inside.sum()
    return float(total / len(flat))


def wilson(hits: int, of: int) -> tuple[float, float]:
    """95 % Wilson interval of a share."""
    if of == 0:
        return 0.0, 1.0
    z = 1.96
    share = hits / of
    middle = share + z * z / (2 * of)
    width = z * np.sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    return float((middle - width) / (1 + z * z / of)), float((middle + width) / (1 + z * z / of))


def table(title: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A plain table with a title."""
    widths = [max(len(row[i]) for row in [head, *rows]) for i in range(len(head))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in [head, *rows]]
    return "\n".join([f"\n{title}", lines[0], "-" * len(lines[0]), *lines[1:]])
