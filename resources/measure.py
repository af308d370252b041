"""How well the search finds: both ways together, and each alone, with intervals.

python -m resources.measure            # the questions kept aside
python -m resources.measure dev        # those that weights and thresholds were chosen on
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from resources.catalogue import Catalogue, load_catalogue
from resources.encoder import Embedder, Floats, LazyEncoder
from resources.search import Way

QUESTIONS = Path(__file__).parent / "questions"
NAMES = {Way.BOTH: "两样一起", Way.WORDS: "只看字", Way.MEANING: "只看意思"}
SURE = 1.96


@dataclass(frozen=True, slots=True)
class Question:
    """What somebody asks, and the pages that answer it; none when no page does."""

    words: str
    pages: frozenset[str]


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many."""

    got: int
    of: int

    @property
    def value(self) -> float:
        """From 0 to 1."""
        return self.got / self.of if self.of else 0.0

    def __str__(self) -> str:
        low, high = self.interval()
        return f"{self.value:.3f}（{low:.3f}–{high:.3f}）"

    def interval(self) -> tuple[float, float]:
        """Wilson's 95 % interval."""
        n, p = max(self.of, 1), self.value
        middle = p + SURE**2 / (2 * n)
        half = SURE * math.sqrt(p * (1 - p) / n + SURE**2 / (4 * n * n))
        return max(0.0, (middle - half) / (1 + SURE**2 / n)), (middle + half) / (1 + SURE**2 / n)


@dataclass(frozen=True, slots=True)
class Figures:
    """How one way did."""

    first: Share
    among_three: Share
    silent: Share
    """Questions no page answers, to which nothing was offered as the answer."""
    lost: tuple[str, ...]


class Remembering:
    """An embedder that reads no text twice."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._known: dict[str, Floats] = {}

    def embed(self, texts: Sequence[str]) -> Floats:
        """One row for each text."""
        new = [text for text in texts if text not in self._known]
        self._known |= dict(zip(new, self._embedder.embed(new), strict=True))
        return np.stack([self._known[text] for text in texts])


def load_questions(part: str) -> list[Question]:
    """The questions of `dev` or `test`."""
    lines = (QUESTIONS / f"{part}.jsonl").read_text("utf-8").splitlines()
    return [Question(row["words"], frozenset(row["pages"])) for row in map(json.loads, lines)]


def measure(catalogue: Catalogue, questions: Sequence[Question], way: Way) -> Figures:
    """Ask them all."""
    found = {q: catalogue.search(q.words, 3, way) for q in questions}
    fitting = [q for q in questions if q.pages]
    foreign = [q for q in questions if not q.pages]
    first = [q for q in fitting if found[q] and found[q][0].page.id in q.pages]
    three = [q for q in fitting if q.pages & {hit.page.id for hit in found[q]}]
    silent = [q for q in foreign if not any(hit.sure for hit in found[q])]
    return Figures(
        Share(len(first), len(fitting)),
        Share(len(three), len(fitting)),
        Share(len(silent), len(foreign)),
        tuple(
            f"{q.words} → {[hit.page.id for hit in found[q]]}" for q in fitting if q not in first
        ),
    )


def table(catalogue: Catalogue, questions: Sequence[Question]) -> str:
    """All three ways, one row each."""
    rows = ["| 怎么找 | 第一条就对 | 前三条里有 | 没有答案时不硬答 |", "|---|---|---|---|"]
    for way in Way:
        figures = measure(catalogue, questions, way)
        silent = str(figures.silent) if way is Way.BOTH else "–"
        rows.append(f"| {NAMES[way]} | {figures.first} | {figures.among_three} | {silent} |")
    return "\n".join(rows)


if __name__ == "__main__":
    catalogue = load_catalogue(embedder=Remembering(LazyEncoder()))
    print(table(catalogue, load_questions(sys.argv[1] if sys.argv[1:] else "test")))
