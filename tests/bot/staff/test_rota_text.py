from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from bot.staff.rota_text import Unread, days_in_words, moment, read_day, read_days, read_hours
from moderation.rota import HOLIDAY

TODAY = date(2026, 11, 22)
WEEK = {0, 1, 2, 3, 4}


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("周一到周五", WEEK),
        ("周一至五", WEEK),
        ("星期一-星期五", WEEK),
        ("周六周日", {5, 6}),
        ("周一、三、五", {0, 2, 4}),
        ("周五到周一", {4, 5, 6, 0}),
        ("每天", {*range(7), HOLIDAY}),
        ("工作日,节假日", {*WEEK, HOLIDAY}),
        ("周末", {5, 6}),
    ],
)
def test_days_are_read_as_people_write_them(text: str, days: set[int]) -> None:
    assert read_days(text) == days


@pytest.mark.parametrize("text", ["", "周八", "明天", "周一abc", "，", "末"])
def test_what_is_no_day_is_refused_with_how_to_write_it(text: str) -> None:
    with pytest.raises(Unread, match="周一到周五"):
        read_days(text)


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("20:00-08:00", (time(20), time(8))),
        ("8：30到17:15", (time(8, 30), time(17, 15))),
        ("00:00-24:00", (time(0), time(0))),
    ],
)
def test_hours_are_read(text: str, hours: tuple[time, time]) -> None:
    assert read_hours(text) == hours


@pytest.mark.parametrize("text", ["", "25:00-08:00", "20-8", "20:61-08:00", "晚上"])
def test_what_are_no_hours_is_refused(text: str) -> None:
    with pytest.raises(Unread, match="20:00-08:00"):
        read_hours(text)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("12-01", date(2026, 12, 1)),
        ("01-02", date(2027, 1, 2)),
        ("11-20", date(2026, 11, 20)),
        ("2027-01-01", date(2027, 1, 1)),
    ],
    ids=["this year", "next year", "just past", "in full"],
)
def test_a_day_without_a_year_is_the_next_such_day(text: str, day: date) -> None:
    assert read_day(text, TODAY) == day


@pytest.mark.parametrize(
    "text", ["", "02-30", "13-01", "明天", "2027-1", "9999-12-31", "0001-01-01"]
)
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(Unread, match="2027-01-01"):
        read_day(text, TODAY)


@pytest.mark.parametrize(
    "text", ["周一到周五", "周六、周日", "周一、周三、周五", "节假日", "周一到周三、节假日"]
)
def test_days_are_said_as_they_can_be_read_again(text: str) -> None:
    assert days_in_words(read_days(text)) == text


def test_a_moment_is_said_in_the_rotas_zone() -> None:
    at = datetime.fromisoformat("2026-11-22T16:30:00+00:00")
    assert moment(at, ZoneInfo("Asia/Shanghai")) == "11-23 周一 00:30"
