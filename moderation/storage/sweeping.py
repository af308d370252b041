"""After an older database came back: what its members had erased since is erased in it too."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import LargeBinary, Table, delete, func, select, tuple_, update

from moderation.errors import ConfigError
from moderation.storage.database import Database, Transaction
from moderation.storage.retention import RULES, Mine, Rule
from moderation.storage.ring import FILE, Ring
from moderation.storage.sealing import MEMBERS, NUMBER_BYTES
from moderation.storage.tables import cases

HEAD = 1 + NUMBER_BYTES


async def sweep(database: Database) -> int:
    """Delete rows that can be opened no more because their member's key was destroyed; how many.

    ConfigError, and nothing is deleted, if keys are missing that were never destroyed.
    """
    ring = database.sealer.ring
    if ring is None:
        return 0
    async with database.transaction() as tx:
        gone = 0
        for rule in RULES:
            for column in rule.sealed:
                gone += await _sweep_column(tx, ring, rule, column)
        for rule in RULES:
            if rule.mine is Mine.HASH:
                hers = rule.table.c.person.in_(ring.forgotten)
                gone += (await tx.connection.execute(delete(rule.table).where(hers))).rowcount
        return gone


async def _sweep_column(tx: Transaction, ring: Ring, rule: Rule, column: str) -> int:
    table = rule.table
    head = func.substr(table.c[column], 1, HEAD, type_=LargeBinary)
    keys = list(table.primary_key.columns)
    rows = await tx.connection.execute(select(head, *keys).where(table.c[column].is_not(None)))
    lost = [tuple(row[1:]) for row in rows if _is_gone(ring, row[0])]
    for some in _batches(lost):
        await _forget(tx, table, column, some)
    return len(lost)


async def _forget(tx: Transaction, table: Table, column: str, some: list[tuple[object]]) -> None:
    """A row without its member is of no use; a case without a line on it is."""
    mine = tuple_(*table.primary_key.columns).in_(some)
    if table is cases and column != "person_sealed":
        await tx.connection.execute(update(table).where(mine).values({column: None}))
    else:
        await tx.connection.execute(delete(table).where(mine))


def _is_gone(ring: Ring, head: bytes) -> bool:
    number = head[1:].hex()
    if head[:1] != MEMBERS or ring.get(number) is not None:
        return False
    if not ring.destroyed(number):
        raise ConfigError(
            f"Members' keys are missing: {ring.file} is not the one that belongs to this database. "
            f"Put back the newest copy; it lies beside your backups as {FILE}."
        )
    return True


def _batches(rows: list[tuple[object]], size: int = 500) -> Iterator[list[tuple[object]]]:
    for start in range(0, len(rows), size):
        yield rows[start : start + size]
