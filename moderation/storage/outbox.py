"""Messages that must go out: each is delivered once, in lanes, with retries."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum
from typing import Any

from sqlalchemy import Row, delete, func, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from moderation.storage.database import Transaction
from moderation.storage.tables import outbox

PLACE = "outbox.payload"
PRIVATE = "qunhu_"
"""Keys of a payload that start so are for ourselves and never leave."""
REST = f"{PRIVATE}rest"
"""All that stays of an album's payload: the ids of its messages after the first."""
QUICK = ("answerCallbackQuery",)
"""Calls that write no message: they have no limit of their own, and wait behind no message."""


class Lane(IntEnum):
    """Who goes first."""

    CRISIS = 0
    TAP = 1
    ALERT = 2
    ANSWER = 3
    BULK = 4

    @property
    def word(self) -> str:
        """As it stands in metrics."""
        return self.name.lower()


class State(StrEnum):
    """Where a row is on its way."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    DEAD = "dead"


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A call to the platform to be made once. `dedupe` names it for ever."""

    dedupe: str
    lane: Lane
    chat_id: int
    method: str
    payload: dict[str, Any]
    purpose: str | None = None
    case_id: int | None = None
    follows: int | None = None
    """Row whose message this one edits, deletes or replies to."""
    expires_in: timedelta | None = None
    not_before: datetime | None = None


@dataclass(frozen=True, slots=True)
class Delivery:
    """A stored row, opened."""

    id: int
    lane: Lane
    chat_id: int
    method: str
    payload: dict[str, Any]
    purpose: str | None
    case_id: int | None
    follows: int | None
    attempts: int
    maybe_sent: bool
    not_before: datetime
    expires_at: datetime | None
    created_at: datetime
    message_id: int | None
    state: State
    settled_at: datetime | None = None


async def put(tx: Transaction, item: Outgoing) -> int | None:
    """Store a row; its id, or None if one with this dedupe key was stored before."""
    tx.news.add(outbox.name)
    try:
        async with tx.connection.begin_nested():
            result = await tx.connection.execute(
                insert(outbox).values(
                    dedupe=item.dedupe,
                    lane=int(item.lane),
                    chat_id=item.chat_id,
                    method=item.method,
                    payload_sealed=tx.sealer.seal(PLACE, item.payload),
                    purpose=item.purpose,
                    case_id=item.case_id,
                    follows=item.follows,
                    state=State.PENDING,
                    attempts=0,
                    maybe_sent=False,
                    not_before=item.not_before or tx.now,
                    expires_at=tx.now + item.expires_in if item.expires_in else None,
                    created_at=tx.now,
                )
            )
    except IntegrityError:
        known = select(outbox.c.id).where(outbox.c.dedupe == item.dedupe)
        if await tx.connection.scalar(known) is None:
            raise
        return None
    key = result.inserted_primary_key
    return int(key[0]) if key else None


async def due(tx: Transaction, skip: Collection[int] = ()) -> list[Delivery]:
    """The first row of every chat and lane whose time has come, first lane first, then oldest."""
    heads = (
        select(func.min(outbox.c.id))
        .where(
            outbox.c.state == State.PENDING,
            outbox.c.not_before <= tx.now,
            outbox.c.id.not_in(list(skip)),
        )
        .group_by(outbox.c.chat_id, outbox.c.lane, outbox.c.method.in_(QUICK))
    )
    rows = await tx.connection.execute(
        select(outbox).where(outbox.c.id.in_(heads)).order_by(outbox.c.lane, outbox.c.id)
    )
    return [_opened(tx, row) for row in rows]


async def next_time(tx: Transaction) -> datetime | None:
    """When the next pending row falls due."""
    found = await tx.connection.execute(
        select(outbox.c.not_before)
        .where(outbox.c.state == State.PENDING)
        .order_by(outbox.c.not_before)
        .limit(1)
    )
    row = found.first()
    return row[0] if row else None


async def get(tx: Transaction, row_id: int) -> Delivery | None:
    """One row."""
    row = (await tx.connection.execute(select(outbox).where(outbox.c.id == row_id))).first()
    return _opened(tx, row) if row else None


async def start(tx: Transaction, row_id: int) -> Delivery | None:
    """Note that a call is about to be made; the row as it is now, None if it waits no more."""
    result = await tx.connection.execute(
        update(outbox)
        .where(outbox.c.id == row_id, outbox.c.state == State.PENDING)
        .values(state=State.SENDING, attempts=outbox.c.attempts + 1)
    )
    return await get(tx, row_id) if result.rowcount else None


async def sent(
    tx: Transaction, row_id: int, message_id: int | None, rest: Sequence[int] = ()
) -> None:
    """Note that the platform took it; the text is forgotten. `rest`: the further messages of an album."""
    await _set(
        tx,
        row_id,
        state=State.SENT,
        settled_at=tx.now,
        payload_sealed=tx.sealer.seal(PLACE, {REST: list(rest)}) if rest else None,
        message_id=message_id,
        failure=None,
    )


async def retry(tx: Transaction, row_id: int, at: datetime, why: str, maybe_sent: bool) -> None:
    """Try again later, unless it was settled meanwhile; `maybe_sent` when it may have arrived."""
    values: dict[str, Any] = {"state": State.PENDING, "not_before": at, "failure": why[:200]}
    if maybe_sent:
        values["maybe_sent"] = True
    await tx.connection.execute(
        update(outbox)
        .where(outbox.c.id == row_id, outbox.c.state.in_([State.PENDING, State.SENDING]))
        .values(**values)
    )


async def give_up(tx: Transaction, row_id: int, why: str) -> None:
    """The platform will never take it."""
    await _set(
        tx, row_id, state=State.DEAD, settled_at=tx.now, payload_sealed=None, failure=why[:200]
    )


async def give_up_for(tx: Transaction, row_id: int, other: int) -> None:
    """Another row says it: what follows this one follows that one, which inherits its doubt."""
    doubtful = select(outbox.c.maybe_sent).where(outbox.c.id == row_id)
    if await tx.connection.scalar(doubtful):
        await _set(tx, other, maybe_sent=True)
    await tx.connection.execute(
        update(outbox).where(outbox.c.follows == row_id).values(follows=other)
    )
    await give_up(tx, row_id, f"said by row {other}")


async def recover(tx: Transaction, skip: Collection[int] = ()) -> int:
    """After a restart: what was being sent may have arrived, and is sent again marked so."""
    result = await tx.connection.execute(
        update(outbox)
        .where(outbox.c.state == State.SENDING, outbox.c.id.not_in(list(skip)))
        .values(state=State.PENDING, maybe_sent=True, not_before=tx.now)
    )
    return result.rowcount


async def doubt(tx: Transaction) -> int:
    """After a restore: every waiting row may have gone out since the backup; how many there are."""
    result = await tx.connection.execute(
        update(outbox)
        .where(outbox.c.state.in_([State.PENDING, State.SENDING]))
        .values(state=State.PENDING, maybe_sent=True)
    )
    return result.rowcount


async def rewrite(
    tx: Transaction, row_id: int, payload: dict[str, Any], method: str | None = None
) -> None:
    """Replace what a pending row will say, and by which method if that changes too."""
    changed = {"method": method} if method is not None else {}
    await _set(tx, row_id, payload_sealed=tx.sealer.seal(PLACE, payload), **changed)


async def drop_pending_edits(tx: Transaction, follows: int, method: str) -> None:
    """Forget edits of a message that a newer edit replaces."""
    await tx.connection.execute(
        delete(outbox).where(
            outbox.c.follows == follows,
            outbox.c.method == method,
            outbox.c.state == State.PENDING,
        )
    )


async def of_case(tx: Transaction, case_id: int, purpose: str) -> list[Delivery]:
    """Rows of one case with one purpose that are sent or may still be."""
    rows = await tx.connection.execute(
        select(outbox).where(
            outbox.c.case_id == case_id, outbox.c.purpose == purpose, outbox.c.state != State.DEAD
        )
    )
    return [_opened(tx, row) for row in rows]


async def last_of_case(tx: Transaction, case_id: int, purpose: str) -> Delivery | None:
    """The newest row of a case with a purpose, delivered or not."""
    query = (
        select(outbox)
        .where(outbox.c.case_id == case_id, outbox.c.purpose == purpose)
        .order_by(outbox.c.id.desc())
        .limit(1)
    )
    row = (await tx.connection.execute(query)).first()
    return _opened(tx, row) if row else None


async def card_at(tx: Transaction, chat_id: int, message_id: int, purpose: str) -> int | None:
    """The case whose message with this purpose stands there; None if there is none."""
    query = select(outbox.c.case_id).where(
        outbox.c.chat_id == chat_id,
        outbox.c.message_id == message_id,
        outbox.c.purpose == purpose,
        outbox.c.state == State.SENT,
    )
    found: int | None = await tx.connection.scalar(query)
    return found


async def purpose_at(tx: Transaction, chat_id: int, message_id: int) -> str:
    """What a message of ours was for; empty if it is not known."""
    query = select(outbox.c.purpose).where(
        outbox.c.chat_id == chat_id,
        outbox.c.message_id == message_id,
        outbox.c.state == State.SENT,
    )
    found: str | None = await tx.connection.scalar(query)
    return found or ""


async def with_purpose(tx: Transaction, chat_id: int, purpose: str) -> list[Delivery]:
    """Rows to one chat with one purpose that are sent or may still be."""
    rows = await tx.connection.execute(
        select(outbox).where(
            outbox.c.chat_id == chat_id,
            outbox.c.purpose == purpose,
            outbox.c.state != State.DEAD,
        )
    )
    return [_opened(tx, row) for row in rows]


async def is_known(tx: Transaction, dedupe: str) -> bool:
    """Whether a row with this name was stored before."""
    found = await tx.connection.scalar(select(outbox.c.id).where(outbox.c.dedupe == dedupe))
    return found is not None


async def is_told(tx: Transaction, item: Outgoing, since: datetime) -> bool:
    """Whether the same reader was meant to have word of the same case, for the same purpose, since then."""
    found = await tx.connection.scalar(
        select(outbox.c.id).where(
            outbox.c.case_id == item.case_id,
            outbox.c.chat_id == item.chat_id,
            outbox.c.purpose == item.purpose,
            outbox.c.created_at >= since,
        )
    )
    return found is not None


async def was_sent_as_admin(tx: Transaction, case_id: int, user_id: int) -> bool:
    """Whether this user was sent the case as an admin of its group, nobody else being set up."""
    found = await tx.connection.scalar(
        select(outbox.c.id).where(
            outbox.c.case_id == case_id,
            outbox.c.chat_id == user_id,
            outbox.c.state == State.SENT,
            outbox.c.dedupe.like("admin:%"),
        )
    )
    return found is not None


async def retire(tx: Transaction, row_id: int) -> None:
    """A message that stands no more has no purpose."""
    await _set(tx, row_id, purpose=None)


async def move_chat(tx: Transaction, old: int, new: int) -> None:
    """Follow a group to its new id."""
    await tx.connection.execute(update(outbox).where(outbox.c.chat_id == old).values(chat_id=new))


async def counts(tx: Transaction) -> dict[str, int]:
    """How many rows are in each state."""
    rows = await tx.connection.execute(
        select(outbox.c.state, func.count()).group_by(outbox.c.state)
    )
    return {row[0]: row[1] for row in rows}


async def oldest_waiting(tx: Transaction, lane: Lane) -> datetime | None:
    """When the longest-waiting row of a lane was stored; one meant for later counts from then on."""
    found: datetime | None = await tx.connection.scalar(
        select(func.min(outbox.c.created_at)).where(
            outbox.c.lane == int(lane),
            outbox.c.state.in_([State.PENDING, State.SENDING]),
            or_(outbox.c.attempts > 0, outbox.c.not_before <= tx.now),
        )
    )
    return found


async def _set(tx: Transaction, row_id: int, **values: Any) -> None:
    await tx.connection.execute(update(outbox).where(outbox.c.id == row_id).values(**values))


def _opened(tx: Transaction, row: Row[Any]) -> Delivery:
    return Delivery(
        id=row.id,
        lane=Lane(row.lane),
        chat_id=row.chat_id,
        method=row.method,
        payload=tx.sealer.open(PLACE, row.payload_sealed) if row.payload_sealed else {},
        purpose=row.purpose,
        case_id=row.case_id,
        follows=row.follows,
        attempts=row.attempts,
        maybe_sent=row.maybe_sent,
        not_before=row.not_before,
        expires_at=row.expires_at,
        created_at=row.created_at,
        message_id=row.message_id,
        state=State(row.state),
        settled_at=row.settled_at,
    )
