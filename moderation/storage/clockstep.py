"""When the clock has gone back: what waits for a moment that was told by the wrong clock comes now.

A clock that runs ahead and is then set right leaves calls and messages planned for a time that is far
away. Too early is better than too late: everything that waits is brought forward by as much as the
clock went back.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Column, Table, func, select, update

from moderation.storage.database import Transaction
from moderation.storage.outbox import State
from moderation.storage.tables import inbox, outbox, reminders

SLACK = timedelta(seconds=30)
"""So much every clock is set now and then; nobody waits long for it."""


async def written_ahead(tx: Transaction) -> timedelta:
    """By how much the newest update on record was received later than now; zero if it was not."""
    newest: datetime | None = await tx.connection.scalar(select(func.max(inbox.c.received_at)))
    ahead = newest - tx.now if newest is not None else timedelta()
    return ahead if ahead > SLACK else timedelta()


async def bring_forward(tx: Transaction, by: timedelta) -> int:
    """Let waiting calls and messages come earlier by so much, but not before now; how many."""
    moved = await _move(tx, outbox, outbox.c.not_before, by, outbox.c.state == State.PENDING)
    return moved + await _move(tx, reminders, reminders.c.due_at, by, reminders.c.done_at.is_(None))


async def _move(
    tx: Transaction, table: Table, moment: Column[datetime], by: timedelta, waits: object
) -> int:
    rows = await tx.connection.execute(
        select(table.c.id, moment).where(waits, moment > tx.now)  # type: ignore[arg-type]
    )
    found = rows.all()
    for number, at in found:
        await tx.connection.execute(
            update(table).where(table.c.id == number).values({moment: max(tx.now, at - by)})
        )
    return len(found)
