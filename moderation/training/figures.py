"""Figures with 95 % intervals: shares (Wilson), span F1 and areas (bootstrap)."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from moderation.training import calibrate

Row = TypeVar("Row")
ROUNDS = 500


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured figure; `value` is None where nothing was there to measure."""

    name: str
    value: float | None
    low: float
    high: float
    count: int
    target: float | None = None
    lower: bool = False
    """Whether smaller is better."""

    def reached(self) -> bool | None:
        """Whether the target is met; None without one."""
        if self.target is None or self.value is None:
            return None
        return self.value <= self.target if self.lower else self.value >= self.target

    def row(self) -> tuple[str, str, str, str, str, str]:
        """The cells of the table."""
        sign = "≤" if self.lower else "≥"
        target = "" if self.target is None else f"{sign} {self.target:.3f}"
        mark = {None: "", True: "✓", False: "✗"}[self.reached()]
        if self.value is None:
            return self.name, "–", "", "0", target, ""
        return (
            self.name,
            f"{self.value:.3f}",
            f"{self.low:.3f}–{self.high:.3f}",
            str(self.count),
            target,
            mark,
        )


def wilson(hits: int, count: int) -> tuple[float, float]:
    """The 95 % interval of a share."""
    if not count:
        return 0.0, 1.0
    z, p = 1.96, hits / count
    middle = (p + z * z / (2 * count)) / (1 + z * z / count)
    half = z * math.sqrt(p * (1 - p) / count + z * z / (4 * count * count)) / (1 + z * z / count)
    return max(0.0, middle - half), min(1.0, middle + half)


def share(
    name: str,
    rows: Sequence[Row],
    test: Callable[[Row], bool],
    target: float | None,
    lower: bool = False,
) -> Figure:
    """How many of the rows pass the test."""
    hits = sum(test(row) for row in rows)
    value = hits / len(rows) if rows else None
    return Figure(name, value, *wilson(hits, len(rows)), len(rows), target, lower)


def _bootstrap(count: int, measure: Callable[[list[int]], float]) -> tuple[float, float]:
    rng = np.random.default_rng(11)
    values = [measure(rng.integers(0, count, count).tolist()) for _ in range(ROUNDS)]
    low, high = np.quantile(values, [0.025, 0.975])
    return float(low), float(high)


def span_score(
    name: str,
    spans: Sequence[tuple[set[tuple[int, int, Row]], set[tuple[int, int, Row]]]],
    target: float,
) -> Figure:
    """F1 of spans found exactly, kind included; (right, given) for each message."""
    counts = [(len(right & given), len(right), len(given)) for right, given in spans]

    def score(chosen: Sequence[int]) -> float:
        both, right, given = (sum(counts[i][k] for i in chosen) for k in range(3))
        return 2 * both / max(1, right + given)

    everything = list(range(len(counts)))
    total = sum(right for _, right, _ in counts)
    low, high = _bootstrap(len(counts), score)
    return Figure(name, score(everything), low, high, total, target)


def area(name: str, scores: Sequence[float], right: Sequence[bool], target: float | None) -> Figure:
    """Area under the ROC curve."""
    values, flags = np.array(scores, dtype=float), np.array(right, dtype=bool)

    def measure(chosen: Sequence[int]) -> float:
        picked = np.array(chosen)
        return calibrate.area(values[picked], flags[picked])

    low, high = _bootstrap(len(values), measure)
    return Figure(name, calibrate.area(values, flags), low, high, int(flags.sum()), target)
