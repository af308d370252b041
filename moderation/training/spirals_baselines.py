"""Plain detectors to be compared with, each run with the same rearming as ours and tuned the same way."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import product

from moderation.spiral.tuning import TUNING
from moderation.spiral.values import Beat

Detector = Callable[[Sequence[Beat]], list[int]]
"""Beats in, numbers of the messages at which there is an alert out."""
WINDOW = 30 * 60.0
REARM = 0.5
"""Share of the threshold below which a detector may alarm again."""


def mean_negativity() -> Iterator[Detector]:
    """Mean affect of the last messages over a threshold."""
    for size, least in product((5, 8, 12, 20), (0.6, 0.75, 0.9, 1.05, 1.2, 1.35, 1.5, 1.7, 1.9)):
        yield _alarmed(partial(_Mean, size), least)


def distinct_members() -> Iterator[Detector]:
    """Members with a strong word within half an hour, steadying words outnumbered (our first rule)."""
    for strong, members, held in product((1.0, 1.3, 1.6, 1.9, 2.2), (2, 3, 4, 5), (0.5, 0.75, 9.0)):
        yield _alarmed(partial(_Distinct, strong, held), members)


def ewma() -> Iterator[Detector]:
    """Exponentially weighted average of affect (Roberts 1959)."""
    for share, least in product((0.1, 0.2, 0.3, 0.45), (0.5, 0.65, 0.8, 0.95, 1.1, 1.3, 1.5, 1.7)):
        yield _alarmed(partial(_Ewma, share), least)


def cusum() -> Iterator[Detector]:
    """Cumulative sum of affect above an allowance (Page 1954)."""
    for allowance, least in product((0.4, 0.6, 0.8, 1.0, 1.2, 1.4), (1, 2, 3, 4, 5, 6.5, 8, 10)):
        yield _alarmed(partial(_Cusum, allowance), least)


BASELINES = {
    "mean negativity": mean_negativity,
    "distinct negative members": distinct_members,
    "EWMA of affect": ewma,
    "CUSUM of affect": cusum,
}


class _Mean:
    def __init__(self, size: int) -> None:
        self._last: deque[float] = deque(maxlen=size)

    def after(self, beat: Beat, gap: float) -> float:
        if gap > WINDOW:
            self._last.clear()
        self._last.append(beat.affect)
        return sum(self._last) / (self._last.maxlen or 1)


class _Distinct:
    def __init__(self, strong: float, held: float) -> None:
        self._strong, self._held = strong, held
        self._last: deque[tuple[float, str, bool, bool]] = deque(maxlen=40)
        self._now = 0.0

    def after(self, beat: Beat, gap: float) -> float:
        self._now += gap
        steady = beat.supportive >= 0.5
        self._last.append(
            (self._now, beat.member, beat.affect >= self._strong and not steady, steady)
        )
        while self._now - self._last[0][0] > WINDOW:
            self._last.popleft()
        strong = [member for _, member, is_strong, _ in self._last if is_strong]
        held = sum(is_steady for _, _, _, is_steady in self._last) >= self._held * len(strong)
        return 0.0 if held else float(len(set(strong)))


class _Ewma:
    def __init__(self, share: float) -> None:
        self._share, self._level = share, 0.0

    def after(self, beat: Beat, gap: float) -> float:
        self._level *= math.exp(-gap / WINDOW)
        self._level += self._share * (beat.affect - self._level)
        return self._level


class _Cusum:
    def __init__(self, allowance: float) -> None:
        self._allowance, self._sum = allowance, 0.0

    def after(self, beat: Beat, gap: float) -> float:
        faded = self._sum * math.exp(-gap / WINDOW)
        self._sum = max(0.0, faded + beat.affect - self._allowance)
        return self._sum


Statistic = _Mean | _Distinct | _Ewma | _Cusum


def _alarmed(make: Callable[[], Statistic], least: float) -> Detector:
    """Alarms when the statistic reaches `least`, once until it has fallen and the cool-down is over."""

    def detect(beats: Sequence[Beat]) -> list[int]:
        statistic, alerts = make(), []
        armed, before, told = True, None, -math.inf
        for beat in beats:
            at = beat.at.timestamp()
            value = statistic.after(beat, 0.0 if before is None else at - before)
            before = at
            armed = armed or (value < REARM * least and at - told > TUNING.pause)
            if armed and value >= least:
                alerts.append(beat.message or 0)
                armed, told = False, at
        return alerts

    return detect
