"""Makes a loaded network quicker on the processor at hand, without changing its answers much."""

from __future__ import annotations

import warnings

import torch
from torch import nn

from moderation.classifier.network import Network


def faster(network: Network) -> Network:
    """The encoder in bfloat16 where the processor multiplies it in hardware, else int8 matrices."""
    network.eval()
    if torch.cpu.get_capabilities().get("amx_bf16"):
        return network.to(torch.bfloat16)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        network.encoder = torch.ao.quantization.quantize_dynamic(  # type: ignore[no-untyped-call]
            network.encoder, {nn.Linear}, dtype=torch.qint8
        )
    return network
