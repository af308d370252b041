"""Every row that time ends stands until its time is over, and is gone right after."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import String, func, select, update

from moderation.cases import CaseState
from moderation.storage import Database, retention
from moderation.storage.retention import RULES, Rule
from tests.fakes import FakeClock
from tests.migrations.old_data import fill

A_MOMENT = timedelta(seconds=1)
TIMED = [rule for rule in RULES if rule.kept is not None]
OVER = next(state for state in CaseState if not state.live)
ONLY_THOSE: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "cases": ({"state": OVER}, {"state": CaseState.OPEN}),
    "outbox": ({"case_id": None}, {"case_id": 1, "chat_id": -1001}),
    "own_pages": ({"page_id": "draft:1"}, {"page_id": "own:1"}),
}
"""Where time ends only some rows of a table: one such row, and one that it does not end."""
by_name = pytest.mark.parametrize("rule", TIMED, ids=lambda rule: rule.name)


def test_it_is_known_where_time_ends_only_some_rows() -> None:
    assert sorted(rule.name for rule in TIMED if rule.only) == sorted(ONLY_THOSE)


@by_name
async def test_a_row_stands_until_its_time_is_over(
    database: Database, clock: FakeClock, rule: Rule
) -> None:
    over_after = await _lay(database, rule, ONLY_THOSE.get(rule.name, ({}, {}))[0])
    clock.now = over_after
    assert await _left(database, rule) == 1, "a moment before"
    clock.now += A_MOMENT
    assert await _left(database, rule) == 0, "a moment after"


@pytest.mark.parametrize("name", ONLY_THOSE)
async def test_what_time_does_not_end_stands(
    database: Database, clock: FakeClock, name: str
) -> None:
    rule = retention.rule_of(name)
    clock.now = await _lay(database, rule, ONLY_THOSE[name][1]) + timedelta(days=400)
    assert await _left(database, rule) == 1


async def _lay(database: Database, rule: Rule, values: dict[str, Any]) -> datetime:
    """Put a row with everything in it; the last moment at which it may stand."""
    assert rule.kept is not None
    assert rule.since is not None
    with closing(sqlite3.connect(database.engine.url.database or "")) as connection:
        for table in {"cases", rule.name}:
            fill(connection, table, rows=1)
        connection.execute("UPDATE cases SET state = ?", (CaseState.OPEN,))
        connection.commit()
    async with database.transaction() as tx:
        now, by_day = tx.now, isinstance(rule.since.type, String)
        since = now.date().isoformat() if by_day else now
        row = update(rule.table).values({rule.since.name: since, **values})
        assert (await tx.connection.execute(row)).rowcount == 1
    if by_day:
        now = now.replace(hour=23, minute=59, second=59)
    return now + rule.kept


async def _left(database: Database, rule: Rule) -> int:
    """Rows of its table that are there after a purge."""
    async with database.transaction() as tx:
        await retention.purge(tx)
        found = await tx.connection.execute(select(func.count()).select_from(rule.table))
        return int(found.scalar_one())
