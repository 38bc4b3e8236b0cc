"""The network: a small BERT with two heads, one for the labels of the message, one for the role of each token."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor, nn
from transformers import BertModel

from training.attention import ATTENTION
from training.dropout import with_byte_dropout


class ReadingModel(nn.Module):
    """Logits for labels (batch, labels) and for token roles (batch, tokens, 1 + roles); role 0 is "none".

    The label head sees the first token, the mean and the maximum over the tokens of the text under reading (segment 1).
    """

    def __init__(self, base: Path, labels: int, roles: int) -> None:
        super().__init__()
        self.encoder = BertModel.from_pretrained(base, add_pooling_layer=False, attn_implementation=ATTENTION)
        width = self.encoder.config.hidden_size
        self.dropout = nn.Dropout(0.15)
        self.label_head = nn.Sequential(
            nn.Linear(3 * width, width), nn.GELU(), nn.Dropout(0.15), nn.Linear(width, labels)
        )
        self.role_head = nn.Linear(width, 1 + roles)
        with_byte_dropout(self)

    @property
    def device(self) -> torch.device:
        """Where the weights are."""
        return self.role_head.weight.device

    def forward(self, ids: Tensor, segments: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """``ids``, ``segments`` and ``mask`` are (batch, tokens) of int64; padding has mask 0."""
        hidden = self.dropout(
            self.encoder(input_ids=ids, token_type_ids=segments, attention_mask=mask).last_hidden_state
        ).float()  # in training it may come in half precision, in which a sum over tokens is too coarse
        said = (segments * mask).unsqueeze(-1).to(hidden.dtype)
        mean = (hidden * said).sum(1) / said.sum(1).clamp(min=1)
        most = (hidden - (1 - said) * 1e4).amax(1)
        return self.label_head(torch.cat([hidden[:, 0], mean, most], dim=-1)), self.role_head(hidden)
