"""All that is held of one person, for her to read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select

from moderation.storage import (
    acts,
    appeals,
    casebook,
    chats,
    duty,
    followups,
    learning,
    papers,
    people,
    safetyplans,
    scripts,
    spirals,
    tables,
)
from moderation.storage.acts import Act
from moderation.storage.appeals import Appeal
from moderation.storage.casebook import Case, Signal
from moderation.storage.database import Transaction
from moderation.storage.duty import Colleague
from moderation.storage.followups import Contact
from moderation.storage.forms import PLACE as FORM
from moderation.storage.forms import Form
from moderation.storage.people import Role
from moderation.storage.retention import RULES, Mine, Rule
from moderation.storage.safetyplans import Kept
from moderation.storage.scripts import Script
from moderation.storage.tables import audit, cases, forms


@dataclass(frozen=True, slots=True)
class Matter:
    """One case about her, with all that hangs on it."""

    case: Case
    place: str
    """Title of the group; empty for the private chat."""
    signals: list[Signal]
    acts: list[Act]
    appeal: Appeal | None
    contacts: list[Contact]


@dataclass(frozen=True, slots=True)
class Holdings:
    """What is held of one person at this moment."""

    counts: dict[str, int]
    """Rows of hers by table, where there are any."""
    matters: list[Matter]
    plan: Kept | None
    forms: list[Form]
    learning: bool
    script: Script | None
    writable: bool | None
    reminded: bool
    audited: list[tuple[datetime, str]]
    """When and what, from the log, of what she did herself."""
    roles: frozenset[Role]
    colleague: Colleague | None


async def held_of(tx: Transaction, user_id: int) -> Holdings:
    """Gather it; nothing is changed."""
    person = tx.sealer.hash_id(user_id)
    own_forms = await tx.connection.execute(select(forms).where(forms.c.person == person))
    done = await tx.connection.execute(
        select(audit.c.at, audit.c.what).where(audit.c.actor == person).order_by(audit.c.id)
    )
    return Holdings(
        counts=await _counts(tx, user_id, person),
        matters=[await _matter(tx, number) for number in await _cases(tx, person)],
        plan=await safetyplans.kept_for(tx, user_id),
        forms=[
            Form(row.kind, tx.sealer.open(FORM, row.state_sealed), row.updated_at)
            for row in own_forms
        ],
        learning=await learning.agrees(tx, user_id),
        script=await scripts.chosen(tx, user_id),
        writable=await people.is_writable(tx, user_id),
        reminded=await papers.reminded_at(tx, user_id) is not None,
        audited=[(row.at, row.what) for row in done],
        roles=await people.roles_of(tx, user_id),
        colleague=await duty.colleague(tx, user_id),
    )


async def _cases(tx: Transaction, person: str) -> list[int]:
    query = select(cases.c.id).where(cases.c.person == person).order_by(cases.c.id)
    return list((await tx.connection.execute(query)).scalars())


async def _matter(tx: Transaction, case_id: int) -> Matter:
    case = await casebook.get(tx, case_id)
    assert case is not None
    chat = await chats.get(tx, case.chat_id)
    return Matter(
        case,
        chat.title if chat else "",
        await casebook.signals_of(tx, case_id),
        await acts.of_case(tx, case_id),
        await appeals.of_case(tx, case_id),
        await followups.contacts_of(tx, case_id),
    )


async def _counts(tx: Transaction, user_id: int, person: str) -> dict[str, int]:
    found = {
        tables.spirals.name: await chats.moods_with(tx, user_id),
        tables.spiral_trails.name: await spirals.trails_with(tx, user_id),
        tables.spiral_stories.name: len(await spirals.stories_with(tx, user_id)),
    }
    for rule in RULES:
        which = _whose(rule, user_id, person)
        if which is not None:
            query = select(func.count()).select_from(rule.table).where(which)
            found[rule.name] = int(await tx.connection.scalar(query) or 0)
    return {name: count for name, count in found.items() if count}


def _whose(rule: Rule, user_id: int, person: str) -> ColumnElement[bool] | None:
    columns = rule.table.c
    match rule.mine:
        case Mine.HASH:
            return columns.person == person
        case Mine.USER:
            return columns.user_id == user_id
        case Mine.CHAT:
            return columns.chat_id == user_id
        case Mine.KEY:
            return columns.key.endswith(f":{person}")
    return None
