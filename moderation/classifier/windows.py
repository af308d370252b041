"""Cuts messages into windows of tokens and puts them together as tensors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from tokenizers import Tokenizer

from moderation.classifier.network import CHARACTERS, Batch
from moderation.normalise import Normalised, normalise
from moderation.vocabulary import Excerpt

START, PAD, END = 0, 1, 2
LONGEST = 192
"""Tokens of a message that is read whole; a longer one is cut finer, so that a needle shows."""
PIECE, STRIDE = 96, 64
CONTEXT = 64
LARGEST_BATCH = 32


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of one message: token ids, and each token's span in the normalised text."""

    ids: tuple[int, ...]
    spans: tuple[tuple[int, int], ...]
    context: tuple[int, ...]
    text: str
    start: int
    """Index in the normalised text of the first character of `text`."""

    @property
    def size(self) -> int:
        """Tokens in all, with the marks around them."""
        return len(self.ids) + 2 + (len(self.context) + 1 if self.context else 0)


def safe(text: str) -> str:
    """The text with broken surrogates replaced one by one, so that it can be encoded."""
    return text.encode("utf-8", "replace").decode("utf-8")


def prepare(
    excerpts: Sequence[Excerpt], tokenizer: Tokenizer
) -> list[tuple[Normalised, list[Window]]]:
    """Normalises and cuts each excerpt; an empty text has one window without tokens."""
    texts = [normalise(excerpt.text) for excerpt in excerpts]
    contexts = [
        " / ".join(normalise(earlier[-300:]).text for earlier in excerpt.context[-3:])
        for excerpt in excerpts
    ]
    encoded = tokenizer.encode_batch([safe(t.text) for t in texts], add_special_tokens=False)
    before = tokenizer.encode_batch([safe(c) for c in contexts], add_special_tokens=False)
    return [
        (text, _cut(text.text, own.ids, own.offsets, tuple(earlier.ids[-CONTEXT:])))
        for text, own, earlier in zip(texts, encoded, before, strict=True)
    ]


def _cut(
    text: str, ids: list[int], offsets: list[tuple[int, int]], context: tuple[int, ...]
) -> list[Window]:
    windows = []
    size = LONGEST if len(ids) <= LONGEST else PIECE
    for first in range(0, max(1, len(ids) - size + STRIDE), STRIDE):
        last = min(first + size, len(ids))
        start = offsets[first][0] if ids else 0
        end = offsets[last - 1][1] if ids else 0
        spans = tuple((a - start, b - start) for a, b in offsets[first:last])
        windows.append(Window(tuple(ids[first:last]), spans, context, text[start:end], start))
    return windows


def batches_by_length(
    windows: Sequence[Window], workers: int = 1, largest: int = LARGEST_BATCH
) -> list[list[int]]:
    """Indices of windows in batches of similar lengths, the longest first, work for all workers."""
    order = sorted(range(len(windows)), key=lambda i: -windows[i].size)
    size = min(largest, max(1, -(-len(order) // workers)))
    return [order[i : i + size] for i in range(0, len(order), size)]


def _rounded(size: int, step: int) -> int:
    """Up to a multiple: few different shapes, for which torch prepares its kernels once each."""
    return max(step, -(-size // step) * step)


def collate(windows: Sequence[Window]) -> Batch:
    """Pads windows into one batch."""
    width = _rounded(max(window.size for window in windows), 8)
    length = _rounded(max(len(window.text) for window in windows), 16)
    rows = [_row(window, width, length) for window in windows]
    ids, kinds, mask, own, characters, owners, present = (
        torch.tensor(column, dtype=torch.long) for column in zip(*rows, strict=True)
    )
    return Batch(ids, kinds, mask, own, characters, owners, present)


def _row(window: Window, width: int, length: int) -> tuple[list[int], ...]:
    own = [START, *window.ids, END]
    context = [*window.context, END] if window.context else []
    spare = width - len(own) - len(context)
    ids = own + context + [PAD] * spare
    kinds = [0] * len(own) + [1] * len(context) + [0] * spare
    mask = [1] * (width - spare) + [0] * spare
    mine = [0] + [1] * len(window.ids) + [0] * (width - 1 - len(window.ids))
    if not window.ids:
        mine[0] = 1
    filler = length - len(window.text)
    characters = [1 + ord(c) % (CHARACTERS - 1) for c in window.text] + [0] * filler
    owners = _owners(window) + [0] * filler
    present = [1] * len(window.text) + [0] * filler
    return ids, kinds, mask, mine, characters, owners, present


def _owners(window: Window) -> list[int]:
    owners = [0] * len(window.text)
    for token, (start, end) in enumerate(window.spans, start=1):
        owners[start:end] = [token] * (end - start)
    return owners
