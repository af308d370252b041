"""Cases and the messages they rest on."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, func, insert, or_, select, true, update

from moderation.cases import CaseState, Standing
from moderation.storage.database import Transaction
from moderation.storage.sealing import KeyGone
from moderation.storage.tables import cases, reminders, signals
from moderation.vocabulary import CaseKind, Certainty, Crisis, Media, Subject

JOIN_WITHIN = timedelta(hours=12)
"""A later message joins a live case of the same kind and person within this time."""

DETAIL = "signals.detail"
KEPT_AT, FADED = "kept_at", "faded"
ENDANGERED = "cases.endangered"
EXPIRES = timedelta(days=7)
"""After so long without news a case is closed, a crisis excepted."""


@dataclass(frozen=True, slots=True)
class Person:
    """Whom a case is about, as far as needed to act."""

    id: int
    name: str
    writable: bool = True
    """False for channels and anonymous admins: no private chat can exist."""
    username: str | None = None


@dataclass(frozen=True, slots=True)
class Signal:
    """One message of a case."""

    chat_id: int
    message_id: int
    level: str
    excerpt: str
    phrases: tuple[str, ...]
    reasons: tuple[str, ...]
    at: datetime
    edited: bool = False
    note: str = ""
    """How it was said: forwarded from whom, with which attachment."""
    author: int | None = None
    """Who wrote it, where the case is about nobody; given when it is stored, not read back."""
    teller: Person | None = None
    """Who said it, when it is said of somebody else in danger."""
    asked_by: Person | None = None
    """Who asked staff to look at it; for them alone."""
    minor: bool = False
    """Whether the writer says of herself that she is under age."""
    media: tuple[Media, ...] = ()
    album_id: str | None = None
    faded: bool = False
    """Whether the words are deleted, because nothing was heard for so long; read back, never stored."""


@dataclass(frozen=True, slots=True)
class Case:
    """One matter that a human has to look at."""

    id: int
    kind: CaseKind
    chat_id: int
    person: Person | None
    level: str
    subject: Subject
    certainty: Certainty
    standing: Standing
    holder_name: str | None
    holder_name_before: str | None
    asked: bool
    """Whether the person herself asked for a human."""
    called_at: datetime | None
    """When humans were last called to it."""
    unanswered: int
    """How many calls in a row nobody answered: to take it, or, once taken, to say how it went."""
    how: str | None
    """How contact was made, in a line by the one who made it."""
    rehearsal: bool
    version: int
    opened_at: datetime
    updated_at: datetime
    endangered: Person | None = None
    """The member who is probably meant, when somebody else speaks of her; `person` is who told first."""
    about: str = ""
    """A keyed hash that tells apart the people spoken of; empty if nobody knows who is meant."""

    @property
    def whose(self) -> Person | None:
        """Whose danger it is, as far as known."""
        return self.endangered if self.subject is Subject.OTHER else self.person


async def get(tx: Transaction, case_id: int) -> Case | None:
    """One case."""
    row = (await tx.connection.execute(select(cases).where(cases.c.id == case_id))).first()
    return _opened(tx, row) if row else None


async def find_live(
    tx: Transaction,
    kind: CaseKind,
    chat_id: int,
    person_id: int | None,
    subject: Subject,
) -> Case | None:
    """The live case that a new message of this person would join.

    Her own crisis is one case, wherever she speaks; all else is a matter of its chat.
    """
    person = tx.sealer.hash_id(person_id) if person_id is not None else None
    anywhere = kind is CaseKind.CRISIS and subject is Subject.SELF
    row = (
        await tx.connection.execute(
            select(cases)
            .where(
                cases.c.kind == kind,
                true() if anywhere else cases.c.chat_id == chat_id,
                cases.c.person.is_(None) if person is None else cases.c.person == person,
                cases.c.subject == subject,
                cases.c.state.in_([s for s in CaseState if s.live]),
                cases.c.updated_at > tx.now - JOIN_WITHIN,
            )
            .order_by(cases.c.id.desc())
        )
    ).first()
    return _opened(tx, row) if row else None


async def of_message(tx: Transaction, chat_id: int, message_id: int) -> list[Case]:
    """Cases that rest on a message."""
    rows = await tx.connection.execute(
        select(cases)
        .join(signals, signals.c.case_id == cases.c.id)
        .where(signals.c.chat_id == chat_id, signals.c.message_id == message_id)
    )
    return [_opened(tx, row) for row in rows]


async def of_album(tx: Transaction, chat_id: int, message_id: int, most: int = 10) -> list[Case]:
    """Live cases that rest on a message so near to this one that both can be of one album."""
    live = [s for s in CaseState if s.live]
    rows = await tx.connection.execute(
        select(cases)
        .join(signals, signals.c.case_id == cases.c.id)
        .where(
            signals.c.chat_id == chat_id,
            signals.c.message_id.between(message_id - most, message_id + most),
            cases.c.state.in_(live),
        )
        .distinct()
    )
    return [_opened(tx, row) for row in rows]


async def open_case(
    tx: Transaction,
    kind: CaseKind,
    chat_id: int,
    person: Person | None,
    level: str,
    subject: Subject,
    certainty: Certainty,
    rehearsal: bool = False,
) -> Case:
    """Make a case."""
    whose = tx.sealer.hash_id(person.id) if person is not None else None
    sealed = tx.sealer.seal("cases.person", astuple(person), whose) if person else None
    result = await tx.connection.execute(
        insert(cases).values(
            kind=kind,
            chat_id=chat_id,
            person=whose,
            person_sealed=sealed,
            about="",
            asked=False,
            level=level,
            subject=subject,
            certainty=certainty,
            state=CaseState.OPEN,
            rehearsal=rehearsal,
            unanswered=0,
            version=1,
            opened_at=tx.now,
            updated_at=tx.now,
        )
    )
    key = result.inserted_primary_key
    assert key is not None
    made = await get(tx, int(key[0]))
    assert made is not None
    return made


async def change(tx: Transaction, case_id: int, **values: Any) -> None:
    """Set columns, count the version up."""
    await tx.connection.execute(
        update(cases)
        .where(cases.c.id == case_id)
        .values(version=cases.c.version + 1, updated_at=tx.now, **values)
    )


async def set_standing(
    tx: Transaction, case_id: int, standing: Standing, holder_name: str | None
) -> None:
    """Store what a move changed; the name before stays known for an undo."""
    before = (
        await tx.connection.execute(select(cases.c.holder_name_sealed).where(cases.c.id == case_id))
    ).scalar()
    sealed = tx.sealer.seal("cases.holder_name", holder_name) if holder_name else None
    await change(
        tx,
        case_id,
        state=standing.state,
        holder=standing.holder,
        holder_name_sealed=sealed,
        state_before=standing.before,
        holder_before=standing.holder_before,
        holder_name_before_sealed=before,
    )


async def touch(tx: Transaction, case_id: int) -> None:
    """Count the version up without any news: what is shown of the case changed."""
    await tx.connection.execute(
        update(cases).where(cases.c.id == case_id).values(version=cases.c.version + 1)
    )


async def note_how(tx: Transaction, case_id: int, how: str | None) -> None:
    """Keep the line on how contact was made; None forgets it."""
    whose = await _whose(tx, case_id)
    sealed = tx.sealer.seal("cases.how", how, whose) if how else None
    await change(tx, case_id, how_sealed=sealed)


async def note_call(tx: Transaction, case_id: int) -> None:
    """Remember when humans were called."""
    await tx.connection.execute(update(cases).where(cases.c.id == case_id).values(called_at=tx.now))


async def keep_signal(tx: Transaction, case_id: int, signal: Signal) -> bool:
    """Add a message to a case, or replace it after an edit; True if it was new."""
    author = tx.sealer.hash_id(signal.author) if signal.author is not None else None
    detail = tx.sealer.seal(
        DETAIL,
        {
            "excerpt": signal.excerpt,
            "phrases": signal.phrases,
            "reasons": signal.reasons,
            "edited": signal.edited,
            "note": signal.note,
            "minor": signal.minor,
            "teller": astuple(signal.teller) if signal.teller else None,
            "asked_by": _sealed_apart(tx, signal.asked_by),
            "media": [astuple(one) for one in signal.media],
            "album": signal.album_id,
            KEPT_AT: tx.now.isoformat(),
        },
        author or await _whose(tx, case_id),
    )
    changed = await tx.connection.execute(
        update(signals)
        .where(
            signals.c.case_id == case_id,
            signals.c.chat_id == signal.chat_id,
            signals.c.message_id == signal.message_id,
        )
        .values(level=signal.level, detail_sealed=detail)
    )
    if changed.rowcount:
        return False
    await tx.connection.execute(
        insert(signals).values(
            case_id=case_id,
            chat_id=signal.chat_id,
            message_id=signal.message_id,
            level=signal.level,
            detail_sealed=detail,
            author=author,
            at=signal.at,
        )
    )
    return True


def _sealed_apart(tx: Transaction, person: Person | None) -> str | None:
    """Somebody else in a signal of hers, under a key of their own."""
    if person is None:
        return None
    return tx.sealer.seal_inside(DETAIL, astuple(person), tx.sealer.hash_id(person.id))


def person_inside(tx: Transaction, sealed: str | None) -> Person | None:
    """Who was sealed apart; None where there was nobody, or nobody any more."""
    if sealed is None:
        return None
    try:
        return Person(*tx.sealer.open_inside(DETAIL, sealed))
    except KeyGone:
        return None


async def signals_of(tx: Transaction, case_id: int) -> list[Signal]:
    """The messages of a case, oldest first."""
    rows = await tx.connection.execute(
        select(signals).where(signals.c.case_id == case_id).order_by(signals.c.id)
    )
    found = []
    for row in rows:
        # A writer may be erased; the others' words must still reach a human.
        with contextlib.suppress(KeyGone):
            found.append(signal_in(tx, row))
    return found


def signal_in(tx: Transaction, row: Any) -> Signal:
    """One row of the messages, opened; KeyGone if its writer is erased."""
    detail = tx.sealer.open(DETAIL, row.detail_sealed)
    return Signal(
        chat_id=row.chat_id,
        message_id=row.message_id,
        level=row.level,
        excerpt=detail["excerpt"],
        phrases=tuple(detail["phrases"]),
        reasons=tuple(detail["reasons"]),
        at=row.at,
        edited=detail["edited"],
        note=detail["note"],
        minor=detail.get("minor", False),
        teller=Person(*detail["teller"]) if detail.get("teller") else None,
        asked_by=person_inside(tx, detail.get("asked_by")),
        media=tuple(Media(*one) for one in detail.get("media", ())),
        album_id=detail.get("album"),
        faded=detail.get(FADED, False),
    )


async def earlier_cases(tx: Transaction, case: Case) -> int:
    """How many earlier cases of this kind there were about whom it is, false alarms left out."""
    if case.whose is None:
        return 0
    return int(
        await tx.connection.scalar(
            select(func.count())
            .select_from(cases)
            .where(
                cases.c.person == tx.sealer.hash_id(case.whose.id),
                cases.c.kind == case.kind,
                cases.c.subject != Subject.OTHER,
                cases.c.state != CaseState.FALSE_ALARM,
                cases.c.id < case.id,
            )
        )
        or 0
    )


async def live_crises(tx: Transaction, chat_id: int, members: Sequence[str] = ()) -> list[Case]:
    """Live crises of a chat, and elsewhere of members whose hashed ids begin so; gravest first.

    One that nobody touched for hours is not going on in the chat any more.
    """
    rows = await tx.connection.execute(
        select(cases)
        .where(
            cases.c.kind == CaseKind.CRISIS,
            or_(
                cases.c.chat_id == chat_id,
                func.substr(cases.c.person, 1, 12).in_([member[:12] for member in members]),
            ),
            cases.c.state.in_([s for s in CaseState if s.live]),
            cases.c.updated_at > tx.now - JOIN_WITHIN,
        )
        .order_by(cases.c.id)
    )
    found = [_opened(tx, row) for row in rows]
    return sorted(found, key=lambda case: -Crisis(case.level).rank)


async def count_live_crises(tx: Transaction, chat_id: int) -> int:
    """How many crises of a chat nobody has closed, however old."""
    return int(
        await tx.connection.scalar(
            select(func.count())
            .select_from(cases)
            .where(
                cases.c.kind == CaseKind.CRISIS,
                cases.c.chat_id == chat_id,
                cases.c.state.in_([s for s in CaseState if s.live]),
            )
        )
        or 0
    )


async def called_since(tx: Transaction, case: Case, since: datetime) -> bool:
    """Whether humans were called to another case of this kind in this chat since then."""
    found = await tx.connection.scalar(
        select(cases.c.id)
        .where(
            cases.c.chat_id == case.chat_id,
            cases.c.kind == case.kind,
            cases.c.id != case.id,
            cases.c.called_at > since,
        )
        .limit(1)
    )
    return found is not None


async def live_cases(tx: Transaction) -> list[Case]:
    """All cases for which somebody may still have to act, oldest first."""
    live = [s for s in CaseState if s.live]
    rows = await tx.connection.execute(
        select(cases).where(cases.c.state.in_(live)).order_by(cases.c.id)
    )
    return [_opened(tx, row) for row in rows]


async def live_counts(tx: Transaction) -> dict[str, int]:
    """How many live cases there are, by kind."""
    rows = await tx.connection.execute(
        select(cases.c.kind, func.count())
        .where(cases.c.state.in_([s for s in CaseState if s.live]))
        .group_by(cases.c.kind)
    )
    return {row[0]: row[1] for row in rows}


async def oldest_unanswered(tx: Transaction, level: str) -> datetime | None:
    """Since when the oldest crisis of this level waits for a human to take it."""
    found: datetime | None = await tx.connection.scalar(
        select(func.min(cases.c.opened_at)).where(
            cases.c.kind == CaseKind.CRISIS,
            cases.c.level == level,
            cases.c.state == CaseState.OPEN,
        )
    )
    return found


async def expire_old(tx: Transaction) -> None:
    """Close what nobody closed for a week; a crisis never by time."""
    live = [s for s in CaseState if s.live]
    await tx.connection.execute(
        update(cases)
        .where(
            cases.c.state.in_(live),
            cases.c.kind != CaseKind.CRISIS,
            cases.c.updated_at < tx.now - EXPIRES,
        )
        .values(state=CaseState.EXPIRED, state_before=None, updated_at=tx.now)
    )


async def bring_forward(tx: Transaction, case_id: int, due_at: datetime) -> bool:
    """Let the planned call of a case come no later than this; False if none is planned."""
    planned = await tx.connection.scalar(
        select(reminders.c.due_at).where(
            reminders.c.case_id == case_id, reminders.c.done_at.is_(None)
        )
    )
    if planned is None:
        return False
    await tx.connection.execute(
        update(reminders)
        .where(reminders.c.case_id == case_id, reminders.c.done_at.is_(None))
        .values(due_at=min(planned, due_at))
    )
    return True


async def replan(tx: Transaction, case_id: int, due_at: datetime | None) -> None:
    """Forget the planned call of a case; plan one at another time, or none."""
    await tx.connection.execute(
        update(reminders)
        .where(reminders.c.case_id == case_id, reminders.c.done_at.is_(None))
        .values(done_at=tx.now)
    )
    if due_at is not None:
        await plan_reminder(tx, case_id, await next_step(tx, case_id), due_at)


async def next_step(tx: Transaction, case_id: int) -> int:
    """The number of the next call of a case, from 1."""
    last = await tx.connection.scalar(
        select(func.max(reminders.c.step)).where(reminders.c.case_id == case_id)
    )
    return int(last or 0) + 1


async def plan_reminder(tx: Transaction, case_id: int, step: int, due_at: datetime) -> None:
    """Plan the next widening of a call."""
    await tx.connection.execute(insert(reminders).values(case_id=case_id, step=step, due_at=due_at))


async def due_reminders(tx: Transaction) -> list[tuple[int, int, int]]:
    """Reminders whose time has come: reminder id, case id, step. Opens no case: one may be damaged."""
    rows = await tx.connection.execute(
        select(reminders.c.id, reminders.c.case_id, reminders.c.step)
        .where(reminders.c.done_at.is_(None), reminders.c.due_at <= tx.now)
        .order_by(reminders.c.due_at)
    )
    return [(row.id, row.case_id, row.step) for row in rows]


async def finish_reminder(tx: Transaction, reminder_id: int) -> bool:
    """Mark a reminder done; False if it was, or was planned anew meanwhile."""
    result = await tx.connection.execute(
        update(reminders)
        .where(reminders.c.id == reminder_id, reminders.c.done_at.is_(None))
        .values(done_at=tx.now)
    )
    return result.rowcount == 1


async def _whose(tx: Transaction, case_id: int) -> str | None:
    """The keyed hash of the member a case is about."""
    query = select(cases.c.person).where(cases.c.id == case_id)
    found: str | None = await tx.connection.scalar(query)
    return found


def _opened(tx: Transaction, row: Row[Any]) -> Case:
    person = None
    if row.person_sealed:
        person = Person(*tx.sealer.open("cases.person", row.person_sealed))
    name, name_before = (
        tx.sealer.open("cases.holder_name", sealed) if sealed else None
        for sealed in (row.holder_name_sealed, row.holder_name_before_sealed)
    )
    endangered = None
    if row.endangered_sealed:
        endangered = Person(*tx.sealer.open(ENDANGERED, row.endangered_sealed))
    before = CaseState(row.state_before) if row.state_before else None
    return Case(
        id=row.id,
        kind=CaseKind(row.kind),
        chat_id=row.chat_id,
        person=person,
        level=row.level,
        subject=Subject(row.subject),
        certainty=Certainty(row.certainty),
        standing=Standing(CaseState(row.state), row.holder, before, row.holder_before),
        holder_name=name,
        holder_name_before=name_before,
        asked=row.asked,
        called_at=row.called_at,
        unanswered=row.unanswered,
        how=tx.sealer.open("cases.how", row.how_sealed) if row.how_sealed else None,
        rehearsal=row.rehearsal,
        version=row.version,
        opened_at=row.opened_at,
        updated_at=row.updated_at,
        endangered=endangered,
        about=row.about,
    )
