"""In which characters a member wants to read."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import delete, insert, select

from moderation.storage.database import Transaction
from moderation.storage.tables import scripts


class Script(StrEnum):
    """A way to write Chinese."""

    SIMPLIFIED = "simplified"
    TRADITIONAL = "traditional"


async def chosen(tx: Transaction, user_id: int) -> Script | None:
    """Her choice; None if she made none."""
    person = tx.sealer.hash_id(user_id)
    found = await tx.connection.scalar(select(scripts.c.script).where(scripts.c.person == person))
    return Script(found) if found is not None else None


async def choose(tx: Transaction, user_id: int, script: Script) -> None:
    """Remember her choice."""
    person = tx.sealer.hash_id(user_id)
    await tx.connection.execute(delete(scripts).where(scripts.c.person == person))
    await tx.connection.execute(insert(scripts).values(person=person, script=script))
