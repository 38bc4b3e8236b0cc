"""Half precision where the processor multiplies in it: a round takes about half the time."""

from __future__ import annotations

import torch


def half(device: torch.device) -> torch.autocast:
    """Multiply in bfloat16 where ``device`` does so at full speed (AVX-512 BF16, AMX, an NVIDIA GPU that knows it), else as before.

    The weights themselves and what they learn stay in full precision.
    """
    if device.type == "cuda":
        fast = torch.cuda.is_bf16_supported(including_emulation=False)
    else:
        able = torch.cpu.get_capabilities()
        fast = device.type == "cpu" and any(able.get(name, False) for name in ("avx512_bf16", "amx_bf16"))
    return torch.autocast(device.type, dtype=torch.bfloat16, enabled=fast)
