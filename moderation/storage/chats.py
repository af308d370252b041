"""Groups the bot is in, and their settings."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Row, bindparam, delete, insert, select, update

from moderation.storage.database import Transaction
from moderation.storage.tables import (
    cases,
    chats,
    climate,
    group_settings,
    outbox,
    sightings,
    signals,
    spiral_trails,
    spirals,
)
from moderation.vocabulary import Sensitivity

SPIRAL = "spirals.state"
MEMBER = 12
"""Characters of a member's hash by which the mood of a group knows her."""
STATE = select(spirals.c.state).where(spirals.c.chat_id == bindparam("chat"))
KEEP_STATE = (
    update(spirals).where(spirals.c.chat_id == bindparam("chat")).values(state=bindparam("kept"))
)
REHEARSAL = timedelta(days=1)
"""How long a new group is only watched («试运行»); crisis is real from the first minute."""


@dataclass(frozen=True, slots=True)
class Chat:
    """One group as stored."""

    chat_id: int
    kind: str
    title: str
    username: str | None
    bot_status: str
    can_delete: bool
    can_restrict: bool
    sensitivity: Sensitivity
    rehearse_until: datetime | None
    told_missing: bool
    joined_at: datetime
    added_by: int | None

    def rehearsing(self, now: datetime) -> bool:
        """Whether actions on members' messages are only shown."""
        return self.rehearse_until is not None and now < self.rehearse_until

    @property
    def present(self) -> bool:
        """Whether the bot is in the group."""
        return self.bot_status not in {"left", "kicked"}


async def get(tx: Transaction, chat_id: int) -> Chat | None:
    """One group, or None if it was never seen."""
    return await tx.remembered(chats.name, chat_id, lambda: _read(tx, chat_id))


async def _read(tx: Transaction, chat_id: int) -> Chat | None:
    row = (await tx.connection.execute(select(chats).where(chats.c.chat_id == chat_id))).first()
    return _opened(tx, row) if row else None


async def all_present(tx: Transaction) -> list[Chat]:
    """Groups the bot is in now."""
    rows = await tx.connection.execute(select(chats))
    return [chat for chat in (_opened(tx, row) for row in rows) if chat.present]


async def all_left(tx: Transaction) -> list[tuple[int, date]]:
    """Groups the bot is in no more and that are not forgotten yet, each with the day it went."""
    query = select(chats.c.chat_id, chats.c.left_at).where(chats.c.left_at.is_not(None))
    rows = await tx.connection.execute(query.order_by(chats.c.left_at))
    return [(row.chat_id, row.left_at.date()) for row in rows]


async def ensure(
    tx: Transaction, chat_id: int, kind: str, title: str, username: str | None
) -> tuple[Chat, bool]:
    """The group, made with a day of rehearsal if it is new; and whether it was new."""
    known = await get(tx, chat_id)
    if known is not None:
        if (known.title, known.kind, known.username) != (title, kind, username):
            await change(tx, chat_id, title=title, kind=kind, username=username)
        return known, False
    await tx.connection.execute(
        insert(chats).values(
            chat_id=chat_id,
            kind=kind,
            title_sealed=tx.sealer.seal("chats.title", title),
            username=username,
            bot_status="member",
            can_delete=False,
            can_restrict=False,
            sensitivity=Sensitivity.BALANCED,
            rehearse_until=tx.now + REHEARSAL,
            told_missing=False,
            joined_at=tx.now,
        )
    )
    made = await get(tx, chat_id)
    assert made is not None
    return made, True


async def change(tx: Transaction, chat_id: int, **values: Any) -> None:
    """Set columns; `title` and `added_by` are sealed on the way."""
    for name in ("title", "added_by"):
        if name in values:
            values[f"{name}_sealed"] = tx.sealer.seal(f"chats.{name}", values.pop(name))
    await tx.connection.execute(update(chats).where(chats.c.chat_id == chat_id).values(**values))


async def move(tx: Transaction, old: int, new: int) -> None:
    """Follow a group to its new id (group → supergroup)."""
    fresh = await get(tx, new)
    known = await get(tx, old)
    if known is None:
        return
    if fresh is not None:
        await tx.connection.execute(delete(chats).where(chats.c.chat_id == new))
    for table in (chats, cases):
        await tx.connection.execute(update(table).where(table.c.chat_id == old).values(chat_id=new))
    await _unlink_messages(tx, old, new)
    for table in (spirals, spiral_trails, climate, group_settings, sightings):
        await tx.connection.execute(delete(table).where(table.c.chat_id == new))
        await tx.connection.execute(update(table).where(table.c.chat_id == old).values(chat_id=new))
    await tx.connection.execute(
        update(group_settings).where(group_settings.c.moderators == old).values(moderators=new)
    )
    await change(tx, new, kind="supergroup")


async def _unlink_messages(tx: Transaction, old: int, new: int) -> None:
    """Message numbers begin anew in the new chat: old ones must not be taken for new ones.

    They are kept negative (no link, no button), and what was sent there is not edited any more.
    """
    await tx.connection.execute(
        update(signals)
        .where(signals.c.chat_id == old, signals.c.message_id > 0)
        .values(chat_id=new, message_id=-signals.c.message_id)
    )
    await tx.connection.execute(
        update(outbox).where(outbox.c.chat_id == old, outbox.c.state == "sent").values(purpose=None)
    )


async def spiral_state(tx: Transaction, chat_id: int) -> bytes | None:
    """The spiral detector's state of a group; it holds no text. None too for one of before sealing."""
    sealed = (await tx.by_key(STATE, {"chat": chat_id})).scalar()
    if sealed is None or not tx.sealer.is_sealed(sealed):
        return None
    return str(tx.sealer.open(SPIRAL, sealed)).encode()


async def keep_spiral_state(tx: Transaction, chat_id: int, state: bytes) -> None:
    """Store the spiral detector's state of a group, sealed."""
    sealed = tx.sealer.seal(SPIRAL, state.decode())
    changed = await tx.by_key(KEEP_STATE, {"chat": chat_id, "kept": sealed})
    if changed.rowcount == 0:
        await tx.connection.execute(insert(spirals).values(chat_id=chat_id, state=sealed))


async def note_left(tx: Transaction, chat_id: int) -> None:
    """The bot is in the group no more: its mood is forgotten now, the rest when its time is over."""
    await change(tx, chat_id, left_at=tx.now)
    for table in (spirals, spiral_trails):
        await tx.connection.execute(delete(table).where(table.c.chat_id == chat_id))


async def moods_with(tx: Transaction, user_id: int) -> int:
    """In the moods of how many groups somebody's words left a trace."""
    member = tx.sealer.hash_id(user_id)[:MEMBER].encode()
    known = (await tx.connection.execute(select(spirals.c.chat_id))).scalars().all()
    states = [await spiral_state(tx, chat_id) for chat_id in known]
    return sum(state is not None and member in state for state in states)


async def forget_in_moods(tx: Transaction, user_id: int, chat_id: int | None = None) -> int:
    """Give whoever spoke in the moods of groups (or of one) a name that is nobody's; in how many."""
    member = tx.sealer.hash_id(user_id)[:MEMBER]
    found = 0
    known = select(spirals.c.chat_id)
    if chat_id is not None:
        known = known.where(spirals.c.chat_id == chat_id)
    for chat_id in (await tx.connection.execute(known)).scalars().all():
        state = await spiral_state(tx, chat_id)
        if state is not None and member.encode() in state:
            nobody = secrets.token_hex(MEMBER // 2)
            await keep_spiral_state(tx, chat_id, state.replace(member.encode(), nobody.encode()))
            found += 1
    return found


def _opened(tx: Transaction, row: Row[Any]) -> Chat:
    title = tx.sealer.open("chats.title", row.title_sealed) if row.title_sealed else ""
    added_by = None
    if row.added_by_sealed:
        added_by = tx.sealer.open("chats.added_by", row.added_by_sealed)
    return Chat(
        chat_id=row.chat_id,
        kind=row.kind,
        title=title,
        username=row.username,
        bot_status=row.bot_status,
        can_delete=row.can_delete,
        can_restrict=row.can_restrict,
        sensitivity=Sensitivity(row.sensitivity),
        rehearse_until=row.rehearse_until,
        told_missing=row.told_missing,
        joined_at=row.joined_at,
        added_by=added_by,
    )
