"""Cases of somebody in danger of whom others speak."""

from __future__ import annotations

from dataclasses import astuple

from sqlalchemy import select, update

from moderation.cases import CaseState
from moderation.storage import casebook
from moderation.storage.casebook import ENDANGERED, JOIN_WITHIN, Case, Person
from moderation.storage.database import Transaction
from moderation.storage.tables import cases
from moderation.vocabulary import CaseKind, Subject


async def live(tx: Transaction, chat_id: int) -> list[Case]:
    """All crises of a chat that a message of today could join, oldest first."""
    numbers = await tx.connection.execute(
        select(cases.c.id)
        .where(
            cases.c.kind == CaseKind.CRISIS,
            cases.c.chat_id == chat_id,
            cases.c.state.in_([s for s in CaseState if s.live]),
            cases.c.updated_at > tx.now - JOIN_WITHIN,
        )
        .order_by(cases.c.id)
    )
    found = [await casebook.get(tx, number) for number in numbers.scalars().all()]
    return [case for case in found if case is not None]


async def on(tx: Transaction, person: Person) -> Case | None:
    """The newest live case that others opened on this member, in whichever chat they spoke."""
    number = await tx.connection.scalar(
        select(cases.c.id)
        .where(
            cases.c.kind == CaseKind.CRISIS,
            cases.c.subject == Subject.OTHER,
            cases.c.about == key_of(tx, person),
            cases.c.state.in_([s for s in CaseState if s.live]),
            cases.c.updated_at > tx.now - JOIN_WITHIN,
        )
        .order_by(cases.c.id.desc())
        .limit(1)
    )
    return await casebook.get(tx, number) if number is not None else None


def key_of(tx: Transaction, meant: Person | None, name: str = "") -> str:
    """What tells apart the people spoken of: a member, else a mere name; empty if neither is known."""
    if meant is not None:
        return tx.sealer.hash_id(meant.id)
    return tx.sealer.hash_text(name) if name else ""


async def name(tx: Transaction, case_id: int, about: str, meant: Person | None) -> None:
    """Keep who is meant."""
    whose = tx.sealer.hash_id(meant.id) if meant is not None else None
    sealed = tx.sealer.seal(ENDANGERED, astuple(meant), whose) if meant is not None else None
    await casebook.change(tx, case_id, about=about, endangered_sealed=sealed)


async def turn_to(tx: Transaction, case_id: int, person: Person) -> None:
    """The one spoken of speaks herself: from now on it is her own crisis."""
    await tx.connection.execute(
        update(cases)
        .where(cases.c.id == case_id)
        .values(
            subject=Subject.SELF,
            about="",
            endangered_sealed=None,
            person=tx.sealer.hash_id(person.id),
            person_sealed=tx.sealer.seal(
                "cases.person", astuple(person), tx.sealer.hash_id(person.id)
            ),
            version=cases.c.version + 1,
        )
    )


async def tellers(tx: Transaction, case_id: int) -> set[int]:
    """Ids of those who spoke of the one in danger."""
    said = await casebook.signals_of(tx, case_id)
    return {signal.teller.id for signal in said if signal.teller is not None}
