"""By when to act, counted from the days she gives."""

from datetime import date

import pytest

from bot.papers.days import read_day, read_story
from bot.papers.deadlines import RULES, deadlines, soon, workdays, years
from bot.words import papers as words


def days_of(**given: date) -> dict[str, date]:
    """What each deadline is for, and its day."""
    return {deadline.what: deadline.day for deadline in deadlines(given)}


def test_three_years_from_knowing_and_anew_from_a_written_demand() -> None:
    known = date(2024, 5, 6)
    assert days_of(known=known)["起诉要求赔偿"] == date(2027, 5, 6)
    anew = days_of(known=known, demanded=date(2025, 1, 2))
    assert "起诉要求赔偿" not in anew
    assert anew["起诉要求赔偿，从这天重新数"] == date(2028, 1, 2)
    assert anew["向卫健部门申请处理医疗事故"] == date(2025, 5, 6)


def test_the_29th_of_february_has_a_day_in_every_year() -> None:
    assert years(3)(date(2024, 2, 29)) == date(2027, 2, 28)


def test_workdays_leave_weekends_out() -> None:
    friday = date(2026, 11, 20)
    assert workdays(5)(friday) == date(2026, 11, 27)
    assert workdays(7)(friday) == date(2026, 12, 1)


def test_every_rule_counts_from_a_date_that_can_be_given() -> None:
    assert {rule.given for rule in RULES} == set(words.DATES)


def test_a_deadline_says_what_is_left_and_does_not_give_up_when_it_is_over() -> None:
    (one,) = deadlines({"judgment": date(2026, 11, 1)})
    assert "还有 6 天" in one.line(date(2026, 11, 10))
    assert "就是今天" in one.line(date(2026, 11, 16))
    assert "先别放弃" in one.line(date(2026, 11, 17))
    assert soon([one], date(2026, 11, 10), 30) == [one]
    assert soon([one], date(2026, 11, 17), 30) == []


@pytest.mark.parametrize(
    "written", ["2025-3-1", "2025.03.01", "2025/3/1", "2025年3月1日", " 2025 年 3 月 1 号 "]
)
def test_a_day_is_read_as_people_write_it(written: str) -> None:
    assert read_day(written) == date(2025, 3, 1)


@pytest.mark.parametrize("written", ["2025-3", "三月一号", "2025-2-30", "2025-3-1 下午", ""])
def test_what_is_not_a_whole_day_is_none(written: str) -> None:
    assert read_day(written) is None


def test_a_story_may_hold_months_and_days_not_remembered() -> None:
    assert read_story("2025年3月 一直肿\n不记得，打过电话") == [
        ("2025-03", "一直肿"),
        ("", "打过电话"),
    ]
    assert read_story("一直肿") is None
    assert read_story("2025-3-1") is None
