"""A model that is there or away, quick or slow, whole or broken, as a test wants it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.hearing.classifiers import RULES_ONLY
from bot.hearing.modelworker import AwayError
from moderation.policy import OperatingPoints
from moderation.vocabulary import Excerpt, Scores
from tests.fakes import KeywordClassifier


@dataclass
class FakeModel:
    """A model that works when it is let; remembers what it was asked, in batches."""

    degraded: str | None = None
    exists: bool = True
    expected: bool = True
    points: OperatingPoints = field(default_factory=lambda: RULES_ONLY)
    ready: asyncio.Event = field(default_factory=asyncio.Event)
    let_go: asyncio.Event = field(default_factory=asyncio.Event)
    batches: list[list[str]] = field(default_factory=list)
    broken: Exception | None = None

    def __post_init__(self) -> None:
        self.ready.set()
        self.let_go.set()

    async def classify(self, excerpts: Sequence[Excerpt]) -> list[Scores]:
        """As slowly as the test wants; leaves out 漏. An error while it is away."""
        if not self.ready.is_set():
            raise AwayError(self.degraded)
        self.batches.append([excerpt.text for excerpt in excerpts])
        await self.let_go.wait()
        if self.broken:
            raise self.broken
        kept = [excerpt for excerpt in excerpts if excerpt.text != "漏"]
        return KeywordClassifier().classify(kept)

    @property
    def asked(self) -> list[str]:
        """Everything in the order in which it was asked."""
        return [text for batch in self.batches for text in batch]
