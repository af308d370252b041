"""The classifier that never falls silent: the model, raised by safe words, or safe words alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from moderation.ports import Classifier
from moderation.safewords import SURE, Hit, SafeWords, evidence_of
from moderation.vocabulary import Crisis, Evidence, Excerpt, Scores, Subject


class GuardedClassifier:
    """A `Classifier` that answers on any text, with the model or without it."""

    degraded: str | None
    """Why only safe words speak at present; None while the model works."""

    def __init__(self, model: Classifier | None, safewords: SafeWords) -> None:
        self._model = model
        self._safewords = safewords
        self.degraded = None if model else "no model is loaded"

    def classify(self, excerpts: Sequence[Excerpt]) -> list[Scores]:
        """One `Scores` for each excerpt, in order; the model is tried anew on each call."""
        scores = self._by_model(excerpts)
        if scores is None:
            return self._safewords.classify(excerpts)
        return [
            raised(own, self._safewords.find(excerpt.text))
            for own, excerpt in zip(scores, excerpts, strict=True)
        ]

    def _by_model(self, excerpts: Sequence[Excerpt]) -> list[Scores] | None:
        if self._model is None:
            return None
        try:
            scores = self._model.classify(excerpts)
        except Exception as error:
            self.degraded = f"the model failed: {type(error).__name__}"
            return None
        if len(scores) != len(excerpts):
            self.degraded = f"the model gave {len(scores)} answers to {len(excerpts)} messages"
            return None
        self.degraded = None
        return scores


def raised(scores: Scores, hits: Sequence[Hit]) -> Scores:
    """The scores lifted, never lowered, to the gravest safe word found."""
    if not hits:
        return scores
    gravest = hits[0]
    return replace(
        scores,
        crisis=_lifted(scores.crisis, gravest.level),
        subject=_subject(scores.subject, gravest.subject),
        evidence=_merged(evidence_of(hits), scores.evidence),
        unread=False,
    )


def _lifted(crisis: Mapping[Crisis, float], level: Crisis) -> dict[Crisis, float]:
    """At least `SURE` that the level or a graver one holds; the rest keeps its proportions."""
    graver = [one for one in Crisis if one.rank > level.rank]
    lighter = [one for one in Crisis if one.rank < level.rank]
    above = sum(crisis[one] for one in graver)
    below = 1 - above - crisis[level]
    if below <= 1 - SURE:
        return dict(crisis)
    share = (1 - SURE) / below
    kept = {one: crisis[one] * share for one in lighter} | {one: crisis[one] for one in graver}
    return {one: kept.get(one, 1 - sum(kept.values())) for one in Crisis}


def _subject(subject: Mapping[Subject, float], found: Subject) -> dict[Subject, float]:
    """The model's own answer, unless it said that nobody is in danger."""
    if subject[Subject.NONE] < max(subject[Subject.SELF], subject[Subject.OTHER]):
        return dict(subject)
    return {one: SURE if one is found else (1 - SURE) / 2 for one in Subject}


def _merged(first: Sequence[Evidence], others: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """The safe words' evidence, then the model's that says something else."""
    spans = {(one.start, one.end) for one in first}
    return (*first, *(one for one in others if (one.start, one.end) not in spans))
