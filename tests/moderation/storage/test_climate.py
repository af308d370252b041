"""Counts of a group's days: they add up, and are kept for a while only."""

from __future__ import annotations

from datetime import date, timedelta

from moderation.climate import Day, last_days, together
from moderation.storage import Database, climate

GROUP = -1001
TODAY = date(2026, 11, 22)


async def test_messages_of_a_day_add_up(database: Database) -> None:
    async with database.transaction() as tx:
        await climate.count(tx, GROUP, TODAY, Day(1, strong=1, echoes=1))
        await climate.count(tx, GROUP, TODAY, Day(1, steadying=1, spirals=1))
        await climate.count(tx, GROUP - 1, TODAY, Day(1))
        assert await climate.of_group(tx, GROUP, TODAY) == {TODAY: Day(2, 1, 1, 1, 1)}


def test_a_stretch_of_days_has_every_day_and_not_today() -> None:
    yesterday = TODAY - timedelta(days=1)
    days = last_days({TODAY: Day(99), yesterday: Day(10, strong=2)}, TODAY, 3)
    assert [day for day, _ in days] == [TODAY - timedelta(days=back) for back in (3, 2, 1)]
    assert together(day for _, day in days) == Day(10, strong=2)
    assert [day.shown for _, day in days] == [False, False, True]
