"""How each group felt, counted by day; no text, no member."""

from __future__ import annotations

from datetime import date

from sqlalchemy import insert, select, update

from moderation.climate import Climate, Day
from moderation.storage.database import Transaction
from moderation.storage.tables import climate


async def count(tx: Transaction, chat_id: int, day: date, more: Day) -> None:
    """Add to what was counted of a day (the group's own calendar day)."""
    here = (climate.c.chat_id == chat_id) & (climate.c.day == day.isoformat())
    columns = {
        "messages": more.messages,
        "strong": more.strong,
        "echoes": more.echoes,
        "steadying": more.steadying,
        "spirals": more.spirals,
    }
    changed = await tx.connection.execute(
        update(climate)
        .where(here)
        .values({n: climate.c[n] + value for n, value in columns.items()})
    )
    if changed.rowcount == 0:
        await tx.connection.execute(
            insert(climate).values(chat_id=chat_id, day=day.isoformat(), **columns)
        )


async def of_group(tx: Transaction, chat_id: int, since: date) -> Climate:
    """A group's days from `since` on."""
    rows = await tx.connection.execute(
        select(climate).where(climate.c.chat_id == chat_id, climate.c.day >= since.isoformat())
    )
    return {
        date.fromisoformat(row.day): Day(
            row.messages, row.strong, row.echoes, row.steadying, row.spirals
        )
        for row in rows
    }
