"""Write the trained network as int8 ONNX, with its tokenizer and what the reader must know about it."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from pathlib import Path

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic

from training.data import LABELS, ROLES
from training.model import ReadingModel


def export(model: ReadingModel, tokenizer: Path, folder: Path) -> None:
    """Write ``model.onnx`` and ``tokenizer.json`` into ``folder``, and a ``model.json`` that calibrates nothing yet."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        full = Path(scratch) / "full.onnx"
        _to_onnx(model, full)
        # Per channel: half the error of one scale for each matrix, at no cost in speed.
        quantize_dynamic(full, folder / "model.onnx", weight_type=QuantType.QInt8, per_channel=True)
    shutil.copy(tokenizer, folder / "tokenizer.json")
    write_facts(folder, scale=[1.0] * len(LABELS), shift=[0.0] * len(LABELS), thresholds=dict.fromkeys(LABELS, 0.5))


def write_facts(folder: Path, **facts: object) -> None:
    """Write what the reader must know: the hash of the weights, the names of the outputs, calibration and thresholds."""
    digest = hashlib.sha256((folder / "model.onnx").read_bytes()).hexdigest()
    body = {"sha256": digest, "labels": LABELS, "roles": ROLES, **facts}
    (folder / "model.json").write_text(json.dumps(body, indent=1) + "\n", encoding="utf-8")


def _to_onnx(model: ReadingModel, path: Path) -> None:
    model.eval()
    # Three tensors, not one three times: the exporter would take the same object for the same input.
    example = tuple(torch.ones(2, 9, dtype=torch.int64) for _ in range(3))
    batch, tokens = torch.export.Dim("batch", min=1, max=256), torch.export.Dim("tokens", min=2, max=512)
    shape = {0: batch, 1: tokens}
    torch.onnx.export(
        model,
        example,
        path,
        dynamo=True,
        input_names=["ids", "segments", "mask"],
        output_names=["labels", "roles"],
        dynamic_shapes={"ids": shape, "segments": shape, "mask": shape},
        external_data=False,
    )
