"""Forms that a member is filling in, private and sealed; one of each kind for a person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, insert, select, true

from moderation.storage.database import Transaction
from moderation.storage.tables import forms

PLACE = "forms.state"
KEPT = timedelta(days=2)
"""A form that nobody goes on with is no longer asked about after this long."""


@dataclass(frozen=True, slots=True)
class Form:
    """A form and how far it is filled in."""

    kind: str
    state: dict[str, Any]
    touched_at: datetime | None = None
    """When the member last went on with it; None before it is stored."""


async def newest(tx: Transaction, user_id: int) -> Form | None:
    """The form this person touched last."""
    return await _read(tx, user_id, true())


async def read(tx: Transaction, user_id: int, kind: str) -> Form | None:
    """This person's form of a kind."""
    return await _read(tx, user_id, forms.c.kind == kind)


async def keep(tx: Transaction, user_id: int, form: Form) -> None:
    """Store how far it is filled in."""
    await drop(tx, user_id, form.kind)
    person = tx.sealer.hash_id(user_id)
    await tx.connection.execute(
        insert(forms).values(
            person=person,
            kind=form.kind,
            state_sealed=tx.sealer.seal(PLACE, form.state, person),
            updated_at=tx.now,
        )
    )


async def drop(tx: Transaction, user_id: int, kind: str) -> None:
    """Forget a person's form of a kind."""
    person = tx.sealer.hash_id(user_id)
    await tx.connection.execute(delete(forms).where(forms.c.person == person, forms.c.kind == kind))


async def _read(tx: Transaction, user_id: int, which: ColumnElement[bool]) -> Form | None:
    query = (
        select(forms)
        .where(
            forms.c.person == tx.sealer.hash_id(user_id),
            forms.c.updated_at > tx.now - KEPT,
            which,
        )
        .order_by(forms.c.updated_at.desc())
        .limit(1)
    )
    row = (await tx.connection.execute(query)).first()
    if row is None:
        return None
    return Form(row.kind, tx.sealer.open(PLACE, row.state_sealed), row.updated_at)
