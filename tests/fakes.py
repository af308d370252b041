"""Stand-ins that behave like the real thing where tests look."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from moderation.storage.inbox import Line
from moderation.turns import Urgency
from tests.plainwords import WORDS, KeywordClassifier, scores

__all__ = ["SOMEWHERE", "WORDS", "FakeClock", "KeywordClassifier", "scores"]

SOMEWHERE = Line(5, Urgency.REST)
"""In the line of some chat, without haste."""


@dataclass
class FakeClock:
    """A clock that a test moves."""

    now: datetime = datetime(2026, 11, 22, 13, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        """The time it was set to."""
        return self.now

    def forward(self, **passed: float) -> None:
        """Let time pass."""
        self.now += timedelta(**passed)
