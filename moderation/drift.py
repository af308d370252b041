"""Whether somebody who asked for it has changed against her own former weeks. Pure; no diagnosis.

The rule, which can be told in one sentence: this week differs when it lies outside her own former weeks,
by more than twice their usual spread and by more than a least amount that anybody would notice. Usual
is the median of the former weeks and spread their median absolute deviation, scaled to a standard
deviation (Hampel 1974), so that one bad week does not become the measure. A week is the seven days
before today; only whole weeks since she agreed count, and at least three former ones are needed. She is
compared with nobody else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from statistics import median

FORMER = 7
"""Former weeks looked at, at most."""
ENOUGH = 3
"""Former weeks without which nothing is said."""
WORDS = 5
"""Messages without which a week says nothing of how they sounded or when they came."""
SPREAD = 2.0
TO_DEVIATION = 1.4826
HEAVIER_BY = 0.4
"""Least rise of the mean affect (0 to 3) that counts."""
NIGHTS_BY = 0.2
"""Least rise of the share of messages between midnight and five."""
QUIETER_BY = 0.5
"""Least fall of the number of messages, as a share of the usual."""
TALKATIVE = 7.0
"""Usual messages a week below which silence says nothing."""


@dataclass(frozen=True, slots=True)
class OwnDay:
    """What is counted of one day of one who asked for it."""

    messages: int = 0
    affect: float = 0.0
    """Sum of the messages' affect, 0 to 3 each."""
    nights: int = 0
    """Messages between midnight and five."""

    def __add__(self, other: OwnDay) -> OwnDay:
        """Both together."""
        return OwnDay(
            self.messages + other.messages, self.affect + other.affect, self.nights + other.nights
        )


class Sign(StrEnum):
    """What has changed."""

    HEAVIER = "heavier"
    NIGHTS = "nights"
    QUIETER = "quieter"


@dataclass(frozen=True, slots=True)
class Look:
    """Her weeks, oldest first, the last is this one; and what has changed in it."""

    weeks: tuple[OwnDay, ...]
    signs: tuple[Sign, ...] = ()

    @property
    def enough(self) -> bool:
        """Whether there are former weeks to compare with."""
        return len(self.weeks) > ENOUGH


def look(days: Mapping[date, OwnDay], since: date, today: date) -> Look:
    """What can be said today of one who agreed on `since`; the day of agreeing is not counted."""
    weeks: list[OwnDay] = []
    for back in range(FORMER + 1):
        first = today - timedelta(days=7 * (back + 1))
        if first <= since:
            break
        dates = (first + timedelta(days=n) for n in range(7))
        weeks.insert(0, sum((days.get(day, OwnDay()) for day in dates), OwnDay()))
    found = Look(tuple(weeks))
    return Look(found.weeks, tuple(_signs(weeks))) if found.enough else found


def mood(week: OwnDay) -> float | None:
    """Mean affect of a week; None where too little was said."""
    return week.affect / week.messages if week.messages >= WORDS else None


def nights(week: OwnDay) -> float | None:
    """Share of a week's messages sent at night; None where too little was said."""
    return week.nights / week.messages if week.messages >= WORDS else None


def _signs(weeks: Sequence[OwnDay]) -> list[Sign]:
    found = []
    if _risen([mood(week) for week in weeks], HEAVIER_BY):
        found.append(Sign.HEAVIER)
    if _risen([nights(week) for week in weeks], NIGHTS_BY):
        found.append(Sign.NIGHTS)
    if _fallen([week.messages for week in weeks]):
        found.append(Sign.QUIETER)
    return found


def _risen(values: Sequence[float | None], least: float) -> bool:
    former = [value for value in values[:-1] if value is not None]
    now = values[-1]
    if now is None or len(former) < ENOUGH:
        return False
    middle, spread = usual(former)
    return now > middle + max(spread, least)


def _fallen(counts: Sequence[int]) -> bool:
    middle, spread = usual(counts[:-1])
    return middle >= TALKATIVE and counts[-1] < middle - max(spread, QUIETER_BY * middle)


def usual(former: Sequence[float]) -> tuple[float, float]:
    """The median, and how far from it is still usual."""
    middle = median(former)
    away = median(abs(value - middle) for value in former)
    return middle, SPREAD * TO_DEVIATION * away
