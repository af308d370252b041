"""Updates that have arrived and are not finished yet."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, func, insert, select, update

from moderation.storage.database import Transaction
from moderation.storage.tables import inbox
from moderation.turns import Urgency

PLACE = "inbox.update"
LINE = "inbox.line"
KNOWN = select(inbox.c.update_id).where(inbox.c.update_id.in_(bindparam("ids", expanding=True)))
ADD = insert(inbox)
FINISH = (
    update(inbox)
    .where(inbox.c.update_id == bindparam("number"), inbox.c.done_at.is_(None))
    .values(done_at=bindparam("now"), update_sealed=None, line_sealed=None, failure=None)
)


@dataclass(frozen=True, slots=True)
class Pending:
    """An update waiting to be worked on."""

    update_id: int
    update: dict[str, Any]
    attempts: int


@dataclass(frozen=True, slots=True)
class Line:
    """Where an update stands: in whose line, and how urgent it looks."""

    place: int
    urgency: Urgency


async def add(tx: Transaction, update_id: int, update_json: dict[str, Any], line: Line) -> bool:
    """Keep an update; False if this `update_id` was here before."""
    return await add_all(tx, {update_id: update_json}, {update_id: line}) == {update_id}


async def add_all(
    tx: Transaction, updates: Mapping[int, dict[str, Any]], lines: Mapping[int, Line]
) -> set[int]:
    """Keep updates by their `update_id`; those that were not here before."""
    known = await tx.connection.execute(KNOWN, {"ids": list(updates)})
    new = updates.keys() - set(known.scalars())
    if new:
        rows = [
            {
                "update_id": number,
                "received_at": tx.now,
                "update_sealed": tx.sealer.seal(PLACE, updates[number]),
                "line_sealed": tx.sealer.seal(LINE, [lines[number].place, lines[number].urgency]),
                "attempts": 0,
            }
            for number in updates
            if number in new
        ]
        await tx.connection.execute(ADD, rows)
    return new


async def pending(tx: Transaction) -> list[Pending]:
    """Unfinished updates, oldest first."""
    query = select(inbox).where(inbox.c.done_at.is_(None)).order_by(inbox.c.update_id)
    return [_opened(tx, row) for row in await tx.connection.execute(query)]


async def lines(tx: Transaction, after: int | None, most: int) -> dict[int, Line | None]:
    """Where unfinished updates stand, oldest first: at most so many of those after a number.

    None for an update that a version before this one has kept.
    """
    query = (
        select(inbox.c.update_id, inbox.c.line_sealed)
        .where(inbox.c.done_at.is_(None))
        .order_by(inbox.c.update_id)
        .limit(most)
    )
    if after is not None:
        query = query.where(inbox.c.update_id > after)
    rows = await tx.connection.execute(query)
    return {number: _line(tx, sealed) if sealed else None for number, sealed in rows}


async def some(tx: Transaction, update_ids: Collection[int]) -> list[Pending]:
    """Those of the updates that are unfinished, oldest first."""
    query = (
        select(inbox)
        .where(inbox.c.done_at.is_(None), inbox.c.update_id.in_(update_ids))
        .order_by(inbox.c.update_id)
    )
    return [_opened(tx, row) for row in await tx.connection.execute(query)]


async def finish(tx: Transaction, update_id: int) -> None:
    """Mark an update finished and forget its content."""
    await tx.by_key(FINISH, {"number": update_id, "now": tx.now})


async def is_unfinished(tx: Transaction, update_id: int) -> bool:
    """Whether an update is on disk and still to be worked on."""
    found = await tx.connection.scalar(
        select(inbox.c.update_id).where(inbox.c.update_id == update_id, inbox.c.done_at.is_(None))
    )
    return found is not None


async def note_attempt(tx: Transaction, update_id: int, failure: str) -> int:
    """Count a failed try; the number of tries so far."""
    await tx.connection.execute(
        update(inbox)
        .where(inbox.c.update_id == update_id)
        .values(attempts=inbox.c.attempts + 1, failure=failure[:200])
    )
    tries = await tx.connection.scalar(
        select(inbox.c.attempts).where(inbox.c.update_id == update_id)
    )
    return int(tries or 0)


async def oldest_waiting(tx: Transaction) -> datetime | None:
    """When the oldest unfinished update came."""
    found: datetime | None = await tx.connection.scalar(
        select(func.min(inbox.c.received_at)).where(inbox.c.done_at.is_(None))
    )
    return found


async def waiting(tx: Transaction) -> int:
    """How many updates are unfinished."""
    return int(
        await tx.connection.scalar(
            select(func.count()).select_from(inbox).where(inbox.c.done_at.is_(None))
        )
        or 0
    )


def _line(tx: Transaction, sealed: bytes) -> Line:
    place, urgency = tx.sealer.open(LINE, sealed)
    return Line(place, Urgency(urgency))


def _opened(tx: Transaction, row: Row[Any]) -> Pending:
    return Pending(row.update_id, tx.sealer.open(PLACE, row.update_sealed), row.attempts)
