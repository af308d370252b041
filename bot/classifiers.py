"""Loads the model behind its guard of safe words, and its operating points."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import structlog

from moderation.errors import ModelError
from moderation.policy import OperatingPoints, Thresholds
from moderation.ports import Classifier
from moderation.vocabulary import Sensitivity

log = structlog.get_logger()

RULES_ONLY: OperatingPoints = dict.fromkeys(Sensitivity, Thresholds())


@dataclass(frozen=True)
class Loaded:
    """A classifier with its operating points, and why it works without its model (if it does)."""

    classifier: Classifier
    points: OperatingPoints
    degraded: str | None = None


def load_classifier(folder: Path | None = None, threads: int | None = None) -> Loaded:
    """The shipped model, or another folder's, behind its safe words; safe words alone if need be."""
    from moderation.guard import GuardedClassifier
    from moderation.safewords import SafeWords

    from moderation.classifier import load_model  # torch takes seconds: only when it is needed

    safe_words = SafeWords.load()
    try:
        model = load_model(folder, threads)
    except ModelError as error:
        log.error("model_missing", error=str(error))
        return Loaded(GuardedClassifier(None, safe_words), RULES_ONLY, str(error))
    points = {
        Sensitivity(name): Thresholds.from_mapping(values)
        for name, values in model.operating_points.items()
    }
    return Loaded(GuardedClassifier(model, safe_words), points)
