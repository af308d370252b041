"""Figures from how cases ended: how often a kind was right, how long people waited. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from moderation.cases import CaseState
from moderation.vocabulary import CaseKind, Crisis

SOON = timedelta(minutes=5)
"""The share answered within this time is what the best services are measured by."""
REAL = frozenset({CaseState.CONTACTED, CaseState.SAFE, CaseState.PASSED_ON})
ENOUGH = 20
"""So many judged cases are needed before anything is suggested."""
RARELY_RIGHT = 0.34
OFTEN_MISSED = 5


@dataclass(frozen=True, slots=True)
class Outcome:
    """One case and what came of it."""

    kind: CaseKind
    level: str
    state: CaseState
    opened_at: datetime
    answered_at: datetime | None
    """When a human first did anything about it."""

    @property
    def judged(self) -> bool:
        """Whether a human said what it was."""
        return self.state in REAL or self.state is CaseState.FALSE_ALARM


@dataclass(frozen=True, slots=True)
class KindFigures:
    """How one kind of alert did."""

    kind: CaseKind
    alerts: int
    judged: int
    real: int

    @property
    def precision(self) -> float | None:
        """Share of the judged ones that were real; None where nothing was judged."""
        return self.real / self.judged if self.judged else None


@dataclass(frozen=True, slots=True)
class Waiting:
    """How long people in danger of one level waited for a human."""

    level: str
    answered: int
    unanswered: int
    median: timedelta | None
    p95: timedelta | None
    within_soon: float | None
    """Share of all, answered or not, that somebody took within SOON."""


@dataclass(frozen=True, slots=True)
class Summary:
    """The figures of a stretch of time."""

    kinds: tuple[KindFigures, ...]
    waits: tuple[Waiting, ...]
    missed: int
    """Real matters that the bot did not see and members reported."""


def summarise(outcomes: Sequence[Outcome]) -> Summary:
    """All figures of these cases."""
    kinds = tuple(_figures(kind, outcomes) for kind in CaseKind)
    levels = (Crisis.IMMINENT, Crisis.IDEATION)
    waits = tuple(waiting(level, [o for o in outcomes if _is_crisis(o, level)]) for level in levels)
    reports = [o for o in outcomes if o.kind is CaseKind.REPORT]
    return Summary(
        kinds=tuple(figures for figures in kinds if figures.alerts),
        waits=tuple(one for one in waits if one.answered or one.unanswered),
        missed=sum(o.state in REAL for o in reports),
    )


def waiting(level: str, outcomes: Sequence[Outcome]) -> Waiting:
    """How long these people waited; nearest-rank percentiles."""
    times = sorted(o.answered_at - o.opened_at for o in outcomes if o.answered_at is not None)
    soon = sum(time <= SOON for time in times)
    return Waiting(
        level=level,
        answered=len(times),
        unanswered=len(outcomes) - len(times),
        median=_percentile(times, 0.5),
        p95=_percentile(times, 0.95),
        within_soon=soon / len(outcomes) if outcomes else None,
    )


def noisy(summary: Summary) -> list[KindFigures]:
    """Kinds that were rarely right here, of enough judged; danger is never among them."""
    return [
        one
        for one in summary.kinds
        if one.kind not in {CaseKind.CRISIS, CaseKind.REPORT}
        and one.judged >= ENOUGH
        and one.precision is not None
        and one.precision <= RARELY_RIGHT
    ]


def _figures(kind: CaseKind, outcomes: Iterable[Outcome]) -> KindFigures:
    mine = [o for o in outcomes if o.kind is kind]
    return KindFigures(
        kind=kind,
        alerts=len(mine),
        judged=sum(o.judged for o in mine),
        real=sum(o.state in REAL for o in mine),
    )


def _is_crisis(outcome: Outcome, level: str) -> bool:
    return outcome.kind is CaseKind.CRISIS and outcome.level == level


def _percentile(times: Sequence[timedelta], share: float) -> timedelta | None:
    return times[max(0, math.ceil(share * len(times)) - 1)] if times else None
