"""Who asked to be looked after weekly, and what is counted of her for it; erased in one go."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, delete, insert, select, update

from moderation.drift import OwnDay
from moderation.storage.database import Transaction
from moderation.storage.tables import checkin_days, checkins

WHO = "checkins.who"
COUNTS = "checkin_days.counts"


class Share(StrEnum):
    """What the counselor gets to see of her looks."""

    ASK = "ask"
    """Each time only what she gives by a tap."""
    ALWAYS = "always"
    """Whenever something has changed, an hour after she saw it."""


@dataclass(frozen=True, slots=True)
class Checkin:
    """One member's wish."""

    user_id: int
    name: str
    share: Share
    agreed_at: datetime
    due_at: datetime
    row_id: int | None
    """The outbox row of the look that is given on."""
    give_at: datetime | None
    """When it is; None when none is waiting."""


async def begin(tx: Transaction, user_id: int, name: str, due_at: datetime) -> None:
    """She asked for it."""
    person = tx.sealer.hash_id(user_id)
    await tx.connection.execute(
        insert(checkins).values(
            person=person,
            who_sealed=tx.sealer.seal(WHO, [user_id, name], person),
            share=Share.ASK,
            agreed_at=tx.now,
            due_at=due_at,
        )
    )


async def of(tx: Transaction, user_id: int) -> Checkin | None:
    """Her wish; None for everybody who did not ask."""
    query = select(checkins).where(checkins.c.person == tx.sealer.hash_id(user_id))
    row = (await tx.connection.execute(query)).first()
    return _opened(tx, row) if row else None


async def change(tx: Transaction, user_id: int, **values: Any) -> None:
    """Set columns."""
    await tx.connection.execute(
        update(checkins).where(checkins.c.person == tx.sealer.hash_id(user_id)).values(**values)
    )


async def erase(tx: Transaction, user_id: int) -> bool:
    """Forget her wish and everything counted for it; whether there was one."""
    person = tx.sealer.hash_id(user_id)
    await tx.connection.execute(delete(checkin_days).where(checkin_days.c.person == person))
    gone = await tx.connection.execute(delete(checkins).where(checkins.c.person == person))
    return gone.rowcount > 0


async def note(tx: Transaction, user_id: int, day: date, more: OwnDay) -> None:
    """Add to her day, if she asked for it; of nobody else is anything counted."""
    person = tx.sealer.hash_id(user_id)
    if person not in await tx.remembered(checkins.name, "persons", lambda: _persons(tx)):
        return
    here = (checkin_days.c.person == person) & (checkin_days.c.day == day.isoformat())
    known = await tx.connection.scalar(select(checkin_days.c.counts_sealed).where(here))
    whole = (_counts(tx, known) if known is not None else OwnDay()) + more
    sealed = tx.sealer.seal(COUNTS, [whole.messages, round(whole.affect, 3), whole.nights], person)
    if known is not None:
        await tx.connection.execute(update(checkin_days).where(here).values(counts_sealed=sealed))
        return
    values = {"person": person, "day": day.isoformat(), "counts_sealed": sealed}
    await tx.connection.execute(insert(checkin_days).values(**values))


async def days_of(tx: Transaction, user_id: int) -> dict[date, OwnDay]:
    """All that is counted of her."""
    person = tx.sealer.hash_id(user_id)
    rows = await tx.connection.execute(select(checkin_days).where(checkin_days.c.person == person))
    return {date.fromisoformat(row.day): _counts(tx, row.counts_sealed) for row in rows}


async def due(tx: Transaction) -> list[Checkin]:
    """Whose week is over."""
    rows = await tx.connection.execute(
        select(checkins).where(checkins.c.due_at <= tx.now).order_by(checkins.c.due_at)
    )
    return [_opened(tx, row) for row in rows]


async def to_give(tx: Transaction) -> list[Checkin]:
    """Whose look is to be given on now."""
    rows = await tx.connection.execute(select(checkins).where(checkins.c.give_at <= tx.now))
    return [_opened(tx, row) for row in rows]


async def _persons(tx: Transaction) -> frozenset[str]:
    """All who asked for it."""
    return frozenset((await tx.connection.execute(select(checkins.c.person))).scalars())


def _counts(tx: Transaction, sealed: bytes) -> OwnDay:
    return OwnDay(*tx.sealer.open(COUNTS, sealed))


def _opened(tx: Transaction, row: Row[Any]) -> Checkin:
    user_id, name = tx.sealer.open(WHO, row.who_sealed)
    return Checkin(
        user_id, name, Share(row.share), row.agreed_at, row.due_at, row.row_id, row.give_at
    )
