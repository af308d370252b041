"""An append-only log in which every entry seals the one before it."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select

from moderation.storage.database import Transaction
from moderation.storage.tables import audit

FIRST = "0" * 64


@dataclass(frozen=True, slots=True)
class Chain:
    """What a look at the whole log found."""

    entries: int
    """How many entries are whole."""
    head: str
    """The digest of the last whole entry: noted elsewhere, it shows later whether the end is missing."""
    first: datetime | None
    last: datetime | None
    broken: int | None
    """Id of the first entry that does not fit."""
    missing: bool
    """Whether a digest noted earlier is no longer there."""

    @property
    def whole(self) -> bool:
        """Whether nothing was changed, taken out or cut off."""
        return self.broken is None and not self.missing


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
    return (await look_at_chain(tx)).broken


async def look_at_chain(tx: Transaction, seen: str | None = None) -> Chain:
    """Check every entry; `seen` is a digest noted earlier that must still be in the chain."""
    previous, entries, found = FIRST, 0, seen is None
    first = last = None
    rows = await tx.connection.stream(select(audit).order_by(audit.c.id))
    async for row in rows:
        digest = _digest(row.previous, row.at, row.actor, row.what, row.case_id, row.detail_sealed)
        if row.previous != previous or row.digest != digest:
            return Chain(entries, previous, first, last, int(row.id), missing=False)
        previous, entries, last = row.digest, entries + 1, row.at
        first = first or row.at
        found = found or row.digest == seen
    return Chain(entries, previous, first, last, None, missing=not found)


async def entries(tx: Transaction) -> AsyncIterator[dict[str, Any]]:
    """Every entry, opened, oldest first, as JSON values."""
    rows = await tx.connection.stream(select(audit).order_by(audit.c.id))
    async for row in rows:
        sealed = row.detail_sealed
        yield {
            "id": row.id,
            "at": row.at.isoformat(),
            "actor": row.actor,
            "what": row.what,
            "case": row.case_id,
            "detail": tx.sealer.open("audit.detail", sealed) if sealed else None,
            "previous": row.previous,
            "digest": row.digest,
        }


def _digest(
    previous: str, at: datetime, actor: str, what: str, case_id: int | None, sealed: bytes | None
) -> str:
    parts = [previous, at.isoformat(), actor, what, str(case_id), (sealed or b"").hex()]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
