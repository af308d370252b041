"""Loads the model behind its guard of safe words, and its operating points."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog

from moderation.errors import ModelError
from moderation.policy import OperatingPoints, Thresholds
from moderation.ports import WatchedClassifier
from moderation.vocabulary import Sensitivity

log = structlog.get_logger()

RULES_ONLY: OperatingPoints = dict.fromkeys(Sensitivity, Thresholds())


@dataclass(frozen=True)
class Loaded:
    """A classifier with its operating points."""

    classifier: WatchedClassifier
    points: OperatingPoints
    trouble: str | None = None
    """Why the model could not be loaded, with the remedy."""

    @property
    def degraded(self) -> str | None:
        """Why only safe words speak at present; None while the model works."""
        return self.trouble or self.classifier.degraded


def load_classifier(folder: Path | None = None, threads: int | None = None) -> Loaded:
    """The shipped model, or another folder's, behind its safe words; safe words alone if need be."""
    from moderation.classifier import load_model  # torch takes seconds: only when it is needed
    from moderation.guard import GuardedClassifier
    from moderation.safewords import SafeWords

    safe_words = SafeWords.load()
    try:
        model = load_model(folder, threads)
    except ModelError as error:
        log.error("model_missing", error=str(error))
        return Loaded(GuardedClassifier(None, safe_words), RULES_ONLY, str(error))
    return Loaded(GuardedClassifier(model, safe_words), points_of(model.operating_points))


def points_of(found: Mapping[Any, Mapping[str, float]]) -> OperatingPoints:
    """The thresholds by sensitivity, from a model's configuration."""
    return {Sensitivity(name): Thresholds.from_mapping(values) for name, values in found.items()}
