"""By when to act, counted from the days a member gives. Pure. Laws as in the page `deadlines`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from bot.words import papers

SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Deadline:
    """A last day and what it is for."""

    day: date
    what: str
    basis: str

    def line(self, today: date) -> str:
        """As a member reads it."""
        days = (self.day - today).days
        form = papers.DEADLINE if days > 0 else papers.DEADLINE_TODAY
        form = papers.DEADLINE_PAST if days < 0 else form
        return form.format(day=self.day, what=self.what, basis=self.basis, days=days)


@dataclass(frozen=True, slots=True)
class _Rule:
    given: str
    what: str
    basis: str
    last_day: Callable[[date], date]
    unless: str | None = None
    """A date that starts this one anew, so that this rule says nothing."""


def years(count: int) -> Callable[[date], date]:
    """So many years later; 29 February becomes the 28th."""

    def later(day: date) -> date:
        try:
            return day.replace(year=day.year + count)
        except ValueError:
            return day.replace(year=day.year + count, day=28)

    return later


def days(count: int) -> Callable[[date], date]:
    """So many days later; the first day does not count."""
    return lambda day: day + timedelta(days=count)


def workdays(count: int) -> Callable[[date], date]:
    """So many days from Monday to Friday later; public holidays are not known here."""

    def later(day: date) -> date:
        left = count
        while left:
            day += timedelta(days=1)
            left -= day.weekday() < SATURDAY
        return day

    return later


RULES = (
    _Rule("known", "起诉要求赔偿", "民法典 188 条，三年", years(3), unless="demanded"),
    _Rule("demanded", "起诉要求赔偿，从这天重新数", "民法典 188、195 条，三年", years(3)),
    _Rule("treated", "最长的保护期限", "民法典 188 条，二十年", years(20)),
    _Rule("known", "向卫健部门申请处理医疗事故", "医疗事故处理条例 37 条，一年", years(1)),
    _Rule("asked_records", "还没给就再催、去举报", "自拟建议，法律没写几天", days(10)),
    _Rule("sealed", "书面催一次，不然机构可以自己拆封", "701 号条例 24 条，三年", years(3)),
    _Rule("consumer", "该处理并告诉你", "消法 46 条，七个工作日", workdays(7)),
    _Rule("health", "该告诉你收不收", "701 号条例 40 条，五个工作日", workdays(5)),
    _Rule("agreement", "双方一起申请司法确认", "民诉法 205 条，三十天", days(30)),
    _Rule("appraisal", "不服的话申请再次鉴定", "医疗事故处理条例 22 条，十五天", days(15)),
    _Rule("judgment", "不服的话上诉", "民诉法 171 条，十五天", days(15)),
)


def deadlines(given: Mapping[str, date]) -> list[Deadline]:
    """What follows from these days, the earliest first."""
    found = [
        Deadline(rule.last_day(given[rule.given]), rule.what, rule.basis)
        for rule in RULES
        if rule.given in given and rule.unless not in given
    ]
    return sorted(found, key=lambda deadline: deadline.day)


def soon(found: Iterable[Deadline], today: date, within: int) -> list[Deadline]:
    """Those of today and the next so many days."""
    return [one for one in found if 0 <= (one.day - today).days <= within]
