"""How exactly to multiply on the processor at hand: chosen once, when the model is loaded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn.functional import linear

Product = Callable[[Tensor], Tensor]
"""Multiplies states (…, in) with a fixed matrix and adds a bias: (…, out)."""


@dataclass(frozen=True, slots=True)
class Precision:
    """A way to multiply: the type of the states, and what makes a product of weight and bias."""

    name: str
    dtype: torch.dtype
    product: Callable[[Tensor, Tensor], Product]
    """From weight (out, in) and bias (out), both fp32."""


def fastest() -> Precision:
    """bfloat16 where the processor multiplies it in hardware (AMX), else fp32.

    Not int8: rounding the states call by call changed one decision in twenty on the test part.
    """
    return BFLOAT16 if torch.cpu.get_capabilities().get("amx_bf16") else EXACT


def _exact(weight: Tensor, bias: Tensor) -> Product:
    return lambda states: linear(states, weight, bias)


def _packed(weight: Tensor, bias: Tensor) -> Product:
    """The matrix in the blocked layout of oneDNN, so that it is not rearranged at every call."""
    reorder, multiply = torch.ops.mkldnn._reorder_linear_weight, torch.ops.mkldnn._linear_pointwise
    matrix, short = reorder(weight.bfloat16()), bias.bfloat16()
    return lambda states: multiply(states, matrix, short, "none", [], "")


EXACT = Precision("fp32", torch.float32, _exact)
BFLOAT16 = Precision("bfloat16", torch.bfloat16, _packed)
