"""An append-only log in which every entry seals the one before it."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select

from moderation.storage.database import Transaction
from moderation.storage.tables import audit

FIRST = "0" * 64


async def record(
    tx: Transaction,
    actor: str,
    what: str,
    case_id: int | None = None,
    detail: dict[str, Any] | None = None,
) -> None:
    """Append an entry. `actor` is `bot`, `time` or the keyed hash of a person."""
    last = await tx.connection.scalar(select(audit.c.digest).order_by(audit.c.id.desc()).limit(1))
    sealed = tx.sealer.seal("audit.detail", detail) if detail else None
    previous = last or FIRST
    await tx.connection.execute(
        insert(audit).values(
            at=tx.now,
            actor=actor,
            what=what,
            case_id=case_id,
            detail_sealed=sealed,
            previous=previous,
            digest=_digest(previous, tx.now, actor, what, case_id, sealed),
        )
    )


async def first_broken(tx: Transaction) -> int | None:
    """The id of the first entry that does not fit the one before it; None if all is whole."""
    previous = FIRST
    rows = await tx.connection.stream(select(audit).order_by(audit.c.id))
    async for row in rows:
        digest = _digest(row.previous, row.at, row.actor, row.what, row.case_id, row.detail_sealed)
        if row.previous != previous or row.digest != digest:
            return int(row.id)
        previous = row.digest
    return None


def _digest(
    previous: str, at: datetime, actor: str, what: str, case_id: int | None, sealed: bytes | None
) -> str:
    parts = [previous, at.isoformat(), actor, what, str(case_id), (sealed or b"").hex()]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
