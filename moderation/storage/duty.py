"""The rota at rest: shifts, leave, swaps, holidays, and how each of the staff wants to be called."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import delete, insert, select, update

from moderation.rota import Absence, Away, Rota, Shift
from moderation.storage import people
from moderation.storage.database import Transaction
from moderation.storage.people import Role
from moderation.storage.tables import absences, holidays, shifts, staff

NAME = "staff.name"


@dataclass(frozen=True, slots=True)
class Colleague:
    """One of the staff, as she wants to be called and shown things."""

    user_id: int
    name: str
    quiet: tuple[time, time] | None = None
    veiled: bool = False
    """Whether members' words are shown to her under a veil, to be lifted by a tap."""


async def rota(tx: Transaction, zone: ZoneInfo) -> Rota:
    """All that says who is on duty."""
    counselors = await people.holders(tx, Role.COUNSELOR)
    found = await tx.connection.execute(select(shifts).order_by(shifts.c.id))
    away = await tx.connection.execute(
        select(absences).where(absences.c.ends_at > tx.now).order_by(absences.c.id)
    )
    free = await tx.connection.execute(select(holidays.c.day))
    team = await colleagues(tx)
    return Rota(
        zone=zone,
        counselors=tuple(counselors),
        shifts=tuple(_shift(row) for row in found),
        absences=tuple(_absence(row) for row in away),
        holidays=frozenset(date.fromisoformat(day) for day in free.scalars()),
        quiet={one.user_id: one.quiet for one in team.values() if one.quiet is not None},
    )


async def colleagues(tx: Transaction) -> dict[int, Colleague]:
    """All of the staff who ever spoke to the bot, by id."""
    rows = await tx.connection.execute(select(staff))
    return {row.user_id: _colleague(tx, row) for row in rows}


async def names(tx: Transaction) -> list[str]:
    """What the staff are called."""
    return [one.name for one in (await colleagues(tx)).values() if one.name]


async def colleague(tx: Transaction, user_id: int) -> Colleague | None:
    """One of the staff."""
    row = (await tx.connection.execute(select(staff).where(staff.c.user_id == user_id))).first()
    return _colleague(tx, row) if row else None


async def note_colleague(tx: Transaction, user_id: int, name: str) -> None:
    """Know one of the staff by her present name."""
    known = await colleague(tx, user_id)
    if known is not None and known.name == name:
        return
    await _set(tx, user_id, name_sealed=tx.sealer.seal(NAME, name))


async def keep_quiet(tx: Transaction, user_id: int, hours: tuple[time, time] | None) -> None:
    """Set somebody's quiet hours; None ends them."""
    start, end = (at.strftime("%H:%M") for at in hours) if hours else (None, None)
    await _set(tx, user_id, quiet_from=start, quiet_to=end)


async def veil(tx: Transaction, user_id: int, veiled: bool) -> None:
    """Show somebody members' words under a veil, or openly."""
    await _set(tx, user_id, veiled=veiled)


async def add_shift(tx: Transaction, shift: Shift) -> None:
    """Add a weekly duty."""
    await tx.connection.execute(
        insert(shifts).values(
            user_id=shift.user_id,
            days="".join(str(day) for day in sorted(shift.days)),
            starts=shift.starts.strftime("%H:%M"),
            ends=shift.ends.strftime("%H:%M"),
        )
    )


async def drop_shifts(tx: Transaction, user_id: int) -> int:
    """Take all weekly duties from somebody; how many there were."""
    result = await tx.connection.execute(delete(shifts).where(shifts.c.user_id == user_id))
    return result.rowcount


async def add_absence(tx: Transaction, absence: Absence) -> int:
    """Store leave or a wish to swap; its number."""
    result = await tx.connection.execute(
        insert(absences).values(
            user_id=absence.user_id,
            kind=absence.kind,
            starts_at=absence.starts_at,
            ends_at=absence.ends_at,
            covered_by=absence.covered_by,
        )
    )
    key = result.inserted_primary_key
    assert key is not None
    return int(key[0])


async def absence(tx: Transaction, absence_id: int) -> Absence | None:
    """One absence."""
    query = select(absences).where(absences.c.id == absence_id)
    row = (await tx.connection.execute(query)).first()
    return _absence(row) if row else None


async def cover(tx: Transaction, absence_id: int, user_id: int) -> bool:
    """Take over somebody's duty; False if another was faster."""
    result = await tx.connection.execute(
        update(absences)
        .where(absences.c.id == absence_id, absences.c.covered_by.is_(None))
        .values(covered_by=user_id)
    )
    return result.rowcount == 1


async def drop_absences(tx: Transaction, user_id: int) -> int:
    """Take back all of somebody's leave that is not over; how much there was."""
    result = await tx.connection.execute(
        delete(absences).where(
            absences.c.user_id == user_id,
            absences.c.kind == Away.LEAVE,
            absences.c.ends_at > tx.now,
        )
    )
    return result.rowcount


async def set_holiday(tx: Transaction, day: date, free: bool) -> None:
    """Make a day a holiday, or an ordinary day again."""
    await tx.connection.execute(delete(holidays).where(holidays.c.day == day.isoformat()))
    if free:
        await tx.connection.execute(insert(holidays).values(day=day.isoformat()))


async def _set(tx: Transaction, user_id: int, **values: Any) -> None:
    changed = await tx.connection.execute(
        update(staff).where(staff.c.user_id == user_id).values(**values)
    )
    if changed.rowcount == 0:
        values = {"name_sealed": tx.sealer.seal(NAME, ""), "veiled": False, **values}
        await tx.connection.execute(insert(staff).values(user_id=user_id, **values))


def _colleague(tx: Transaction, row: Any) -> Colleague:
    quiet = (_time(row.quiet_from), _time(row.quiet_to)) if row.quiet_from else None
    return Colleague(row.user_id, tx.sealer.open(NAME, row.name_sealed), quiet, row.veiled)


def _shift(row: Any) -> Shift:
    days = frozenset(int(day) for day in row.days)
    return Shift(row.user_id, days, _time(row.starts), _time(row.ends), row.id)


def _absence(row: Any) -> Absence:
    return Absence(row.user_id, Away(row.kind), row.starts_at, row.ends_at, row.covered_by, row.id)


def _time(text: str) -> time:
    return time.fromisoformat(text)
