"""Text into SentencePiece-unigram pieces: the split whose log-probabilities add up highest.

Kudo 2018, arXiv:1804.10959; pieces and scores are those of XLM-R, fewer of them.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Sequence

SPACE = "▁"
UNKNOWN_COST = 10.0


class Pieces:
    """A vocabulary; ids are places in it."""

    def __init__(self, pieces: Sequence[str], scores: Sequence[float], unknown: int) -> None:
        self._ids = {piece: number for number, piece in enumerate(pieces)}
        self._scores = list(scores)
        self._unknown = unknown
        self._longest = max(map(len, pieces))
        self._worst = min(self._scores) - UNKNOWN_COST

    def ids(self, text: str) -> list[int]:
        """The ids of the best split; a run of characters no piece holds is one unknown."""
        folded = " ".join(unicodedata.normalize("NFKC", text).split())
        line = SPACE + folded.replace(" ", SPACE)
        found = [self._ids.get(line[a:b], self._unknown) for a, b in self._split(line)]
        return [
            number
            for at, number in enumerate(found)
            if number != self._unknown or at == 0 or found[at - 1] != self._unknown
        ]

    def _split(self, line: str) -> list[tuple[int, int]]:
        best = [0.0] + [-math.inf] * len(line)
        start = [0] * (len(line) + 1)
        for a in range(len(line)):
            for b in range(a + 1, min(len(line), a + self._longest) + 1):
                number = self._ids.get(line[a:b])
                if number is None and b > a + 1:
                    continue
                score = best[a] + (self._worst if number is None else self._scores[number])
                if score > best[b]:
                    best[b], start[b] = score, a
        spans = []
        end = len(line)
        while end:
            spans.append((start[end], end))
            end = start[end]
        return spans[::-1]
