from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.followup import STEPS, awake, decent, due_times, made_up, tomorrow

ZONE = ZoneInfo("Asia/Shanghai")
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC))


def test_a_crisis_at_noon_is_followed_up_at_noon_on_five_days() -> None:
    noon = datetime(2026, 11, 22, 12, 0, tzinfo=ZONE).astimezone(UTC)
    assert [due - noon for due in due_times(noon, ZONE)] == list(STEPS)


def test_a_crisis_at_three_in_the_morning_wakes_nobody_at_three() -> None:
    night = datetime(2026, 11, 22, 3, 0, tzinfo=ZONE)
    first = due_times(night.astimezone(UTC), ZONE)[0].astimezone(ZONE)
    assert (first.day, first.hour) == (23, 9)


def test_late_in_the_evening_becomes_half_past_eight() -> None:
    late = datetime(2026, 11, 22, 23, 40, tzinfo=ZONE)
    assert decent(late, ZONE).astimezone(ZONE).strftime("%d %H:%M") == "22 20:30"


@given(MOMENTS)
def test_nobody_is_ever_asked_after_at_night(moment: datetime) -> None:
    due = due_times(moment, ZONE)
    assert all(awake(one, ZONE) for one in [*due, tomorrow(moment, ZONE)])
    assert due == sorted(due)
    assert all(
        abs(one - moment - step) <= timedelta(hours=9) for one, step in zip(due, STEPS, strict=True)
    )


@pytest.mark.parametrize(
    ("overdue", "kept", "missed"),
    [
        ({}, [], []),
        ({1: ["a"]}, ["a"], []),
        ({1: ["a", "b", "c"], 2: ["d"]}, ["c", "d"], ["a", "b"]),
    ],
    ids=["nothing was missed", "one is made up", "only the last of each case is made up"],
)
def test_after_downtime_nobody_is_flooded(
    overdue: dict[int, list[str]], kept: list[str], missed: list[str]
) -> None:
    assert made_up(overdue) == (kept, missed)
