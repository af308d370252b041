"""Small talks for the spiral tests, and coefficients that do not change with the model."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from moderation.spiral import Beat, SpiralEvent, SpiralState, step
from moderation.spiral.features import FEATURES
from moderation.spiral.hazard import Hazard, Reading

START = datetime(2026, 11, 22, 13, 0, tzinfo=UTC)
WEIGHTS = {"third": 8.0, "steady": -1.2, "held": -2.0, "dominance": -1.0}
PLAIN = Hazard(
    tuple(FEATURES),
    (0.0,) * len(FEATURES),
    tuple(WEIGHTS.get(name, 0.0) for name in FEATURES),
    -3.0,
    {"keen": -0.5, "balanced": 0.0, "quiet": 0.5},
    Reading(-8.0, 5.0, -2.0, 0.0, 0.0, 0.0),
)
"""Believes the scores as they stand, and asks for a third member above all."""


def beats(*said: tuple[float, str, float, bool], start: datetime = START) -> list[Beat]:
    """Beats from (minute, member, affect, supportive), numbered from 0."""
    return [
        Beat(start + timedelta(minutes=m), who, affect, float(held), message=n)
        for n, (m, who, affect, held) in enumerate(said)
    ]


def renumbered(said: Iterable[Beat], first: int) -> list[Beat]:
    """The same beats as later messages."""
    return [replace(beat, message=first + n) for n, beat in enumerate(said)]


def run(
    said: Iterable[Beat], state: SpiralState | None = None, hazard: Hazard = PLAIN
) -> tuple[SpiralState, list[SpiralEvent]]:
    """The state after a row of beats, and the events on the way."""
    state, events = state or SpiralState(), []
    for beat in said:
        state, event = step(state, beat, hazard=hazard)
        if event is not None:
            events.append(event)
    return state, events


def sinking(minute: float = 0, members: str = "abcabd") -> list[tuple[float, str, float, bool]]:
    """Members who take up each other's despair, one a minute."""
    return [(minute + n, who, 2.8, False) for n, who in enumerate(members)]


def calming(minute: float, members: str = "efgh") -> list[tuple[float, str, float, bool]]:
    """Members who steady."""
    return [(minute + n, who, 0.0, True) for n, who in enumerate(members)]


def chatting(minute: float, count: int = 8) -> list[tuple[float, str, float, bool]]:
    """Talk about something else."""
    return [(minute + n, "wxyz"[n % 4], 0.0, False) for n in range(count)]
