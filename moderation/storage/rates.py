"""How often somebody did something lately, so that a tap too many is answered and not acted on."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, insert, select, update

from moderation.storage.database import Transaction
from moderation.storage.tables import rates


async def allow(tx: Transaction, what: str, user_id: int, most: int, per: timedelta) -> bool:
    """Count one more; False once it is more than `most` within `per`. `per` is at most a day."""
    key = f"{what}:{tx.sealer.hash_id(user_id)}"
    row = (await tx.connection.execute(select(rates).where(rates.c.key == key))).first()
    if row is None or row.started_at <= tx.now - per:
        await tx.connection.execute(delete(rates).where(rates.c.key == key))
        await tx.connection.execute(insert(rates).values(key=key, started_at=tx.now, times=1))
        return True
    await tx.connection.execute(
        update(rates).where(rates.c.key == key).values(times=rates.c.times + 1)
    )
    return int(row.times) < most
