"""Whom a crisis reaches after so many calls that nobody answered."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time
from zoneinfo import ZoneInfo

from moderation.ladder import Reach, ladder, reach
from moderation.rota import Absence, Away, Rota, Shift

ZONE = ZoneInfo("Asia/Shanghai")
SHEN, LI, WU = 1, 2, 3
NIGHT = datetime(2026, 11, 23, 22, tzinfo=ZONE)
WEEK = frozenset(range(7))
ROTA = Rota(
    ZONE,
    (SHEN, LI, WU),
    (Shift(SHEN, WEEK, time(20), time(8)), Shift(LI, WEEK, time(8), time(20))),
)


def test_it_climbs_from_duty_to_the_operators_phone() -> None:
    assert ladder(ROTA, NIGHT, moderators=False) == [
        Reach((SHEN,), False),
        Reach((SHEN,), False),
        Reach((SHEN, LI), False),
        Reach((SHEN, LI, WU), False),
        Reach((SHEN, LI, WU), True),
        Reach((SHEN, LI, WU), True, True),
    ]


def test_where_minutes_count_moderators_are_called_from_the_start() -> None:
    steps = ladder(ROTA, NIGHT, moderators=True)
    assert all(step.moderators for step in steps)
    assert len(steps) == 5


def test_a_step_that_reaches_nobody_new_is_left_out() -> None:
    alone = Rota(ZONE, (SHEN,))
    assert ladder(alone, NIGHT, moderators=True) == [
        Reach((SHEN,), True),
        Reach((SHEN,), True),
        Reach((SHEN,), True, True),
    ]


def test_with_nobody_on_duty_all_who_are_awake_are_called_first() -> None:
    rota = replace(ROTA, shifts=ROTA.shifts[1:], quiet={LI: (time(21), time(7))})
    steps = ladder(rota, NIGHT, moderators=False)
    assert steps[0] == Reach((SHEN, WU), False)
    assert Reach((SHEN, WU, LI), False) in steps


def test_without_counselors_the_moderators_come_first() -> None:
    steps = ladder(Rota(ZONE), NIGHT, moderators=False)
    assert steps == [Reach((), True), Reach((), True), Reach((), True, True)]


def test_one_on_leave_is_never_reached() -> None:
    leave = Absence(WU, Away.LEAVE, NIGHT.replace(hour=0), NIGHT.replace(day=25))
    steps = ladder(replace(ROTA, absences=(leave,)), NIGHT, moderators=True)
    assert all(WU not in step.counselors for step in steps)


def test_the_last_step_is_repeated() -> None:
    steps = ladder(ROTA, NIGHT, moderators=False)
    assert reach(steps, 0) == steps[0]
    assert reach(steps, 99) == steps[-1]
