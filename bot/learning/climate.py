"""How the groups of one moderators' chat felt in the last two weeks, in words and in a picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from html import escape
from zoneinfo import ZoneInfo

from bot.control.settings import groups_of
from bot.learning.figures import percent
from bot.services import Services
from bot.words import learning as said
from moderation.cases import CaseState
from moderation.climate import Climate, Day, last_days, together
from moderation.storage import Transaction, climate, learning
from moderation.vocabulary import CaseKind

DAYS = 14
WEEK = 7
MOST = 6
"""Groups told of at once, the busiest: more would be no picture."""


@dataclass(frozen=True, slots=True)
class GroupClimate:
    """One group's two weeks."""

    title: str
    days: list[tuple[date, Day]]
    """Oldest first, silent ones empty."""

    @property
    def week(self) -> Day:
        """The last seven days together."""
        return together(day for _, day in self.days[-WEEK:])

    @property
    def before(self) -> Day:
        """The seven days before those."""
        return together(day for _, day in self.days[:-WEEK])


async def climates_of(services: Services, tx: Transaction, place: int) -> list[GroupClimate]:
    """The groups served from this chat that had a day with enough talk this week, busiest first."""
    zone = services.alerts.calls.zone
    today = tx.now.astimezone(zone).date()
    since = today - timedelta(days=DAYS)
    found = []
    for chat in await groups_of(services, tx, place):
        known = await climate.of_group(tx, chat.chat_id, since)
        start = datetime.combine(since, datetime.min.time(), zone)
        known = await _without_false(tx, chat.chat_id, known, start, zone)
        one = GroupClimate(chat.title, last_days(known, today, DAYS))
        if any(day.shown for _, day in one.days[-WEEK:]):
            found.append(one)
    return sorted(found, key=lambda one: -one.week.messages)[:MOST]


def in_words(climates: Sequence[GroupClimate]) -> str:
    """What moderators read, as HTML."""
    return "\n".join([said.CLIMATE_HEAD, *map(_line, climates), said.CLIMATE_FOOT])


async def _without_false(
    tx: Transaction, chat_id: int, known: Climate, since: datetime, zone: ZoneInfo
) -> Climate:
    """The days without the spirals that a human said were none."""
    days = dict(known)
    for case in await learning.outcomes(tx, since, {chat_id}):
        day = case.opened_at.astimezone(zone).date()
        false = case.kind is CaseKind.SPIRAL and case.state is CaseState.FALSE_ALARM
        if false and day in days:
            days[day] = replace(days[day], spirals=max(0, days[day].spirals - 1))
    return days


def _line(one: GroupClimate) -> str:
    week, before = one.week, one.before
    earlier = ""
    if before.shown:
        earlier = said.CLIMATE_BEFORE.format(strong=percent(before.share(before.strong)))
    line = said.CLIMATE_GROUP.format(
        title=escape(one.title[:20]),
        messages=week.messages,
        strong=percent(week.share(week.strong)),
        before=earlier,
        echoes=percent(week.share(week.echoes)),
        steadying=percent(week.share(week.steadying)),
    )
    return line + (said.CLIMATE_SPIRALS.format(count=week.spirals) if week.spirals else "")
