"""The vectors of everything a page answers to, computed once for our own pages and shipped.

    python -m resources.vectors      # after pages changed: computes what is missing

A vector belongs to a text, by the text's hash: a changed page can never keep an old vector.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from hashlib import sha256
from pathlib import Path

import numpy as np

from resources.encoder import Embedder, Floats, LazyEncoder
from resources.page import Page

FILE = Path(__file__).parent / "vectors.npz"
HASH_BYTES = 8
STEPS = 127.0


def answers_to(page: Page) -> tuple[str, ...]:
    """The texts by which a page is found: its title, other names, questions, summary."""
    return (page.title, *page.aliases, *page.questions, f"{page.title}：{page.summary}")


def missing(pages: Iterable[Page]) -> list[str]:
    """Texts without a shipped vector, each once."""
    texts = dict.fromkeys(text for page in pages for text in answers_to(page))
    return [text for text in texts if _name(text) not in _shipped()]


def vectors_of(texts: Sequence[str], embedder: Embedder) -> Floats:
    """One row of length 1 for each text: the shipped one, or a fresh one."""
    shipped = _shipped()
    fresh = [text for text in dict.fromkeys(texts) if _name(text) not in shipped]
    made = dict(zip(fresh, embedder.embed(fresh), strict=True)) if fresh else {}
    return np.stack([made[text] if text in made else shipped[_name(text)] for text in texts])


def write(pages: Iterable[Page], embedder: Embedder, file: Path = FILE) -> None:
    """Ship the vectors of these pages: eight bits a number, after the mean is taken away."""
    texts = list(dict.fromkeys(text for page in pages for text in answers_to(page)))
    vectors = vectors_of(texts, embedder)
    mean = vectors.mean(axis=0)
    rest = vectors - mean
    scales = np.abs(rest).max(axis=1, keepdims=True) / STEPS
    np.savez_compressed(
        file,
        names=np.array([list(_name(text)) for text in texts], np.uint8),
        mean=mean.astype(np.float32),
        scales=scales.astype(np.float32),
        rest=np.round(rest / scales).astype(np.int8),
    )
    _shipped.cache_clear()


def _name(text: str) -> bytes:
    return sha256(text.encode()).digest()[:HASH_BYTES]


@cache
def _shipped() -> dict[bytes, Floats]:
    if not FILE.exists():
        return {}
    with np.load(FILE) as stored:
        vectors = stored["mean"] + stored["rest"].astype(np.float32) * stored["scales"]
        names = stored["names"]
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return {bytes(name): vector for name, vector in zip(names, vectors, strict=True)}


if __name__ == "__main__":
    from resources.catalogue import load_catalogue

    write(load_catalogue(), LazyEncoder())
