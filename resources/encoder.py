"""The sentence encoder behind the search: `multilingual-e5-small` in 4 bits, run with numpy alone.

Wang et al. 2024, arXiv:2402.05672 (weights MIT). `resources.packing` makes the file: the original's
twelve layers unchanged, and those of its pieces that Chinese, English and figures need.
"""

from __future__ import annotations

import json
import math
import threading
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import ThreadpoolController

from resources.errors import ResourceError
from resources.pieces import Pieces

PACKED = Path(__file__).parent / "encoder.npz"
LONGEST = 96
"""Pieces that are read; a question is rarely longer."""
BLOCK = 32
PREFIX = "query: "
"""What the model was trained to see before texts that are compared with one another."""
MASK, GELU = -1e9, math.sqrt(2)

Floats = NDArray[np.float32]


class Embedder(Protocol):
    """Turns texts into vectors of length 1 whose dot product says how near their meanings are."""

    def embed(self, texts: Sequence[str]) -> Floats:
        """One row for each text."""


class Encoder:
    """The packed model; about 90 MB of memory once read, some 70 ms a question on one core."""

    def __init__(self, file: Path = PACKED) -> None:
        packed = _read(file)
        about = json.loads(bytes(packed["about"]).decode())
        self._heads, self._eps, self._layers = about["heads"], about["eps"], about["layers"]
        self._ends: tuple[int, int] = (about["begin"], about["end"])
        self._pieces = Pieces(about["pieces"], packed["scores"].tolist(), about["unknown"])
        self._threads = ThreadpoolController()
        self._weights = {name: _tensor(packed, name) for name in about["tensors"]}

    def embed(self, texts: Sequence[str]) -> Floats:
        """One row for each text, of length 1."""
        with self._threads.limit(limits=1, user_api="blas"):  # more only wait for one another
            rows = [self._one(text) for text in texts]
        return np.stack(rows) if rows else np.zeros((0, 0), np.float32)

    def _one(self, text: str) -> Floats:
        begin, end = self._ends
        ids = [begin, *self._pieces.ids(PREFIX + text)[: LONGEST - 2], end]
        state = self._embedded(ids)
        for layer in range(self._layers):
            state = self._layer(state, f"l{layer}.")
        mean = state.mean(axis=0)
        return np.asarray(mean / np.linalg.norm(mean), np.float32)

    def _embedded(self, ids: Sequence[int]) -> Floats:
        w = self._weights
        summed = w["emb.word"][ids] + w["emb.pos"][: len(ids)] + w["emb.type"][0]
        return self._norm(summed, "emb.ln")

    def _layer(self, state: Floats, name: str) -> Floats:
        attended = self._norm(state + self._attention(state, name), f"{name}aln")
        inner = self._linear(attended, f"{name}fi")
        raised = 0.5 * inner * (1 + _erf(inner / GELU))
        return self._norm(attended + self._linear(raised, f"{name}fo"), f"{name}oln")

    def _attention(self, state: Floats, name: str) -> Floats:
        count, width = state.shape
        query, key, value = (
            self._linear(state, name + part).reshape(count, self._heads, -1).transpose(1, 0, 2)
            for part in "qkv"
        )
        pull = query @ key.transpose(0, 2, 1) / math.sqrt(width // self._heads)
        pull = np.exp(pull - pull.max(axis=-1, keepdims=True))
        mixed = (pull / pull.sum(axis=-1, keepdims=True)) @ value
        return self._linear(mixed.transpose(1, 0, 2).reshape(count, width), f"{name}ao")

    def _linear(self, state: Floats, name: str) -> Floats:
        return np.asarray(state @ self._weights[f"{name}.w"].T + self._weights[f"{name}.b"])

    def _norm(self, state: Floats, name: str) -> Floats:
        centred = state - state.mean(axis=-1, keepdims=True)
        spread = np.sqrt((centred**2).mean(axis=-1, keepdims=True) + self._eps)
        return np.asarray(
            centred / spread * self._weights[f"{name}.w"] + self._weights[f"{name}.b"]
        )


class LazyEncoder:
    """The packed model, read when the first text comes; safe to use from several threads."""

    def __init__(self) -> None:
        self._reading = threading.Lock()

    def embed(self, texts: Sequence[str]) -> Floats:
        """One row for each text, of length 1."""
        with self._reading:
            encoder = _packed()
        return encoder.embed(texts)


@cache
def _packed() -> Encoder:
    return Encoder()


def _read(file: Path) -> dict[str, NDArray[Any]]:
    try:
        with np.load(file) as packed:
            return {name: packed[name] for name in packed.files}
    except (OSError, ValueError) as error:
        raise ResourceError(
            str(file), "模型文件", None, "能读的 encoder.npz（重新安装群护）", "encoder.npz"
        ) from error


def _tensor(packed: dict[str, NDArray[Any]], name: str) -> Floats:
    """fp32 values; blocks are one fp16 scale and 16 bytes of nibbles minus 8, low nibbles first."""
    if name in packed:
        return packed[name].astype(np.float32)
    nibbles, scales = packed[f"{name}#4"], packed[f"{name}#s"].astype(np.float32)
    low, high = (nibbles & 15).astype(np.float32) - 8, (nibbles >> 4).astype(np.float32) - 8
    values = np.concatenate([low, high], axis=-1) * scales[..., None]
    return np.asarray(values.reshape(len(nibbles), -1), np.float32)


def _erf(x: Floats) -> Floats:
    """Abramowitz and Stegun 7.1.26; off by less than 1.5e-7."""
    t = 1 / (1 + 0.3275911 * np.abs(x))
    poly = t * (
        0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429)))
    )
    return np.asarray(np.sign(x) * (1 - poly * np.exp(-x * x)), np.float32)
