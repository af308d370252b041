"""Messages that only safe words have judged: sealed with their writer's own key until the model has read them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, delete, insert, select, update

from moderation.storage.database import Transaction
from moderation.storage.tables import second_looks

PLACE = "second_looks.update"


@dataclass(frozen=True, slots=True)
class Owed:
    """An update that the model has not read yet."""

    update_id: int
    update: dict[str, Any]
    tries: int
    """How often the model was asked and gave no answer."""


async def keep(
    tx: Transaction, update_id: int, writer: int, urgency: int, update_json: dict[str, Any]
) -> None:
    """Keep an update of this writer (platform id) until `drop`; the lower its urgency, the sooner its turn."""
    person = tx.sealer.hash_id(writer)
    await drop(tx, update_id)
    await tx.connection.execute(
        insert(second_looks).values(
            update_id=update_id,
            person=person,
            urgency=urgency,
            tries=0,
            update_sealed=tx.sealer.seal(PLACE, update_json, person),
            kept_at=tx.now,
        )
    )


async def following(tx: Transaction, most: int) -> list[Owed]:
    """Who is next: at most so many that were never tried, the most urgent first; else one that was."""
    rows = await tx.connection.execute(
        select(second_looks)
        .order_by(second_looks.c.tries, second_looks.c.urgency, second_looks.c.update_id)
        .limit(most)
    )
    found = [_opened(tx, row) for row in rows]
    return [one for one in found if not one.tries] or found[:1]


async def of(tx: Transaction, writer: int) -> list[Owed]:
    """What waits of one member (platform id), oldest first."""
    rows = await tx.connection.execute(
        select(second_looks)
        .where(second_looks.c.person == tx.sealer.hash_id(writer))
        .order_by(second_looks.c.update_id)
    )
    return [_opened(tx, row) for row in rows]


async def note_try(tx: Transaction, update_ids: list[int]) -> None:
    """The model is asked about these: should it die of one, that is known after a restart too."""
    await tx.connection.execute(
        update(second_looks)
        .where(second_looks.c.update_id.in_(update_ids))
        .values(tries=second_looks.c.tries + 1)
    )


async def drop(tx: Transaction, update_id: int) -> bool:
    """Forget one; False if it was gone already, as when its writer wanted to be forgotten."""
    gone = await tx.connection.execute(
        delete(second_looks).where(second_looks.c.update_id == update_id)
    )
    return gone.rowcount == 1


def _opened(tx: Transaction, row: Row[Any]) -> Owed:
    return Owed(row.update_id, tx.sealer.open(PLACE, row.update_sealed), row.tries)
