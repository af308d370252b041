"""Where a member's safety plan is: its place in her own chat, and the plan itself only if she asks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, insert, select, update

from moderation.storage.database import Transaction
from moderation.storage.outbox import State
from moderation.storage.tables import outbox, safety_plans

PLACE = "safety_plans.plan"
PURPOSE = "safety-plan"
"""Of outbox rows whose message holds a plan."""
NOTED = "safety-plan:noted"


@dataclass(frozen=True, slots=True)
class Kept:
    """What is remembered of one plan."""

    place: int | None
    """Number of the message that holds it, in the private chat with its owner."""
    text: str | None
    """The plan, where its owner asked for it to be kept."""


async def kept_for(tx: Transaction, user_id: int) -> Kept | None:
    """What is remembered for this person."""
    row = (
        await tx.connection.execute(
            select(safety_plans).where(safety_plans.c.person == tx.sealer.hash_id(user_id))
        )
    ).first()
    if row is None:
        return None
    text = tx.sealer.open(PLACE, row.plan_sealed) if row.plan_sealed else None
    return Kept(row.place, text)


async def note_place(tx: Transaction, user_id: int, message_id: int) -> None:
    """Remember which message holds the plan."""
    await _set(tx, user_id, place=message_id)


async def keep(tx: Transaction, user_id: int, text: str) -> None:
    """Keep the plan itself, sealed."""
    await _set(tx, user_id, plan_sealed=tx.sealer.seal(PLACE, text, tx.sealer.hash_id(user_id)))


async def note_places(tx: Transaction) -> None:
    """Remember where plans stand that went out just now."""
    rows = await tx.connection.execute(
        select(outbox.c.id, outbox.c.chat_id, outbox.c.message_id)
        .where(
            outbox.c.purpose == PURPOSE,
            outbox.c.state == State.SENT,
            outbox.c.message_id.is_not(None),
        )
        .order_by(outbox.c.id)
    )
    for row in rows.all():
        await note_place(tx, row.chat_id, row.message_id)
        await tx.connection.execute(
            update(outbox).where(outbox.c.id == row.id).values(purpose=NOTED)
        )


async def erase(tx: Transaction, user_id: int) -> list[int]:
    """Forget all of it; the numbers of the messages that are known to hold it."""
    kept = await kept_for(tx, user_id)
    mine = (outbox.c.chat_id == user_id, outbox.c.purpose.in_([PURPOSE, NOTED]))
    rows = await tx.connection.execute(select(outbox.c.message_id).where(*mine))
    places = [number for number in rows.scalars() if number is not None]
    await tx.connection.execute(update(outbox).where(*mine).values(purpose=None))
    await tx.connection.execute(
        delete(safety_plans).where(safety_plans.c.person == tx.sealer.hash_id(user_id))
    )
    return [*places, kept.place] if kept is not None and kept.place is not None else places


async def _set(tx: Transaction, user_id: int, **values: Any) -> None:
    person = tx.sealer.hash_id(user_id)
    changed = await tx.connection.execute(
        update(safety_plans)
        .where(safety_plans.c.person == person)
        .values(updated_at=tx.now, **values)
    )
    if changed.rowcount == 0:
        await tx.connection.execute(
            insert(safety_plans).values(person=person, updated_at=tx.now, **values)
        )
