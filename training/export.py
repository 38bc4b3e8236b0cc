"""Write the trained network as int8 ONNX, with its tokenizer and what the reader must know about it."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic

from training.data import LABELS, ROLES
from training.model import ReadingModel


def export(model: ReadingModel, tokenizer: Path, folder: Path, facts: Mapping[str, object]) -> None:
    """Write ``model.onnx``, ``tokenizer.json`` and ``model.json`` into ``folder``; ``facts`` are calibration and thresholds."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        full = Path(scratch) / "full.onnx"
        _to_onnx(model, full)
        quantize_dynamic(full, folder / "model.onnx", weight_type=QuantType.QInt8, per_channel=True, reduce_range=False)
    shutil.copy(tokenizer, folder / "tokenizer.json")
    digest = hashlib.sha256((folder / "model.onnx").read_bytes()).hexdigest()
    body = {"sha256": digest, "labels": LABELS, "roles": ROLES, **facts}
    (folder / "model.json").write_text(json.dumps(body, indent=1) + "\n", encoding="utf-8")


def _to_onnx(model: ReadingModel, path: Path) -> None:
    model.eval()
    example = (torch.ones(2, 9, dtype=torch.int64),) * 3
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
