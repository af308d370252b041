"""Seals everything anew after the key was changed, a little at a time while the bot works.

Each step is a transaction of its own and finds for itself what is still old, so that a crash costs
nothing. Last come the marks of the database and the members' keys; then the old key opens nothing.
"""

from __future__ import annotations

import asyncio

from sqlalchemy import select, tuple_, update

from moderation.storage.database import Database, keep_keys
from moderation.storage.retention import RULES, Rule

AT_ONCE = 200
PAUSE = 0.02


async def seal_anew(database: Database, at_once: int = AT_ONCE) -> int:
    """Let nothing depend on the old key any more; how many values were sealed anew."""
    count = 0
    for rule in RULES:
        for column, place in rule.places.items():
            count += await _column(database, rule, column, place, at_once)
    async with database.transaction() as tx:
        await keep_keys(tx)
    if database.sealer.ring is not None:
        database.sealer.ring.write()
    return count


async def _column(database: Database, rule: Rule, column: str, place: str, at_once: int) -> int:
    """Go through one column in the order of its keys; pauses let others write."""
    keys = list(rule.table.primary_key.columns)
    last: tuple[object, ...] | None = None
    count = 0
    while True:
        query = select(*keys, rule.table.c[column]).order_by(*keys).limit(at_once)
        if last is not None:
            query = query.where(tuple_(*keys) > last)
        async with database.transaction() as tx:
            rows = (await tx.connection.execute(query)).all()
            for *key, sealed in rows:
                if sealed is not None and tx.sealer.is_old(place, sealed):
                    again = tx.sealer.seal(place, tx.sealer.open(place, sealed))
                    mine = tuple_(*keys) == tuple(key)
                    await tx.connection.execute(
                        update(rule.table).where(mine).values({column: again})
                    )
                    count += 1
        if len(rows) < at_once:
            return count
        last = tuple(rows[-1][:-1])
        await asyncio.sleep(PAUSE)
