"""The trained network at work: calibrated label probabilities and token roles, by onnxruntime on one thread."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from bot.domain.errors import ChaperoneError
from bot.domain.reading import Label, Span, SpanRole, Utterance
from bot.reading.encoding import Encoding, Window

MODEL = Path(__file__).parent / "model"
#: A token plays a role from this probability on.
_ROLE_AT = 0.5
#: onnxruntime's fused layer norm is slower on CPUs than its parts: without it a message is read in a fifth less time (1.32, one core).
_SLOWER = ("SkipLayerNormFusion",)


class ModelError(ChaperoneError):
    """The shipped model is missing or not the one that model.json names. Install the package again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Understood:
    """What the network makes of one utterance: every label's probability and the roles found, as spans of the text it was given."""

    probabilities: Mapping[Label, float]
    spans: tuple[Span, ...]


class Encoder:
    """Loads once, reads many. ``thresholds`` are the model's defaults for each label."""

    def __init__(self, folder: Path = MODEL) -> None:
        """Raise ModelError where the weights are missing or not the ones that were measured."""
        try:
            facts = json.loads((folder / "model.json").read_text(encoding="utf-8"))
            weights = (folder / "model.onnx").read_bytes()
        except OSError as error:
            raise ModelError(f"The reading model can't be read: {error.strerror}.") from None
        if hashlib.sha256(weights).hexdigest() != facts["sha256"]:
            raise ModelError
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.enable_cpu_mem_arena = False
        self._session = onnxruntime.InferenceSession(
            weights, options, providers=["CPUExecutionProvider"], disabled_optimizers=list(_SLOWER)
        )
        self._encoding = Encoding.load(folder / "tokenizer.json")
        self._labels = tuple(Label(name) for name in facts["labels"])
        self._roles = tuple(SpanRole(name) for name in facts["roles"])
        self._scale = np.array(facts["scale"], dtype=np.float32)
        self._shift = np.array(facts["shift"], dtype=np.float32)
        self.thresholds: Mapping[Label, float] = {Label(name): float(at) for name, at in facts["thresholds"].items()}

    def understand(self, utterances: Sequence[Utterance]) -> list[Understood]:
        """One answer for each utterance; of several windows the surest says each label."""
        logits = np.full((len(utterances), len(self._labels)), -np.inf, dtype=np.float32)
        spans: list[list[Span]] = [[] for _ in utterances]
        for owner, utterance in enumerate(utterances):
            for window in self._encoding.windows(utterance):
                labels, roles = self._run(window)
                logits[owner] = np.maximum(logits[owner], labels)
                spans[owner] += self._spans(window, roles)
        probabilities = 1 / (1 + np.exp(-(logits * self._scale + self._shift)))
        return [
            Understood(
                probabilities=dict(zip(self._labels, (float(p) for p in row), strict=True)),
                spans=joined(found, utterance.text),
            )
            for row, found, utterance in zip(probabilities, spans, utterances, strict=True)
        ]

    def _run(self, window: Window) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """One window by itself: int8 scales are taken over the whole batch, so that neighbours would change what is read."""
        ids = np.array([window.ids], dtype=np.int64)
        segments = np.array([window.segments], dtype=np.int64)
        labels, roles = self._session.run(
            ["labels", "roles"], {"ids": ids, "segments": segments, "mask": np.ones_like(ids)}
        )
        return labels[0], roles[0]

    def _spans(self, window: Window, role_logits: NDArray[np.float32]) -> list[Span]:
        rows = role_logits[window.first : window.first + len(window.offsets)]
        if not len(rows):
            return []
        rows = np.exp(rows - rows.max(axis=1, keepdims=True))
        rows /= rows.sum(axis=1, keepdims=True)
        best = rows.argmax(axis=1)
        return [
            Span(role=self._roles[place - 1], start=start, end=end)
            for (start, end), place, row in zip(window.offsets, best, rows, strict=True)
            if place > 0 and row[place] >= _ROLE_AT and end > start
        ]


def joined(tokens: Sequence[Span], text: str) -> tuple[Span, ...]:
    """Token spans joined into whole words and runs: neighbours of the same role, with nothing but blanks, hyphens or dots between."""
    runs: list[Span] = []
    for token in sorted(set(tokens), key=lambda span: (span.start, span.end)):
        last = runs[-1] if runs else None
        if last is not None and token.start <= last.end and token.role is not last.role:
            continue
        if last is not None and last.role is token.role and not text[last.end : token.start].strip(" -.'’"):
            runs[-1] = Span(role=last.role, start=last.start, end=max(last.end, token.end))
        else:
            runs.append(token)
    return tuple(_whole_words(run, text) for run in runs)


def _whole_words(span: Span, text: str) -> Span:
    start, end = span.start, span.end
    while start > 0 and text[start - 1].isalnum() and text[start].isalnum():
        start -= 1
    while end < len(text) and text[end - 1].isalnum() and text[end].isalnum():
        end += 1
    return Span(role=span.role, start=start, end=end, kind=span.kind)
