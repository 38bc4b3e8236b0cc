"""From logits to honest probabilities and from these to default thresholds, both on the dev split."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from bot.domain.reading import DANGER, Label

#: A page wakes somebody: for danger, the lowest threshold at which so many of the dev cases it finds are real. People stop looking where
#: more are false.
DANGER_PRECISION = 0.5
#: No page for less than this, whatever a few dev cases say.
DANGER_FLOOR = 0.15
#: Where probabilities are honest, the threshold with the best F1 is half that F1 (Lipton et al. 2014), so never above this; where a few dev
#: cases say otherwise, they are few. No label worth having needs a lower one than LOWEST.
LOWEST, HIGHEST = 0.25, 0.5
#: Labels for which policies hide: nothing is hidden that is not more likely to be one than not.
HIDING = frozenset(
    {
        Label.THIRD_PARTY_PHI,
        Label.PSEUDOSCIENCE,
        Label.SOLICITATION,
        Label.BULLYING,
        Label.OWN_IDENTIFIER,
        Label.STAFF_CONFIRMS_PATIENT,
    }
)
#: Thresholds whose F1 is this close to the best are as good as it: a few dev cases decide between them. The middle one is taken.
AS_GOOD = 0.01


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
    """The default threshold of one label on the dev split: best F1; one half for hiding; for danger, as low as people can bear."""
    if label in HIDING:
        return HIGHEST
    candidates = [step / 100 for step in range(round(LOWEST * 100), round(HIGHEST * 100) + 1)]
    scored = [(at, *_precision_recall(probabilities >= at, truth)) for at in candidates]
    f1 = {at: 2 * precision * recall / max(precision + recall, 1e-9) for at, precision, recall in scored}
    as_good = [at for at in candidates if f1[at] >= max(f1.values()) - AS_GOOD]
    best = as_good[len(as_good) // 2] if max(f1.values()) else candidates[-1]
    if label in DANGER:
        low = [step / 100 for step in range(round(DANGER_FLOOR * 100), round(best * 100))]
        return next((at for at in low if _precision_recall(probabilities >= at, truth)[0] >= DANGER_PRECISION), best)
    return best


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
