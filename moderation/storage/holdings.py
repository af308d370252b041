"""All that is held of one person, for her to read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, func, or_, select

from moderation.drift import OwnDay
from moderation.storage import (
    acts,
    appeals,
    casebook,
    chats,
    checkins,
    duty,
    elsewhere,
    followups,
    learning,
    papers,
    people,
    safetyplans,
    scripts,
    secondlooks,
    spirals,
    tables,
)
from moderation.storage.acts import Act
from moderation.storage.appeals import Appeal
from moderation.storage.casebook import Case, Signal
from moderation.storage.checkins import Checkin
from moderation.storage.database import Transaction
from moderation.storage.duty import Colleague
from moderation.storage.elsewhere import Found, Part
from moderation.storage.followups import Contact
from moderation.storage.forms import PLACE as FORM
from moderation.storage.forms import Form
from moderation.storage.people import Role
from moderation.storage.retention import RULES, Mine, Rule
from moderation.storage.safetyplans import Kept
from moderation.storage.scripts import Script
from moderation.storage.secondlooks import Owed
from moderation.storage.tables import audit, cases, forms, sightings
from moderation.vocabulary import Subject


class Side(StrEnum):
    """What she has to do with a case; what is not hers in it is left out."""

    OWN = "own"
    ON_HER = "on her"
    """Others fear for her: neither who they are nor what they said is hers."""
    SPOKE = "spoke"
    """She wrote of somebody else, or as one of many: her own words alone."""
    ASKED = "asked"
    """She asked staff to look at a message of somebody else's."""


@dataclass(frozen=True, slots=True)
class Matter:
    """One case, as far as it is hers."""

    case: Case
    side: Side
    signals: list[tuple[Signal, str]]
    """What she wrote, or asked to be looked at, each with its group's title; empty for a private chat."""
    acts: list[Act]
    appeal: Appeal | None
    contacts: list[Contact]


@dataclass(frozen=True, slots=True)
class Holdings:
    """What is held of one person at this moment."""

    counts: dict[str, int]
    """Rows of hers by table, where there are any."""
    matters: list[Matter]
    owed: list[Owed]
    """Messages of hers that the model has not read yet."""
    plan: Kept | None
    forms: list[Form]
    checkin: Checkin | None
    days: dict[date, OwnDay]
    """What is counted for it."""
    seen: list[tuple[str, str]]
    """Groups and the days on which she was first seen there."""
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
        matters=await _matters(tx, user_id),
        owed=await secondlooks.of(tx, user_id),
        plan=await safetyplans.kept_for(tx, user_id),
        forms=[
            Form(row.kind, tx.sealer.open(FORM, row.state_sealed), row.updated_at)
            for row in own_forms
        ],
        checkin=await checkins.of(tx, user_id),
        days=await checkins.days_of(tx, user_id),
        seen=await _seen(tx, person),
        learning=await learning.agrees(tx, user_id),
        script=await scripts.chosen(tx, user_id),
        writable=await people.is_writable(tx, user_id),
        reminded=await papers.reminded_at(tx, user_id) is not None,
        audited=[(row.at, row.what) for row in done],
        roles=await people.roles_of(tx, user_id),
        colleague=await duty.colleague(tx, user_id),
    )


async def _matters(tx: Transaction, user_id: int) -> list[Matter]:
    """All cases she is in, oldest first."""
    found = await elsewhere.in_signals(tx, user_id)
    hers = or_(cases.c.person == tx.sealer.hash_id(user_id), elsewhere.on_her(tx, user_id))
    rows = await tx.connection.execute(select(cases.c.id).where(hers))
    numbers = {*rows.scalars(), *(one.case_id for one in found)}
    matters = [await _matter(tx, user_id, n, found) for n in sorted(numbers)]
    return [one for one in matters if one.signals or one.side in {Side.OWN, Side.ON_HER}]


async def _matter(tx: Transaction, user_id: int, case_id: int, found: list[Found]) -> Matter:
    case = await casebook.get(tx, case_id)
    assert case is not None
    here = [one for one in found if one.case_id == case_id and one.signal is not None]
    wrote = [one.signal for one in here if one.signal and one.part is Part.WROTE]
    side = _side(tx, user_id, case, wrote=bool(wrote))
    if side is Side.ASKED:
        wrote = [one.signal for one in here if one.signal]
    of_her = side in {Side.OWN, Side.ON_HER}
    return Matter(
        case,
        side,
        [(signal, await _title(tx, signal.chat_id)) for signal in wrote],
        await acts.of_case(tx, case_id) if of_her else [],
        await appeals.of_case(tx, case_id) if side is Side.OWN else None,
        await followups.contacts_of(tx, case_id) if of_her else [],
    )


def _side(tx: Transaction, user_id: int, case: Case, *, wrote: bool) -> Side:
    if case.subject is not Subject.OTHER and case.person and case.person.id == user_id:
        return Side.OWN
    if case.about == tx.sealer.hash_id(user_id):
        return Side.ON_HER
    return Side.SPOKE if wrote else Side.ASKED


async def _title(tx: Transaction, chat_id: int) -> str:
    chat = await chats.get(tx, chat_id)
    return chat.title if chat else ""


async def _seen(tx: Transaction, person: str) -> list[tuple[str, str]]:
    query = select(sightings).where(sightings.c.person == person).order_by(sightings.c.day)
    rows = (await tx.connection.execute(query)).all()
    return [(await _title(tx, row.chat_id), row.day) for row in rows]


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
