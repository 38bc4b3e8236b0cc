"""Learning: rounds over the cases, first together, then in branches whose mean is what has been learned.

Branches that part after the first rounds find different answers to what is hard. The mean of their weights generalises better than
either (Wortsman et al. 2022, "Model soups"), and reading with it costs no more than reading with one.
"""

from __future__ import annotations

import copy
import math
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self, TypeAlias, cast

import torch
from torch import Tensor, nn
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from bot.reading.encoding import Encoding
from training.batch import batches, tensors
from training.case import Case
from training.data import OUTSIDE, Example, examples_of
from training.model import ReadingModel
from training.precision import half
from training.repetition import Repetition
from training.vary import Variety

TOKENS_PER_BATCH = 2048
#: How much the roles of tokens count beside the labels of messages.
ROLE_WEIGHT = 0.5
#: The part of the rounds in which the learning rate rises.
RISE = 0.1
#: What has been learned is the running average of the last steps: decay for each step.
AVERAGED_OVER = 0.99
#: The heads start from nothing and learn so many times as fast as the encoder.
HEADS_FASTER = 5

Weights: TypeAlias = dict[str, Tensor]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How long, how fast, and where the branches part: after ``together`` of ``rounds`` rounds, one for each of ``seeds``."""

    rounds: int
    together: int
    seeds: tuple[int, ...]
    rate: float


@dataclass(kw_only=True)
class Learner:
    """A model in the middle of learning, with all that its next step depends on but PyTorch's own chance."""

    model: ReadingModel
    encoding: Encoding
    cases: Sequence[Case]
    plan: Plan
    chance: random.Random
    variety: Variety = field(init=False)
    repetition: Repetition = field(init=False)
    optimiser: torch.optim.Optimizer = field(init=False)
    average: AveragedModel = field(init=False)

    def __post_init__(self) -> None:
        self.variety, self.repetition = Variety(self.cases, self.chance), Repetition(self.chance)
        heads = [p for name, p in self.model.named_parameters() if not name.startswith("encoder.")]
        groups = [
            {"params": list(self.model.encoder.parameters()), "faster": 1},
            {"params": heads, "faster": HEADS_FASTER},
        ]
        self.optimiser = torch.optim.AdamW(groups, weight_decay=0.01, fused=True)
        self.average = AveragedModel(self.model, multi_avg_fn=get_ema_multi_avg_fn(AVERAGED_OVER))

    @property
    def learned(self) -> ReadingModel:
        """The model that holds what has been learned so far."""
        return cast("ReadingModel", self.average.module)

    def branch(self, seed: int) -> Self:
        """A learner of its own that goes on from here with other chance."""
        own = copy.deepcopy(self)
        own.chance.seed(seed)
        torch.manual_seed(seed)
        return own

    def learn(self, number: int) -> str:
        """Learn for round ``number`` (from 1); says how much was read and what the loss was."""
        self.model.train()
        chosen = [(self.variety.vary(case), weight) for case, weight in self.repetition.chosen(self.cases, number)]
        made = list(batches(examples_of(chosen, self.encoding), TOKENS_PER_BATCH, self.chance))
        total = 0.0
        for place, batch in enumerate(made):
            total += self._step(batch, (number - 1 + place / len(made)) / self.plan.rounds)
        return f"{len(chosen)} cases, loss {total / len(made):.4f}"

    def _step(self, batch: Sequence[Example], progress: float) -> float:
        for group in self.optimiser.param_groups:
            group["lr"] = self.plan.rate * group["faster"] * share_of_rate(progress)
        loss, by_example = _loss(self.model, batch)
        self.repetition.read((example.case for example in batch), by_example)
        self.optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.optimiser.step()
        self.average.update_parameters(self.model)
        return float(loss.detach())


def learn(trunk: Learner, measure: Callable[[ReadingModel], float], keep: Path | None) -> list[Weights]:
    """What each branch has learned. Prints its progress with ``measure`` of each round; keeps weights in ``keep``."""
    begun, plan = time.monotonic(), trunk.plan

    def learn_rounds(learner: Learner, name: str, numbers: range) -> None:
        for number in numbers:
            said = learner.learn(number)
            f1 = measure(learner.learned)
            if keep:
                torch.save(learner.learned.state_dict(), keep / f"{name}.pt")
            seconds = time.monotonic() - begun
            print(f"{name}, round {number}/{plan.rounds}: {said}, dev macro-F1 {f1:.3f}, {seconds:.0f} s", flush=True)

    learn_rounds(trunk, "together", range(1, plan.together + 1))
    branches = []
    for place, seed in enumerate(plan.seeds, start=1):
        branch = trunk.branch(seed)
        learn_rounds(branch, f"branch-{place}", range(plan.together + 1, plan.rounds + 1))
        branches.append(branch.learned.state_dict())
    return branches


def mean_of(models: Sequence[Weights]) -> Weights:
    """The mean of each weight; what is not a number with a fraction is the first one's."""
    first = models[0]
    return {
        name: torch.stack([model[name] for model in models]).mean(0) if weights.is_floating_point() else weights
        for name, weights in first.items()
    }


def share_of_rate(progress: float) -> float:
    """The share of the highest rate at ``progress`` (0 to 1) through the rounds: a short rise, then a cosine to nothing.

    By progress, not by step: variants differ in length, so nobody knows the number of batches before.
    """
    if progress < RISE:
        return progress / RISE
    return 0.5 * (1 + math.cos(math.pi * (progress - RISE) / (1 - RISE)))


def _loss(model: ReadingModel, batch: Sequence[Example]) -> tuple[Tensor, list[float]]:
    """What to learn from, and the loss of each example's labels."""
    given = tensors(batch, model.device)
    with half(model.device):
        label_logits, role_logits = (logits.float() for logits in model(given.ids, given.segments, given.mask))
    said = given.surest(label_logits)
    by_example = nn.functional.binary_cross_entropy_with_logits(said, given.labels, reduction="none").sum(1)
    by_role = nn.functional.cross_entropy(role_logits.flatten(0, 1), given.roles.flatten(), ignore_index=OUTSIDE)
    return (given.weights * by_example).mean() + ROLE_WEIGHT * by_role, by_example.tolist()
