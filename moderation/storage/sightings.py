"""Since which day somebody is known in a group: a keyed hash and a date, nothing else."""

from __future__ import annotations

from datetime import date

from sqlalchemy import bindparam, delete, insert, select

from moderation.storage.database import Transaction
from moderation.storage.tables import sightings

SINCE = select(sightings.c.day).where(
    sightings.c.chat_id == bindparam("chat"), sightings.c.person == bindparam("who")
)
NOTE = insert(sightings)


async def note(tx: Transaction, chat_id: int, user_id: int) -> None:
    """Somebody joined or spoke; only the first day is kept."""
    if await since(tx, chat_id, user_id) is not None:
        return
    person = tx.sealer.hash_id(user_id)
    day = tx.now.date().isoformat()
    await tx.by_key(NOTE, {"chat_id": chat_id, "person": person, "day": day})


async def since(tx: Transaction, chat_id: int, user_id: int) -> date | None:
    """The first day on which somebody was seen in a group."""
    person = tx.sealer.hash_id(user_id)
    found = (await tx.by_key(SINCE, {"chat": chat_id, "who": person})).scalar()
    return date.fromisoformat(found) if found else None


async def forget(tx: Transaction, chat_id: int, user_id: int) -> None:
    """Somebody left."""
    person = tx.sealer.hash_id(user_id)
    await tx.connection.execute(
        delete(sightings).where(sightings.c.chat_id == chat_id, sightings.c.person == person)
    )
