"""Who is on duty when: weekly shifts, holidays, leave, and duties that another took over. Pure.

A shift is a weekly stretch in the rota's time zone; one that ends no later than it starts runs into
the next day. On a holiday only the shifts of holidays count. Somebody on leave is not on duty, and
is not called; a duty another took over is his.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

HOLIDAY = 7
"""The number of the day «holiday», after Monday 0 … Sunday 6."""
DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
AHEAD = timedelta(days=8)


class Away(StrEnum):
    """Why somebody's turn is not hers."""

    LEAVE = "leave"
    SWAP = "swap"
    """She asked the others to take a turn; until one does, it stays hers."""


@dataclass(frozen=True, slots=True)
class Shift:
    """A weekly duty; `days` are numbers of days, HOLIDAY among them."""

    user_id: int
    days: frozenset[int]
    starts: time
    ends: time
    id: int = 0


@dataclass(frozen=True, slots=True)
class Absence:
    """A stretch in which somebody is away, or another does her duty."""

    user_id: int
    kind: Away
    starts_at: datetime
    ends_at: datetime
    covered_by: int | None = None
    id: int = 0

    def covers(self, at: datetime) -> bool:
        """Whether it is in force at this moment."""
        return self.starts_at <= at < self.ends_at


@dataclass(frozen=True, slots=True)
class Turn:
    """One duty with its dates."""

    user_id: int
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Change:
    """A moment at which somebody's duty begins or ends."""

    user_id: int
    at: datetime
    asleep: bool = False
    """Whether her quiet hours began, and no shift ended."""


@dataclass(frozen=True)
class Rota:
    """All that says who is on duty."""

    zone: ZoneInfo
    counselors: tuple[int, ...] = ()
    """Everybody who may be called, in the order in which they came."""
    shifts: tuple[Shift, ...] = ()
    absences: tuple[Absence, ...] = ()
    holidays: frozenset[date] = frozenset()
    quiet: Mapping[int, tuple[time, time]] = field(default_factory=dict)
    """When somebody sleeps, outside of her own turns."""

    def on_duty(self, at: datetime) -> list[int]:
        """Who is to be called first; without any shift everybody who is awake, always."""
        if not self.shifts:
            return self.awake(at)
        turns = [turn for turn in self.turns(at - 2 * DAY, at + DAY) if _during(turn, at)]
        found = [self.doer(turn.user_id, at) for turn in turns]
        return _once(who for who in found if who in self.counselors)

    def following(self, at: datetime) -> int | None:
        """Who is on duty next, is not yet, and may be woken for it now."""
        now = self.on_duty(at)
        for turn in self.turns(at, at + AHEAD):
            who = self.doer(turn.user_id, turn.starts_at)
            known = who is not None and who in self.counselors and who not in now
            if known and turn.starts_at > at and not self.on_leave(who, at):
                return who
        return None

    def everybody(self, at: datetime) -> list[int]:
        """All who may be called at all: asleep or not, but not on leave."""
        return [who for who in self.counselors if not self.on_leave(who, at)]

    def awake(self, at: datetime) -> list[int]:
        """All who are not on leave and do not sleep; if all sleep, all of them."""
        there = self.everybody(at)
        return [who for who in there if not self.asleep(who, at)] or there

    def asleep(self, user_id: int, at: datetime) -> bool:
        """Whether these are somebody's quiet hours."""
        hours = self.quiet.get(user_id)
        return hours is not None and _within(hours, at.astimezone(self.zone).time())

    def on_leave(self, user_id: int | None, at: datetime) -> bool:
        """Whether somebody is on leave."""
        return any(
            away.kind is Away.LEAVE and away.user_id == user_id and away.covers(at)
            for away in self.absences
        )

    def doer(self, user_id: int, at: datetime) -> int | None:
        """Who really does somebody's duty at this moment; None if nobody."""
        for away in self.absences:
            if away.user_id == user_id and away.covers(at) and away.covered_by is not None:
                return None if self.on_leave(away.covered_by, at) else away.covered_by
        return None if self.on_leave(user_id, at) else user_id

    def turns(self, since: datetime, until: datetime) -> list[Turn]:
        """The turns that touch a stretch of time, in their order, as the shifts have them."""
        first, last = since.astimezone(self.zone).date(), until.astimezone(self.zone).date()
        days = [first - DAY + DAY * n for n in range((last - first).days + 2)]
        found = [
            self._turn(shift, day)
            for day in days
            for shift in self.shifts
            if self._is_on(shift, day)
        ]
        touching = [turn for turn in found if turn.ends_at > since and turn.starts_at <= until]
        return sorted(touching, key=lambda turn: (turn.starts_at, turn.ends_at))

    def leaving(self, since: datetime, until: datetime) -> list[Change]:
        """Whose shift ended or whose quiet hours began after `since`, and who has no duty now."""
        ended = [
            Change(who, turn.ends_at)
            for turn in self.turns(since, until)
            if since < turn.ends_at <= until
            and (who := self.doer(turn.user_id, turn.ends_at - SECOND)) is not None
        ]
        slept = [
            Change(who, at, asleep=True)
            for who, hours in self.quiet.items()
            for at in self._daily(hours[0], since, until)
        ]
        there = self.on_duty(until) if self.shifts else []
        return [one for one in (*ended, *slept) if self._may_act(one) and one.user_id not in there]

    def arriving(self, since: datetime, until: datetime) -> list[Change]:
        """Whose shift began after `since` and still runs, and who had no duty right before it."""
        return [
            Change(who, turn.ends_at)
            for turn in self.turns(since, until)
            if since < turn.starts_at <= until < turn.ends_at
            and (who := self.doer(turn.user_id, turn.starts_at)) is not None
            and who in self.counselors
            and who not in self.on_duty(turn.starts_at - SECOND)
        ]

    def _may_act(self, change: Change) -> bool:
        """Whether she can still be asked: she is of the team and not on leave."""
        return change.user_id in self.counselors and not self.on_leave(change.user_id, change.at)

    def _daily(self, hour: time, since: datetime, until: datetime) -> list[datetime]:
        """The moments of a stretch of time at which the clock shows this hour."""
        first, last = since.astimezone(self.zone).date(), until.astimezone(self.zone).date()
        days = [first + DAY * n for n in range((last - first).days + 1)]
        found = [datetime.combine(day, hour, self.zone) for day in days]
        return [at for at in found if since < at <= until]

    def _is_on(self, shift: Shift, day: date) -> bool:
        return (HOLIDAY if day in self.holidays else day.weekday()) in shift.days

    def _turn(self, shift: Shift, day: date) -> Turn:
        last = day if shift.ends > shift.starts else day + DAY
        return Turn(
            shift.user_id,
            datetime.combine(day, shift.starts, self.zone),
            datetime.combine(last, shift.ends, self.zone),
        )


def _during(turn: Turn, at: datetime) -> bool:
    return turn.starts_at <= at < turn.ends_at


def _within(hours: tuple[time, time], now: time) -> bool:
    start, end = hours
    if start <= end:
        return start <= now < end
    return now >= start or now < end


def _once(people: Iterable[int | None]) -> list[int]:
    return list(dict.fromkeys(who for who in people if who is not None))
