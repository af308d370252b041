"""What staff did with a case, in its order: moves, and acts towards the member."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, func, insert, select, update

from moderation.storage.database import Transaction
from moderation.storage.tables import acts

NAME = "acts.actor_name"
LINE = "acts.line"


@dataclass(frozen=True, slots=True)
class Act:
    """One thing somebody did."""

    id: int
    case_id: int
    kind: str
    actor: int
    actor_name: str
    at: datetime
    row_id: int | None = None
    """The row of the outbox that carries it out."""
    undone: bool = False
    line: str | None = None
    """What she wrote for the one who goes on with it."""


async def note(
    tx: Transaction, case_id: int, kind: str, actor: int, name: str, row_id: int | None = None
) -> int:
    """Keep what somebody did; its number."""
    result = await tx.connection.execute(
        insert(acts).values(
            case_id=case_id,
            kind=kind,
            actor=actor,
            actor_name_sealed=tx.sealer.seal(NAME, name),
            row_id=row_id,
            at=tx.now,
        )
    )
    key = result.inserted_primary_key
    assert key is not None
    return int(key[0])


async def get(tx: Transaction, act_id: int) -> Act | None:
    """One act."""
    row = (await tx.connection.execute(select(acts).where(acts.c.id == act_id))).first()
    return _opened(tx, row) if row else None


async def of_case(tx: Transaction, case_id: int) -> list[Act]:
    """All that was done with a case, oldest first."""
    query = select(acts).where(acts.c.case_id == case_id).order_by(acts.c.id)
    return [_opened(tx, row) for row in await tx.connection.execute(query)]


async def undo(tx: Transaction, act_id: int) -> bool:
    """Mark an act as taken back; False if it was before."""
    result = await tx.connection.execute(
        update(acts).where(acts.c.id == act_id, acts.c.undone_at.is_(None)).values(undone_at=tx.now)
    )
    return result.rowcount == 1


async def write_line(tx: Transaction, act_id: int, line: str) -> None:
    """Keep a line with what somebody did."""
    sealed = tx.sealer.seal(LINE, line)
    await tx.connection.execute(update(acts).where(acts.c.id == act_id).values(line_sealed=sealed))


async def count(tx: Transaction, actor: int, kind: str, within: timedelta) -> int:
    """How often somebody did this lately."""
    query = (
        select(func.count(func.distinct(acts.c.case_id)))
        .select_from(acts)
        .where(acts.c.actor == actor, acts.c.kind == kind, acts.c.at > tx.now - within)
    )
    return int(await tx.connection.scalar(query) or 0)


def _opened(tx: Transaction, row: Row[Any]) -> Act:
    return Act(
        id=row.id,
        case_id=row.case_id,
        kind=row.kind,
        actor=row.actor,
        actor_name=tx.sealer.open(NAME, row.actor_name_sealed),
        at=row.at,
        row_id=row.row_id,
        undone=row.undone_at is not None,
        line=tx.sealer.open(LINE, row.line_sealed) if row.line_sealed else None,
    )
