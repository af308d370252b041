"""Weights on disk: int8 rows with a scale each, checksums beside them, nothing that can run code."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor

from moderation.errors import ModelError

WEIGHTS, TOKENIZER, CONFIG, SUMS = (
    "model.safetensors",
    "tokenizer.json",
    "config.json",
    "checksums.json",
)
FILES = (WEIGHTS, TOKENIZER, CONFIG)
_SCALE = ".scale"


def packed(state: dict[str, Tensor]) -> dict[str, Tensor]:
    """Matrices as int8 with one fp16 scale a row, the rest as fp16; about a quarter of fp32."""
    tensors: dict[str, Tensor] = {}
    for name, value in state.items():
        if value.dim() != 2 or value.numel() < 4096:
            tensors[name] = value.half().contiguous()
            continue
        scale = (value.abs().amax(dim=1, keepdim=True) / 127).clamp(min=1e-6).half()
        tensors[name] = (value / scale.float()).round().clamp(-127, 127).to(torch.int8).contiguous()
        tensors[name + _SCALE] = scale.squeeze(1).contiguous()
    return tensors


def unpacked(tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    """The inverse of `packed`, as fp32; reads plain fp16 and fp32 files too."""
    state = {}
    for name, value in tensors.items():
        if name.endswith(_SCALE):
            continue
        scale = tensors.get(name + _SCALE)
        state[name] = value.float() if scale is None else value.float() * scale.float()[:, None]
    return state


def save_weights(state: dict[str, Tensor], folder: Path) -> None:
    """Writes the packed weights into `folder`."""
    save_file(packed(state), folder / WEIGHTS)


def write_sums(folder: Path) -> None:
    """Notes the SHA-256 of each file of the model."""
    sums = {name: fingerprint(folder / name) for name in FILES}
    (folder / SUMS).write_text(json.dumps(sums, indent=2) + "\n", "utf-8")


def check(folder: Path) -> None:
    """`ModelError` unless every file is there and whole."""
    for name in (*FILES, SUMS):
        if not (folder / name).is_file():
            raise ModelError(folder, f"the file {name} is missing")
    try:
        sums = json.loads((folder / SUMS).read_text("utf-8"))
        damaged = [name for name in FILES if sums[name] != fingerprint(folder / name)]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(folder, f"{SUMS} cannot be read ({error})") from error
    if damaged:
        raise ModelError(folder, f"{damaged[0]} is truncated or damaged (its checksum differs)")


def load_weights(folder: Path) -> dict[str, Tensor]:
    """The weights as fp32; `ModelError` when the file cannot be read."""
    try:
        return unpacked(load_file(folder / WEIGHTS))
    except (OSError, SafetensorError) as error:
        raise ModelError(folder, f"{WEIGHTS} cannot be read ({error})") from error


def fingerprint(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
