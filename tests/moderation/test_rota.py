"""Who is on duty: an ordinary week, nights, holidays, leave, swaps, sleep, and nobody at all."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from moderation.rota import HOLIDAY, Absence, Away, Change, Rota, Shift

ZONE = ZoneInfo("Asia/Shanghai")
SHEN, LI, WU = 1, 2, 3
NIGHTS = Shift(SHEN, frozenset(range(5)), time(20), time(8))
DAYS = Shift(LI, frozenset(range(7)), time(8), time(20))
HOLIDAYS = Shift(WU, frozenset({HOLIDAY}), time(0), time(0))
ROTA = Rota(
    ZONE, (SHEN, LI, WU), (NIGHTS, DAYS, HOLIDAYS), holidays=frozenset({date(2026, 11, 26)})
)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of November 2026; the 23rd is a Monday."""
    return datetime(2026, 11, day, hour, minute, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (at(23, 20), [SHEN]),
        (at(24, 7, 59), [SHEN]),
        (at(24, 8), [LI]),
        (at(22, 21), []),
        (at(28, 3), [SHEN]),
        (at(26, 12), [WU]),
        (at(26, 3), [SHEN, WU]),
        (at(27, 0), []),
    ],
    ids=[
        "the night begins",
        "the night is nearly over",
        "the day begins",
        "nobody on a Sunday night",
        "Friday's night runs into Saturday",
        "a holiday has its own shifts",
        "the night before a holiday runs into it",
        "a holiday ends at midnight, and its night has no shift",
    ],
)
def test_the_shifts_say_who_is_on_duty(moment: datetime, expected: list[int]) -> None:
    assert ROTA.on_duty(moment) == expected


def test_hours_are_those_of_the_rotas_zone() -> None:
    same = at(23, 20).astimezone(ZoneInfo("Europe/Berlin"))
    assert ROTA.on_duty(same) == [SHEN]


def test_without_any_shift_everybody_awake_is_on_duty() -> None:
    rota = replace(ROTA, shifts=(), quiet={LI: (time(23), time(7))})
    assert rota.on_duty(at(23, 12)) == [SHEN, LI, WU]
    assert rota.on_duty(at(23, 23)) == [SHEN, WU]
    assert rota.on_duty(at(23, 6, 59)) == [SHEN, WU]
    assert rota.on_duty(at(23, 7)) == [SHEN, LI, WU]


def test_if_all_sleep_all_are_awake_enough() -> None:
    rota = replace(ROTA, shifts=(), quiet=dict.fromkeys((SHEN, LI, WU), (time(22), time(8))))
    assert rota.awake(at(23, 2)) == [SHEN, LI, WU]


def test_ones_own_turn_goes_before_ones_sleep() -> None:
    rota = replace(ROTA, quiet={SHEN: (time(22), time(8))})
    assert rota.on_duty(at(24, 2)) == [SHEN]


def test_somebody_on_leave_is_neither_on_duty_nor_called_at_all() -> None:
    leave = Absence(SHEN, Away.LEAVE, at(23, 0), at(24, 0))
    rota = replace(ROTA, absences=(leave,))
    assert rota.on_duty(at(23, 21)) == []
    assert rota.everybody(at(23, 21)) == [LI, WU]
    assert rota.on_duty(at(24, 1)) == [SHEN]


def test_a_wish_to_swap_changes_nothing_until_somebody_takes_it() -> None:
    wish = Absence(SHEN, Away.SWAP, at(23, 20), at(24, 8))
    assert replace(ROTA, absences=(wish,)).on_duty(at(23, 21)) == [SHEN]
    taken = replace(wish, covered_by=WU)
    assert replace(ROTA, absences=(taken,)).on_duty(at(23, 21)) == [WU]
    assert replace(ROTA, absences=(taken,)).on_duty(at(24, 21)) == [SHEN]


def test_one_who_covers_and_falls_ill_covers_no_more() -> None:
    taken = Absence(SHEN, Away.SWAP, at(23, 20), at(24, 8), covered_by=WU)
    ill = Absence(WU, Away.LEAVE, at(23, 0), at(25, 0))
    assert replace(ROTA, absences=(taken, ill)).on_duty(at(23, 21)) == []


def test_the_next_one_is_whose_turn_begins_first_and_who_is_not_there_yet() -> None:
    assert ROTA.following(at(23, 21)) == LI
    assert ROTA.following(at(24, 9)) == SHEN


def test_one_on_leave_now_is_not_woken_early() -> None:
    leave = Absence(LI, Away.LEAVE, at(23, 0), at(24, 0))
    assert replace(ROTA, absences=(leave,)).following(at(23, 21)) == WU


def test_one_who_is_no_counselor_any_more_is_not_on_duty() -> None:
    rota = replace(ROTA, counselors=(LI, WU))
    assert rota.on_duty(at(23, 21)) == []
    assert rota.following(at(23, 9)) == WU


def test_who_leaves_and_who_comes_at_the_change_of_a_shift() -> None:
    before, after = at(24, 7, 59), at(24, 8, 1)
    assert ROTA.leaving(before, after) == [Change(SHEN, at(24, 8))]
    assert ROTA.arriving(before, after) == [Change(LI, at(24, 20))]
    assert ROTA.leaving(at(24, 8, 1), at(24, 19)) == []
    assert ROTA.arriving(at(24, 8, 1), at(24, 19)) == []


def test_whoever_goes_on_with_another_shift_does_not_leave() -> None:
    both = replace(ROTA, shifts=(NIGHTS, replace(DAYS, user_id=SHEN)))
    assert both.leaving(at(24, 7, 59), at(24, 8, 1)) == []
    assert both.arriving(at(24, 7, 59), at(24, 8, 1)) == []


def test_a_shift_that_another_covered_ends_for_the_other() -> None:
    swap = Absence(SHEN, Away.SWAP, at(23, 20), at(24, 8), covered_by=WU)
    covered = replace(ROTA, absences=(swap,))
    assert covered.leaving(at(24, 7, 59), at(24, 8, 1)) == [Change(WU, at(24, 8))]


def test_quiet_hours_end_a_day_without_a_shift() -> None:
    sleepy = Rota(ZONE, (SHEN, LI), quiet={SHEN: (time(23), time(7))})
    assert sleepy.leaving(at(23, 22), at(23, 23, 30)) == [Change(SHEN, at(23, 23), asleep=True)]
    on_duty = replace(ROTA, quiet={SHEN: (time(23), time(7))})
    assert on_duty.leaving(at(23, 22), at(23, 23, 30)) == []


def test_somebody_on_leave_is_not_asked() -> None:
    away = Absence(SHEN, Away.LEAVE, at(24, 0), at(25, 0))
    assert replace(ROTA, absences=(away,)).leaving(at(24, 7, 59), at(24, 8, 1)) == []
