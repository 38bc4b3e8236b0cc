"""From logits to honest probabilities and from these to default thresholds, both on the dev split."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from bot.domain.reading import DANGER, Label

#: A threshold for hiding must reach this precision on the dev split where it can; for danger, this recall.
HIDING_PRECISION = 0.95
DANGER_RECALL = 0.98
HIDING = frozenset(
    {Label.THIRD_PARTY_PHI, Label.PSEUDOSCIENCE, Label.SOLICITATION, Label.BULLYING, Label.STAFF_CONFIRMS_PATIENT}
)


def platt(logits: Tensor, truth: Tensor) -> tuple[list[float], list[float]]:
    """Scale and shift for each label so that ``sigmoid(scale * logit + shift)`` is calibrated (Platt 1999)."""
    scale = nn.Parameter(torch.ones(logits.shape[1]))
    shift = nn.Parameter(torch.zeros(logits.shape[1]))
    optimiser = torch.optim.LBFGS([scale, shift], max_iter=200)

    def closure() -> Tensor:
        optimiser.zero_grad()
        loss = nn.functional.binary_cross_entropy_with_logits(logits * scale + shift, truth)
        # A little pull towards no change: rare labels have few dev cases to learn from.
        loss = loss + 1e-3 * ((scale - 1) ** 2 + shift**2).mean()
        loss.backward()  # type: ignore[no-untyped-call]
        return loss

    optimiser.step(closure)  # type: ignore[no-untyped-call]
    return scale.detach().tolist(), shift.detach().tolist()


def threshold(label: Label, probabilities: Tensor, truth: Tensor) -> float:
    """The default threshold of one label: best F1, moved where hiding needs precision or danger needs recall."""
    candidates = [step / 100 for step in range(5, 96)]
    scored = [(at, *_precision_recall(probabilities >= at, truth)) for at in candidates]
    if label in DANGER:
        enough = [row for row in scored if row[2] >= DANGER_RECALL]
        return max(enough, key=lambda row: (row[1], row[0]), default=scored[0])[0]
    best = max(scored, key=lambda row: (2 * row[1] * row[2] / max(row[1] + row[2], 1e-9), row[0]))
    if label in HIDING and best[1] < HIDING_PRECISION:
        precise = [row for row in scored if row[1] >= HIDING_PRECISION and row[2] >= 0.9 * best[2]]
        best = max(precise, key=lambda row: row[2], default=best)
    return best[0]


def _precision_recall(said: Tensor, truth: Tensor) -> tuple[float, float]:
    hits = float((said & (truth > 0)).sum())
    return hits / max(float(said.sum()), 1.0), hits / max(float(truth.sum()), 1.0)


def expected_calibration_error(probabilities: Tensor, truth: Tensor, bins: int = 15) -> float:
    """Mean distance of confidence from frequency over all labels, weighted by how many fall into each of ``bins`` equal bins."""
    flat, hit = probabilities.flatten(), truth.flatten()
    place = (flat * bins).long().clamp(max=bins - 1)
    total = 0.0
    for index in range(bins):
        inside = place == index
        if inside.any():
            total += float((flat[inside].mean() - hit[inside].mean()).abs() * inside.sum())
    return total / len(flat)
