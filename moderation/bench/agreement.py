"""How far the quick answers are from the exact ones on the test part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from moderation.classifier import ModelClassifier
from moderation.policy import Thresholds, judge
from moderation.vocabulary import Excerpt, Scores, Sensitivity


@dataclass(frozen=True, slots=True)
class Agreement:
    """Differences of probabilities, and shares of messages judged otherwise by sensitivity."""

    messages: int
    largest: float
    mean: float
    names_changed: float
    decisions_changed: dict[str, float]


def compare(
    exact: ModelClassifier, quick: ModelClassifier, excerpts: Sequence[Excerpt]
) -> Agreement:
    """Asks both about every message."""
    pairs = list(
        zip(
            exact.classify(excerpts, explain=False),
            quick.classify(excerpts, explain=False),
            strict=True,
        )
    )
    gaps = [abs(a - b) for one, other in pairs for a, b in _probabilities(one, other)]
    points = {s: Thresholds.from_mapping(quick.operating_points[s]) for s in Sensitivity}
    return Agreement(
        len(pairs),
        max(gaps),
        sum(gaps) / len(gaps),
        sum(one.names != other.names for one, other in pairs) / len(pairs),
        {
            s.value: sum(judge(a, at) != judge(b, at) for a, b in pairs) / len(pairs)
            for s, at in points.items()
        },
    )


def _probabilities(one: Scores, other: Scores) -> list[tuple[float, float]]:
    return [
        *((p, other.crisis[level]) for level, p in one.crisis.items()),
        *((p, other.allegation[kind]) for kind, p in one.allegation.items()),
        (one.doxxing, other.doxxing),
        (one.supportive, other.supportive),
    ]
