"""Learns the detector's coefficients: how scores are read, the hazard, and the thresholds of alert.

The hazard is an L2-penalised logistic regression whose signs are held to what each feature means, so that
an explanation never says that comfort speaks for a spiral. Thresholds are chosen by the aims of the
issue: in time, without false alarms in calm talk and in simulated weeks.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from moderation.spiral import SpiralState
from moderation.spiral.detector import counted
from moderation.spiral.features import FEATURES
from moderation.spiral.hazard import SHIPPED, Hazard, Reading
from moderation.spiral.values import Beat
from moderation.training.conversations import Conversation
from moderation.training.groups import Life
from moderation.training.spirals_baselines import Detector
from moderation.training.spirals_figures import (
    Outcome,
    calm,
    found,
    in_time,
    outcome,
    outcome_of_life,
    quiet_before,
)
from moderation.training.spirals_rows import Row, alerts_of, rows_of

AGAINST = frozenset({"dominance", "steady", "held"})
"""Features that speak against an alert; all others speak for one."""
RIDGE = 2.0
LIFE_SHARE = 0.3
"""How much simulated weeks weigh against the conversations, in which all can be seen in an hour."""
CALM = 0.96
WEEKLY = 0.8
GRID = np.linspace(-2, 4, 25)
SENSITIVITIES = {"keen": -0.7, "quiet": 0.8}
"""Log-odds by which the other operating points lie beside «balanced»."""
Kind = TypeVar("Kind")
FloatArray = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True, slots=True)
class Talk:
    """One labelled conversation as heard."""

    conversation: Conversation
    beats: Sequence[Beat]


@dataclass(frozen=True, slots=True)
class Corpus:
    """What is learnt from."""

    talks: Sequence[Talk]
    lives: Sequence[Life] = ()


def fit(corpus: Corpus, without: frozenset[str] = frozenset()) -> Hazard:
    """A hazard for this corpus; `without` leaves features out, for ablation."""
    blank = Hazard((), (), (), 0.0, {}, fit_reading(corpus.talks, "room" not in without))
    rows = [r for t in corpus.talks for r in rows_of(t.beats, t.conversation.spirals, blank)]
    simulated = [r for life in corpus.lives for r in rows_of(life.beats, life.cascades, blank)]
    hazard = _fit_hazard(rows, simulated, blank.reading, without)
    return choose_threshold(hazard, corpus)


def choose_threshold(hazard: Hazard, corpus: Corpus) -> Hazard:
    """The hazard with the threshold that does best on the corpus, and its neighbours."""
    candidates = [replace(hazard, alert_from={"balanced": float(t)}) for t in GRID]
    best = best_of([(h, detector(h)) for h in candidates], corpus)
    at = best.alert_from["balanced"]
    others = {name: at + more for name, more in SENSITIVITIES.items()}
    return replace(best, alert_from={"balanced": at, **others})


def detector(hazard: Hazard) -> Detector:
    """Our detector with given coefficients."""
    return partial(alerts_of, hazard=hazard)


def best_of(candidates: Sequence[tuple[Kind, Detector]], corpus: Corpus) -> Kind:
    """The candidate that serves the aims best; ours and every baseline are tuned by this.

    Weeks can only take away, so they are looked at only for those that could still win.
    """
    ranked = sorted(
        ((aims(detect, corpus.talks), n) for n, (_, detect) in enumerate(candidates)),
        key=lambda one: (-one[0], one[1]),
    )
    best, winner = -np.inf, 0
    for value, n in ranked:
        if value <= best:
            break
        value -= excess(candidates[n][1], corpus.lives)
        if value > best:
            best, winner = value, n
    return candidates[winner][0]


def aims(detect: Detector, talks: Sequence[Talk]) -> float:
    """In time first, found too, with no more alarms in calm talk than the issue allows."""
    outcomes = outcomes_of(detect, talks)
    value = in_time(outcomes) + 0.5 * found(outcomes) + 0.5 * quiet_before(outcomes)
    return value - 5 * max(0.0, CALM - calm(outcomes))


def excess(detect: Detector, lives: Sequence[Life]) -> float:
    """False alarms a week beyond what is allowed."""
    return max(0.0, weekly(detect, lives) - WEEKLY) if lives else 0.0


def weekly(detect: Detector, lives: Sequence[Life]) -> float:
    """False alarms a week."""
    false = sum(outcome_of_life(life, detect(life.beats))[1] for life in lives)
    return false / sum(life.weeks for life in lives)


def outcomes_of(detect: Detector, talks: Sequence[Talk]) -> list[Outcome]:
    """What a detector does in each conversation."""
    return [outcome(t.conversation, detect(t.beats)) for t in talks]


def fit_reading(talks: Sequence[Talk], with_room: bool = True) -> Reading:
    """How scores are read as strong feeling: logistic on scores, the room's mood and the member's."""
    inputs, strong = [], []
    for talk in talks:
        for beat, scores in _read(talk.beats):
            example = talk.conversation.said[beat.message or 0].example
            inputs.append(scores if with_room else (*scores[:3], 0.0, 0.0))
            strong.append((example.affect or 0) >= 2 and not example.supportive)
    x, y = np.array(inputs), np.array(strong, dtype=float)
    bounds = [(0, None), (None, 0), (None, None), (0, None), (0, None)]
    weights, bias = logistic(x, y, np.ones(len(y)), 10.0, bounds)
    return Reading(bias, *weights)


def _read(beats: Sequence[Beat]) -> list[tuple[Beat, tuple[float, ...]]]:
    """Each beat with what `Reading.strength` is asked of it."""
    asked: list[tuple[float, ...]] = []

    class Listening(Reading):
        def strength(self, scores: tuple[float, float, float, float, float]) -> float:
            asked.append(scores)
            return 0.0

    hazard = Hazard((), (), (), 0.0, {}, Listening(0, 0, 0, 0, 0, 0))
    state = SpiralState()
    for beat in beats:
        state, _, _ = counted(state, beat, beat.at.timestamp(), hazard)
    return list(zip(beats, asked, strict=True))


def _fit_hazard(
    rows: Sequence[Row], simulated: Sequence[Row], reading: Reading, without: frozenset[str]
) -> Hazard:
    x = np.array([r.values for r in (*rows, *simulated)])
    y = np.array([r.alert for r in (*rows, *simulated)], dtype=float)
    share = LIFE_SHARE * len(rows) / max(1, len(simulated))
    weight = np.concatenate([np.ones(len(rows)), np.full(len(simulated), share)])
    means = np.array(x[y == 0].mean(0))
    spread = x.std(0) + 1e-6
    bounds: list[Bound] = [
        (0, 0) if name in without else (None, 0) if name in AGAINST else (0, None)
        for name in FEATURES
    ]
    weights, bias = logistic((x - means) / spread, y, weight, RIDGE, bounds)
    slopes = np.array(weights) / spread
    return Hazard(tuple(FEATURES), tuple(means.tolist()), tuple(slopes.tolist()), bias, {}, reading)


Bound = tuple[float | None, float | None]


def logistic(
    x: FloatArray, y: FloatArray, weight: FloatArray, ridge: float, bounds: Sequence[Bound]
) -> tuple[list[float], float]:
    """Weights within bounds and a bias, by accelerated projected gradient (Beck and Teboulle 2009)."""
    low = np.array([-np.inf if a is None else a for a, _ in bounds] + [-np.inf])
    high = np.array([np.inf if b is None else b for _, b in bounds] + [np.inf])
    full = np.hstack([x, np.ones((len(x), 1))])
    penalty = np.append(np.full(x.shape[1], ridge), 0.0)
    curve = float(np.linalg.norm(full * np.sqrt(weight)[:, None], 2) ** 2 / 4 + ridge)
    now = ahead = np.zeros(full.shape[1])
    momentum = 1.0
    for _ in range(3000):
        slope = full.T @ (weight * (1 / (1 + np.exp(-full @ ahead)) - y)) + penalty * ahead
        then = np.clip(ahead - slope / curve, low, high)
        more = (1 + np.sqrt(1 + 4 * momentum**2)) / 2
        ahead = then + (momentum - 1) / more * (then - now)
        if np.abs(then - now).max() < 1e-7:
            break
        now, momentum = then, more
    return [float(w) for w in now[:-1]], float(now[-1])


def save(hazard: Hazard, made: Mapping[str, object], path: Path = SHIPPED) -> None:
    """Writes the coefficients with where they came from."""
    terms = {
        name: {"meaning": FEATURES[name], "mean": round(mean, 4), "weight": round(weight, 4)}
        for name, mean, weight in zip(hazard.features, hazard.means, hazard.weights, strict=True)
    }
    content = {
        "made": dict(made),
        "reading": {name: round(value, 4) for name, value in hazard.reading._asdict().items()},
        "bias": round(hazard.bias, 4),
        "alert_from": {name: round(odds, 3) for name, odds in hazard.alert_from.items()},
        "terms": terms,
    }
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", "utf-8")
