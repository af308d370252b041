"""Finding a page by everyday words: BM25 over character pairs, no segmenter, no dependency."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from resources.page import Page
from resources.words import paragraphs, terms

_WEIGHTS = {"title": 3.0, "aliases": 3.0, "questions": 2.5, "summary": 1.5, "body": 1.0}
_LENGTH_PULL = 0.4
_SATURATION = 2.0
_SAME_QUESTION = 0.5
_NOTHING = 0.15
_SURE = 0.4
_SINGLE = 0.3


@dataclass(frozen=True, slots=True)
class Hit:
    """A page found, how well it fits (0 to about 1.5) and its passage nearest to the words."""

    page: Page
    score: float
    passage: str

    @property
    def sure(self) -> bool:
        """Whether to offer it as the answer; below that, say that it may not be what she meant."""
        return self.score >= _SURE


class Index:
    """A read-only index of pages: a fraction of a second to build, a few milliseconds to ask."""

    def __init__(self, pages: Iterable[Page]) -> None:
        self._pages = list(pages)
        fields = [_fields(page) for page in self._pages]
        usual = {name: _mean(sum(f[name].values()) for f in fields) for name in _WEIGHTS}
        self._weights: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for n, field in enumerate(fields):
            for term, weight in _blend(field, usual).items():
                self._weights[term].append((n, weight))
        self._phrases: list[tuple[int, float]] = []
        self._phrases_with: dict[str, list[int]] = defaultdict(list)
        for n, page in enumerate(self._pages):
            for phrase in _phrases(page):
                self._add(n, frozenset(terms(phrase)))

    def search(self, words: str, limit: int) -> list[Hit]:
        """Pages that fit the words, best first; none when nothing fits well enough."""
        asked = {term: self._rarity(term) for term in terms(words)}
        whole = sum(asked.values())
        found = self._found(asked)
        alike = self._alike(asked, whole)
        scores = {n: found[n] / whole + _SAME_QUESTION * alike[n] for n in found}
        best = sorted(scores, key=lambda n: (-scores[n], n))[:limit]
        return [
            Hit(self._pages[n], scores[n], self._passage(n, asked))
            for n in best
            if scores[n] >= _NOTHING
        ]

    def _add(self, n: int, phrase: frozenset[str]) -> None:
        for term in phrase:
            self._phrases_with[term].append(len(self._phrases))
        self._phrases.append((n, sum(map(self._rarity, phrase))))

    def _found(self, asked: dict[str, float]) -> dict[int, float]:
        found: dict[int, float] = defaultdict(float)
        for term, rarity in asked.items():
            for n, weight in self._weights.get(term, ()):
                found[n] += rarity * weight / (_SATURATION + weight)
        return found

    def _alike(self, asked: dict[str, float], whole: float) -> dict[int, float]:
        shared: dict[int, float] = defaultdict(float)
        for term, rarity in asked.items():
            for phrase in self._phrases_with.get(term, ()):
                shared[phrase] += rarity
        alike: dict[int, float] = defaultdict(float)
        for phrase, sum_shared in shared.items():
            n, size = self._phrases[phrase]
            alike[n] = max(alike[n], sum_shared / math.sqrt(whole * size))
        return alike

    def _rarity(self, term: str) -> float:
        seen = len(self._weights.get(term, ()))
        weight = math.log(1 + (len(self._pages) - seen + 0.5) / (seen + 0.5))
        return weight if len(term) > 1 else weight * _SINGLE

    def _passage(self, n: int, asked: dict[str, float]) -> str:
        def overlap(part: str) -> float:
            return sum(asked[term] for term in asked.keys() & terms(part).keys())

        return max(paragraphs(self._pages[n].text), key=overlap)


def _fields(page: Page) -> dict[str, Counter[str]]:
    return {
        "title": terms(page.title),
        "aliases": terms("\n".join(page.aliases)),
        "questions": terms("\n".join(page.questions)),
        "summary": terms(page.summary),
        "body": terms(page.text),
    }


def _blend(fields: dict[str, Counter[str]], usual: dict[str, float]) -> dict[str, float]:
    blended: dict[str, float] = {}
    for name, weight in _WEIGHTS.items():
        longer = sum(fields[name].values()) / (usual[name] or 1.0)
        pull = weight / (1 - _LENGTH_PULL + _LENGTH_PULL * longer)
        for term, count in fields[name].items():
            blended[term] = blended.get(term, 0.0) + pull * count
    return blended


def _phrases(page: Page) -> tuple[str, ...]:
    return (page.title, *page.aliases, *page.questions)


def _mean(sizes: Iterable[int]) -> float:
    listed = list(sizes)
    return sum(listed) / len(listed) if listed else 0.0
