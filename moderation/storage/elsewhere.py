"""Where a member is found in the messages that cases rest on, whosever case it is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, or_, select

from moderation.cases import CaseState
from moderation.storage import casebook
from moderation.storage.casebook import Signal
from moderation.storage.database import Transaction
from moderation.storage.sealing import KeyGone
from moderation.storage.tables import cases, signals
from moderation.vocabulary import CaseKind

LIVE = [state for state in CaseState if state.live]
AT_WORK = (cases.c.kind == CaseKind.CRISIS, cases.c.state.in_(LIVE))
"""What a human is looking after now, or is being called to."""


class Part(StrEnum):
    """What she has to do with a message."""

    WROTE = "wrote"
    ASKED = "asked"
    """She asked staff to look at what somebody else wrote."""


@dataclass(frozen=True, slots=True)
class Found:
    """One message of a case."""

    row_id: int
    case_id: int
    part: Part
    signal: Signal | None
    """None where the key of its writer is gone."""
    whose: str | None
    """The keyed hash of the member the case is about."""
    at_work: bool


async def in_signals(tx: Transaction, user_id: int) -> list[Found]:
    """All messages of cases that are hers or that she brought, oldest first."""
    person = tx.sealer.hash_id(user_id)
    unsigned = and_(signals.c.author.is_(None), cases.c.person == person)
    rows = await tx.connection.execute(
        select(signals, cases.c.person.label("whose"), and_(*AT_WORK).label("at_work"))
        .join(cases, cases.c.id == signals.c.case_id)
        .where(or_(signals.c.author == person, unsigned, cases.c.kind == CaseKind.REPORT))
        .order_by(signals.c.id)
    )
    found = []
    for row in rows.all():
        signal = _opened(tx, row)
        part = _part(row.author, row.whose, signal, person, user_id)
        if part is not None:
            one = Found(row.id, row.case_id, part, signal, row.whose, bool(row.at_work))
            found.append(one)
    return found


def on_her(tx: Transaction, user_id: int) -> ColumnElement[bool]:
    """Cases in which others fear for her."""
    return cases.c.about == tx.sealer.hash_id(user_id)


def _opened(tx: Transaction, row: object) -> Signal | None:
    try:
        return casebook.signal_in(tx, row)
    except KeyGone:
        return None


def _part(
    author: str | None, whose: str | None, signal: Signal | None, person: str, user_id: int
) -> Part | None:
    """None if it is neither; one without an author is hers in her own case, unless another told it."""
    told = signal.teller if signal is not None else None
    unsigned = author is None and whose == person and (told is None or told.id == user_id)
    if author == person or unsigned:
        return Part.WROTE
    asked_by = signal.asked_by if signal is not None else None
    return Part.ASKED if asked_by is not None and asked_by.id == user_id else None
