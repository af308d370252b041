"""What a member keeps for her own case: sealed, found by the keyed hash of her id, hers to erase."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import delete, insert, select, update

from moderation.storage.database import Transaction
from moderation.storage.tables import nudges, papers

PLACE = "papers.paper"
CHAT = "nudges.chat"
MOST = 300
"""Papers one member may keep."""


class PaperKind(StrEnum):
    """What a paper is."""

    EVIDENCE = "evidence"
    STORY = "story"
    DATE = "date"


@dataclass(frozen=True, slots=True)
class Paper:
    """One thing she keeps; its content is a small JSON object."""

    id: int
    kind: PaperKind
    content: dict[str, Any]
    updated_at: datetime


async def of(tx: Transaction, user_id: int, kind: PaperKind | None = None) -> list[Paper]:
    """Her papers, oldest first."""
    wanted = select(papers).where(papers.c.person == tx.sealer.hash_id(user_id))
    if kind is not None:
        wanted = wanted.where(papers.c.kind == kind)
    rows = await tx.connection.execute(wanted.order_by(papers.c.id))
    return [
        Paper(row.id, PaperKind(row.kind), tx.sealer.open(PLACE, row.paper_sealed), row.updated_at)
        for row in rows
    ]


async def add(
    tx: Transaction, user_id: int, kind: PaperKind, content: dict[str, Any]
) -> int | None:
    """Keep one more; its number, or None when she keeps as many as one may."""
    if len(await of(tx, user_id)) >= MOST:
        return None
    result = await tx.connection.execute(
        insert(papers).values(
            person=tx.sealer.hash_id(user_id),
            kind=kind,
            paper_sealed=tx.sealer.seal(PLACE, content, tx.sealer.hash_id(user_id)),
            updated_at=tx.now,
        )
    )
    key = result.inserted_primary_key
    return int(key[0]) if key else None


async def change(tx: Transaction, user_id: int, paper_id: int, content: dict[str, Any]) -> bool:
    """Replace the content of one of her own papers; whether it is hers and there."""
    person = tx.sealer.hash_id(user_id)
    changed = await tx.connection.execute(
        update(papers)
        .where(papers.c.id == paper_id, papers.c.person == person)
        .values(paper_sealed=tx.sealer.seal(PLACE, content, person), updated_at=tx.now)
    )
    return changed.rowcount > 0


async def remove(tx: Transaction, user_id: int, paper_id: int) -> bool:
    """Erase one of her own papers; whether it was hers and there."""
    gone = await tx.connection.execute(
        delete(papers).where(papers.c.id == paper_id, papers.c.person == tx.sealer.hash_id(user_id))
    )
    return gone.rowcount > 0


async def erase(tx: Transaction, user_id: int) -> int:
    """Erase all she keeps, and her reminders; how many papers there were."""
    person = tx.sealer.hash_id(user_id)
    await tx.connection.execute(delete(nudges).where(nudges.c.person == person))
    return (await tx.connection.execute(delete(papers).where(papers.c.person == person))).rowcount


async def remind(tx: Transaction, user_id: int, at: datetime) -> None:
    """Remind her then, and no longer at another time."""
    await stop_reminding(tx, user_id)
    person = tx.sealer.hash_id(user_id)
    await tx.connection.execute(
        insert(nudges).values(
            person=person,
            chat_sealed=tx.sealer.seal(CHAT, user_id, person),
            due_at=at,
        )
    )


async def stop_reminding(tx: Transaction, user_id: int) -> bool:
    """No more reminders; whether there were any."""
    gone = await tx.connection.execute(
        delete(nudges).where(nudges.c.person == tx.sealer.hash_id(user_id))
    )
    return gone.rowcount > 0


async def reminded_at(tx: Transaction, user_id: int) -> datetime | None:
    """When she will be reminded; None if never."""
    found: datetime | None = await tx.connection.scalar(
        select(nudges.c.due_at).where(nudges.c.person == tx.sealer.hash_id(user_id))
    )
    return found


async def due(tx: Transaction) -> list[int]:
    """Whom to remind now."""
    rows = await tx.connection.execute(
        select(nudges.c.chat_sealed).where(nudges.c.due_at <= tx.now).order_by(nudges.c.due_at)
    )
    return [int(tx.sealer.open(CHAT, sealed)) for sealed in rows.scalars()]
