"""Erases a person at her word: all that the rules of `retention` find of her.

What a human is at work on (a crisis not yet closed) stays until it is closed, a week at most; the wish
is a row until all is done, so that a restart forgets none. The audit keeps keyed hashes and numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, delete, insert, or_, select, update

from moderation.storage import chats, elsewhere, people, spirals
from moderation.storage.casebook import DETAIL
from moderation.storage.database import Transaction
from moderation.storage.elsewhere import AT_WORK, LIVE, Found, Part
from moderation.storage.outbox import PLACE, REST, State
from moderation.storage.retention import RULES, Mine
from moderation.storage.tables import (
    acts,
    appeals,
    cases,
    erasures,
    follow_plans,
    outbox,
    own_pages,
    rates,
    signals,
)
from moderation.storage.tables import chats as groups
from moderation.storage.tables import people as written_to

ASKER = "erasures.asker"
HELD_AT_MOST = timedelta(days=7)
"""A crisis that nobody closes is erased so long after she asked, whatever its state."""
WAITING = [State.PENDING, State.SENDING]
SHARED = "shared:{}"
"""Purpose of messages to staff that hold what this person (keyed hash) shared without a case."""
TOLD = "erased:"
"""How the names of messages begin that tell her what was erased later."""
NOBODY = 0


@dataclass(frozen=True, slots=True)
class Asker:
    """Who wants to be forgotten, since when."""

    id: int
    name: str
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """A message of the bot that speaks of her and stands in somebody else's chat."""

    chat_id: int
    message_id: int
    method: str
    """The call that made it."""


@dataclass(frozen=True, slots=True)
class Erased:
    """What an erasure left to do."""

    held: tuple[int, ...]
    """Cases that stay for now: a human is at work on them."""
    standing: tuple[Standing, ...]
    """Messages to be taken back."""
    changed: tuple[int, ...] = ()
    """Other cases that showed words of hers."""
    gone: int = 0
    """How many cases went."""


async def ask(tx: Transaction, user_id: int, name: str) -> Asker:
    """Remember the wish. What she does from now on is sealed with another key."""
    person = tx.sealer.hash_id(user_id)
    if tx.sealer.ring is not None and tx.sealer.ring.has(person):
        tx.sealer.ring.renew(person)
    await tx.connection.execute(delete(erasures).where(erasures.c.person == person))
    sealed = tx.sealer.seal(ASKER, [user_id, name], person)
    await tx.connection.execute(
        insert(erasures).values(person=person, asker_sealed=sealed, asked_at=tx.now)
    )
    return Asker(user_id, name, tx.now)


async def waiting(tx: Transaction) -> list[Asker]:
    """Wishes that are not wholly done."""
    rows = await tx.connection.execute(select(erasures).order_by(erasures.c.asked_at))
    return [_asker(tx, row) for row in rows]


async def at_work(tx: Transaction, user_id: int) -> bool:
    """Whether an erasure now would have to leave a case of hers for a while."""
    return bool(await _numbers(tx, and_(cases.c.person == tx.sealer.hash_id(user_id), *AT_WORK)))


async def erase(tx: Transaction, asker: Asker) -> Erased:
    """Erase everything that can go now."""
    person = tx.sealer.hash_id(asker.id)
    found = await erase_cases(tx, asker)
    shared = await _standing(tx, outbox.c.purpose == SHARED.format(person))
    for rule in RULES:
        if rule.mine is Mine.HASH and rule.table not in (cases, erasures):
            await tx.connection.execute(delete(rule.table).where(rule.table.c.person == person))
    await tx.connection.execute(delete(rates).where(rates.c.key.endswith(f":{person}")))
    await tx.connection.execute(
        delete(own_pages).where(own_pages.c.page_id.startswith(f"draft:{person[:12]}:"))
    )
    await chats.forget_in_moods(tx, asker.id)
    others = cases.c.id.not_in(select(cases.c.id).where(*AT_WORK))
    spoken_of = and_(elsewhere.on_her(tx, asker.id), others)
    await _set(tx, cases, spoken_of, about="", endangered_sealed=None)
    changed = await _words_elsewhere(tx, asker, found.held)
    changed = (*changed, *await spirals.forget(tx, asker.id))
    mine = and_(outbox.c.chat_id == asker.id, outbox.c.state != State.SENDING)
    kept = or_(outbox.c.case_id.is_(None), outbox.c.case_id.not_in(found.held))
    await tx.connection.execute(delete(outbox).where(mine, kept))
    await _erase_staff(tx, asker.id)
    return Erased(found.held, (*found.standing, *shared), changed, found.gone)


async def erase_cases(tx: Transaction, asker: Asker) -> Erased:
    """Erase her cases of before she asked, but for those at which a human is at work."""
    hers = (cases.c.person == tx.sealer.hash_id(asker.id), cases.c.opened_at <= asker.asked_at)
    at_work = []
    if tx.now - asker.asked_at <= HELD_AT_MOST:
        at_work = await _numbers(tx, and_(*hers, *AT_WORK))
    leaving = select(outbox.c.case_id).where(outbox.c.state == State.SENDING)
    gone = await _numbers(tx, and_(*hers, cases.c.id.not_in(at_work), cases.c.id.not_in(leaving)))
    others = and_(outbox.c.case_id.in_(gone), outbox.c.chat_id != asker.id)
    standing = await _standing(tx, others)
    await tx.connection.execute(delete(outbox).where(outbox.c.case_id.in_(gone)))
    await tx.connection.execute(delete(cases).where(cases.c.id.in_(gone)))
    return Erased(tuple(at_work), standing, gone=len(gone))


async def finish(tx: Transaction, asker: Asker) -> bool:
    """Forget the wish itself once nothing is left of before, and destroy her keys of then.

    Never in the transaction that erases: were that one lost, rows would stay that nobody can open.
    Whether it is done.
    """
    told = outbox.c.dedupe.startswith(f"answer:{asker.id}:{TOLD}")
    before = or_(outbox.c.created_at <= asker.asked_at, told)
    of_her = (outbox.c.chat_id == asker.id, before)
    person = tx.sealer.hash_id(asker.id)
    old = and_(cases.c.person == person, cases.c.opened_at <= asker.asked_at)
    waits = await tx.connection.scalar(
        select(outbox.c.id).where(*of_her, outbox.c.state.in_(WAITING)).limit(1)
    )
    if waits is not None or await _numbers(tx, old):
        return False
    await tx.connection.execute(delete(outbox).where(*of_her))
    await tx.connection.execute(delete(written_to).where(written_to.c.person == person))
    await tx.connection.execute(delete(erasures).where(erasures.c.person == person))
    if tx.sealer.ring is not None:
        tx.sealer.ring.destroy(person, newest=not await _is_known(tx, person))
    return True


async def _is_known(tx: Transaction, person: str) -> bool:
    """Whether there is something of hers that she left after she asked."""
    for rule in RULES:
        if rule.mine is Mine.HASH:
            query = select(rule.table.c.person).where(rule.table.c.person == person).limit(1)
            if await tx.connection.scalar(query) is not None:
                return True
    return False


def _asker(tx: Transaction, row: Row[Any]) -> Asker:
    user_id, name = tx.sealer.open(ASKER, row.asker_sealed)
    return Asker(user_id, name, row.asked_at)


async def _numbers(tx: Transaction, which: ColumnElement[bool]) -> list[int]:
    return list((await tx.connection.execute(select(cases.c.id).where(which))).scalars())


async def _standing(tx: Transaction, which: ColumnElement[bool]) -> tuple[Standing, ...]:
    """Messages that arrived and were not made by an edit; of an album each."""
    rows = await tx.connection.execute(
        select(
            outbox.c.chat_id, outbox.c.message_id, outbox.c.method, outbox.c.payload_sealed
        ).where(which, outbox.c.message_id.is_not(None), outbox.c.method.startswith("send"))
    )
    found = []
    for row in rows:
        payload = tx.sealer.open(PLACE, row.payload_sealed) if row.payload_sealed else {}
        for message_id in (row.message_id, *payload.get(REST, ())):
            found.append(Standing(row.chat_id, message_id, row.method))
    return tuple(found)


async def _words_elsewhere(tx: Transaction, asker: Asker, held: Sequence[int]) -> tuple[int, ...]:
    """Her words in cases about nobody or others, and her name where she asked moderators to look."""
    changed = []
    for found in await elsewhere.in_signals(tx, asker.id):
        if found.case_id in held:
            continue
        if found.part is Part.ASKED:
            await _seal_again(tx, found, found.whose, asked_by=None)
        elif found.at_work and found.signal is not None:
            await _keep_without_key(tx, found)
        else:
            await tx.connection.execute(delete(signals).where(signals.c.id == found.row_id))
        changed.append(found.case_id)
    return tuple(dict.fromkeys(changed))


async def _keep_without_key(tx: Transaction, found: Found) -> None:
    """Words about another's crisis at which a human is at work: they go with that case."""
    await _seal_again(tx, found, None)
    await _set(tx, signals, signals.c.id == found.row_id, author=None)


async def _seal_again(tx: Transaction, found: Found, whose: str | None, **changed: None) -> None:
    """Seal a message of a case for somebody else, or for nobody, with this changed in it."""
    here = signals.c.id == found.row_id
    sealed = await tx.connection.scalar(select(signals.c.detail_sealed).where(here))
    detail = {**tx.sealer.open(DETAIL, sealed or b""), **changed}
    await _set(tx, signals, here, detail_sealed=tx.sealer.seal(DETAIL, detail, whose))


async def _erase_staff(tx: Transaction, user_id: int) -> None:
    """What is kept of somebody as staff, once she has no role: what she did stays, without her."""
    if await people.roles_of(tx, user_id):
        return
    for rule in RULES:
        if rule.mine is Mine.USER:
            await tx.connection.execute(delete(rule.table).where(rule.table.c.user_id == user_id))
    nameless = tx.sealer.seal("acts.actor_name", "")
    nobody = {"actor": NOBODY, "actor_name_sealed": nameless, "line_sealed": None}
    await _set(tx, acts, acts.c.actor == user_id, **nobody)
    await _set(
        tx, appeals, appeals.c.decided_by == user_id, decided_by=None, decider_name_sealed=None
    )
    await _set(tx, follow_plans, follow_plans.c.keeper == user_id, keeper=None)
    for who, name in (
        (cases.c.holder, "holder_name_sealed"),
        (cases.c.holder_before, "holder_name_before_sealed"),
    ):
        over = and_(who == user_id, cases.c.state.not_in(LIVE))
        await _set(tx, cases, over, **{who.name: None, name: None})
    for row in (await tx.connection.execute(select(groups))).all():
        sealed = row.added_by_sealed
        if sealed and tx.sealer.open("chats.added_by", sealed) == user_id:
            await _set(tx, groups, groups.c.chat_id == row.chat_id, added_by_sealed=None)


async def _set(tx: Transaction, table: Any, which: ColumnElement[bool], **values: Any) -> None:
    await tx.connection.execute(update(table).where(which).values(**values))
