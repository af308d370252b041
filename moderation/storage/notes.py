"""Small facts the bot must not forget, by name."""

from __future__ import annotations

from sqlalchemy import delete, insert, select

from moderation.storage.database import Transaction
from moderation.storage.tables import meta


async def read(tx: Transaction, name: str) -> str | None:
    """A fact, or None if it was never written."""
    found: bytes | None = await tx.connection.scalar(select(meta.c.value).where(meta.c.key == name))
    return found.decode() if found is not None else None


async def write(tx: Transaction, name: str, value: str) -> None:
    """Remember a fact."""
    await tx.connection.execute(delete(meta).where(meta.c.key == name))
    await tx.connection.execute(insert(meta).values(key=name, value=value.encode()))
