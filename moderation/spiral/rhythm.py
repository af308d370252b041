"""A group's own rhythm: how much it usually writes at this hour and weekday, how it usually feels.

Learnt online and forgotten over weeks, so that a busy Saturday night is not a storm and three sad
messages at 4 a.m. are not lost in the average.
"""

from __future__ import annotations

import math
from typing import NamedTuple

HOUR = 3600.0
DAY = 24 * HOUR
WEEK = 7 * DAY
FORGETTING = 28 * DAY
PRIOR_MESSAGES = 60.0
"""A new group is taken to write this much a day until it shows otherwise."""
PRIOR_DAYS = 2.0
PRIOR_LEVEL = 0.08
"""Share of strongly negative messages in labelled calm talk, for a group not yet known."""
PRIOR_WEIGHT = 300.0
"""Messages that this is worth."""
USUAL_LEAST, USUAL_MOST = 0.05, 0.15
"""However calm or gloomy a group has been, contagion stays contagion."""
TEMPO = 600.0
"""Seconds over which the present rate is taken."""
SHIFT = 8 * HOUR
"""Hours are China's: 2 a.m. must mean the same for all."""


class Rhythm(NamedTuple):
    """Messages by hour and by weekday (decayed), and the usual level of negative feeling."""

    hours: tuple[float, ...] = (0.0,) * 24
    days: tuple[float, ...] = (0.0,) * 7
    watched: float = 0.0
    """Decayed days that the histograms stand for."""
    level: float = 0.0
    """Decayed sum of strength."""
    spoken: float = 0.0
    """Decayed number of messages that `level` is of."""
    slot: int = 0
    """The running hour, counted from the epoch; its messages are still in `here`."""
    here: float = 0.0
    tempo: float = 0.0
    """Messages of about the last ten minutes."""

    @property
    def usual(self) -> float:
        """The usual share of strongly negative messages, within what any group may call usual."""
        share = (self.level + PRIOR_WEIGHT * PRIOR_LEVEL) / (self.spoken + PRIOR_WEIGHT)
        return min(USUAL_MOST, max(USUAL_LEAST, share))


def heard(rhythm: Rhythm, before: float, at: float, strength: float) -> Rhythm:
    """The rhythm after a message at `at` (epoch seconds); `before` is when the last one came."""
    hours, days, watched, level, spoken, slot, here, tempo = rhythm
    now = int((at + SHIFT) // HOUR)
    if now != slot:
        hours, days, watched, level, spoken = _folded(rhythm, now)
        slot, here = now, 0.0
    tempo = tempo * math.exp(-(at - before) / TEMPO) + 1
    return Rhythm(hours, days, watched, level + strength, spoken + 1, slot, here + 1, tempo)


def pace(rhythm: Rhythm, at: float) -> float:
    """Log of the present rate against what is usual at this hour and weekday; 0 is usual."""
    local = at + SHIFT
    total = sum(rhythm.hours)
    daily = (total + PRIOR_MESSAGES * PRIOR_DAYS) / (rhythm.watched + PRIOR_DAYS)
    flat = total / 24 + 5
    by_hour = (rhythm.hours[int(local % DAY // HOUR)] + 5) / flat
    by_day = (rhythm.days[int(local // DAY) % 7] + 5) / (total / 7 + 5)
    usual = daily * by_hour * by_day * TEMPO / DAY
    return math.log((rhythm.tempo + 1) / (usual + 1))


def _folded(
    rhythm: Rhythm, now: int
) -> tuple[tuple[float, ...], tuple[float, ...], float, float, float]:
    """The running hour put into the histograms, and all of it faded by the time until `now`."""
    if rhythm.slot == 0:
        return rhythm.hours, rhythm.days, 0.0, rhythm.level, rhythm.spoken
    gap = (now - rhythm.slot) * HOUR
    kept = math.exp(-gap / FORGETTING)
    hours, days = list(rhythm.hours), list(rhythm.days)
    hours[rhythm.slot % 24] += rhythm.here
    days[rhythm.slot // 24 % 7] += rhythm.here
    return (
        tuple(h * kept for h in hours),
        tuple(d * kept for d in days),
        (rhythm.watched + gap / DAY) * kept,
        rhythm.level * kept,
        rhythm.spoken * kept,
    )
