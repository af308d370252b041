"""What an operator may set of the detector without learning it anew: durations and counts, with their defaults.

How feeling is read and what an alert rests on is learnt as a whole (`hazard.json`); its thresholds are
the operating points `keen`, `balanced` and `quiet`, which a group chooses.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tuning:
    """Durations in seconds."""

    members: int = 3
    """Distinct upset members below which there is no spiral, whatever the score."""
    pause: float = 15 * 60.0
    """After the end of a spiral, before another can be told."""
    history: float = 10 * 60.0
    """A message that arrives later than this is learnt from, never alerted."""
    silence: float = 30 * 60.0
    """Without a strong word, after which a spiral is over."""
    calm: float = 3.2
    """Calm messages in a row, by which a spiral is over; steadying and a moderator's count more."""


TUNING = Tuning()
