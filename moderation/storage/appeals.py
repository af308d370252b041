"""Appeals of members, and what another moderator decided."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, insert, select, update

from moderation.storage.casebook import Person
from moderation.storage.database import Transaction
from moderation.storage.tables import appeals

WAITS = timedelta(hours=24)
"""An appeal that nobody looked at is shown again after this long."""


class Verdict(StrEnum):
    """Where an appeal stands."""

    OPEN = "open"
    UPHELD = "upheld"
    LIFTED = "lifted"


@dataclass(frozen=True, slots=True)
class Appeal:
    """A member's wish that another looks at it again."""

    id: int
    case_id: int
    person: Person
    text: str
    state: Verdict
    decider_name: str | None
    opened_at: datetime


async def open_appeal(tx: Transaction, case_id: int, person: Person, text: str) -> int:
    """Store an appeal; its number. One for each case."""
    sealed = [person.id, person.name, person.writable, person.username]
    whose = tx.sealer.hash_id(person.id)
    result = await tx.connection.execute(
        insert(appeals).values(
            case_id=case_id,
            person_sealed=tx.sealer.seal("appeals.person", sealed, whose),
            text_sealed=tx.sealer.seal("appeals.text", text, whose),
            state=Verdict.OPEN,
            opened_at=tx.now,
            called_at=tx.now,
        )
    )
    key = result.inserted_primary_key
    assert key is not None
    return int(key[0])


async def get(tx: Transaction, appeal_id: int) -> Appeal | None:
    """One appeal."""
    row = (await tx.connection.execute(select(appeals).where(appeals.c.id == appeal_id))).first()
    return _opened(tx, row) if row else None


async def of_case(tx: Transaction, case_id: int) -> Appeal | None:
    """The appeal on a case."""
    query = select(appeals).where(appeals.c.case_id == case_id)
    row = (await tx.connection.execute(query)).first()
    return _opened(tx, row) if row else None


async def decide(
    tx: Transaction, appeal_id: int, verdict: Verdict, user_id: int, name: str
) -> bool:
    """Store a decision; False if another decided before."""
    result = await tx.connection.execute(
        update(appeals)
        .where(appeals.c.id == appeal_id, appeals.c.state == Verdict.OPEN)
        .values(
            state=verdict,
            decided_by=user_id,
            decider_name_sealed=tx.sealer.seal("appeals.decider", name),
            decided_at=tx.now,
        )
    )
    return result.rowcount == 1


async def waiting(tx: Transaction) -> list[Appeal]:
    """Appeals that nobody looked at for a day; each is given once a day."""
    query = select(appeals).where(
        appeals.c.state == Verdict.OPEN, appeals.c.called_at <= tx.now - WAITS
    )
    found = [_opened(tx, row) for row in await tx.connection.execute(query)]
    numbers = [appeal.id for appeal in found]
    await tx.connection.execute(
        update(appeals).where(appeals.c.id.in_(numbers)).values(called_at=tx.now)
    )
    return found


def _opened(tx: Transaction, row: Row[Any]) -> Appeal:
    name = None
    if row.decider_name_sealed:
        name = tx.sealer.open("appeals.decider", row.decider_name_sealed)
    return Appeal(
        id=row.id,
        case_id=row.case_id,
        person=Person(*tx.sealer.open("appeals.person", row.person_sealed)),
        text=tx.sealer.open("appeals.text", row.text_sealed),
        state=Verdict(row.state),
        decider_name=name,
        opened_at=row.opened_at,
    )
