"""Dropout that draws one byte for each value.

PyTorch's own draws a number for each value, one after the other: on a processor that is a fifth of the time of training. Eight bytes at
a draw are four times as fast; the share left out is then a multiple of 1/256.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn


def drop(values: Tensor, share: float) -> Tensor:
    """``values`` with ``share`` of them (0 to 1) set to nothing, and the others raised so that the sum stays the same on average."""
    out_of_256 = round(share * 256)
    drawn = torch.randint(-(2**63), 2**63 - 1, (values.numel() // 8 + 1,), dtype=torch.int64, device=values.device)
    kept = drawn.view(torch.uint8)[: values.numel()].view(values.shape) >= out_of_256
    return values * (kept.to(values.dtype) * (256 / (256 - out_of_256)))


class ByteDropout(nn.Dropout):
    """``nn.Dropout`` by :func:`drop`."""

    def forward(self, values: Tensor) -> Tensor:
        """``values``, in training without a share ``p`` of them."""
        return drop(values, self.p) if self.training and self.p else values


def with_byte_dropout(model: nn.Module) -> None:
    """Put a :class:`ByteDropout` for each ``nn.Dropout`` in ``model``."""
    for name, part in model.named_children():
        if type(part) is nn.Dropout:
            setattr(model, name, ByteDropout(part.p))
        else:
            with_byte_dropout(part)
