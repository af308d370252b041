"""Whether alerts came where labelled spirals are: outcomes of detectors, and figures with intervals.

A spiral is *found* by an alert from five messages before its onset to its end; *in time* by one at most
three messages after onset. An alert elsewhere is false, so is one more than five messages before. The
delay is in messages from onset, negative when earlier. Intervals are bootstraps over conversations.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from moderation.training.conversations import Conversation
from moderation.training.groups import Life

BEFORE = 5
IN_TIME = 3
ROUNDS = 1000


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a detector did in one conversation."""

    delays: tuple[int | None, ...]
    """For each spiral; None when it was missed."""
    false: int
    calm: bool
    """Whether there was no spiral to find."""


Measure = Callable[[Sequence[Outcome]], float]


def outcome(conversation: Conversation, alerts: Sequence[int]) -> Outcome:
    """Judge a detector's alerts (indices of messages) by the labels."""
    spirals = [(s.onset, s.end) for s in conversation.spirals]
    delays, right = _matched(spirals, alerts)
    return Outcome(tuple(delays), len(alerts) - right, not spirals)


def outcome_of_life(life: Life, alerts: Sequence[int]) -> tuple[list[int | None], int]:
    """Delays of the planted cascades, and the number of false alarms."""
    delays, right = _matched([(c.onset, c.end) for c in life.cascades], alerts)
    return delays, len(alerts) - right


def _matched(
    spirals: Sequence[tuple[int, int]], alerts: Sequence[int]
) -> tuple[list[int | None], int]:
    delays: list[int | None] = []
    right: set[int] = set()
    for onset, end in spirals:
        hits = [alert for alert in alerts if onset - BEFORE <= alert <= end]
        right.update(hits)
        delays.append(hits[0] - onset if hits else None)
    return delays, len(right)


def found(outcomes: Sequence[Outcome]) -> float:
    """Share of spirals found."""
    return _mean([delay is not None for o in outcomes for delay in o.delays])


def in_time(outcomes: Sequence[Outcome]) -> float:
    """Share of spirals found at most three messages after onset."""
    return _mean([d is not None and d <= IN_TIME for o in outcomes for d in o.delays])


def delay(outcomes: Sequence[Outcome]) -> float:
    """Median delay of those found."""
    delays = [d for o in outcomes for d in o.delays if d is not None]
    return float(np.median(delays)) if delays else float("nan")


def calm(outcomes: Sequence[Outcome]) -> float:
    """Share of calm conversations without alarm."""
    return _mean([o.false == 0 for o in outcomes if o.calm])


def quiet_before(outcomes: Sequence[Outcome]) -> float:
    """Share of conversations with spirals that have no false alarm beside them."""
    return _mean([o.false == 0 for o in outcomes if not o.calm])


MEASURES: dict[str, Measure] = {
    "found": found,
    "≤ 3 after onset": in_time,
    "median delay": delay,
    "calm without alarm": calm,
    "no false one beside": quiet_before,
}
TARGETS = {"found": 0.9, "≤ 3 after onset": 0.8, "median delay": 1.0, "calm without alarm": 0.95}


def interval(outcomes: Sequence[Outcome], measure: Measure) -> tuple[float, float, float]:
    """The figure and its 95 % bootstrap interval over conversations."""
    rng = np.random.default_rng(7)
    count = len(outcomes)
    draws = [measure([outcomes[i] for i in rng.integers(0, count, count)]) for _ in range(ROUNDS)]
    low, high = np.nanquantile(draws, [0.025, 0.975])
    return measure(outcomes), float(low), float(high)


def _mean(values: Sequence[bool]) -> float:
    return sum(values) / len(values) if values else float("nan")
