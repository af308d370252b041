"""How each group felt, counted by day; no text, no member."""

from __future__ import annotations

from datetime import date

from sqlalchemy import bindparam, insert, select, update

from moderation.climate import Climate, Day
from moderation.storage.database import Transaction
from moderation.storage.tables import climate

COUNTS = ("messages", "strong", "echoes", "steadying", "spirals")
COUNT = (
    update(climate)
    .where(climate.c.chat_id == bindparam("chat"), climate.c.day == bindparam("on"))
    .values({name: climate.c[name] + bindparam(f"more_{name}") for name in COUNTS})
)


async def count(tx: Transaction, chat_id: int, day: date, more: Day) -> None:
    """Add to what was counted of a day (the group's own calendar day)."""
    counted = {name: getattr(more, name) for name in COUNTS}
    added = {f"more_{name}": value for name, value in counted.items()}
    here = {"chat": chat_id, "on": day.isoformat()}
    changed = await tx.by_key(COUNT, {**here, **added})
    if changed.rowcount == 0:
        await tx.connection.execute(
            insert(climate).values(chat_id=chat_id, day=day.isoformat(), **counted)
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
