"""What can be learnt from closed cases, and who agreed to be learnt from."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, insert, select

from moderation.cases import CaseState, Move
from moderation.learning import REAL, Outcome
from moderation.spiral.story import Story
from moderation.storage import casebook, spirals
from moderation.storage.casebook import Case, Signal
from moderation.storage.database import Transaction
from moderation.storage.tables import audit, cases, consents
from moderation.vocabulary import CaseKind

LEARNT_FROM = frozenset({CaseKind.CRISIS, CaseKind.ALLEGATION, CaseKind.DOXXING})
ANSWERS = [f"move:{move}" for move in (Move.CLAIM, Move.CONTACT, Move.SETTLE, Move.DISMISS)]


@dataclass(frozen=True, slots=True)
class Judged:
    """A case that a human judged, with its messages."""

    case: Case
    signals: list[Signal]
    real: bool


@dataclass(frozen=True, slots=True)
class JudgedSpiral:
    """What the detector told, and whether it was one."""

    story: Story
    real: bool


async def outcomes(
    tx: Transaction,
    since: datetime,
    chat_ids: Collection[int] | None = None,
    besides: Collection[int] = (),
) -> list[Outcome]:
    """Cases opened since then: in some chats, or in all `besides` some, private ones included."""
    first = (
        select(audit.c.case_id, func.min(audit.c.at).label("at"))
        .where(audit.c.what.in_(ANSWERS))
        .group_by(audit.c.case_id)
        .subquery()
    )
    query = (
        select(cases.c.kind, cases.c.level, cases.c.state, cases.c.opened_at, first.c.at)
        .outerjoin(first, first.c.case_id == cases.c.id)
        .where(cases.c.opened_at >= since, cases.c.chat_id.not_in(list(besides)))
        .order_by(cases.c.id)
    )
    if chat_ids is not None:
        query = query.where(cases.c.chat_id.in_(list(chat_ids)))
    rows = await tx.connection.execute(query)
    return [
        Outcome(CaseKind(row.kind), row.level, CaseState(row.state), row.opened_at, row.at)
        for row in rows
    ]


async def set_consent(tx: Transaction, user_id: int, agreed: bool) -> None:
    """Remember whether this person's messages may be learnt from."""
    person = tx.sealer.hash_id(user_id)
    await tx.connection.execute(delete(consents).where(consents.c.person == person))
    await tx.connection.execute(
        insert(consents).values(person=person, learning=agreed, updated_at=tx.now)
    )


async def agrees(tx: Transaction, user_id: int) -> bool:
    """Whether this person agreed; nobody has who was not asked."""
    found = await tx.connection.scalar(
        select(consents.c.learning).where(consents.c.person == tx.sealer.hash_id(user_id))
    )
    return bool(found)


async def judged_spirals(tx: Transaction) -> list[JudgedSpiral]:
    """Spirals that humans judged, oldest first."""
    rows = await tx.connection.execute(
        select(cases.c.id, cases.c.state)
        .where(cases.c.kind == CaseKind.SPIRAL, cases.c.state.in_([*REAL, CaseState.FALSE_ALARM]))
        .order_by(cases.c.id)
    )
    found = []
    for row in rows.all():
        story = await spirals.story_of(tx, row.id)
        if story is not None:
            found.append(JudgedSpiral(story, CaseState(row.state) in REAL))
    return found


async def judged(tx: Transaction) -> list[Judged]:
    """Judged cases of people who agreed, with their messages; none of whoever said she is a minor."""
    rows = await tx.connection.execute(
        select(cases.c.id, cases.c.person)
        .join(consents, consents.c.person == cases.c.person)
        .where(consents.c.learning)
        .order_by(cases.c.id)
    )
    found: list[tuple[str, Judged]] = []
    minors: set[str] = set()
    for row in rows.all():
        case = await casebook.get(tx, row.id)
        if case is None:
            continue
        signals = await casebook.signals_of(tx, row.id)
        if any(signal.minor for signal in signals):
            minors.add(row.person)
        state = case.standing.state
        if case.kind in LEARNT_FROM and (state in REAL or state is CaseState.FALSE_ALARM):
            found.append((row.person, Judged(case, signals, state in REAL)))
    return [one for person, one in found if person not in minors]
