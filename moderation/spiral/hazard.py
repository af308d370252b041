"""The learnt part: the log-odds that an attentive moderator would step in now, as a sum of grounds.

A discrete-time logistic hazard (Allison 1982) over standardised features, so that every alert can be
taken apart into what spoke for it and against. `hazard.json` is written by
`python -m moderation.training.spirals fit` and says itself from what.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from moderation.spiral.values import Ground

SHIPPED = Path(__file__).with_name("hazard.json")


def chance(odds: float) -> float:
    """Log-odds as a probability."""
    return 1 / (1 + math.exp(-max(-40.0, min(40.0, odds))))


class Reading(NamedTuple):
    """How a message's scores are read: log-odds that it is strongly negative (affect 2 or more).

    The same words mean more in a room that is already low, and from one who just was: a filter over
    noisy scores, as in the forward pass of a hidden Markov model (Rabiner 1989), with learnt weights.
    """

    bias: float
    affect: float
    supportive: float
    danger: float
    room: float
    """Average affect of the last few messages."""
    own: float
    """Average affect of this member's last messages."""

    def strength(self, scores: tuple[float, float, float, float, float]) -> float:
        """How surely a message is strongly negative, 0 to 1, from scores in the order above."""
        affect, supportive, danger, room, own = scores
        odds = self.bias + self.affect * affect + self.supportive * supportive
        odds += self.danger * danger + self.room * room + self.own * own
        return chance(odds)


@dataclass(frozen=True, slots=True)
class Hazard:
    """Coefficients by feature, and from which log-odds on there is an alert."""

    features: tuple[str, ...]
    means: tuple[float, ...]
    """Of an ordinary moment: a contribution is measured from there."""
    weights: tuple[float, ...]
    bias: float
    alert_from: Mapping[str, float]
    """Log-odds, by sensitivity."""
    reading: Reading

    def score(self, values: Sequence[float]) -> float:
        """The log-odds of these features."""
        odds = self.bias
        for value, mean, weight in zip(values, self.means, self.weights, strict=True):
            odds += weight * (value - mean)
        return odds

    def grounds(self, values: Sequence[float]) -> tuple[Ground, ...]:
        """What the log-odds are made of, heaviest first."""
        parts = zip(self.features, values, self.means, self.weights, strict=True)
        found = [
            Ground(name, value, weight * (value - mean))
            for name, value, mean, weight in parts
            if weight
        ]
        return tuple(sorted(found, key=lambda ground: -abs(ground.weight)))


def load_hazard(path: Path = SHIPPED) -> Hazard:
    """The coefficients in a file that `fit` wrote."""
    raw = json.loads(path.read_text("utf-8"))
    terms = raw["terms"]
    return Hazard(
        features=tuple(terms),
        means=tuple(float(term["mean"]) for term in terms.values()),
        weights=tuple(float(term["weight"]) for term in terms.values()),
        bias=float(raw["bias"]),
        alert_from={name: float(odds) for name, odds in raw["alert_from"].items()},
        reading=Reading(**raw["reading"]),
    )


HAZARD = load_hazard()
