"""The rota in words: reading what a counselor writes behind /oncall, and writing what it says. Pure."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.words import duty as words_duty
from moderation.rota import HOLIDAY

NUMBERS = {"一": 0, "二": 1, "三": 2, "四": 3, "五": 4, "六": 5, "日": 6, "天": 6}
WEEKDAY = re.compile(
    "(?:周|星期|礼拜)?([一二三四五六日天])(?:(?:到|至|-|~|—)(?:周|星期|礼拜)?([一二三四五六日天]))?"
)
HOURS = re.compile(r"([0-9]{1,2})[:：]([0-9]{2})\s*(?:-|~|—|到|至)\s*([0-9]{1,2})[:：]([0-9]{2})")
DAY = re.compile(r"(?:([0-9]{4})-)?([0-9]{1,2})-([0-9]{1,2})")
ALL = frozenset(range(7))
WEEKEND = frozenset({5, 6})
WEEK = frozenset(range(5))
NAMED = {
    "每天": ALL | {HOLIDAY},
    "天天": ALL | {HOLIDAY},
    "工作日": WEEK,
    "周末": WEEKEND,
    "节假日": frozenset({HOLIDAY}),
    "节日": frozenset({HOLIDAY}),
}
NEAR = timedelta(days=3660)
"""A rota is planned no farther ahead; the calendar itself ends somewhere."""
SOON = timedelta(days=30)


class Unread(ValueError):
    """Somebody wrote what cannot be read; says what was expected, in words for her."""

    def __init__(self, text: str, wanted: str) -> None:
        super().__init__(words_duty.ONCALL_UNREAD.format(text=text[:40], wanted=wanted))


def read_days(text: str) -> frozenset[int]:
    """`周一到周五`, `周六周日`, `每天`, `节假日`, joined by commas; Unread if it is not one."""
    found: set[int] = set()
    for part in re.split("[,，、]", text):
        found |= _some_days(part, text)
    return frozenset(found)


def _some_days(part: str, text: str) -> frozenset[int]:
    if part in NAMED:
        return NAMED[part]
    found: set[int] = set()
    at = 0
    while at < len(part):
        match = WEEKDAY.match(part, at)
        if match is None:
            raise Unread(text, words_duty.WANT_DAYS)
        first = NUMBERS[match[1]]
        last = NUMBERS[match[2]] if match[2] else first
        found |= {(first + n) % 7 for n in range((last - first) % 7 + 1)}
        at = match.end()
    if not found:
        raise Unread(text, words_duty.WANT_DAYS)
    return frozenset(found)


def read_hours(text: str) -> tuple[time, time]:
    """`20:00-08:00`; 24:00 is midnight; Unread if it is not a stretch of a day."""
    match = HOURS.fullmatch(text.strip())
    if match is None:
        raise Unread(text, words_duty.WANT_HOURS)
    try:
        return _time(match[1], match[2]), _time(match[3], match[4])
    except ValueError:
        raise Unread(text, words_duty.WANT_HOURS) from None


def read_day(text: str, today: date, wanted: str = words_duty.WANT_DATE) -> date:
    """`12-01` or `2026-12-01`, the next such day from today on; Unread if there is none near."""
    match = DAY.fullmatch(text)
    if match is None:
        raise Unread(text, wanted)
    try:
        day = date(int(match[1] or today.year), int(match[2]), int(match[3]))
        if not match[1] and day < today - SOON:
            day = day.replace(year=today.year + 1)
    except ValueError:
        raise Unread(text, wanted) from None
    if abs(day - today) > NEAR:
        raise Unread(text, wanted)
    return day


def days_in_words(days: frozenset[int]) -> str:
    """The days of a shift: 每天, 周一到周五, or each by name."""
    named = [words_duty.DAYS[HOLIDAY]] if HOLIDAY in days else []
    week = sorted(days - {HOLIDAY})
    if len(week) == 7:
        return "每天" if named else "周一到周日"
    if len(week) > 2 and week == list(range(week[0], week[-1] + 1)):
        return "、".join([f"{words_duty.DAYS[week[0]]}到{words_duty.DAYS[week[-1]]}", *named])
    return "、".join([*(words_duty.DAYS[day] for day in week), *named])


def hours_in_words(hours: tuple[time, time]) -> str:
    """`23:00–07:00`."""
    return "–".join(at.strftime("%H:%M") for at in hours)


def moment(at: datetime, zone: ZoneInfo) -> str:
    """`11-22 周日 20:00`, in the rota's zone."""
    local = at.astimezone(zone)
    return f"{local:%m-%d} {words_duty.DAYS[local.weekday()]} {local:%H:%M}"


def _time(hour: str, minute: str) -> time:
    return (
        time(0, int(minute))
        if int(hour) == 24 and int(minute) == 0
        else time(int(hour), int(minute))
    )
