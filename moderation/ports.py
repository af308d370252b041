"""What the core needs from outside, as Protocols; tests and the composition root pass either kind."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from moderation.vocabulary import Excerpt, Scores


class Clock(Protocol):
    """Tells the time."""

    def __call__(self) -> datetime:
        """Now, with time zone UTC."""


class Classifier(Protocol):
    """Judges messages."""

    def classify(self, excerpts: Sequence[Excerpt]) -> list[Scores]:
        """One `Scores` for each excerpt, in order; blocking; never raises on any text."""


class WatchedClassifier(Classifier, Protocol):
    """A classifier that says when it is not at its best."""

    degraded: str | None
    """Why only safe words speak at present; None while the model works."""
