"""Finding a page by everyday words: full text and meaning together, and honest about nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

import numpy as np

from resources.encoder import Embedder, Floats, LazyEncoder
from resources.errors import ResourceError
from resources.fulltext import FullText
from resources.page import Page
from resources.script import to_simplified
from resources.vectors import answers_to, vectors_of
from resources.words import paragraphs, terms

_NEAREST = 3
"""A page is as near as its nearest few texts are on average."""
_SHARE = 0.00125
"""What a point of BM25 (0 to about 30) weighs against a cosine (0.8 to 1). Chosen on dev.jsonl."""
_BARS = {"both": (0.935, 0.960), "words": (_SHARE * 8, _SHARE * 23)}
"""Below the first nothing is offered, from the second on it is offered as the answer (dev.jsonl)."""


class Way(StrEnum):
    """How to search; all but BOTH are for comparison."""

    BOTH = "both"
    WORDS = "words"
    MEANING = "meaning"


@dataclass(frozen=True, slots=True)
class Hit:
    """A page found, how well it fits and its passage nearest to the words."""

    page: Page
    score: float
    passage: str
    sure: bool
    """Whether to offer it as the answer; else say that it may not be what she meant."""


class Index:
    """A read-only index of pages. Building it takes a fraction of a second for shipped vectors."""

    def __init__(self, pages: Iterable[Page], embedder: Embedder | None = None) -> None:
        self._pages = list(pages)
        self._words = FullText(self._pages)
        self._embedder = embedder or LazyEncoder()
        self._trouble: str | None = None

    @property
    def trouble(self) -> str | None:
        """Why only words are compared at present; None while meanings are too."""
        return self._trouble

    def search(self, words: str, limit: int, way: Way = Way.BOTH) -> list[Hit]:
        """Pages that fit the words, best first; none when nothing fits well enough.

        A comparison of one way alone gives its best pages, however badly they fit.
        """
        asked = to_simplified(words)
        if not any(len(set(term)) > 1 for term in terms(asked)):  # laughter, sighs
            return []
        scores = self._scores(asked, way)
        nothing, sure = _BARS["words" if self._trouble else "both"]
        best = np.argsort(-scores, kind="stable")[:limit]
        return [
            Hit(self._pages[n], float(scores[n]), self._passage(n, asked), bool(scores[n] >= sure))
            for n in best.tolist()
            if way is not Way.BOTH or scores[n] >= nothing
        ]

    def _scores(self, asked: str, way: Way) -> Floats:
        scores = np.zeros(len(self._pages), np.float32)
        if way is not Way.MEANING:
            for n, score in self._words.scores(asked).items():
                scores[n] = _SHARE * score
        return scores + self._nearness(asked) if way is not Way.WORDS else scores

    def _nearness(self, asked: str) -> Floats | float:
        """How near each page is in meaning; 0 for all when the encoder cannot be read."""
        try:
            alike = self._vectors @ vectors_of([asked], self._embedder)[0]
        except ResourceError as error:
            self._trouble = str(error)
            return 0.0
        parts = np.split(alike, np.cumsum(self._sizes)[:-1])
        return np.array([np.sort(part)[-_NEAREST:].mean() for part in parts], np.float32)

    @cached_property
    def _sizes(self) -> list[int]:
        return [len(answers_to(page)) for page in self._pages]

    @cached_property
    def _vectors(self) -> Floats:
        texts = [text for page in self._pages for text in answers_to(page)]
        return vectors_of(texts, self._embedder)

    def _passage(self, n: int, asked: str) -> str:
        wanted = terms(asked).keys()
        rare = {term: 1 / (1 + self._words.spread(term)) for term in wanted}

        def overlap(part: str) -> float:
            return sum(rare[term] for term in wanted & terms(part).keys())

        return max(paragraphs(self._pages[n].text), key=overlap)
