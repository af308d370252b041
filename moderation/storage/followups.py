"""Plans of follow-up after a crisis, and their contacts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, insert, select, update

from moderation.cases import CaseState
from moderation.followup import Consent, ContactState, PlanState
from moderation.storage.database import Transaction
from moderation.storage.tables import cases, follow_contacts, follow_plans
from moderation.vocabulary import CaseKind, Subject

PLACE = "follow_contacts.answer"
OFFERED_WITHIN = timedelta(days=2)
"""A plan is offered for a case that a human touched within this time."""
ANSWERS_WITHIN = timedelta(days=7)
"""What a member writes this long after she was asked belongs to that contact."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The plan of one case."""

    case_id: int
    keeper: int | None
    """Platform id of the member of staff who is reminded."""
    state: PlanState
    consent: Consent


@dataclass(frozen=True, slots=True)
class Contact:
    """One time at which somebody is asked after; `step` counts from 1."""

    id: int
    case_id: int
    step: int
    due_at: datetime
    state: ContactState
    answer: str | None
    settled_at: datetime | None


async def without_plan(tx: Transaction) -> list[int]:
    """Crises of members themselves that a human has made contact in, with no plan offered yet."""
    rows = await tx.connection.execute(
        select(cases.c.id)
        .outerjoin(follow_plans, follow_plans.c.case_id == cases.c.id)
        .where(
            cases.c.kind == CaseKind.CRISIS,
            cases.c.subject == Subject.SELF,
            cases.c.person.is_not(None),
            cases.c.state.in_([CaseState.CONTACTED, CaseState.SAFE, CaseState.PASSED_ON]),
            cases.c.updated_at > tx.now - OFFERED_WITHIN,
            follow_plans.c.case_id.is_(None),
        )
        .order_by(cases.c.id)
    )
    return list(rows.scalars())


async def offer(
    tx: Transaction, case_id: int, keeper: int | None, due_times: list[datetime]
) -> None:
    """Store a plan that nobody has accepted yet."""
    await tx.connection.execute(
        insert(follow_plans).values(
            case_id=case_id,
            keeper=keeper,
            state=PlanState.OFFERED,
            consent=Consent.UNASKED,
            updated_at=tx.now,
        )
    )
    for step, due_at in enumerate(due_times, 1):
        await tx.connection.execute(
            insert(follow_contacts).values(
                case_id=case_id, step=step, due_at=due_at, state=ContactState.PLANNED
            )
        )


async def plan_of(tx: Transaction, case_id: int) -> Plan | None:
    """The plan of a case, or None if none was offered."""
    row = (
        await tx.connection.execute(select(follow_plans).where(follow_plans.c.case_id == case_id))
    ).first()
    if row is None:
        return None
    return Plan(row.case_id, row.keeper, PlanState(row.state), Consent(row.consent))


async def supersede(tx: Transaction, case_id: int, user_id: int) -> Consent:
    """Stop this person's other plans: she is asked after once. What she last said to being asked."""
    rows = await tx.connection.execute(
        select(follow_plans.c.case_id, follow_plans.c.state, follow_plans.c.consent)
        .join(cases, cases.c.id == follow_plans.c.case_id)
        .where(cases.c.person == tx.sealer.hash_id(user_id), follow_plans.c.case_id != case_id)
        .order_by(follow_plans.c.updated_at)
    )
    said = Consent.UNASKED
    for row in rows:
        if row.consent != Consent.UNASKED:
            said = Consent(row.consent)
        if row.state in {PlanState.OFFERED, PlanState.ACCEPTED}:
            await change_plan(tx, row.case_id, state=PlanState.STOPPED)
    return said


async def change_plan(tx: Transaction, case_id: int, **values: Any) -> None:
    """Set columns of a plan."""
    await tx.connection.execute(
        update(follow_plans)
        .where(follow_plans.c.case_id == case_id)
        .values(updated_at=tx.now, **values)
    )


async def contacts_of(tx: Transaction, case_id: int) -> list[Contact]:
    """The contacts of a plan in their order."""
    rows = await tx.connection.execute(
        select(follow_contacts)
        .where(follow_contacts.c.case_id == case_id)
        .order_by(follow_contacts.c.step)
    )
    return [_opened(tx, row) for row in rows]


async def contact(tx: Transaction, contact_id: int) -> Contact | None:
    """One contact."""
    row = (
        await tx.connection.execute(
            select(follow_contacts).where(follow_contacts.c.id == contact_id)
        )
    ).first()
    return _opened(tx, row) if row else None


async def set_contact(
    tx: Transaction,
    contact_id: int,
    state: ContactState,
    *,
    answer: str | None = None,
    due_at: datetime | None = None,
) -> None:
    """Store where a contact stands, what was answered, when it is due anew."""
    values: dict[str, Any] = {"state": state}
    if not state.open:
        values["settled_at"] = tx.now
    if answer is not None:
        values["answer_sealed"] = tx.sealer.seal(PLACE, answer, await _whose(tx, contact_id))
    if due_at is not None:
        values["due_at"] = due_at
    await tx.connection.execute(
        update(follow_contacts).where(follow_contacts.c.id == contact_id).values(**values)
    )


async def _whose(tx: Transaction, contact_id: int) -> str | None:
    """The keyed hash of the member whom a contact is with."""
    query = (
        select(cases.c.person)
        .join(follow_contacts, follow_contacts.c.case_id == cases.c.id)
        .where(follow_contacts.c.id == contact_id)
    )
    found: str | None = await tx.connection.scalar(query)
    return found


async def due(tx: Transaction) -> dict[int, list[Contact]]:
    """Planned contacts of accepted plans whose time has come, oldest first, by case."""
    rows = await tx.connection.execute(
        select(follow_contacts)
        .join(follow_plans, follow_plans.c.case_id == follow_contacts.c.case_id)
        .where(
            follow_plans.c.state == PlanState.ACCEPTED,
            follow_contacts.c.state == ContactState.PLANNED,
            follow_contacts.c.due_at <= tx.now,
        )
        .order_by(follow_contacts.c.case_id, follow_contacts.c.due_at)
    )
    found: dict[int, list[Contact]] = {}
    for row in rows:
        found.setdefault(row.case_id, []).append(_opened(tx, row))
    return found


async def awaiting_answer(tx: Transaction, user_id: int) -> Contact | None:
    """The last contact at which this person was written to lately, if she still wants that."""
    row = (
        await tx.connection.execute(
            select(follow_contacts)
            .join(cases, cases.c.id == follow_contacts.c.case_id)
            .join(follow_plans, follow_plans.c.case_id == follow_contacts.c.case_id)
            .where(
                cases.c.person == tx.sealer.hash_id(user_id),
                follow_plans.c.state == PlanState.ACCEPTED,
                follow_plans.c.consent == Consent.YES,
                follow_contacts.c.state.in_([ContactState.ASKED, ContactState.ANSWERED]),
                follow_contacts.c.due_at > tx.now - ANSWERS_WITHIN,
            )
            .order_by(follow_contacts.c.due_at.desc())
        )
    ).first()
    return _opened(tx, row) if row else None


async def last_holder(tx: Transaction, user_id: int) -> tuple[int, str] | None:
    """Who had this person's last crisis: platform id and name; None if nobody had."""
    row = (
        await tx.connection.execute(
            select(cases.c.holder, cases.c.holder_name_sealed)
            .where(
                cases.c.person == tx.sealer.hash_id(user_id),
                cases.c.kind == CaseKind.CRISIS,
                cases.c.holder.is_not(None),
                cases.c.holder_name_sealed.is_not(None),
            )
            .order_by(cases.c.id.desc())
        )
    ).first()
    if row is None:
        return None
    return row.holder, tx.sealer.open("cases.holder_name", row.holder_name_sealed)


def _opened(tx: Transaction, row: Row[Any]) -> Contact:
    answer = tx.sealer.open(PLACE, row.answer_sealed) if row.answer_sealed else None
    return Contact(
        id=row.id,
        case_id=row.case_id,
        step=row.step,
        due_at=row.due_at,
        state=ContactState(row.state),
        answer=answer,
        settled_at=row.settled_at,
    )
